import { join } from 'node:path';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);

const Variables = z.object({
  TIPRING_DATA: z.string().min(1),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:port/database'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'redis://host:port').optional(),
  TIPRING_SOUNDS: z.string().min(1).optional(),
  TIPRING_SPEAKER: z.string().optional(),
  TIPRING_GATEWAY_SOCKET: z.string().min(1),
  TIPRING_SIP_NATIVE: z.string().optional(),
  TIPRING_SIMULATOR: z.string().optional(),
  TIPRING_BIND: z.string().min(1).default('auto'),
  TIPRING_DNS: z.string().min(1).optional(),
  TIPRING_CARRIER_PORT: Port.optional(),
  TIPRING_CARRIER_SOCKET: z.string().min(1).optional(),
  TIPRING_SIP_PORT: Port.default(5060),
  TIPRING_SIPS_PORT: Port.default(5061),
  TIPRING_WS_PORT: Port.default(5066),
  TIPRING_WSS_PORT: Port.default(5067),
  TIPRING_HTTP_PORT: Port.default(8080),
  TIPRING_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Where this process lives: everything that is not configuration. */
export interface Environment {
  /** Folder for the journal, certificates and first-start.json. */
  readonly dataFolder: string;
  /** The gateway’s folder of sounds: what is played and recorded. */
  readonly soundsFolder: string;
  /** What speaks texts of the configuration, for Node; undefined: nothing does. */
  readonly speaker?: string;
  readonly databaseUrl: string;
  /** undefined: jobs are kept in PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly gatewaySocket: string;
  /** Path of the addon for SIP's datagrams; undefined: without. */
  readonly sipNative?: string;
  /** The gateway's variable too: whether it simulates the demo card. */
  readonly simulator?: 'demo';
  /** Name servers for trunks, `address` or `address:port`; undefined: the system's. */
  readonly dnsServers?: readonly string[];
  /** Control socket of the simulated carrier; undefined: there is none. */
  readonly carrierSocket?: string;
  /** Where the simulated carrier listens; undefined: at its usual port. */
  readonly carrierPort?: number;
  /** 'auto': all addresses of this machine. */
  readonly bind: 'auto' | readonly string[];
  readonly ports: { readonly sip: number; readonly sips: number; readonly ws: number; readonly wss: number; readonly http: number };
  readonly logLevel: string;
}

export type EnvironmentOutcome = { readonly ok: true; readonly environment: Environment } | { readonly ok: false; readonly faults: readonly string[] };

/** Reads the process's variables; all faults are told, not the first. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): EnvironmentOutcome {
  // A variable that is set to nothing is not set.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const read = Variables.safeParse(set);
  if (!read.success) return { ok: false, faults: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  const { data } = read;
  return {
    ok: true,
    environment: {
      dataFolder: data.TIPRING_DATA,
      soundsFolder: data.TIPRING_SOUNDS ?? join(data.TIPRING_DATA, 'sounds'),
      ...(data.TIPRING_SPEAKER === undefined ? {} : { speaker: data.TIPRING_SPEAKER }),
      databaseUrl: data.DATABASE_URL,
      redisUrl: data.REDIS_URL,
      gatewaySocket: data.TIPRING_GATEWAY_SOCKET,
      ...(data.TIPRING_SIP_NATIVE === undefined ? {} : { sipNative: data.TIPRING_SIP_NATIVE }),
      ...(data.TIPRING_SIMULATOR === 'demo' ? { simulator: 'demo' } : {}),
      ...(data.TIPRING_DNS === undefined ? {} : { dnsServers: data.TIPRING_DNS.split(',').map((server) => server.trim()) }),
      ...(data.TIPRING_CARRIER_SOCKET === undefined ? {} : { carrierSocket: data.TIPRING_CARRIER_SOCKET }),
      ...(data.TIPRING_CARRIER_PORT === undefined ? {} : { carrierPort: data.TIPRING_CARRIER_PORT }),
      bind: data.TIPRING_BIND === 'auto' ? 'auto' : data.TIPRING_BIND.split(',').map((address) => address.trim()),
      ports: { sip: data.TIPRING_SIP_PORT, sips: data.TIPRING_SIPS_PORT, ws: data.TIPRING_WS_PORT, wss: data.TIPRING_WSS_PORT, http: data.TIPRING_HTTP_PORT },
      logLevel: data.TIPRING_LOG_LEVEL,
    },
  };
}
