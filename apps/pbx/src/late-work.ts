import type { Jobs } from '@tipring/jobs';
import { Outbox } from '@tipring/store';
import type { Logger } from 'pino';
import type { Environment } from './environment.ts';
import type { Storage } from './storage.ts';

export interface LateWork {
  close(): Promise<void>;
}

/** What may be late begins a while after the start, and again and again until its backend is there. */
export function startLateWork(environment: Environment, storage: Storage, log: Logger): LateWork {
  let jobs: Jobs | undefined;
  let closed = false;
  let timer = setTimeout(() => void start(), FIRST_MS);

  async function start(): Promise<void> {
    try {
      // Loaded here, for the same reason: it costs a tenth of a second that phones would wait for.
      const { startJobs } = await import('@tipring/jobs');
      const started = await startJobs({
        databaseUrl: environment.databaseUrl,
        redisUrl: environment.redisUrl,
        outbox: new Outbox(storage.database.batches),
        // Nobody follows a call record yet.
        followers: {},
        housekeeping: [
          async () => void (await storage.idempotency.removeOlderThan(daysAgo(1))),
          async () => void (await storage.events.removeOlderThan(daysAgo(2))),
        ],
        log: (level, event, details) => log[level](details, event),
      });
      if (closed) await started.close();
      else jobs = started;
    } catch (error) {
      log.warn({ err: error }, 'jobsWait');
      if (!closed) timer = setTimeout(() => void start(), AGAIN_MS);
    }
  }

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await jobs?.close();
    },
  };
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

const FIRST_MS = 3_000;
const AGAIN_MS = 10_000;
