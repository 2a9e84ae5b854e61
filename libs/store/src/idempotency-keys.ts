import type { DataSource } from 'typeorm';
import { idempotencySchema } from './schema/access.ts';

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object | null;
}

export type IdempotencyClaim =
  /** Nobody asked this before: do it, then `finish` or `abandon`. */
  | { readonly state: 'new' }
  | { readonly state: 'done'; readonly answer: StoredAnswer }
  /** The first request is still at work. */
  | { readonly state: 'inProgress' }
  /** The key was used for another request. */
  | { readonly state: 'different' };

/** One answer per (actor, key), kept until housekeeping removes it. */
export class IdempotencyKeys {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** `fingerprint`: a digest of what is asked (method, path, body). */
  async claim(actor: string, key: string, fingerprint: string): Promise<IdempotencyClaim> {
    // A claim that never finished (the process died) may be taken over after a minute.
    const claimed: unknown[] = await this.#orm.query(
      `INSERT INTO idempotency_keys (actor, key, fingerprint, created_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (actor, key) DO UPDATE SET created_at = now()
         WHERE idempotency_keys.status IS NULL AND idempotency_keys.fingerprint = $3 AND idempotency_keys.created_at < now() - interval '1 minute'
       RETURNING key`,
      [actor, key, fingerprint],
    );
    if (claimed.length === 1) return { state: 'new' };
    const row = await this.#orm.getRepository(idempotencySchema).findOneBy({ actor, key });
    if (row === null || row.status === null) return row !== null && row.fingerprint !== fingerprint ? { state: 'different' } : { state: 'inProgress' };
    if (row.fingerprint !== fingerprint) return { state: 'different' };
    return { state: 'done', answer: { status: row.status, headers: row.headers ?? {}, body: row.body } };
  }

  async finish(actor: string, key: string, answer: StoredAnswer): Promise<void> {
    await this.#orm.getRepository(idempotencySchema).update({ actor, key }, { status: answer.status, headers: answer.headers, body: answer.body });
  }

  /** It failed and may be tried again with the same key. */
  async abandon(actor: string, key: string): Promise<void> {
    await this.#orm.getRepository(idempotencySchema).delete({ actor, key });
  }
}
