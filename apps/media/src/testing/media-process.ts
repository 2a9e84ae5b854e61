import { GatewayClient } from '@tipring/gateway';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The gateway as its own process, from its sources, for tests. */
export interface MediaProcess {
  readonly process: ChildProcess;
  readonly socket: string;
  /** All it has said. */
  readonly output: () => string;
  /** Of that, what goes to the terminal and not into the log. */
  readonly shown: () => string;
  end(): Promise<void>;
}

export type PacketIoKind = 'native' | 'fallback';

/**
 * Where the addon is: what the launcher built (`TIPRING_NATIVE`), or built here. '' with the reason on the console when there is no compiler.
 */
export function addonForTests(): string {
  const given = process.env['TIPRING_NATIVE'];
  if (given !== undefined && given !== '' && existsSync(given)) return given;
  if (builtAddon !== null) return builtAddon;
  const folder = mkdtempSync(join(tmpdir(), 'tipring-addon-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const target = join(folder, 'packet-io.node');
  try {
    execFileSync('cc', ['-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-I', at('../../../../node_modules/node-api-headers/include'), '-o', target, at('../../native/packet-io.c')], { stdio: ['ignore', 'ignore', 'pipe'] });
    builtAddon = target;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.warn('the packet I/O addon is not tested: there is no C compiler');
    builtAddon = '';
  }
  return builtAddon;
}

/** The kinds of packet I/O this machine can be tested with. */
export function kindsForTests(): readonly PacketIoKind[] {
  return addonForTests() === '' ? ['fallback'] : ['native', 'fallback'];
}

/** Resolves when it is ready. */
export async function startMedia(kind: PacketIoKind, env: Readonly<Record<string, string>> = {}): Promise<MediaProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-media-'));
  const socket = join(folder, 'gateway.sock');
  const child = fork(at('../main.ts'), {
    execPath: node24(),
    execArgv: ['--conditions=@tipring/source', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, TIPRING_GATEWAY_SOCKET: socket, TIPRING_NATIVE: kind === 'native' ? addonForTests() : '', TIPRING_RTP_PORTS: '28000-28399', TIPRING_RTP_ADDRESS: addressForTests(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  let shown = '';
  child.stdout?.on('data', (chunk: Buffer) => void (shown += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  // Not its exit: what it said last may not have been read by then.
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const isReady = new Promise<boolean>((resolve) => child.once('message', () => resolve(true)));
  if (!(await Promise.race([isReady, ended.then(() => false)]))) throw new Error(`the media gateway did not start:\n${said}`);
  return { process: child, socket, output: () => said, shown: () => shown, end };
}

/** A client that is up. */
export async function connected(socket: string): Promise<GatewayClient> {
  const client = new GatewayClient({ path: socket });
  await new Promise<void>((resolve) => {
    client.onState = (state) => {
      if (state === 'up') resolve();
    };
  });
  client.onState = () => {};
  return client;
}

/** Somewhere in 127/8: what runs beside us has ports of its own. */
function addressForTests(): string {
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
}

/** Sources with types need Node 24; the tests may have been started by an older one. */
function node24(): string {
  const bundled = at('../../../../node_modules/.bin/node');
  return existsSync(bundled) ? bundled : process.execPath;
}

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

let builtAddon: string | null = null;
