import type pg from 'pg';
import { acceptableJson } from './journal/acceptable-json.ts';
import type { StoreLog } from './log.ts';

/** One contact of a phone, as the registrar writes it down: its own plain JSON. */
export interface BindingEntry {
  readonly aor: string;
  /** Ms since the epoch. */
  readonly expiresAtEpochMs: number;
}

/**
 * Keeps the registrar's bindings, so that phones ring at once after a restart. Which address of record changed is only
 * noted; soon after, the bindings of all those are asked of the registrar and written together. While PostgreSQL is
 * away the notes wait, no more than there are addresses of record.
 */
export class RegistrationLog {
  readonly #pool: pg.Pool;
  readonly #log: StoreLog;
  readonly #intervalMs: number;
  #bindingsOf: (aor: string) => readonly BindingEntry[] = () => [];
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #writing: Promise<void> | undefined;
  #failing = false;

  constructor(pool: pg.Pool, log: StoreLog, intervalMs = 500) {
    this.#pool = pool;
    this.#log = log;
    this.#intervalMs = intervalMs;
  }

  /** Where to ask for the bindings of an address of record as they are now; none = signed off. */
  follow(bindingsOf: (aor: string) => readonly BindingEntry[]): void {
    this.#bindingsOf = bindingsOf;
  }

  /** Never throws, never waits. A phone that is new is written soon; one that only stays has time. */
  changed(aor: string, what: 'added' | 'refreshed' | 'removed'): void {
    this.#changed.add(aor);
    if (what === 'refreshed') this.#schedule(this.#intervalMs);
    else this.#schedule(SOON_MS);
  }

  /** How many addresses of record are not written as they are now. */
  get backlog(): number {
    return this.#changed.size;
  }

  /** What has not expired, at start. */
  async load(now: number): Promise<readonly BindingEntry[]> {
    const outcome = await this.#pool.query<{ bindings: BindingEntry[] }>('SELECT bindings FROM registrations WHERE expires_at > $1', [new Date(now)]);
    return outcome.rows.flatMap((row) => row.bindings);
  }

  /** Writes what changed; resolves when it is written or PostgreSQL refused. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#changed.size === 0) return;
    const batch = this.#changed;
    this.#changed = new Set();
    this.#writing = this.#write(batch).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(batch: ReadonlySet<string>): Promise<void> {
    const gone: string[] = [];
    const kept: { aor: string; bindings: readonly BindingEntry[]; expiresAt: number }[] = [];
    for (const aor of batch) {
      const bindings = this.#bindingsOf(aor);
      if (bindings.length === 0) gone.push(aor);
      else kept.push({ aor, bindings, expiresAt: Math.max(...bindings.map((binding) => binding.expiresAtEpochMs)) });
    }
    try {
      if (gone.length > 0) await this.#pool.query({ name: 'registrations-gone', text: 'DELETE FROM registrations WHERE aor = ANY($1)', values: [gone] });
      if (kept.length > 0) await this.#pool.query({ name: 'registrations-kept', text: upsert, values: [acceptableJson(kept)] });
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log('warn', 'registrationsWait', { reason: String(error), addressesOfRecord: batch.size });
      this.#failing = true;
      for (const aor of batch) this.#changed.add(aor);
      this.#schedule(1_000);
    }
  }

  #schedule(ms: number): void {
    const at = performance.now() + ms;
    if (this.#timer !== undefined && at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => void this.flush(), ms);
  }
}

const SOON_MS = 20;

const upsert = `INSERT INTO registrations (aor, bindings, expires_at)
  SELECT aor, bindings, to_timestamp("expiresAt" / 1000)
  FROM jsonb_to_recordset($1::jsonb) AS entry(aor text, bindings jsonb, "expiresAt" float8)
  ON CONFLICT (aor) DO UPDATE SET bindings = excluded.bindings, expires_at = excluded.expires_at`;
