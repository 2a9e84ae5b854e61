import type { Job } from 'bullmq';
import { createPostgresBackend, Queue, runMigrations, setDefaultBackendFactory, Worker } from 'bullmq';
import type { JobsLog, JobsSettings } from './jobs-settings.ts';

/** One queue and its worker on the backend that was chosen. */
export interface Backend {
  readonly queue: Queue;
  worker(process: (job: Job) => Promise<void>): Worker;
}

/** PostgreSQL unless there is a Redis: one thing less to run. */
export async function openBackend({ databaseUrl, redisUrl, log }: JobsSettings): Promise<Backend> {
  return redisUrl === undefined ? onPostgres(databaseUrl, log) : onRedis(redisUrl, log);
}

async function onPostgres(databaseUrl: string, log: JobsLog): Promise<Backend> {
  const { Client } = (await import('pg')).default;
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
  setDefaultBackendFactory(createPostgresBackend as never);
  // Few connections: what is done here may be late.
  const connection = { connectionString: databaseUrl, max: 2, application_name: 'tipring-jobs' } as never;
  return backend(connection, log);
}

function onRedis(redisUrl: string, log: JobsLog): Backend {
  // Back to bullmq's own default, should another have been set in this process.
  setDefaultBackendFactory();
  // Without these `add` hangs for ever while Redis is away.
  const connection = { url: redisUrl, enableOfflineQueue: false } as never;
  return backend(connection, log);
}

function backend(connection: never, say: JobsLog): Backend {
  const log = once(say);
  const queue = new Queue(QUEUE, { connection, skipWaitingForReady: true, defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: { count: 100 }, removeOnFail: { count: 1_000 } } });
  queue.on('error', (error) => log('warn', 'jobsConnection', { reason: error.message }));
  return {
    queue,
    worker(process) {
      const worker = new Worker(QUEUE, process, { connection, concurrency: 1, skipWaitingForReady: true } as never);
      worker.on('error', (error) => log('warn', 'jobsConnection', { reason: error.message }));
      worker.on('failed', (job, error) => log('warn', 'jobFailed', { job: job?.name, attempt: job?.attemptsMade, reason: error.message }));
      return worker;
    },
  };
}

/** bullmq tells one lost connection many times over. */
function once(log: JobsLog): JobsLog {
  let last = '';
  let until = 0;
  return (level, event, details) => {
    const what = `${event} ${JSON.stringify(details)}`;
    if (what === last && performance.now() < until) return;
    last = what;
    until = performance.now() + 10_000;
    log(level, event, details);
  };
}

const QUEUE = 'tipring';
