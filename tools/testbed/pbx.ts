import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logFile } from '../launcher/log-file.mjs';
import { nativeAddon } from '../launcher/native-addon.mjs';
import { nodeArguments } from '../launcher/node-arguments.mjs';
import { root } from '../launcher/places.mjs';
import { throwawayPostgres } from '../launcher/throwaway-postgres.mjs';
import { writeToneWav } from '../interop/tone.ts';
import { promptsFolder } from '../prompts/build.mjs';
import { pin, pinned } from './pinned.ts';
import { freePorts, portBlock } from './ports.ts';
import { TestProgram } from './test-program.ts';

/**
 * A complete PBX (PostgreSQL, media gateway, controller: the compiled programs, as `npm start` runs them) in a temporary folder
 * on the loopback address, for benches, interoperability and survival tests. `npm test`, `npm run test:interop` and
 * `npm run bench` compile before they run; else do `npm run build` yourself.
 *
 *     const pbx = await startPbx();
 *     try { … pbx.devices[0] … pbx.api('GET', '/calls') … await pbx.controller.kill() … } finally { await pbx.stop(); }
 */
export async function startPbx(options: PbxOptions = {}): Promise<RunningPbx> {
  requireBuild();
  const data = mkdtempSync(join(tmpdir(), 'tipring-pbx-'));
  const logs = join(data, 'log');
  mkdirSync(logs);
  furnishSounds(join(data, 'sounds'));
  const ports = await choosePorts(options.rtpPorts ?? 2000);
  const database = await throwawayPostgres({ durable: options.durable ?? false });
  if (options.cpus?.database !== undefined) pin(database.pid, options.cpus.database);

  const env: Record<string, string | undefined> = {
    ...process.env,
    NODE_ENV: 'production',
    NODE_OPTIONS: undefined,
    VITEST: undefined,
    TIPRING_DATA: data,
    TIPRING_SOUNDS: join(data, 'sounds'),
    DATABASE_URL: database.url('tipring'),
    TIPRING_GATEWAY_SOCKET: join(data, 'gateway.sock'),
    TIPRING_NATIVE: options.media === 'fallback' ? '' : await nativeAddon(),
    TIPRING_SIP_NATIVE: await nativeAddon('sip'),
    TIPRING_RTP_PORTS: `${ports.rtp.first}-${ports.rtp.last}`,
    TIPRING_SIP_PORT: String(ports.sip),
    TIPRING_SIPS_PORT: String(ports.sips),
    TIPRING_WS_PORT: String(ports.ws),
    TIPRING_WSS_PORT: String(ports.wss),
    TIPRING_HTTP_PORT: String(ports.http),
    TIPRING_BIND: host,
    ...options.env,
  };
  const restart = options.restart ?? true;
  const program = (name: 'pbx' | 'media') => {
    const command = [process.execPath, ...nodeArguments[name], ...(options.nodeArguments?.[name] ?? []), join(root, 'apps', name, 'dist/main.js')];
    return new TestProgram(name, pinned(options.cpus?.[name], command), env, logFile(logs, name), { restart });
  };
  const media = program('media');
  const controller = program('pbx');

  const stop = async () => {
    await controller.stop(10_000);
    await media.stop(5_000);
    await database.stop();
    if (options.keepData !== true) rmSync(data, { recursive: true, force: true });
  };

  try {
    await media.start();
    const { apiUrl } = await controller.start();
    const first = JSON.parse(readFileSync(join(data, 'first-start.json'), 'utf8')) as FirstStart;
    const url = apiUrl ?? first.apiUrl;
    return { host, ports, data, env, apiUrl: url, apiKey: first.apiKey, devices: first.devices, controller, media, database, api: apiClient(url, first.apiKey), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface PbxOptions {
  /** Added to the programs' environment, and stronger than the testbed's own. */
  env?: Record<string, string>;
  /** taskset CPU lists, as `'0'` or `'0,1'`. */
  cpus?: { pbx?: string; media?: string; database?: string };
  /** Arguments for Node itself, as `['--cpu-prof']`. */
  nodeArguments?: { pbx?: string[]; media?: string[] };
  /** Whether a program that dies is started again, as the launcher does. Default true. */
  restart?: boolean;
  /** Whether PostgreSQL syncs to disk, as in service. Default false. */
  durable?: boolean;
  /** `fallback` leaves the packet I/O addon out. */
  media?: 'addon' | 'fallback';
  /** How many RTP ports the gateway gets, an even number up to 12000. Default 2000. */
  rtpPorts?: number;
  /** Leaves the data folder (and its logs) behind after `stop`. */
  keepData?: boolean;
}

export interface RunningPbx {
  /** The only address it listens on. */
  host: string;
  ports: { sip: number; sips: number; ws: number; wss: number; http: number; rtp: { first: number; last: number } };
  /** The data folder; logs are in log/media.log and log/pbx.log. */
  data: string;
  env: Record<string, string | undefined>;
  /** Base URL, ending in /api/v1. */
  apiUrl: string;
  apiKey: string;
  /** The demo office's SIP accounts. */
  devices: DemoDevice[];
  controller: TestProgram;
  media: TestProgram;
  /** `restart()` after its process was killed; nobody else starts it again. */
  database: Awaited<ReturnType<typeof throwawayPostgres>>;
  /** A request to the API with the key; throws on an answer of 400 and above. The parsed body, or undefined for an empty one. */
  api<T>(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Controller, gateway, PostgreSQL, then the folder. */
  stop(): Promise<void>;
}

export interface DemoDevice {
  extension: string;
  username: string;
  password: string;
  realm: string;
}

/** first-start.json, written by pbx (mode 0600) when it makes the demo office. */
interface FirstStart {
  apiUrl: string;
  apiKey: string;
  devices: DemoDevice[];
}

function requireBuild(): void {
  for (const name of ['media', 'pbx']) {
    const main = join(root, 'apps', name, 'dist/main.js');
    if (!existsSync(main)) throw new Error(`${main} does not exist: run npm run build`);
  }
}

async function choosePorts(rtpPorts: number): Promise<RunningPbx['ports']> {
  const [sip = 0, sips = 0, ws = 0, wss = 0, http = 0] = await freePorts(5);
  return { sip, sips, ws, wss, http, rtp: portBlock(rtpPorts) };
}

function apiClient(apiUrl: string, apiKey: string): RunningPbx['api'] {
  return async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
}

const host = '127.0.0.1';

/** The spoken set, as far as it has been built, and in place of the music a tone that nobody else has. */
function furnishSounds(folder: string): void {
  mkdirSync(join(folder, 'music'), { recursive: true });
  writeToneWav(join(folder, 'music/tipring.wav'), musicHz, 10);
  if (existsSync(promptsFolder())) symlinkSync(promptsFolder(), join(folder, 'prompts'));
}

/** What those hear who wait, in these offices. */
export const musicHz = 2_700;
