import type pg from 'pg';

/** Something that must follow from a fact in the database, written in the fact's own transaction. */
export interface OutboxMessage {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
}

export class Outbox {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /**
   * Hands the oldest messages to `relay` and removes them when it resolves; when it rejects they stay. A message may be
   * relayed twice (the process died in between), never not at all. Several processes do not get in each other's way.
   * Returns how many were relayed.
   */
  async relay(limit: number, relay: (messages: readonly OutboxMessage[]) => Promise<void>): Promise<number> {
    const client = await this.#pool.connect();
    try {
      await client.query('BEGIN');
      const taken = await client.query<OutboxMessage>('DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id, kind, payload', [limit]);
      if (taken.rows.length > 0) await relay(taken.rows.sort((a, b) => Number(a.id) - Number(b.id)));
      await client.query('COMMIT');
      client.release();
      return taken.rows.length;
    } catch (error) {
      // Dropping the connection rolls back, also when the connection itself was the trouble.
      client.release(true);
      throw error;
    }
  }

  async waiting(): Promise<number> {
    const outcome = await this.#pool.query<{ waiting: string }>('SELECT count(*) AS waiting FROM outbox');
    return Number(outcome.rows[0]?.waiting ?? 0);
  }
}
