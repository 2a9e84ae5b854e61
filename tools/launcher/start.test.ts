import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { freePorts } from '../testbed/ports.ts';
import { trialCheckout } from './trial-checkout.ts';

/** `npm start` as its user meets it: real processes, a real PostgreSQL, and stand-ins for the programs. */

/** Two PostgreSQLs and six programs are started in some of these; a busy machine takes its time. */
const patienceMs = 120_000;
let checkout: ReturnType<typeof trialCheckout>;
let ports: Record<string, string>;
let trial = 0;
let data: string;
const started: Launcher[] = [];

beforeAll(() => {
  checkout = trialCheckout();
});
afterAll(() => checkout.remove());
beforeEach(async () => {
  data = join(checkout.folder, `data ${(trial += 1)}`);
  const names = ['TIPRING_SIP_PORT', 'TIPRING_SIPS_PORT', 'TIPRING_WS_PORT', 'TIPRING_WSS_PORT', 'TIPRING_HTTP_PORT'];
  const free = await freePorts(names.length);
  ports = Object.fromEntries(names.map((name, index) => [name, String(free[index])]));
});
afterEach(async () => {
  for (const launcher of started.splice(0)) await launcher.end();
  await comesTrue(() => processesOf(data).length === 0);
  // At once: what has not been written to the disk yet is removed without any of its work.
  rmSync(data, { recursive: true, force: true });
}, patienceMs);

test('a first start brings up everything, Ctrl-C ends it in order, and the data is there at the next start', { timeout: patienceMs }, async () => {
  const first = await start();
  expect(first.output).toMatch(/The whole start took [\d.]+ s/);
  const environment = first.environmentOf('pbx');
  expect(environment).toMatchObject({ ...ports, TIPRING_DATA: data, TIPRING_RTP_PORTS: '20000-29999', TIPRING_BIND: 'auto' });
  expect(first.environmentOf('media')['TIPRING_GATEWAY_SOCKET']).toBe(environment['TIPRING_GATEWAY_SOCKET']);
  expect(Buffer.byteLength(environment['TIPRING_GATEWAY_SOCKET'] ?? '')).toBeLessThanOrEqual(100);
  // What is spoken is where the gateway looks for it; a language is there when it has been recorded.
  expect(environment['TIPRING_SOUNDS']).toBe(join(data, 'sounds'));
  await comesTrue(() => existsSync(join(data, 'sounds/prompts/en/common.goodbye.wav')));
  await query(environment, 'create table kept (value text); insert into kept values (\'yes\')');
  expect(statSync(join(data, 'database.json')).mode & 0o777).toBe(0o600);

  expect(await first.end('SIGINT')).toBe(0);
  const endings = first.events().filter(({ event }) => event === 'SIGTERM' || event === 'SIGINT');
  expect(endings.map(({ program, event }) => `${program} ${event}`)).toEqual(['pbx SIGTERM', 'carrier SIGTERM', 'media SIGTERM']);
  expect(first.survivors()).toEqual([]);

  const second = await start();
  expect(await query(second.environmentOf('pbx'), 'select value from kept')).toEqual([{ value: 'yes' }]);
  expect(second.output).not.toContain('Creating the database');
});

test('a second start says that this PBX already runs and where, and harms nothing', { timeout: patienceMs }, async () => {
  const first = await start();
  const second = launch();
  expect(await second.over).toBe(1);
  expect(second.output).toContain(`This PBX already runs: process`);
  expect(second.output).toContain(`http://127.0.0.1:${ports['TIPRING_HTTP_PORT']}/api/v1`);
  expect(await query(first.environmentOf('pbx'), 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(first.events().some(({ event }) => event === 'SIGTERM')).toBe(false);
});

test('a program that is killed is started again', { timeout: patienceMs }, async () => {
  const launcher = await start();
  for (const program of ['media', 'carrier', 'pbx']) {
    const before = launcher.pidOf(program);
    process.kill(before, 'SIGKILL');
    await comesTrue(() => launcher.pidOf(program) !== before);
    await comesTrue(() => launcher.output.includes(`${program} was killed (SIGKILL); starting it again`));
  }
});

test('a simulated carrier that cannot run is done without, and there is none where there are real cards', { timeout: patienceMs }, async () => {
  const launcher = launch({ TRIAL_FAULT: 'carrier' });
  await comesTrue(() => launcher.output.includes('The simulated carrier ended with exit code 1 three times before it was ready; going on without it.'));
  await comesTrue(() => launcher.output.includes('Ctrl-C stops it'));
  expect(await launcher.end('SIGINT')).toBe(0);
  const real = launch({ TIPRING_SIMULATOR: 'off' });
  await comesTrue(() => real.output.includes('Ctrl-C stops it'));
  expect(real.environmentOf('pbx')['TIPRING_CARRIER']).toBe('off');
  expect(real.events().some(({ program }) => program === 'carrier')).toBe(false);
});

test('a PostgreSQL that is killed is started again on the same port with its data', { timeout: patienceMs }, async () => {
  const launcher = await start();
  const environment = launcher.environmentOf('pbx');
  await query(environment, 'create table kept (value int); insert into kept values (7)');
  process.kill(postmaster(), 'SIGKILL');
  const rows = await vi.waitFor(() => query(environment, 'select value from kept'), { timeout: patienceMs, interval: 50 });
  expect(rows).toEqual([{ value: 7 }]);
});

test('after kill -9 of the launcher the programs end, and the next start takes the database over', { timeout: patienceMs }, async () => {
  const launcher = await start();
  const database = postmaster();
  process.kill(launcher.lockedPid(), 'SIGKILL');
  expect(await launcher.exit).toBe(137);
  await comesTrue(() => !launcher.survivors().some((pid) => pid !== database));

  const next = await start();
  expect(next.output).toContain(`Took over the database that an earlier start left running (process ${database})`);
  expect(await next.end('SIGTERM')).toBe(0);
  expect(next.survivors()).toEqual([]);
});

test('a start right after kill -9 waits for the calls that the former programs still end', { timeout: patienceMs }, async () => {
  const launcher = await start({ TRIAL_DRAINS: 'pbx' });
  const former = launcher.pidOf('pbx');
  process.kill(launcher.lockedPid(), 'SIGKILL');
  await launcher.exit;
  const next = launch();
  await comesTrue(() => next.output.includes('waiting for it'));
  expect(processesOf(data)).toContain(former);
  writeFileSync(join(data, 'drained'), '');
  await isUp(next);
  expect(next.pidOf('pbx')).not.toBe(former);
  expect(processesOf(data)).not.toContain(former);
});

test('a database left behind that does not answer is ended and started afresh', { timeout: patienceMs }, async () => {
  const launcher = await start();
  const database = postmaster();
  process.kill(launcher.lockedPid(), 'SIGKILL');
  await launcher.exit;
  process.kill(database, 'SIGSTOP');

  const next = await start();
  expect(postmaster()).not.toBe(database);
  expect(await query(next.environmentOf('pbx'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('kill -9 of the outer process drains the inner one in order', { timeout: patienceMs }, async () => {
  const launcher = await start();
  process.kill(launcher.process.pid ?? 0, 'SIGKILL');
  await comesTrue(() => launcher.survivors().length === 0);
  expect(launcher.events().filter(({ event }) => event === 'SIGTERM').map(({ program }) => program)).toEqual(['pbx', 'carrier', 'media']);
});

test('a second Ctrl-C ends a PBX that does not end', { timeout: patienceMs }, async () => {
  const launcher = await start({ TRIAL_DEAF: 'pbx' });
  launcher.process.kill('SIGINT');
  await comesTrue(() => launcher.events().some(({ event }) => event === 'deaf'));
  launcher.process.kill('SIGINT');
  expect(await launcher.exit).not.toBeNull();
  expect(launcher.survivors()).toEqual([]);
});

test('a program that never gets ready is given up with the end of its log', { timeout: patienceMs }, async () => {
  const launcher = launch({ TRIAL_FAULT: 'pbx' });
  expect(await launcher.over).toBe(1);
  expect(launcher.output).toContain('three times before it was ready');
  expect(launcher.output).toContain('a fault of the trial');
  expect(launcher.survivors()).toEqual([]);
});

test('a taken port is named together with the way to choose another', { timeout: patienceMs }, async () => {
  const squatter = createServer().listen(Number(ports['TIPRING_HTTP_PORT']), '0.0.0.0');
  await once(squatter, 'listening');
  const launcher = launch();
  expect(await launcher.over).toBe(1);
  expect(launcher.output).toContain(`TCP port ${ports['TIPRING_HTTP_PORT']}, for the API, is taken by another program. Choose another one: TIPRING_HTTP_PORT=`);
  squatter.close();
});

test.each([
  ['TIPRING_RTP_PORTS', '20000', 'TIPRING_RTP_PORTS=20000 is not a range of ports. Give the first and the last one'],
  ['TIPRING_RTP_PORTS', '29999-20000', 'TIPRING_RTP_PORTS=29999-20000 is not a range of ports'],
  ['TIPRING_BIND', '192.0.2.77', 'TIPRING_BIND: 192.0.2.77 is not an address of this machine. It has 127.0.0.1'],
  ['TIPRING_BIND', 'eth0', 'TIPRING_BIND: "eth0" is not an IP address'],
])('%s=%s is refused at once, in one sentence, and nothing is started', { timeout: patienceMs }, async (variable, value, sentence) => {
  const launcher = launch({ [variable]: value });
  expect(await launcher.over).toBe(1);
  expect(launcher.output).toContain(sentence);
  expect(launcher.output.trim().split('\n')).toHaveLength(1);
  expect(launcher.events()).toEqual([]);
});

test('with DATABASE_URL no embedded database is made', { timeout: patienceMs }, async () => {
  const launcher = await start({ DATABASE_URL: 'postgres://elsewhere/pbx', REDIS_URL: 'redis://elsewhere' });
  expect(launcher.environmentOf('pbx')).toMatchObject({ DATABASE_URL: 'postgres://elsewhere/pbx', REDIS_URL: 'redis://elsewhere' });
  expect(existsSync(join(data, 'database.json'))).toBe(false);
});

interface Launcher {
  process: ChildProcess;
  readonly output: string;
  /** When its process has ended; a survivor may still hold its output. */
  exit: Promise<number | null>;
  /** When all of its output has been read as well. */
  over: Promise<number | null>;
  events(): { program: string; pid: number; event: string }[];
  environmentOf(program: string): Record<string, string>;
  pidOf(program: string): number;
  lockedPid(): number;
  survivors(): number[];
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

function launch(env: Record<string, string> = {}): Launcher {
  const { DATABASE_URL: _, REDIS_URL: __, npm_lifecycle_event: ___, ...inherited } = process.env;
  const child = spawn(process.execPath, ['tools/start.mjs'], {
    cwd: checkout.folder,
    env: { ...inherited, TIPRING_DATA: data, ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (output += String(text)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const over = once(child, 'close').then(([code]) => code as number | null);
  const events = () =>
    !existsSync(join(data, 'events.log'))
      ? []
      : readFileSync(join(data, 'events.log'), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => {
            const [program = '', pid = '', ...event] = line.split(' ');
            return { program, pid: Number(pid), event: event.join(' ') };
          });
  const lastStart = (program: string) => {
    const found = events().findLast((entry) => entry.program === program && entry.event.startsWith('start '));
    if (!found) throw new Error(`${program} has not started:\n${output}`);
    return found;
  };
  const launcher: Launcher = {
    process: child,
    get output() {
      return output;
    },
    exit,
    over,
    events,
    environmentOf: (program) => JSON.parse(lastStart(program).event.slice('start '.length)) as Record<string, string>,
    pidOf: (program) => lastStart(program).pid,
    lockedPid: () => (JSON.parse(readFileSync(join(data, 'launcher.lock'), 'utf8')) as { pid: number }).pid,
    survivors: () => processesOf(data),
    async end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await exit;
    },
  };
  started.push(launcher);
  return launcher;
}

async function start(env: Record<string, string> = {}): Promise<Launcher> {
  const launcher = launch(env);
  await isUp(launcher);
  return launcher;
}

/** Fails when the launcher ends before. */
async function isUp(launcher: Launcher): Promise<void> {
  const ready = comesTrue(() => launcher.output.includes('Ctrl-C stops it') && ['media', 'carrier', 'pbx'].every((name) => launcher.events().some(({ program }) => program === name)));
  const early = launcher.over.then((code) => {
    throw new Error(`the launcher ended with ${code}:\n${launcher.output}`);
  });
  await Promise.race([ready, early]);
  early.catch(() => {});
}

async function comesTrue(holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, { timeout: patienceMs, interval: 10 });
}

/** All living processes that belong to this data folder: by their environment, or (PostgreSQL) by their arguments. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        if (/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return false;
        const about = readFileSync(`/proc/${pid}/environ`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return about.includes(`TIPRING_DATA=${folder}\0`) || about.includes(`${folder}/postgres`);
      } catch {
        return false;
      }
    });
}

function postmaster(): number {
  const { folder } = JSON.parse(readFileSync(join(data, 'database.json'), 'utf8')) as { folder: string };
  return Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function query(environment: Record<string, string>, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: environment['DATABASE_URL'] });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}
