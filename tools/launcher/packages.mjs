import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { takeLock, lockOwner } from './process-lock.mjs';
import { dataFolder, launcherLock, root } from './places.mjs';
import { Refusal, say, step } from './progress.mjs';

const stamp = join(root, 'node_modules/.tipring-installed');

/** Installs exactly what package-lock.json says, unless that is what is there. */
export async function installPackages() {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (installed() === wanted) return;
  const lock = await waitForLock(join(root, '.tipring/install.lock'));
  try {
    if (installed() === wanted) return;
    if (!matchesLockfile()) {
      const running = lockOwner(launcherLock(dataFolder()));
      if (running !== undefined) {
        throw new Refusal(`The packages changed, but the PBX that runs from this folder (process ${running.pid}) still uses the old ones. Stop it first.`);
      }
      await step('Installing packages', npmCi);
    }
    writeFileSync(stamp, wanted);
  } finally {
    lock.release();
  }
}

/** @returns {string} */
function installed() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
async function waitForLock(path) {
  for (let told = false; ; told = true) {
    const lock = takeLock(path);
    if (lock.held) return lock;
    if (!told) say(`  Process ${lock.owner.pid} is installing packages in this folder; waiting for it.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/**
 * After a developer's `npm install` everything may be in place without our stamp: npm's own record of what it put into
 * node_modules then equals the lockfile, but for optional packages of other platforms.
 */
function matchesLockfile() {
  /** @typedef {{ version?: string, integrity?: string, resolved?: string, link?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} Entry */
  /** @param {string} path @returns {Record<string, Entry>} */
  const packagesOf = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  /** A package for another platform is left out, and what lies in it with it. @param {string} path @returns {boolean} */
  const isForeign = (path) => {
    const entry = wanted[path];
    if (entry?.optional !== true || present[path] !== undefined) return false;
    return (entry.os ?? entry.cpu ?? entry.libc) !== undefined || isForeign(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))));
  };
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true; // the workspaces themselves
    const found = present[path];
    if (found === undefined) return isForeign(path);
    return found.version === entry.version && found.integrity === entry.integrity && found.link === entry.link;
  });
}

/** @returns {Promise<void>} */
function npmCi() {
  const env = { ...process.env };
  // A service account may have no home; npm needs a cache folder all the same.
  if (!existsSync(homedir() || '/nonexistent')) {
    env['npm_config_cache'] = join(root, '.tipring/npm-cache');
    mkdirSync(env['npm_config_cache'], { recursive: true });
  }
  // Started by npm, we use the same one. Never --omit=optional: Node, PostgreSQL and Nx bring their binaries as optional packages.
  const npm = process.env['npm_execpath'];
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=optional', '--include=dev'], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', (error) => reject(new Refusal(`npm could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Refusal(`npm ci failed (${signal ?? `exit code ${code}`}). Nothing was started; fix the cause above and try again.`));
    });
  });
}
