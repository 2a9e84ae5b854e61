import type { Job } from 'bullmq';
import type { JobsSettings, Later, Message } from './jobs-settings.ts';
import { openBackend } from './queue.ts';

/** What may be late but must not be lost. */
export interface Jobs {
  /** Looks at the outbox now. */
  relay(): Promise<void>;
  readonly later: Later;
  /** The hourly tasks, now: resolves when they are queued. */
  keepHouse(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects when the backend cannot be reached: try again later, nothing is lost meanwhile. */
export async function startJobs(settings: JobsSettings): Promise<Jobs> {
  const backend = await openBackend(settings);
  const { queue } = backend;
  const tasks = settings.tasks ?? {};
  const later: Later = async (task, key, data) => {
    const { attempts = 1 } = tasks[task] ?? {};
    await within(settings.patienceMs ?? 10_000, backend.tasks.add(task, data, { jobId: `${task}-${key}`, attempts, backoff: { type: 'custom' } }));
  };
  const worker = backend.worker((job) => work(job, settings, later));
  const taskWorker = backend.taskWorker(tasks);
  await queue.upsertJobScheduler('housekeeping', { every: HOUR_MS }, { name: 'housekeeping' });

  let relaying: Promise<void> | undefined;
  let failing = false;
  const relay = () => (relaying ??= relayAll().finally(() => (relaying = undefined)));
  const timer = setInterval(() => void relay(), settings.relayMs ?? 1_000);

  async function relayAll(): Promise<void> {
    try {
      // Many messages make one job: a job costs as much as a call.
      while ((await settings.outbox.relay(BATCH, async (messages) => void (await within(settings.patienceMs ?? 10_000, queue.add('messages', messages))))) === BATCH);
      failing = false;
    } catch (error) {
      if (!failing) settings.log('warn', 'outboxWaits', { reason: String(error) });
      failing = true;
    }
  }

  return {
    relay,
    later,
    keepHouse: async () => void (await queue.add('housekeeping', {})),
    async close() {
      clearInterval(timer);
      await relaying;
      await Promise.all([worker.close(), taskWorker.close()]);
      await Promise.all([queue.close(), backend.tasks.close()]);
    },
  };
}

async function work(job: Job, { followers, housekeeping }: JobsSettings, later: Later): Promise<void> {
  if (job.name === 'housekeeping') {
    // One that fails keeps none of the others from being done.
    const failures: unknown[] = [];
    for (const task of housekeeping) await task().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
    return;
  }
  for (const message of job.data as readonly Message[]) await followers[message.kind]?.(message, later);
}

/** bullmq's `add` may wait for ever on a connection that is gone; whoever waits here holds rows of the outbox. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`the queue did not answer within ${ms} ms`)), ms)));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const BATCH = 500;
const HOUR_MS = 3_600_000;
