import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './account.mjs';
import { freePort } from './free-port.mjs';
import { postgresBinaries } from './postgres-binaries.mjs';
import { adoptServer, createCluster, signal, startServer, superuser } from './postgres.mjs';
import { identify, isAlive } from './process-lock.mjs';

/**
 * A server for one run of the tests or one bench, in a temporary folder that goes with it.
 * @param {{ durable: boolean }} options durable: with fsync, as in service
 */
export async function throwawayPostgres({ durable }) {
  const account = serverAccount();
  await sweep();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(folder, 0o711); // the server's account passes through, and reads nothing
  writeFileSync(join(folder, 'owner'), JSON.stringify(identify(process.pid)));
  const cluster = { binaries: postgresBinaries(account), account, folder: join(folder, 'cluster'), log: join(folder, 'log'), durable };
  const password = randomBytes(18).toString('base64url');
  createCluster(cluster, password);
  const port = await freePort();
  let server = await startServer(cluster, port);
  const atExit = () => signal(server.pid, 'SIGQUIT');
  process.on('exit', atExit);
  /** @param {string} database */
  const url = (database) => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  return {
    /** A superuser's URL of the given database; `postgres` and `tipring` exist. */
    url,
    get pid() {
      return server.pid;
    },
    /** After the server was killed: the same cluster on the same port. */
    async restart() {
      await server.gone;
      server = await startServer(cluster, port);
    },
    async stop() {
      process.off('exit', atExit);
      await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what a killed run left: its server, then its folder. */
async function sweep() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    try {
      const owner = JSON.parse(readFileSync(join(folder, 'owner'), 'utf8'));
      if (isAlive(owner)) continue;
      await (await adoptServer(join(folder, 'cluster')))?.server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or one that is being made at this moment.
    }
  }
}

const prefix = 'tipring-postgres-';
