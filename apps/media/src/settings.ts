import { availableParallelism } from 'node:os';

export interface MediaSettings {
  /** The control socket's path. */
  readonly socket: string;
  /** Path of packet-io.node, '' for the TypeScript fallback. */
  readonly native: string;
  readonly firstPort: number;
  readonly lastPort: number;
  /** Where a termination is put whose controller asks for no address. */
  readonly address: string;
  readonly workers: number;
  /** Path of the DSP module (native-dsp). */
  readonly dsp: string;
  /** Ends whose audio each worker can decode at a time. */
  readonly bridgedEnds: number;
  readonly mediaTimeoutMs: number;
}

/** From the environment; an unusable value is an Error whose text names the variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): MediaSettings {
  const socket = env['TIPRING_GATEWAY_SOCKET'];
  if (socket === undefined || socket === '') throw new Error('TIPRING_GATEWAY_SOCKET must name the control socket');
  const ports = env['TIPRING_RTP_PORTS'] || '20000-29999';
  const [first, last, ...rest] = ports.split('-').map(Number);
  if (first === undefined || last === undefined || rest.length > 0 || !Number.isInteger(first) || !Number.isInteger(last) || first < 1024 || last > 65_535 || last < first + 1) {
    throw new Error(`TIPRING_RTP_PORTS must be a range as 20000-29999, and is ${ports}`);
  }
  return {
    socket,
    native: env['TIPRING_NATIVE'] ?? '',
    // RFC 3550 11: pairs begin on an even port.
    firstPort: first + (first % 2),
    lastPort: last,
    address: env['TIPRING_RTP_ADDRESS'] || '127.0.0.1',
    workers: wholeNumber(env, 'TIPRING_MEDIA_WORKERS', Math.max(1, availableParallelism() - 1), 64),
    dsp: env['TIPRING_DSP'] ?? '',
    bridgedEnds: wholeNumber(env, 'TIPRING_BRIDGED_ENDS', 128, 4096),
    mediaTimeoutMs: wholeNumber(env, 'TIPRING_MEDIA_TIMEOUT_MS', 30_000, 86_400_000),
  };
}

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string, preset: number, most: number): number {
  const text = env[name];
  if (text === undefined || text === '') return preset;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) throw new Error(`${name} must be 1 to ${most}, and is ${text}`);
  return number;
}
