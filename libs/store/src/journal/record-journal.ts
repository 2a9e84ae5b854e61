import type { CallBegun, CallId, CallJournal, CallRecord } from '@tipring/telephony';
import type pg from 'pg';
import type { StoreLog } from '../log.ts';
import { acceptableJson, isDataException } from './acceptable-json.ts';
import { type Segment, Spool, type SpoolSettings } from './spool.ts';

export interface RecordJournalSettings {
  /** A folder of its own, e.g. TIPRING_DATA/journal/records. */
  readonly folder: string;
  readonly pool: pg.Pool;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
  readonly log: StoreLog;
  readonly limits?: Pick<SpoolSettings, 'segmentBytes' | 'memoryBytes' | 'intervalMs' | 'batchRows'>;
}

/**
 * Writes attempts down before anything else happens, and brings their records to PostgreSQL in batches, each with its
 * outbox row in the same statement. Lines of the file: `B <id> <CallBegun>` and `E <id> <CallRecord>`.
 *
 * kill -9 of this process: the next one finds a `B` without an `E`; what the gateways do not give back is closed by
 * `closeAbandoned`. kill -9 of PostgreSQL: the files wait.
 */
export class RecordJournal implements CallJournal {
  readonly #spool: Spool;
  readonly #wallClock: () => number;
  readonly #log: StoreLog;
  /** Begun and not ended, with the line and where it lies. */
  readonly #open = new Map<CallId, { line: string; segment: Segment }>();
  /** Those an earlier process left open. */
  readonly #inherited: readonly CallId[];
  /** Rows the database has confirmed in this process's life. */
  #saved = 0;

  constructor(settings: RecordJournalSettings) {
    this.#wallClock = settings.wallClock;
    this.#log = settings.log;
    this.#spool = new Spool({
      folder: settings.folder,
      log: settings.log,
      payloadOf: (line) => (line.startsWith('E ') ? line.slice(line.indexOf(' ', 2) + 1) : null),
      save: async (payloads) => {
        await settings.pool.query({ name: 'call-records', text: insertRecords, values: [`[${payloads.join(',')}]`] });
        this.#saved += payloads.length;
      },
      isUnacceptable: isDataException,
      ...settings.limits,
    });
    this.#spool.takeUp((line, segment) => this.#takeUp(line, segment));
    this.#inherited = [...this.#open.keys()];
  }

  begun(line: CallBegun): void {
    const text = `B ${line.id} ${acceptableJson(line)}`;
    this.#opened(line.id, text, this.#spool.write(text));
  }

  ended(record: CallRecord): void {
    const json = acceptableJson(record);
    this.#spool.enqueue(json, this.#spool.write(`E ${record.id} ${json}`));
    const begun = this.#open.get(record.id);
    if (begun === undefined) return;
    this.#open.delete(record.id);
    this.#spool.release(begun.segment);
    this.#carryOver();
  }

  /**
   * Once, after the gateways were asked what still lives: every attempt of an earlier process that `isAlive` denies gets
   * its record. Returns how many.
   */
  closeAbandoned(isAlive: (call: CallId) => boolean): number {
    let closed = 0;
    for (const id of this.#inherited) {
      const begun = this.#open.get(id);
      if (begun === undefined || isAlive(id)) continue;
      this.ended(abandoned(JSON.parse(begun.line.slice(begun.line.indexOf(' ', 2) + 1)) as CallBegun, this.#wallClock()));
      closed += 1;
    }
    if (closed > 0) this.#log('warn', 'callsLostInRestart', { calls: closed });
    return closed;
  }

  /** Attempts begun and not ended, those of an earlier process included. */
  get open(): number {
    return this.#open.size;
  }

  /** Records that are not in PostgreSQL yet. */
  get backlog(): number {
    return this.#spool.unsaved;
  }

  get saved(): number {
    return this.#saved;
  }

  get segments(): number {
    return this.#spool.segments;
  }

  /** False: PostgreSQL did not take all of it; the files keep the rest. */
  flush(): Promise<boolean> {
    return this.#spool.flush();
  }

  close(): Promise<void> {
    return this.#spool.close();
  }

  #takeUp(line: string, segment: Segment): void {
    const id = line.slice(2, line.indexOf(' ', 2));
    if (line.startsWith('B ')) this.#opened(id, line, segment);
    else {
      const begun = this.#open.get(id);
      if (begun !== undefined) begun.segment.held -= 1;
      this.#open.delete(id);
    }
  }

  #opened(id: CallId, line: string, segment: Segment): void {
    const before = this.#open.get(id);
    segment.held += 1;
    this.#open.set(id, { line, segment });
    // Carried over by an earlier process that was killed before it deleted the older segment.
    if (before !== undefined) this.#spool.release(before.segment);
  }

  /** A call of hours must not keep the files of all calls since: its line is written again at the end. */
  #carryOver(): void {
    if (this.#spool.segments <= 4) return;
    const oldest = this.#spool.oldestHeld;
    if (oldest === undefined) return;
    for (const [id, begun] of this.#open) {
      if (begun.segment === oldest) this.#opened(id, begun.line, this.#spool.write(begun.line));
    }
  }
}

function abandoned(begun: CallBegun, now: number): CallRecord {
  const evidence = { kind: 'controllerKilled', text: 'the controller was killed before the call ended' };
  return {
    id: begun.id,
    direction: 'internal',
    startedAt: begun.startedAt,
    answeredAt: null,
    endedAt: now,
    from: begun.from,
    to: begun.to,
    legs: [{ id: `${begun.id}-caller`, endpoint: begun.endpoint, role: 'caller', reference: begun.reference, startedAt: begun.startedAt, answeredAt: null, endedAt: now, cause: 'temporaryFailure', evidence, quality: null }],
    attempts: [],
    emergency: null,
    cause: 'temporaryFailure',
    evidence,
    answeredBy: null,
    story: [
      { at: begun.startedAt, type: 'offered', text: `${begun.from.number} dialled ${begun.to}` },
      { at: now, type: 'recovered', text: `This record was closed after a restart: ${evidence.text}.` },
    ],
    recovered: true,
    segments: [{ startedAt: begun.startedAt, endedAt: now, is: 'setup', legs: [`${begun.id}-caller`], recordings: [] }],
    continues: [],
    continuedIn: null,
  };
}

/** One statement, so one transaction: a record and what must follow from it are there together or not at all. */
const insertRecords = `WITH given AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS record(id text, "startedAt" float8, "answeredAt" float8, "endedAt" float8, direction text,
      "from" jsonb, "to" text, "answeredBy" text, cause text, evidence jsonb, recovered boolean, legs jsonb, attempts jsonb, emergency text, segments jsonb, continues jsonb, "continuedIn" text, story jsonb)),
  written AS (
    INSERT INTO call_records (id, started_at, answered_at, ended_at, direction, from_number, from_name, from_anonymous, to_number, answered_by, cause, evidence, recovered, legs, attempts, emergency, segments, continues, continued_in, story)
    SELECT id, to_timestamp("startedAt" / 1000), to_timestamp("answeredAt" / 1000), to_timestamp("endedAt" / 1000), direction,
      "from"->>'number', "from"->>'name', coalesce(("from"->>'anonymous')::boolean, false), "to", "answeredBy", cause, evidence, recovered, legs, coalesce(attempts, '[]'), emergency, coalesce(segments, '[]'), coalesce(continues, '[]'), "continuedIn", story
    FROM given
    ON CONFLICT (id) DO NOTHING
    RETURNING id, segments),
  recorded AS (
    INSERT INTO recordings (id, call_id, file, started_at, duration_ms)
    SELECT written.id || '-' || segment.place || '.' || recording.place, written.id, recording.value->>'file', to_timestamp((segment.value->>'startedAt')::float8 / 1000), coalesce((recording.value->>'ms')::float8, 0)::integer
    FROM written, jsonb_array_elements(written.segments) WITH ORDINALITY AS segment(value, place), jsonb_array_elements(segment.value->'recordings') WITH ORDINALITY AS recording(value, place)
    WHERE recording.value ? 'file'
    ON CONFLICT (id) DO NOTHING)
  INSERT INTO outbox (kind, payload, created_at) SELECT 'callRecord', jsonb_build_object('id', id), now() FROM written`;
