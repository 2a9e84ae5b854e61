import { Controller, Inject, Param, Query } from '@nestjs/common';
import { LiveConfiguration, WebhookDeliveries, type WebhookDelivery } from '@tipring/store';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';
import { ById, Instant, instant } from './representations.ts';

const State = z.enum(['waiting', 'delivered', 'dead']).meta({ description: 'dead: it was given up, after a day and a half or because it was answered 410' });

const WebhookDeliveryRepresentation = z
  .object({
    id: z.string().meta({ description: 'Sent along as `webhook-id`: the same for each attempt' }),
    webhookId: z.string(),
    state: State,
    event: z.object({ sequence: z.int(), at: Instant, type: z.string(), data: z.unknown() }),
    attempts: z.array(z.object({ at: Instant, status: z.int().nullable().meta({ description: 'null: nobody answered' }), ms: z.number(), reason: z.string().nullable().meta({ description: 'null: it was taken' }) })),
    createdAt: Instant,
    changedAt: Instant,
  })
  .meta({ id: 'WebhookDelivery', description: 'An event on its way to a webhook; kept for thirty days' });

const DeliveryQuery = PageQuery.extend({ state: State.optional() });
const ByDelivery = ById.extend({ delivery: z.string().min(1).max(80) });
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/webhooks')
export class WebhookDeliveriesController {
  readonly #configuration: LiveConfiguration;
  readonly #deliveries: WebhookDeliveries;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(WebhookDeliveries) deliveries: WebhookDeliveries) {
    this.#configuration = configuration;
    this.#deliveries = deliveries;
  }

  @Operation({ method: 'GET', path: ':id/deliveries', id: 'listWebhookDeliveries', summary: 'What a webhook was sent, newest first', scope: 'read', status: 200, response: pageOf('WebhookDelivery', WebhookDeliveryRepresentation), problems: ['notFound', 'invalidCursor', 'storeUnavailable'] })
  async list(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: DeliveryQuery }) { limit, after, state }: z.infer<typeof DeliveryQuery>) {
    this.#requireWebhook(id);
    const rows = await this.#deliveries.latest(id, { limit: limit + 1, before: cursor(after, Cursor)?.[0], state });
    return page(rows, limit, (delivery) => [delivery.id], presentDelivery);
  }

  @Operation({ method: 'GET', path: ':id/deliveries/:delivery', id: 'getWebhookDelivery', summary: 'One delivery, with each attempt', scope: 'read', status: 200, response: WebhookDeliveryRepresentation, problems: ['notFound', 'storeUnavailable'] })
  async get(@Param({ schema: ByDelivery }) { id, delivery }: z.infer<typeof ByDelivery>) {
    const found = await this.#deliveries.find(delivery);
    return found?.webhookId === id ? presentDelivery(found) : refuse('notFound', noDelivery);
  }

  @Operation({
    method: 'POST', path: ':id/deliveries/:delivery/redelivery', id: 'redeliverWebhookDelivery', summary: 'Send an event once more',
    description: 'Whatever became of it: it is sent to the present URL, signed with the present secret, and tried as often as a new one.', scope: 'act', status: 202, response: WebhookDeliveryRepresentation, problems: ['notFound', 'storeUnavailable'],
  })
  async sendAgain(@Param({ schema: ByDelivery }) { id, delivery }: z.infer<typeof ByDelivery>) {
    this.#requireWebhook(id);
    const again = await this.#deliveries.sendAgain(id, delivery);
    return again === undefined ? refuse('notFound', noDelivery) : presentDelivery(again);
  }

  #requireWebhook(id: string): void {
    if (!this.#configuration.snapshot.webhooks.has(id)) refuse('notFound', 'There is no webhook with this id. GET /api/v1/webhooks?key=… finds one by its key.');
  }
}

function presentDelivery({ event, attempts, createdAt, changedAt, ...delivery }: WebhookDelivery): z.infer<typeof WebhookDeliveryRepresentation> {
  return {
    ...delivery,
    event: { ...event, at: instant(event.at) },
    attempts: attempts.map((attempt) => ({ ...attempt, at: instant(attempt.at) })),
    createdAt: instant(createdAt),
    changedAt: instant(changedAt),
  };
}

const noDelivery = 'This webhook has no such delivery; they are kept for thirty days.';
