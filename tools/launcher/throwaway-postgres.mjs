import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverAccount } from './account.mjs';
import { freePort } from './free-port.mjs';
import { postgresBinaries } from './postgres-binaries.mjs';
import { createCluster, startServer, superuser } from './postgres.mjs';

/**
 * A server for one run of the tests or one bench, in a temporary folder that goes with it.
 * @param {{ durable: boolean }} options durable: with fsync, as in service
 */
export async function throwawayPostgres({ durable }) {
  const account = serverAccount();
  const folder = mkdtempSync(join(tmpdir(), 'tipring-postgres-'));
  chmodSync(folder, 0o711); // the server's account passes through, and reads nothing
  const cluster = { binaries: postgresBinaries(account), account, folder: join(folder, 'cluster'), log: join(folder, 'log'), durable };
  const password = randomBytes(18).toString('base64url');
  createCluster(cluster, password);
  const port = await freePort();
  let server = await startServer(cluster, port);
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
      await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
