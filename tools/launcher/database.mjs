import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canReach, serverAccount } from './account.mjs';
import { freePort } from './free-port.mjs';
import { postgresBinaries, sharedFolder } from './postgres-binaries.mjs';
import { adoptServer, createCluster, startServer, superuser } from './postgres.mjs';
import { Refusal, say, step } from './progress.mjs';

/**
 * The embedded PostgreSQL of one data folder, kept running until `stop`.
 * @typedef {{ url: string, stop(mode: 'fast' | 'immediate'): Promise<void> }} Database
 */

/**
 * @param {string} data the data folder; database.json in it (0600) remembers where the cluster is, its port and its password
 * @param {{ path: string }} log
 * @returns {Promise<Database>}
 */
export async function openDatabase(data, log) {
  const account = serverAccount();
  const memory = join(data, 'database.json');
  /** @type {{ folder: string, port: number, password: string }} */
  const about = recall(memory) ?? { folder: clusterFolder(data, account), port: 0, password: randomBytes(24).toString('base64url') };
  const cluster = { binaries: postgresBinaries(account), account, folder: about.folder, log: log.path, durable: true };

  if (!existsSync(about.folder)) {
    mkdirSync(join(about.folder, '..'), { recursive: true, mode: account ? 0o711 : 0o700 });
    await step('Creating the database', () => {
      // The password is on disk before the cluster that knows no other.
      remember(memory, about);
      createCluster(cluster, about.password);
    });
  }
  requireVersion(about.folder);

  let stopping = false;
  const adopted = await adoptServer(about.folder);
  if (adopted) say(`  Took over the database that an earlier start left running (process ${adopted.server.pid}).`);
  about.port = adopted?.port ?? (await freePort(about.port));
  remember(memory, about);
  let server = adopted?.server ?? (await step('Starting the database', () => startServer(cluster, about.port)));
  void keepRunning();

  return {
    url: `postgres://${superuser}:${about.password}@127.0.0.1:${about.port}/tipring`,
    async stop(mode) {
      stopping = true;
      await server.stop(mode);
    },
  };

  async function keepRunning() {
    for (;;) {
      await server.gone;
      if (stopping) return;
      say('  The database ended unexpectedly; starting it again. Calls go on meanwhile.');
      for (let pauseMs = 50; !stopping; pauseMs = Math.min(pauseMs * 2, 2000)) {
        try {
          server = await startServer(cluster, about.port);
          break;
        } catch (error) {
          // The killed one's children hold its shared memory for a moment longer.
          if (!(error instanceof Refusal)) throw error;
          await sleep(pauseMs);
        }
      }
      if (stopping) await server.stop('fast');
    }
  }
}

/** @param {string} data @param {import('./account.mjs').Account | undefined} account */
function clusterFolder(data, account) {
  if (account === undefined || canReach(account, data)) return join(data, 'postgres');
  const folder = join(sharedFolder(account), createHash('sha256').update(data).digest('hex').slice(0, 12), 'postgres');
  say(`  User "${account.name}", whom PostgreSQL runs as, cannot reach ${data}: the database is in ${folder}.`);
  return folder;
}

/** @param {string} folder */
function requireVersion(folder) {
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (version !== '18') {
    throw new Refusal(`The database in ${folder} was made by PostgreSQL ${version}; this release brings 18. Dump it with the old release and restore it with this one.`);
  }
}

/** @param {string} path */
function recall(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** @param {string} path @param {object} content */
function remember(path, content) {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
