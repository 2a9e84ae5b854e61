import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './packages.mjs';
import { root } from './places.mjs';
import { Refusal } from './progress.mjs';

/**
 * The first half of `npm start`, `npm test` and `npm run bench`, on whatever Node the machine has: install the packages, then
 * go on under the Node 24 among them. This process stays as the parent: it passes signals on, and should it be killed, the
 * other one sees its channel close and shuts down in order.
 * @param {string} program path of the second half, relative to tools/
 * @param {string[]} args
 */
export async function bootstrap(program, args) {
  process.env['TIPRING_BEGUN'] = String(Date.now());
  try {
    requireNode();
    await installPackages();
    process.exitCode = await runUnder(bundledNode(), [join(root, 'tools', program), ...args]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Refusal(`Tipring needs Node 20.19 or later to start from; this is ${process.versions.node}. (It then runs on its own Node 24.)`);
  }
  if (process.platform !== 'linux') throw new Refusal(`Tipring runs on Linux; this is ${process.platform}.`);
}

/** @returns {string} path of the Node that runs everything but this bootstrap */
export function bundledNode() {
  const path = join(root, `node_modules/node-linux-${process.arch}/bin/node`);
  if (existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Refusal(`There is no bundled Node 24 for ${process.arch}. Install Node 24 and run the command with it.`);
}

/**
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
function runUnder(node, args) {
  return new Promise((resolve, reject) => {
    // In a session of its own: a terminal's Ctrl-C then reaches this process only, and each one is passed on exactly once.
    const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
    const watch = watchNpm(() => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 1));
    });
  });
}

/**
 * npm answers SIGTERM by ending the shell between itself and us, not us. When it started us and is gone, so is whoever wanted us.
 * @param {() => void} gone
 */
function watchNpm(gone) {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) gone();
  }, 500).unref();
}
