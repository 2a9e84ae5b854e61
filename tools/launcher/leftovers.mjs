import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signal } from './postgres.mjs';
import { identify, isAlive } from './process-lock.mjs';
import { say } from './progress.mjs';

/** @import { ProcessIdentity } from './process-lock.mjs' */

/**
 * The programs of a launcher that was killed end by themselves, but they say goodbye to every call first, and hold their ports
 * until then. So each data folder knows the processes it was last served by.
 * @param {string} data
 * @param {string} name
 * @param {number} pid
 */
export function noteProgram(data, name, pid) {
  const path = join(data, 'programs.json');
  writeFileSync(`${path}.new`, JSON.stringify({ ...noted(data), [name]: identify(pid) }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/**
 * Returns when none of them lives any more.
 * @param {string} data
 */
export async function endLeftovers(data) {
  const deadline = performance.now() + patienceMs;
  let told = false;
  for (const [name, identity] of Object.entries(noted(data))) {
    for (; isAlive(identity); await sleep(50)) {
      if (!told) say(`  ${name} of an earlier start (process ${identity.pid}) is still ending its calls; waiting for it.`);
      told = true;
      if (performance.now() > deadline) signal(identity.pid, 'SIGKILL');
    }
  }
}

/** @param {string} data @returns {Record<string, ProcessIdentity>} */
function noted(data) {
  try {
    return JSON.parse(readFileSync(join(data, 'programs.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** As long as the launcher itself waits for the controller. */
const patienceMs = 10_000;
