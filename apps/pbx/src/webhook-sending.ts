import { isEventOf } from '@tipring/config';
import { GivenUp, type JobsLog, type Later, type Message, postWebhook, type Task } from '@tipring/jobs';
import { type DeliveredEvent, deliveryId, type WebhookDeliveries } from '@tipring/store';
import type { LateOffice } from './late-office.ts';

export interface WebhookSendingPorts {
  readonly office: () => LateOffice;
  readonly deliveries: Pick<WebhookDeliveries, 'create' | 'find' | 'attempted'>;
  readonly log: JobsLog;
  /** Ms since the epoch. */
  readonly now: () => number;
}

/** An event that somebody wants: written down for each who does, then sent in its own time. */
export async function sendLater({ payload }: Message, later: Later, { office, deliveries }: WebhookSendingPorts): Promise<void> {
  const event = payload as DeliveredEvent;
  // Who was not there then does not want it.
  const wanting = office().webhooks.filter(({ events, since }) => event.at >= since && isEventOf(event.type, events));
  if (wanting.length === 0) return;
  const made = wanting.map(({ id }) => ({ id: deliveryId(id, event.sequence), webhookId: id }));
  await deliveries.create(event, made);
  for (const { id } of made) await later(webhookTask, id, { id });
}

/** Somebody asked for it to be sent once more: as if for the first time. */
export async function sendAgainLater({ id: round, payload }: Message, later: Later): Promise<void> {
  const { id } = payload as { readonly id: string };
  await later(webhookTask, `${id}-${round}`, { id, isAsked: true });
}

export const webhookTask = 'webhook';

/** Signed, tried again for a day and a half, then dead until somebody asks. Who has not answered thrice in a row rests for a while: others are not kept waiting for him. */
export function webhookSending({ office, deliveries, log, now }: WebhookSendingPorts): Task {
  const failing = new Map<string, { failures: number; until: number }>();

  return {
    attempts: waitsMs.length + 1,
    waitMs: (attempts) => waitsMs[attempts - 1] ?? waitsMs.at(-1)!,
    async run(data, { isLast }) {
      const { id, isAsked = false } = data as { readonly id: string; readonly isAsked?: boolean };
      const delivery = await deliveries.find(id);
      if (delivery?.state !== 'waiting') return;
      const { webhookId, event } = delivery;
      const webhook = office().webhooks.find((one) => one.id === webhookId);
      if (webhook === undefined) return void (await deliveries.attempted(id, { at: now(), status: null, ms: 0, reason: 'the webhook is gone or disabled' }, 'dead'));

      const at = now();
      const rests = !isAsked && (failing.get(webhookId)?.until ?? 0) > at;
      const { status, ms, reason } = rests ? { status: null, ms: 0, reason: 'not tried: the others before it had no answer' } : await postWebhook(id, event, webhook, now);
      if (reason === null) {
        failing.delete(webhookId);
        return void (await deliveries.attempted(id, { at, status, ms, reason }, 'delivered'));
      }
      if (!rests) noted(webhookId, status);
      // RFC 9110 15.5.11: it is gone for good.
      const isDead = isLast || status === 410;
      await deliveries.attempted(id, { at, status, ms, reason }, isDead ? 'dead' : 'waiting');
      if (!isDead) throw new Error(reason);
      log('warn', 'webhookDead', { delivery: id, webhook: webhook.key, reason });
      throw new GivenUp(reason);
    },
  };

  function noted(webhookId: string, status: number | null): void {
    const failures = (failing.get(webhookId)?.failures ?? 0) + 1;
    // An answer, whatever it says, keeps nobody waiting.
    failing.set(webhookId, { failures, until: status === null && failures >= 3 ? now() + REST_MS : 0 });
  }
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const waitsMs = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR, 12 * HOUR];
const REST_MS = 30 * SECOND;
