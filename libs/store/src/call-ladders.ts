import type pg from 'pg';
import type { StoreLog } from './log.ts';

export interface KeptLadder {
  /** Of the call's record. */
  readonly id: string;
  /** Ms since the epoch. */
  readonly endedAt: number;
  /** What is not is left out when not all can be kept. */
  readonly isWanted: boolean;
  /** What is to be stored; asked for once, if it is kept. */
  readonly pack: () => Uint8Array;
}

export interface CallLaddersSettings {
  readonly pool: pg.Pool;
  readonly log: StoreLog;
  /** Of what waits to be written: half of it for all, the rest for those that are wanted. */
  readonly queueBytes?: number;
  readonly intervalMs?: number;
  /** Each interval: 50 ladders a second, many times what an office needs, cost next to nothing where thousands of calls are made for a test. */
  readonly batchRows?: number;
}

interface Waiting {
  readonly id: string;
  readonly endedAt: number;
  readonly packed: Uint8Array;
}

/**
 * SIP ladders of calls that have ended, in PostgreSQL. Not a journal: what waits here when the process is killed, or does not fit while PostgreSQL is away, is lost; the
 * record is not. Never throws, never makes a call wait.
 */
export class CallLadders {
  readonly #pool: pg.Pool;
  readonly #log: StoreLog;
  readonly #queueBytes: number;
  readonly #batchRows: number;
  readonly #intervalMs: number;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<boolean> = Promise.resolve(true);
  #isClosed = false;

  constructor({ pool, log, queueBytes = 16 * 1024 * 1024, intervalMs = 500, batchRows = 25 }: CallLaddersSettings) {
    this.#pool = pool;
    this.#log = log;
    this.#queueBytes = queueBytes;
    this.#intervalMs = intervalMs;
    this.#batchRows = batchRows;
  }

  keep({ id, endedAt, isWanted, pack }: KeptLadder): void {
    if (this.#isClosed || this.#bytes > (isWanted ? this.#queueBytes : this.#queueBytes / 2)) {
      this.#leftOut += 1;
      return;
    }
    const packed = pack();
    this.#waiting.push({ id, endedAt, packed });
    this.#bytes += packed.length;
    this.#writeSoon();
  }

  /** Undefined: there was none, or it is too long ago. Rejects when PostgreSQL cannot be asked. */
  async read(id: string): Promise<Uint8Array | undefined> {
    const waiting = this.#waiting.find((one) => one.id === id);
    if (waiting !== undefined) return waiting.packed;
    const { rows } = await this.#pool.query<{ ladder: Buffer }>({ name: 'call-ladder', text: 'SELECT ladder FROM call_ladders WHERE call_id = $1', values: [id] });
    return rows[0]?.ladder;
  }

  /** Not in PostgreSQL yet. */
  get backlog(): number {
    return this.#waiting.length;
  }

  /** Ladders for which there was no room. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** False: PostgreSQL did not take all of it. */
  async flush(): Promise<boolean> {
    while (this.#waiting.length > 0) if (!(await this.#write())) return false;
    return await this.#writing;
  }

  /** What PostgreSQL does not take now is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.flush();
    clearTimeout(this.#timer);
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#write().then(() => {
        if (this.#waiting.length > 0 && !this.#isClosed) this.#writeSoon();
      });
    }, this.#intervalMs);
  }

  /** One after the other: a batch stays in the queue until it is written. */
  #write(): Promise<boolean> {
    this.#writing = this.#writing.then(() => this.#writeBatch());
    return this.#writing;
  }

  async #writeBatch(): Promise<boolean> {
    const batch = this.#waiting.slice(0, this.#batchRows);
    if (batch.length === 0) return true;
    const places = batch.map((_, index) => `($${3 * index + 1}, $${3 * index + 2}, $${3 * index + 3})`);
    // A Buffer goes as it is; any other array would be written out in hexadecimal.
    const values = batch.flatMap(({ id, endedAt, packed }) => [id, new Date(endedAt), Buffer.from(packed.buffer, packed.byteOffset, packed.length)]);
    try {
      await this.#pool.query(`INSERT INTO call_ladders (call_id, ended_at, ladder) VALUES ${places.join(', ')} ON CONFLICT (call_id) DO UPDATE SET ladder = excluded.ladder`, values);
    } catch (error) {
      this.#log('warn', 'laddersWait', { ladders: this.#waiting.length, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
    this.#waiting = this.#waiting.slice(batch.length);
    for (const { packed } of batch) this.#bytes -= packed.length;
    return true;
  }
}
