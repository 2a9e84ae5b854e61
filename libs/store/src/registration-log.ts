import type pg from 'pg';
import type { StoreLog } from './log.ts';

/** Where one user's phones can be reached; `bindings` is the registrar's own plain JSON. */
export interface RegistrationEntry {
  readonly username: string;
  readonly bindings: readonly object[];
  /** Ms since the epoch: when the last of them expires. */
  readonly expiresAt: number;
}

/**
 * Keeps the registrar's bindings, so that phones ring at once after a restart. Writes go out together every
 * `intervalMs`; of several changes of one user only the last is written. While PostgreSQL is away the last change of
 * each user waits in memory (no more than there are users).
 */
export class RegistrationLog {
  readonly #pool: pg.Pool;
  readonly #log: StoreLog;
  readonly #intervalMs: number;
  #waiting = new Map<string, RegistrationEntry>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(pool: pg.Pool, log: StoreLog, intervalMs = 300) {
    this.#pool = pool;
    this.#log = log;
    this.#intervalMs = intervalMs;
  }

  /** All of one user's bindings as they are now; none = signed off. Never throws, never waits. */
  changed(entry: RegistrationEntry): void {
    this.#waiting.set(entry.username, entry);
    this.#schedule(this.#intervalMs);
  }

  /** How many users' last change is not written yet. */
  get backlog(): number {
    return this.#waiting.size;
  }

  /** What has not expired, at start. */
  async load(now: number): Promise<readonly RegistrationEntry[]> {
    const outcome = await this.#pool.query<{ username: string; bindings: object[]; expires_at: Date }>(
      'SELECT username, bindings, expires_at FROM registrations WHERE expires_at > $1',
      [new Date(now)],
    );
    return outcome.rows.map((row) => ({ username: row.username, bindings: row.bindings, expiresAt: row.expires_at.getTime() }));
  }

  /** Writes what waits; resolves when it is written or PostgreSQL refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#waiting.size === 0) return;
    const batch = this.#waiting;
    this.#waiting = new Map();
    this.#writing = this.#write(batch).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(batch: Map<string, RegistrationEntry>): Promise<void> {
    const gone: string[] = [];
    const kept: RegistrationEntry[] = [];
    for (const entry of batch.values()) {
      if (entry.bindings.length === 0) gone.push(entry.username);
      else kept.push(entry);
    }
    try {
      if (gone.length > 0) await this.#pool.query({ name: 'registrations-gone', text: 'DELETE FROM registrations WHERE username = ANY($1)', values: [gone] });
      if (kept.length > 0) await this.#pool.query({ name: 'registrations-kept', text: upsert, values: [JSON.stringify(kept)] });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log('warn', 'registrationsWait', { reason: String(error), users: batch.size });
      this.#failing = true;
      // What changed meanwhile is newer.
      for (const [username, entry] of batch) if (!this.#waiting.has(username)) this.#waiting.set(username, entry);
      this.#schedule(1_000);
    }
  }

  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), ms);
  }
}

const upsert = `INSERT INTO registrations (username, bindings, expires_at)
  SELECT username, bindings, to_timestamp("expiresAt" / 1000)
  FROM jsonb_to_recordset($1::jsonb) AS entry(username text, bindings jsonb, "expiresAt" float8)
  ON CONFLICT (username) DO UPDATE SET bindings = excluded.bindings, expires_at = excluded.expires_at`;
