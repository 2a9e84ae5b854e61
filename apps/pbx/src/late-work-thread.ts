import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { startJobs } from '@tipring/jobs';
import { Housekeeping, type StoreLog } from '@tipring/store';
import type { LateWorkSettings } from './late-work.ts';

/* Runs in a thread of its own, see late-work.ts. Says what an operator should know; ends when it is told anything. */

// On Linux that is this thread's alone: calls go first.
setPriority(10);
const { databaseUrl, redisUrl } = workerData as LateWorkSettings;
const log: StoreLog = (level, event, details) => parentPort?.postMessage({ level, event, details });
const housekeeping = new Housekeeping(databaseUrl, log);
/** As long as people remember a call well enough to complain of it. */
const LADDERS_DAYS = 14;

const jobs = await startJobs({
  databaseUrl,
  redisUrl,
  outbox: housekeeping.outbox,
  // Nobody follows a call record yet.
  followers: {},
  housekeeping: [
    async () => void (await housekeeping.removeIdempotencyKeysBefore(daysAgo(1))),
    async () => void (await housekeeping.removeEventsBefore(daysAgo(2), daysAgo(400))),
    async () => void (await housekeeping.removeLaddersBefore(daysAgo(LADDERS_DAYS))),
  ],
  log,
});
log('info', 'jobsStarted', { backend: redisUrl === undefined ? 'postgresql' : 'redis' });

parentPort?.once('message', () => {
  void jobs.close().then(() => housekeeping.close()).finally(() => process.exit(0));
});

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}
