import type pg from 'pg';

/** An event on its way to a webhook. Instants are ms since the epoch. */
export interface WebhookDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly event: DeliveredEvent;
  /** dead: it was given up; it can be sent again. */
  readonly state: 'waiting' | 'delivered' | 'dead';
  /** The last of them, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface DeliveredEvent {
  readonly sequence: number;
  readonly at: number;
  readonly type: string;
  readonly data: unknown;
}

export interface DeliveryAttempt {
  readonly at: number;
  /** null: nobody answered. */
  readonly status: number | null;
  readonly ms: number;
  /** null: it was taken. */
  readonly reason: string | null;
}

/** What was sent to webhooks, and is to be. Each rejects when PostgreSQL is away. */
export class WebhookDeliveries {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Told twice, it is there once. */
  async create(event: DeliveredEvent, deliveries: readonly Pick<WebhookDelivery, 'id' | 'webhookId'>[]): Promise<void> {
    await this.#pool.query(
      `INSERT INTO webhook_deliveries (id, webhook_id, event, state, attempts, created_at, changed_at)
        SELECT id, "webhookId", $2, 'waiting', '[]', now(), now() FROM jsonb_to_recordset($1::jsonb) AS delivery(id text, "webhookId" text) ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(deliveries), JSON.stringify(event)],
    );
  }

  async find(id: string): Promise<WebhookDelivery | undefined> {
    return (await this.#pool.query<WebhookDelivery>(`${select} WHERE id = $1`, [id])).rows[0];
  }

  /** Newest first; `before`: continue below this one. */
  async latest(webhookId: string, { limit, before, state }: { readonly limit: number; readonly before?: string | undefined; readonly state?: WebhookDelivery['state'] | undefined }): Promise<readonly WebhookDelivery[]> {
    return (await this.#pool.query<WebhookDelivery>(`${select} WHERE webhook_id = $1 AND ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3) ORDER BY id DESC LIMIT $4`, [webhookId, before ?? null, state ?? null, limit])).rows;
  }

  async attempted(id: string, attempt: DeliveryAttempt, state: WebhookDelivery['state']): Promise<void> {
    await this.#pool.query(
      `UPDATE webhook_deliveries SET state = $3, changed_at = now(),
        attempts = CASE WHEN jsonb_array_length(attempts) >= ${MOST_ATTEMPTS} THEN attempts - 0 ELSE attempts END || $2::jsonb WHERE id = $1`,
      [id, JSON.stringify([attempt]), state],
    );
  }

  /** Once more, whatever became of it; from its first attempt on. Undefined: there is none. */
  async sendAgain(webhookId: string, id: string): Promise<WebhookDelivery | undefined> {
    const told = await this.#pool.query(
      `WITH again AS (UPDATE webhook_deliveries SET state = 'waiting', changed_at = now() WHERE id = $1 AND webhook_id = $2 RETURNING id)
        INSERT INTO outbox (kind, payload, created_at) SELECT 'webhookDelivery', jsonb_build_object('id', id), now() FROM again`,
      [id, webhookId],
    );
    return told.rowCount === 0 ? undefined : this.find(id);
  }

  /** Returns how many were removed. */
  async removeBefore(instant: Date): Promise<number> {
    return (await this.#pool.query('DELETE FROM webhook_deliveries WHERE created_at < $1', [instant])).rowCount ?? 0;
  }
}

/** Sorts as the events do. */
export function deliveryId(webhookId: string, sequence: number): string {
  return `dlv_${String(sequence).padStart(16, '0')}_${webhookId.slice(webhookId.indexOf('_') + 1)}`;
}

const select = `SELECT id, webhook_id AS "webhookId", event, state, attempts, (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt", (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt" FROM webhook_deliveries`;
const MOST_ATTEMPTS = 50;
