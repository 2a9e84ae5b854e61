import type { Job } from 'bullmq';
import { createPostgresBackend, Queue, runMigrations, setDefaultBackendFactory, Worker } from 'bullmq';
import type { JobsLog, JobsSettings, Task } from './jobs-settings.ts';

/** Two queues and their workers on the backend that was chosen. */
export interface Backend {
  /** What follows from messages, in their order. */
  readonly queue: Queue;
  readonly tasks: Queue;
  worker(process: (job: Job) => Promise<void>): Worker;
  taskWorker(tasks: Readonly<Record<string, Task>>): Worker;
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
  const lost = (error: Error) => log('warn', 'jobsConnection', { reason: error.message });
  const queue = new Queue(QUEUE, { connection, skipWaitingForReady: true, defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: { count: 100 }, removeOnFail: { count: 1_000 } } });
  const tasks = new Queue(TASKS, { connection, skipWaitingForReady: true, defaultJobOptions: { removeOnComplete: { count: 100 }, removeOnFail: { count: 1_000 } } });
  queue.on('error', lost);
  tasks.on('error', lost);
  const failed = (job: Job | undefined, error: Error) => log('warn', 'jobFailed', { job: job?.name, attempt: job?.attemptsMade, reason: error.message });
  return {
    queue,
    tasks,
    worker(process) {
      const worker = new Worker(QUEUE, process, { connection, concurrency: 1, skipWaitingForReady: true } as never);
      worker.on('error', lost);
      worker.on('failed', failed);
      return worker;
    },
    taskWorker(known) {
      // A task of a name that nobody knows any more is done.
      const process = async (job: Job): Promise<void> => known[job.name]?.run(job.data, { isLast: job.attemptsMade + 1 >= (job.opts.attempts ?? 1) });
      const backoffStrategy = (attempts: number, _type?: string, _error?: Error, job?: { name: string }): number => known[job?.name ?? '']?.waitMs(attempts) ?? 1_000;
      const worker = new Worker(TASKS, process, { connection, concurrency: TASKS_AT_ONCE, skipWaitingForReady: true, settings: { backoffStrategy } } as never);
      worker.on('error', lost);
      worker.on('failed', failed);
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
const TASKS = 'tipring-tasks';
const TASKS_AT_ONCE = 8;
