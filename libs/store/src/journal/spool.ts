import { closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreLog } from '../log.ts';

/** One file of the queue. It goes when it is closed, everything in it is saved, and nobody holds it. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  bytes: number;
  /** Payloads in it that are not saved yet. */
  unsaved: number;
  /** Lines in it that are still needed although they are no payloads (a call that has begun). */
  held: number;
  /** Some of its payloads are in the file only. */
  spilled: boolean;
}

export interface SpoolSettings {
  readonly folder: string;
  /** Puts payloads away for good, in one piece; rejects when it could not. Saving one twice must do no harm. */
  readonly save: (payloads: readonly string[]) => Promise<void>;
  /** True when it was the payload's own fault: then payloads are tried one by one and the culprit is set aside. */
  readonly isUnacceptable: (error: unknown) => boolean;
  /** What of a line is a payload; null: nothing. For reading files back. */
  readonly payloadOf: (line: string) => string | null;
  readonly log: StoreLog;
  readonly segmentBytes?: number;
  /** Payloads held in memory at most; beyond that the file is the queue. */
  readonly memoryBytes?: number;
  readonly intervalMs?: number;
  readonly batchRows?: number;
}

/**
 * A queue on disk in front of the database. A line is in the kernel's hands when `write` returns, so a killed process
 * loses nothing; the disk itself follows within a second. Payloads also wait in memory, up to a bound, and are saved in
 * batches; a segment file is deleted when all of it is saved. While the database is away files pile up, memory does not.
 */
export class Spool {
  readonly #settings: Required<SpoolSettings>;
  /** Oldest first; the last one is written to. */
  readonly #segments: Segment[] = [];
  #queue: { payload: string; segment: Segment }[] = [];
  #queuedBytes = 0;
  #descriptor = -1;
  #saving: Promise<boolean> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sync: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(settings: SpoolSettings) {
    this.#settings = { segmentBytes: 4 << 20, memoryBytes: 16 << 20, intervalMs: 100, batchRows: 500, ...settings };
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
    this.#openSegment(this.#highestNumber() + 1);
  }

  /** Goes through what an earlier process left, oldest first, and takes it up. `visit` may hold a segment. Call once, before the first write. */
  takeUp(visit: (line: string, segment: Segment) => void): void {
    const current = this.#segments.pop();
    for (const number of this.#numbers()) {
      if (number === current?.number) continue;
      const segment: Segment = { number, path: this.#path(number), bytes: 0, unsaved: 0, held: 0, spilled: false };
      for (const line of linesOf(segment.path)) {
        visit(line, segment);
        if (this.#settings.payloadOf(line) !== null) segment.unsaved += 1;
      }
      segment.spilled = segment.unsaved > 0;
      this.#segments.push(segment);
    }
    if (current !== undefined) this.#segments.push(current);
    for (const segment of [...this.#segments]) this.#discardIfDone(segment);
    if (this.unsaved > 0) this.#schedule(0);
  }

  /** Appends a line, or several (without the last line feed), and returns where they lie. A full disk is told to the log and costs durability, not the call. */
  write(line: string): Segment {
    if (this.#current().bytes >= this.#settings.segmentBytes) this.#rotate();
    const segment = this.#current();
    try {
      const bytes = Buffer.from(`${line}\n`);
      const written = writeSync(this.#descriptor, bytes);
      if (written < bytes.length) {
        // The next line would go on in it, and neither could be read.
        ftruncateSync(this.#descriptor, segment.bytes);
        throw new Error('only a part of the line could be written');
      }
      segment.bytes += written;
    } catch (error) {
      this.#settings.log('error', 'journalNotWritten', { folder: this.#settings.folder, reason: String(error) });
    }
    this.#sync ??= setTimeout(() => this.#toDisk(), 1_000).unref();
    return segment;
  }

  /** The payload of a line just written is to be saved. */
  enqueue(payload: string, segment: Segment): void {
    segment.unsaved += 1;
    if (this.#queuedBytes + payload.length > this.#settings.memoryBytes) {
      segment.spilled = true;
      return;
    }
    this.#queue.push({ payload, segment });
    this.#queuedBytes += payload.length;
    this.#schedule(this.#queue.length >= this.#settings.batchRows ? 0 : this.#settings.intervalMs);
  }

  release(segment: Segment): void {
    segment.held -= 1;
    this.#discardIfDone(segment);
  }

  /** The oldest segment that is kept only because something in it is held. */
  get oldestHeld(): Segment | undefined {
    const segment = this.#segments[0];
    return segment !== undefined && this.#segments.length > 1 && segment.unsaved === 0 && segment.held > 0 ? segment : undefined;
  }

  get segments(): number {
    return this.#segments.length;
  }

  /** Payloads that are not in the database yet. */
  get unsaved(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.unsaved, 0);
  }

  /** Saves all there is. False: the database refused, the rest stays in the files. */
  async flush(): Promise<boolean> {
    while (this.unsaved > 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#saving ??= this.#saveBatch().finally(() => (this.#saving = undefined));
      if (!(await this.#saving)) {
        if (!this.#closed) this.#schedule(1_000);
        return false;
      }
    }
    return true;
  }

  /** Saves what can be saved; what cannot be stays in the files for the next process. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    clearTimeout(this.#timer);
    clearTimeout(this.#sync);
    closeSync(this.#descriptor);
    const current = this.#current();
    if (current.unsaved === 0 && current.held === 0) unlinkSync(current.path);
  }

  #current(): Segment {
    const segment = this.#segments.at(-1);
    if (segment === undefined) throw new Error('a spool always has a segment to write to');
    return segment;
  }

  #rotate(): void {
    const full = this.#current();
    closeSync(this.#descriptor);
    this.#openSegment(full.number + 1);
    this.#discardIfDone(full);
  }

  #openSegment(number: number): void {
    const path = this.#path(number);
    this.#descriptor = openSync(path, 'a', 0o600);
    this.#segments.push({ number, path, bytes: 0, unsaved: 0, held: 0, spilled: false });
  }

  #discardIfDone(segment: Segment): void {
    if (segment.unsaved > 0 || segment.held > 0 || segment === this.#segments.at(-1)) return;
    const at = this.#segments.indexOf(segment);
    if (at < 0) return;
    this.#segments.splice(at, 1);
    try {
      unlinkSync(segment.path);
    } catch (error) {
      this.#settings.log('warn', 'segmentNotDeleted', { path: segment.path, reason: String(error) });
    }
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined && ms > 0) return;
    if (this.#saving !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), ms);
  }

  async #save(): Promise<void> {
    this.#timer = undefined;
    this.#saving ??= this.#saveBatch().finally(() => (this.#saving = undefined));
    const saved = await this.#saving;
    if (this.#closed || this.unsaved === 0) return;
    if (saved) this.#schedule(this.#queue.length >= this.#settings.batchRows || this.#queue.length === 0 ? 0 : this.#settings.intervalMs);
    else this.#schedule(Math.min(100 * 2 ** Math.min(this.#failures, 5), 2_000));
  }

  /** One batch. True when the database took it. */
  async #saveBatch(): Promise<boolean> {
    if (this.#queue.length === 0) this.#readBack();
    const batch = this.#queue.slice(0, this.#settings.batchRows);
    if (batch.length === 0) return true;
    try {
      await this.#settings.save(batch.map((entry) => entry.payload));
    } catch (error) {
      if (!this.#settings.isUnacceptable(error)) return this.#refused(error);
      for (const entry of batch) {
        try {
          await this.#settings.save([entry.payload]);
        } catch (reason) {
          if (!this.#settings.isUnacceptable(reason)) return this.#refused(reason);
          this.#setAside(entry.payload, reason);
        }
      }
    }
    if (this.#failures > 0) this.#settings.log('info', 'journalSavesAgain', { folder: this.#settings.folder, unsaved: this.unsaved });
    this.#failures = 0;
    this.#queue = this.#queue.slice(batch.length);
    for (const entry of batch) {
      this.#queuedBytes -= entry.payload.length;
      entry.segment.unsaved -= 1;
      if (entry.segment.unsaved === 0) this.#discardIfDone(entry.segment);
    }
    return true;
  }

  #refused(error: unknown): false {
    if (this.#failures === 0) this.#settings.log('warn', 'journalWaits', { folder: this.#settings.folder, unsaved: this.unsaved, reason: String(error) });
    this.#failures += 1;
    return false;
  }

  /** Memory is empty, so everything unsaved of a spilled segment is in its file: the whole file again, saving twice does no harm. */
  #readBack(): void {
    const segment = this.#segments.find((one) => one.spilled);
    if (segment === undefined) return;
    if (segment === this.#segments.at(-1)) this.#rotate();
    segment.spilled = false;
    segment.unsaved = 0;
    for (const line of linesOf(segment.path)) {
      const payload = this.#settings.payloadOf(line);
      if (payload === null) continue;
      segment.unsaved += 1;
      this.#queue.push({ payload, segment });
      this.#queuedBytes += payload.length;
    }
    this.#discardIfDone(segment);
  }

  /** The database will never take it: kept where a person can look at it. */
  #setAside(payload: string, reason: unknown): void {
    const path = join(this.#settings.folder, 'unacceptable.log');
    this.#settings.log('error', 'payloadUnacceptable', { path, reason: String(reason) });
    const descriptor = openSync(path, 'a', 0o600);
    writeSync(descriptor, `${payload}\n`);
    closeSync(descriptor);
  }

  #toDisk(): void {
    this.#sync = undefined;
    if (!this.#closed) fdatasync(this.#descriptor, () => undefined);
  }

  #path(number: number): string {
    return join(this.#settings.folder, `${String(number).padStart(12, '0')}.log`);
  }

  #numbers(): number[] {
    return readdirSync(this.#settings.folder).filter((name) => name.length === 16 && name.endsWith('.log')).map((name) => Number.parseInt(name, 10)).filter(Number.isInteger).sort((a, b) => a - b);
  }

  #highestNumber(): number {
    return this.#numbers().at(-1) ?? 0;
  }
}

/** A last line without its line feed was being written when the machine stopped: it is not there. */
function linesOf(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.pop();
  return lines;
}
