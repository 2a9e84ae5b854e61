import { closeSync, openSync, readFileSync, renameSync, writeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { StoreLog } from '../log.ts';
import { acceptableJson, isDataException } from './acceptable-json.ts';
import { Spool } from './spool.ts';

/** Something that happened, for the event stream. `data` is the JSON text, made once. */
export interface StoredEvent {
  readonly sequence: number;
  /** Ms since the epoch. */
  readonly at: number;
  readonly type: string;
  readonly json: string;
}

export interface EventLogSettings {
  /** A folder of its own, e.g. TIPRING_DATA/journal/events. */
  readonly folder: string;
  readonly pool: pg.Pool;
  readonly wallClock: () => number;
  readonly log: StoreLog;
  /** The highest sequence the database knows: the folder may be newer than the database or gone. */
  readonly floor: number;
  /** Which types of events others are to be told of (LIKE): they go into the outbox with the event. Asked for each batch. */
  readonly wanted?: () => readonly string[];
  /** How many of the last events are kept in memory; more would outlive the young generation of the heap at full load. */
  readonly ringSize?: number;
}

/**
 * Every event has a number, one higher than the one before; after a kill the numbers go on above a mark kept in a file,
 * so there may be a gap and never a repetition. A kill may cost the events of the last ten milliseconds (records are
 * written before anything else and are never lost). Live listeners and the last events are served from memory, older ones
 * from PostgreSQL.
 */
export class EventLog {
  readonly #spool: Spool;
  readonly #pool: pg.Pool;
  readonly #wallClock: () => number;
  readonly #markPath: string;
  readonly #ring: StoredEvent[] = [];
  readonly #ringSize: number;
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  #unwritten: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last: number;
  /** Numbers up to here may be given out without writing the mark again. */
  #reserved: number;

  constructor(settings: EventLogSettings) {
    this.#pool = settings.pool;
    this.#wallClock = settings.wallClock;
    this.#ringSize = settings.ringSize ?? 1_000;
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
    this.#markPath = join(settings.folder, 'high-water');
    this.#last = Math.max(settings.floor, readMark(this.#markPath));
    this.#spool = new Spool({
      folder: settings.folder,
      log: settings.log,
      payloadOf: (line) => line,
      save: async (payloads) => {
        await settings.pool.query({ name: 'events', text: insertEvents, values: [`[${payloads.join(',')}]`, settings.wanted?.() ?? []] });
      },
      isUnacceptable: isDataException,
      batchRows: 2_000,
    });
    this.#spool.takeUp((line) => {
      this.#last = Math.max(this.#last, (JSON.parse(line) as { sequence: number }).sequence);
    });
    this.#reserved = this.#last;
  }

  /** The highest number the database has; 0 when it is empty. */
  static async floor(pool: pg.Pool): Promise<number> {
    const outcome = await pool.query<{ floor: string | null }>('SELECT max(sequence) AS floor FROM events');
    return Number(outcome.rows[0]?.floor ?? 0);
  }

  /** Returns the number it got. Never throws, never waits. `data`: plain JSON. */
  append(type: string, data: unknown): number {
    if (this.#last >= this.#reserved) this.#reserve();
    const sequence = (this.#last += 1);
    const at = this.#wallClock();
    const json = acceptableJson(data);
    this.#unwritten.push(`{"sequence":${sequence},"at":${at},"type":${JSON.stringify(type)},"data":${json}}`);
    this.#timer ??= setTimeout(() => this.#write(), WRITE_MS);
    const event: StoredEvent = { sequence, at, type, json };
    this.#ring.push(event);
    // Cut in large pieces: shifting one by one moves the whole array each time.
    if (this.#ring.length >= this.#ringSize * 2) this.#ring.splice(0, this.#ring.length - this.#ringSize);
    for (const listener of this.#listeners) listener(event);
    return sequence;
  }

  get last(): number {
    return this.#last;
  }

  get backlog(): number {
    return this.#unwritten.length + this.#spool.unsaved;
  }

  /** Called for each event from now on; returns what ends it. */
  observe(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after that number, oldest first; undefined when memory does not reach back that far. */
  fromMemory(sequence: number): readonly StoredEvent[] | undefined {
    if (sequence >= this.#last) return [];
    const first = this.#ring[0];
    if (first === undefined || sequence < first.sequence - 1) return undefined;
    return this.#ring.slice(this.#ring.findIndex((event) => event.sequence > sequence));
  }

  /** Events after that number, oldest first, at most `limit`. From memory when it reaches back far enough; rejects when PostgreSQL is needed and away. */
  async after(sequence: number, limit: number): Promise<readonly StoredEvent[]> {
    const recent = this.fromMemory(sequence);
    if (recent !== undefined) return recent.slice(0, limit);
    // What is older than the memory but not saved yet would be missing from the answer.
    if (this.backlog > this.#ring.length) await this.flush();
    const outcome = await this.#pool.query<{ sequence: string; at: Date; type: string; json: string }>({
      name: 'events-after',
      text: 'SELECT sequence, at, type, data::text AS json FROM events WHERE sequence > $1 ORDER BY sequence LIMIT $2',
      values: [sequence, limit],
    });
    const stored = outcome.rows.map((row) => ({ sequence: Number(row.sequence), at: row.at.getTime(), type: row.type, json: row.json }));
    // The youngest of them may still be on the way: then memory continues where the table ends.
    if (stored.length < limit) {
      const reached = stored.at(-1)?.sequence ?? sequence;
      for (const event of this.#ring) if (event.sequence > reached && stored.length < limit) stored.push(event);
    }
    return stored;
  }

  /** Events that are no call’s, of these types, newest first and below that number. Rejects when PostgreSQL is away. */
  async latestOf(types: readonly string[], query: { readonly limit: number; readonly before?: number | undefined }): Promise<readonly StoredEvent[]> {
    await this.flush();
    const outcome = await this.#pool.query<{ sequence: string; at: Date; type: string; json: string }>({
      text: `SELECT sequence, at, type, data::text AS json FROM events WHERE type NOT LIKE 'call.%' AND type = ANY($1) AND sequence < $2 ORDER BY sequence DESC LIMIT $3`,
      values: [types, query.before ?? Number.MAX_SAFE_INTEGER, query.limit],
    });
    return outcome.rows.map((row) => ({ sequence: Number(row.sequence), at: row.at.getTime(), type: row.type, json: row.json }));
  }

  flush(): Promise<boolean> {
    this.#write();
    return this.#spool.flush();
  }

  async close(): Promise<void> {
    this.#write();
    // An orderly end leaves no gap.
    this.#mark(this.#last);
    this.#reserved = this.#last;
    await this.#spool.close();
  }

  /** Several events are one write: four a call would cost more than the call's own record. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#unwritten;
    if (lines.length === 0) return;
    this.#unwritten = [];
    const segment = this.#spool.write(lines.join('\n'));
    for (const line of lines) this.#spool.enqueue(line, segment);
  }

  #reserve(): void {
    this.#reserved = this.#last + 10_000;
    this.#mark(this.#reserved);
  }

  /** Written beside and renamed, so that there is never half a number. A full disk: numbers then rest on what the spool and the database know. */
  #mark(sequence: number): void {
    try {
      const descriptor = openSync(`${this.#markPath}.new`, 'w', 0o600);
      writeSync(descriptor, String(sequence));
      closeSync(descriptor);
      renameSync(`${this.#markPath}.new`, this.#markPath);
    } catch {
      return;
    }
  }
}

function readMark(path: string): number {
  try {
    const mark = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(mark) && mark > 0 ? mark : 0;
  } catch {
    return 0;
  }
}

const WRITE_MS = 10;

const insertEvents = `WITH written AS (
    INSERT INTO events (sequence, at, type, data)
    SELECT sequence, to_timestamp(at / 1000), type, data
    FROM jsonb_to_recordset($1::jsonb) AS event(sequence bigint, at float8, type text, data jsonb)
    ON CONFLICT (sequence) DO NOTHING
    RETURNING sequence, at, type, data)
  INSERT INTO outbox (kind, payload, created_at)
    SELECT 'event', jsonb_build_object('sequence', sequence, 'at', (extract(epoch FROM at) * 1000)::bigint, 'type', type, 'data', data), now() FROM written WHERE type LIKE ANY ($2::text[]) ORDER BY sequence`;
