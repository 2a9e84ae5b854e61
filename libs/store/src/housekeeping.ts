import pg from 'pg';
import type { StoreLog } from './log.ts';
import { Outbox } from './outbox.ts';
import { loadMessage } from './voicemail/message-rows.ts';
import type { VoicemailMessage } from './voicemail/voicemail-message.ts';
import { WebhookDeliveries } from './webhook-deliveries.ts';

/** What goes when its time is over, and what must follow from what was written: on connections of its own, for whoever does late work. */
export class Housekeeping {
  readonly outbox: Outbox;
  readonly deliveries: WebhookDeliveries;
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string, log: StoreLog) {
    this.#pool = new pg.Pool({ connectionString: databaseUrl, max: 2, connectionTimeoutMillis: 3_000, query_timeout: 60_000, application_name: 'tipring-housekeeping' });
    this.#pool.on('error', (error) => log('warn', 'databaseConnectionLost', { reason: error.message }));
    this.outbox = new Outbox(this.#pool);
    this.deliveries = new WebhookDeliveries(this.#pool);
  }

  /** Incidents stay longer: of all others there may be many, and anybody outside can cause some. Returns how many were removed. */
  async removeEventsBefore(others: Date, incidents: Date): Promise<number> {
    return (await this.#pool.query(`DELETE FROM events WHERE at < $1 AND (at < $2 OR type !~ '^(trunk|incident|emergency|drill)[.]')`, [others, incidents])).rowCount ?? 0;
  }

  /** Of calls that ended before. Returns how many were removed. */
  async removeLaddersBefore(instant: Date): Promise<number> {
    return (await this.#pool.query('DELETE FROM call_ladders WHERE ended_at < $1', [instant])).rowCount ?? 0;
  }

  /** Returns how many were removed. */
  async removeIdempotencyKeysBefore(instant: Date): Promise<number> {
    return (await this.#pool.query('DELETE FROM idempotency_keys WHERE created_at < $1', [instant])).rowCount ?? 0;
  }

  /** What a message was that is still there. */
  voicemailMessage(id: string): Promise<VoicemailMessage | undefined> {
    return loadMessage(this.#pool, id);
  }

  /** Of messages that are gone since. Returns how many were removed. */
  async forgetMessagesBefore(instant: Date): Promise<number> {
    return (await this.#pool.query('DELETE FROM voicemail_messages WHERE is_removed AND changed_at < $1', [instant])).rowCount ?? 0;
  }

  /** `remove` is given the files of recordings that began before, as many at a time as it can bear; what it has removed is forgotten. */
  async removeRecordingsBefore(instant: Date, remove: (files: readonly string[]) => Promise<void>): Promise<number> {
    let removed = 0;
    for (;;) {
      const { rows } = await this.#pool.query<{ id: string; file: string }>('SELECT id, file FROM recordings WHERE started_at < $1 ORDER BY started_at LIMIT 500', [instant]);
      if (rows.length === 0) return removed;
      await remove(rows.map(({ file }) => file));
      removed += (await this.#pool.query('DELETE FROM recordings WHERE id = ANY($1)', [rows.map(({ id }) => id)])).rowCount ?? 0;
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
