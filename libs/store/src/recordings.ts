import type pg from 'pg';

/** A recording of a part of a call: one file. Instants are ms since the epoch. */
export interface Recording {
  readonly id: string;
  readonly callId: string;
  /** A WAV, relative to the folder of sounds. */
  readonly file: string;
  /** When the segment of the call began of which it is. */
  readonly startedAt: number;
  readonly ms: number;
}

export interface RecordingQuery {
  readonly limit: number;
  /** Continue below this one (newest first). */
  readonly before?: { readonly startedAt: number; readonly id: string } | undefined;
  readonly callId?: string | undefined;
  /** Ms since the epoch, inclusive. */
  readonly since?: number | undefined;
  /** Ms since the epoch, exclusive. */
  readonly until?: number | undefined;
}

/** The recordings of calls that have ended; their rows are made with the call's record. Each rejects when PostgreSQL is away. */
export class Recordings {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async latest({ limit, before, callId, since, until }: RecordingQuery): Promise<readonly Recording[]> {
    const conditions = `($2::text IS NULL OR call_id = $2) AND ($3::float8 IS NULL OR started_at >= to_timestamp($3 / 1000)) AND ($4::float8 IS NULL OR started_at < to_timestamp($4 / 1000))
      AND ($5::float8 IS NULL OR (started_at, id) < (to_timestamp($5 / 1000), $6))`;
    return (await this.#pool.query<Recording>(`${select} WHERE ${conditions} ORDER BY started_at DESC, id DESC LIMIT $1`, [limit, callId ?? null, since ?? null, until ?? null, before?.startedAt ?? null, before?.id ?? null])).rows;
  }

  async find(id: string): Promise<Recording | undefined> {
    return (await this.#pool.query<Recording>(`${select} WHERE id = $1`, [id])).rows[0];
  }

  /** Its row: the file is whoever's who has it. False: there was none. */
  async remove(id: string): Promise<boolean> {
    return (await this.#pool.query('DELETE FROM recordings WHERE id = $1', [id])).rowCount === 1;
  }
}

const select = `SELECT id, call_id AS "callId", file, (extract(epoch FROM started_at) * 1000)::float8 AS "startedAt", duration_ms AS ms FROM recordings`;
