import { spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify } from './process-lock.mjs';
import { Refusal } from './progress.mjs';

/** @import { Account } from './account.mjs' */

/**
 * One PostgreSQL server on the loopback address, ours alone.
 * @typedef {object} Server
 * @property {number} pid the postmaster
 * @property {Promise<void>} gone settles when the postmaster has ended, for whatever reason
 * @property {(mode: 'fast' | 'immediate') => Promise<void>} stop
 */

/**
 * @typedef {object} Cluster
 * @property {string} binaries folder with bin/
 * @property {Account | undefined} account whom the server runs as; undefined: us
 * @property {string} folder the cluster's data directory
 * @property {string} log file for the server's messages
 * @property {boolean} durable false: fsync off, for data nobody will miss
 */

export const superuser = 'tipring';

/**
 * Creates the cluster with a database of its own. It appears under its name when complete: a kill on the way leaves no half of one.
 * @param {Cluster} cluster
 * @param {string} password
 */
export function createCluster({ binaries, account, folder }, password) {
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const passwords = mkdtempSync(join(tmpdir(), 'tipring-'));
  const passwordFile = join(passwords, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [draft, passwords, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    // --no-sync: a power cut here costs an empty cluster, which is then made again.
    run('initdb', ['-D', draft, '-U', superuser, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-instructions', '--no-sync', ...locale]);
    run('postgres', ['--single', '-D', draft, '-c', 'fsync=off', 'postgres'], 'CREATE DATABASE tipring;\n');
    renameSync(draft, folder);
  } finally {
    rmSync(passwords, { recursive: true, force: true });
  }

  /** @param {string} program @param {string[]} args @param {string} [input] */
  function run(program, args, input) {
    const { status, error, stdout, stderr } = spawnSync(join(binaries, 'bin', program), args, {
      cwd: '/',
      env: environment,
      encoding: 'utf8',
      input: input ?? '',
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    if (status !== 0) throw new Refusal(`PostgreSQL's ${program} failed:\n${error?.message ?? `${stdout}${stderr}`}`);
  }
}

/**
 * Starts the server and returns when it accepts connections.
 * @param {Cluster} cluster
 * @param {number} port
 * @returns {Promise<Server>}
 */
export async function startServer({ binaries, account, folder, log, durable }, port) {
  await childrenGone(folder);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    logging_collector: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  const messages = openSync(log, 'a', 0o600);
  const child = spawn(
    join(binaries, 'bin/postgres'),
    ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // Its own process group: a terminal's Ctrl-C must not stop it before the ones that still write to it.
    { cwd: '/', env: environment, detached: true, stdio: ['ignore', messages, messages], ...(account && { uid: account.uid, gid: account.gid }) },
  );
  closeSync(messages);
  /** @type {Promise<void>} */
  const gone = new Promise((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  let ended = false;
  void gone.then(() => (ended = true));
  const pid = child.pid ?? 0;

  while (readPostmaster(folder)?.pid !== pid || !readPostmaster(folder)?.ready) {
    await Promise.race([sleep(10), gone]);
    if (ended) throw new Refusal(`PostgreSQL did not start. Its messages are in ${log}; the last ones:\n${tail(log)}`);
  }
  return server(pid, gone);
}

/**
 * The server that an earlier launcher left when it was killed: taken over when it answers, ended when it does not.
 * @param {string} folder
 * @returns {Promise<{ server: Server, port: number } | undefined>}
 */
export async function adoptServer(folder) {
  const found = readPostmaster(folder);
  if (found === undefined || !isPostgresOf(found.pid, folder)) return undefined;
  const { pid, port } = found;
  const gone = ended(pid);
  const orphan = server(pid, gone);
  if (found.ready && (await answers(port))) return { server: orphan, port };
  await clearOut(folder, orphan);
  return undefined;
}

/** @param {string} folder @param {Server} orphan */
async function clearOut(folder, orphan) {
  signal(orphan.pid, 'SIGQUIT');
  await settlesWithin(orphan.gone, 2_000);
  // Two postmasters on one cluster destroy it, and so does one beside the other's children: nobody may be left.
  for (let left = serversIn(folder); left.length > 0; left = serversIn(folder)) {
    for (const pid of left) signal(pid, 'SIGKILL');
    await sleep(20);
  }
  // Under an init that reaps nobody, as in some containers, the dead postmaster's pid stays taken and would be believed alive.
  rmSync(join(folder, 'postmaster.pid'), { force: true });
}

/**
 * The children of a server that was killed notice it in a moment; until then they hold its shared memory, and no other one starts.
 * @param {string} folder
 */
async function childrenGone(folder) {
  for (let waitedMs = 0; serversIn(folder).length > 0; waitedMs += 20) {
    if (waitedMs >= 2_000) for (const pid of serversIn(folder)) signal(pid, 'SIGKILL');
    await sleep(20);
  }
}

/** All living processes of a cluster: every PostgreSQL process works in its data directory. @param {string} folder */
function serversIn(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && readlinkSync(`/proc/${pid}/exe`).endsWith('/bin/postgres') && identify(pid) !== undefined;
      } catch {
        return false; // not ours to see, so not ours
      }
    });
}

/** @param {number} pid @param {Promise<void>} gone @returns {Server} */
function server(pid, gone) {
  return {
    pid,
    gone,
    async stop(mode) {
      // pg_ctl's modes: SIGINT disconnects the clients and writes a checkpoint, SIGQUIT leaves recovery to the next start.
      signal(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      if (await settlesWithin(gone, 10_000)) return;
      signal(pid, 'SIGQUIT');
      if (await settlesWithin(gone, 5_000)) return;
      signal(pid, 'SIGKILL');
      await gone;
    },
  };
}

/** @param {number} pid @param {NodeJS.Signals} name */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** @param {Promise<void>} promise @param {number} ms */
async function settlesWithin(promise, ms) {
  const stop = new AbortController();
  const late = sleep(ms, false, { signal: stop.signal }).catch(() => false);
  const settled = await Promise.race([promise.then(() => true), late]);
  stop.abort();
  return settled;
}

/** Of a process that is not our child we learn the end by looking. @param {number} pid */
async function ended(pid) {
  const start = identify(pid)?.startTime;
  while (start !== undefined && identify(pid)?.startTime === start) await sleep(200, undefined, { ref: false });
}

/**
 * postmaster.pid: pid, data directory, start time, port, socket directory, address, shared memory key, status.
 * @param {string} folder
 */
function readPostmaster(folder) {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/** @param {number} pid @param {string} folder */
function isPostgresOf(pid, folder) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
  } catch {
    return false;
  }
}

/**
 * Whether something that speaks PostgreSQL's protocol listens: SSLRequest is answered with one letter before any login.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 1000 });
    const finish = (/** @type {boolean} */ healthy) => {
      socket.destroy();
      resolve(healthy);
    };
    socket.on('connect', () => socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])));
    socket.on('data', (data) => finish(data[0] === 0x4e || data[0] === 0x53));
    socket.on('timeout', () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
  });
}

/** @param {string} log */
function tail(log) {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
}

/** Nothing of ours (passwords, PG* variables) is the server's business. */
const environment = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' };
