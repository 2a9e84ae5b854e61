import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal, say } from './progress.mjs';

/**
 * PostgreSQL refuses to run as root. Under root its server runs as the user `tipring`, made at the first start.
 * @typedef {{ name: string, uid: number, gid: number }} Account
 */

/** @returns {Account | undefined} undefined when we are not root, and may simply be ourselves */
export function serverAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const known = lookUp('tipring');
  if (known) return known;
  // A system account: no password, no login, no home.
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', 'tipring']);
  const made = lookUp('tipring');
  if (made) {
    say('  Created the system user "tipring": PostgreSQL does not run as root.');
    return made;
  }
  const nobody = lookUp('nobody');
  if (nobody) return nobody;
  throw new Refusal('PostgreSQL does not run as root, and no user could be created for it. Start as another user, or set DATABASE_URL.');
}

/** initdb asks passwd for its name, so an account without an entry is of no use. @param {string} name @returns {Account | undefined} */
function lookUp(name) {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [entry, , uid, gid] = line.split(':');
    if (entry === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/**
 * Whether the account can reach `folder` through all folders above it (a checkout under /root cannot be reached by others).
 * @param {Account} account
 * @param {string} folder
 */
export function canReach(account, folder) {
  for (let at = folder; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
