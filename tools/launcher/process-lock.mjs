import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A lock file that names its owner by pid, start time and boot: a recycled pid or a reboot cannot impersonate it, so a lock
 * left by kill -9 is recognised as stale.
 * @typedef {{ pid: number, startTime: string, bootId: string }} ProcessIdentity
 * @typedef {ProcessIdentity & Record<string, unknown>} LockContent
 */

/**
 * @param {number} pid
 * @returns {ProcessIdentity | undefined} undefined when no such process lives
 */
export function identify(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; the fields are counted from its closing one (proc(5): 3 state, 22 starttime).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, startTime: fields[19] ?? '', bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() };
  } catch {
    return undefined;
  }
}

/** @param {ProcessIdentity} identity */
export function isAlive(identity) {
  const now = identify(identity.pid);
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId;
}

/**
 * @param {string} path
 * @returns {LockContent | undefined} what the living owner wrote, or undefined when nobody holds the lock
 */
export function lockOwner(path) {
  const content = read(path);
  return content !== undefined && isAlive(content) ? content : undefined;
}

/**
 * Takes the lock for this process.
 * @param {string} path
 * @param {Record<string, unknown>} [about] what others should read about the owner
 * @returns {{ held: true, update(about: Record<string, unknown>): void, release(): void } | { held: false, owner: LockContent }}
 */
export function takeLock(path, about = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const me = /** @type {ProcessIdentity} */ (identify(process.pid));
  const draft = `${path}.${process.pid}`;
  const write = (/** @type {Record<string, unknown>} */ more) => writeFileSync(draft, JSON.stringify({ ...more, ...me }), { mode: 0o600 });

  for (;;) {
    write(about);
    try {
      // link() fails when the name exists, and shows the complete content at once when not.
      linkSync(draft, path);
      rmSync(draft);
      break;
    } catch (error) {
      rmSync(draft, { force: true });
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      const owner = lockOwner(path);
      if (owner !== undefined) return { held: false, owner };
      discardStale(path);
    }
  }
  return {
    held: true,
    update(more) {
      write(more);
      renameSync(draft, path);
    },
    release() {
      if (read(path)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

/** Two who find the same stale lock: the rename succeeds for one, and what it caught is looked at once more. @param {string} path */
function discardStale(path) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other one was first
  }
  const caught = read(aside);
  if (caught !== undefined && isAlive(caught)) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one took the lock in between; it wins, as if it had come first.
    }
  }
  rmSync(aside, { force: true });
}

/**
 * @param {string} path
 * @returns {LockContent | undefined}
 */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
