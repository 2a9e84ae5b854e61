import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from './progress.mjs';

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where the running PBX keeps what it must not lose, its logs and its lock. */
export function dataFolder() {
  return process.env['TIPRING_DATA'] ? resolve(process.env['TIPRING_DATA']) : join(root, '.tipring');
}

/** What is derived from the sources, whoever's data it serves. */
export const builtFolder = join(root, '.tipring');

/** @param {string} data */
export function launcherLock(data) {
  return join(data, 'launcher.lock');
}

/**
 * A path for a UNIX socket that belongs to a data folder. sockaddr_un holds 108 bytes, and some libraries less, so a long
 * folder gets a short private one under the temporary folder, the same at each start.
 * @param {string} data
 * @param {string} name
 */
export function socketPath(data, name) {
  const path = join(data, name);
  if (Buffer.byteLength(path) <= 100) return path;
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `tipring-${uid}-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid: owner } = lstatSync(folder);
  if (owner !== uid || !lstatSync(folder).isDirectory()) throw new Refusal(`${folder} belongs to somebody else; remove it or choose another TIPRING_DATA.`);
  chmodSync(folder, 0o700);
  return join(folder, name);
}
