import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { startJobs } from '@tipring/jobs';
import { Housekeeping, type StoreLog } from '@tipring/store';
import type { LateWorkBeginning, LateWorkOrder, LateWorkReport } from './late-work.ts';
import { mailLater, voicemailMailing, voicemailMailTask } from './voicemail-mailing.ts';
import { sendAgainLater, sendLater, webhookSending, type WebhookSendingPorts, webhookTask } from './webhook-sending.ts';

/* Runs in a thread of its own, see late-work.ts. Says what an operator should know; follows the configuration; ends when it is told to. */

// On Linux that is this thread's alone: calls go first.
setPriority(10);
const beginning = workerData as LateWorkBeginning;
const { databaseUrl, redisUrl, sounds } = beginning;
let { office } = beginning;
const report = (what: LateWorkReport): void => parentPort?.postMessage(what);
const log: StoreLog = (level, event, details) => report({ is: 'log', level, event, details });
const housekeeping = new Housekeeping(databaseUrl, log);
/** As long as people remember a call well enough to complain of it. */
const LADDERS_DAYS = 14;

const webhookPorts: WebhookSendingPorts = { office: () => office, deliveries: housekeeping.deliveries, log, now: Date.now };

const jobs = await startJobs({
  databaseUrl,
  redisUrl,
  outbox: housekeeping.outbox,
  // Nobody follows a call record yet.
  followers: {
    voicemailMessage: (message, later) => mailLater(message, later, office),
    event: (message, later) => sendLater(message, later, webhookPorts),
    webhookDelivery: sendAgainLater,
  },
  tasks: {
    [voicemailMailTask]: voicemailMailing({ office: () => office, sounds, find: (id) => housekeeping.voicemailMessage(id), delivered: (id) => report({ is: 'mailed', message: id }), log }),
    [webhookTask]: webhookSending(webhookPorts),
  },
  housekeeping: [
    async () => void (await housekeeping.removeIdempotencyKeysBefore(daysAgo(1))),
    async () => void (await housekeeping.removeEventsBefore(daysAgo(2), daysAgo(400))),
    async () => void (await housekeeping.removeLaddersBefore(daysAgo(LADDERS_DAYS))),
    async () => void (await housekeeping.forgetMessagesBefore(daysAgo(7))),
    async () => {
      if (office.recordingsKeepDays !== null) await housekeeping.removeRecordingsBefore(daysAgo(office.recordingsKeepDays), removeSounds);
    },
    async () => void (await housekeeping.deliveries.removeBefore(daysAgo(30))),
    async () => report({ is: 'houseKept' }),
  ],
  log,
});
log('info', 'jobsStarted', { backend: redisUrl === undefined ? 'postgresql' : 'redis' });

parentPort?.on('message', (order: LateWorkOrder) => {
  if (order.is === 'office') office = order.office;
  else void jobs.close().then(() => housekeeping.close()).finally(() => process.exit(0));
});

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

async function removeSounds(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(join(sounds, file), { force: true });
}
