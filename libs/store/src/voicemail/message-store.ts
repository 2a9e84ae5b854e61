import { linkSync, mkdirSync } from 'node:fs';
import { copyFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Party } from '@tipring/telephony';
import type pg from 'pg';
import { acceptableJson, isDataException } from '../journal/acceptable-json.ts';
import { type Segment, Spool, type SpoolSettings } from '../journal/spool.ts';
import type { StoreLog } from '../log.ts';
import { newId } from '../new-id.ts';
import { type KeptGreeting, type KeptMessage, loadMessages, saveMessages } from './message-rows.ts';
import { recordedMs } from './recorded-ms.ts';
import type { GreetingKind, MessageCounts, NewMessage, VoicemailMessage } from './voicemail-message.ts';

export interface MessageStoreSettings {
  /** A folder of its own, e.g. TIPRING_DATA/journal/messages. */
  readonly folder: string;
  /** The gateway's, in which the messages' files are. */
  readonly sounds: string;
  readonly pool: pg.Pool;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
  readonly log: StoreLog;
  readonly limits?: Pick<SpoolSettings, 'segmentBytes' | 'memoryBytes' | 'intervalMs' | 'batchRows'>;
}

/**
 * What is in the voicemail boxes: in memory for those who ask in a call, written to a file before anything else, brought to PostgreSQL in batches, each
 * new message with its outbox row. The one writer of its tables. Nothing waits, nothing throws; what is told twice is done once.
 *
 * Lines of the file: `B <id> <NewMessage>` before it is spoken, `P <id> <KeptMessage>` for each change, `X <id>` when nothing came of it, and
 * `G <box> <KeptGreeting>`.
 *
 * kill -9: the next process finds a `B` that nothing follows; what no call goes on with becomes a message as long as its file is (`closeAbandoned`).
 */
export class MessageStore {
  readonly #settings: MessageStoreSettings;
  readonly #spool: Spool;
  readonly #messages = new Map<string, KeptMessage>();
  readonly #boxes = new Map<string, Map<string, KeptMessage>>();
  /** By box and kind. */
  readonly #greetings = new Map<string, KeptGreeting>();
  /** Begun and neither finished nor discarded, and where the line lies. */
  readonly #open = new Map<string, { message: NewMessage; segment: Segment }>();
  /** Those an earlier process left open. */
  readonly #inherited: readonly string[];
  /** While files are read back: those that are gone, with the revision in which they went. Older states of them may be found. */
  #gone: Map<string, number> | undefined = new Map();
  readonly #listeners = new Set<(box: string) => void>();
  #copying: Promise<unknown> = Promise.resolve();

  /** Rejects when PostgreSQL cannot be reached. */
  static async open(settings: MessageStoreSettings): Promise<MessageStore> {
    return new MessageStore(settings, await loadMessages(settings.pool));
  }

  private constructor(settings: MessageStoreSettings, known: Awaited<ReturnType<typeof loadMessages>>) {
    this.#settings = settings;
    for (const message of known.messages) this.#keep(message);
    for (const greeting of known.greetings) this.#greetings.set(`${greeting.box} ${greeting.kind}`, greeting);
    this.#spool = new Spool({
      folder: settings.folder,
      log: settings.log,
      payloadOf: (line) => (line.startsWith('P ') || line.startsWith('G ') ? line.slice(line.indexOf(' ', 2) + 1) : null),
      save: (payloads) => saveMessages(settings.pool, payloads),
      isUnacceptable: isDataException,
      ...settings.limits,
    });
    this.#spool.takeUp((line, segment) => this.#takeUp(line, segment));
    this.#inherited = [...this.#open.keys()];
    this.#gone = undefined;
  }

  /** Before it is recorded. */
  begin(message: NewMessage): void {
    if (this.#open.has(message.id) || this.#messages.has(message.id)) return;
    const segment = this.#spool.write(`B ${message.id} ${acceptableJson(message)}`);
    segment.held += 1;
    this.#open.set(message.id, { message, segment });
  }

  /** It is in its box; `ms` null: as long as its file. Shorter than `shortestMs`, or with nothing in its file, it is discarded. */
  finish(id: string, { ms, shortestMs, isUrgent }: { readonly ms: number | null; readonly shortestMs: number; readonly isUrgent: boolean }): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    const length = Math.round(ms ?? recordedMs(join(this.#settings.sounds, open.message.file)));
    if (length === 0 || length < shortestMs) return this.discard(id);
    this.#put({ ...open.message, ms: length, isUrgent, isHeard: false, forwardedBy: null, changedAt: this.#settings.wallClock(), isRemoved: false, revision: 1 });
    this.#closed(id, open.segment);
  }

  /** Nothing came of it: the caller thought better of it, or said too little. Its file goes. */
  discard(id: string): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#spool.write(`X ${id}`);
    this.#closed(id, open.segment);
    this.discardFile(open.message.file);
  }

  /**
   * Once, after the gateways were asked what still lives: every message an earlier process had begun, of which `isAlive` knows no call, ends as long
   * as its file is. Returns how many those were.
   */
  closeAbandoned(isAlive: (message: NewMessage) => boolean): number {
    const dead = this.#inherited.filter((id) => this.#open.has(id) && !isAlive(this.#open.get(id)!.message));
    for (const id of dead) this.finish(id, { ms: null, shortestMs: 0, isUrgent: false });
    if (dead.length > 0) this.#settings.log('warn', 'messagesClosedAfterRestart', { messages: dead.length });
    return dead.length;
  }

  /** As they are listened to: the urgent ones, the other new ones, those that were heard; the oldest of each first. */
  messagesOf(box: string): readonly VoicemailMessage[] {
    return [...(this.#boxes.get(box)?.values() ?? [])].sort((a, b) => rank(a) - rank(b) || a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  find(id: string): VoicemailMessage | undefined {
    return this.#messages.get(id);
  }

  counts(box: string): MessageCounts {
    const messages = [...(this.#boxes.get(box)?.values() ?? [])];
    const fresh = messages.filter(({ isHeard }) => !isHeard);
    return { new: fresh.length, heard: messages.length - fresh.length, urgent: fresh.filter(({ isUrgent }) => isUrgent).length };
  }

  /** `messagesOf`, for who would bear waiting. */
  list(box: string, answer: (messages: readonly VoicemailMessage[]) => void): void {
    answer(this.messagesOf(box));
  }

  /** How many are in it, with those that are being spoken. */
  count(box: string, answer: (count: number) => void): void {
    answer((this.#boxes.get(box)?.size ?? 0) + [...this.#open.values()].filter(({ message }) => message.box === box).length);
  }

  mark(id: string, is: 'heard' | 'new'): void {
    const message = this.#messages.get(id);
    if (message === undefined || message.isHeard === (is === 'heard')) return;
    this.#put({ ...message, isHeard: is === 'heard', changedAt: this.#settings.wallClock(), revision: message.revision + 1 });
  }

  /** With its file. */
  remove(id: string): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    this.#put({ ...message, isRemoved: true, changedAt: this.#settings.wallClock(), revision: message.revision + 1 });
    this.discardFile(message.file);
  }

  /** A copy of it, new, in that box. */
  forward(id: string, to: string, by: Party): void {
    const message = this.#messages.get(id);
    if (message === undefined) return;
    const copy = { ...message, id: newId('vmm'), box: to, isHeard: false, forwardedBy: by.number, changedAt: this.#settings.wallClock(), revision: 1 };
    const file = `voicemail/${to}/${copy.id}.wav`;
    const [from, made] = [join(this.#settings.sounds, message.file), join(this.#settings.sounds, file)];
    try {
      mkdirSync(dirname(made), { recursive: true, mode: 0o700 });
      // Recordings are not changed any more: two names for the same bytes are enough.
      linkSync(from, made);
      this.#put({ ...copy, file });
    } catch {
      const copied = copyFile(from, made).then(() => void this.#put({ ...copy, file }), (error: unknown) => this.#settings.log('error', 'messageNotForwarded', { id, to, reason: String(error) }));
      this.#copying = Promise.all([this.#copying, copied]);
    }
  }

  /** Files; null: nothing was recorded. */
  greetings(box: string): Readonly<Record<GreetingKind, string | null>> {
    const file = (kind: GreetingKind): string | null => this.#greetings.get(`${box} ${kind}`)?.file ?? null;
    return { unavailable: file('unavailable'), busy: file('busy'), name: file('name') };
  }

  /** In place of the former, whose file goes; null: the usual one. */
  keepGreeting(box: string, kind: GreetingKind, file: string | null): void {
    const former = this.#greetings.get(`${box} ${kind}`);
    if ((former?.file ?? null) === file) return;
    const greeting: KeptGreeting = { box, kind, file, revision: (former?.revision ?? 0) + 1 };
    const json = acceptableJson(greeting);
    this.#spool.enqueue(json, this.#spool.write(`G ${box} ${json}`));
    this.#greetings.set(`${box} ${kind}`, greeting);
    if (typeof former?.file === 'string') this.discardFile(former.file);
  }

  /** Of whatever was recorded and not kept. */
  discardFile(file: string): void {
    void this.#removeFile(file);
  }

  /** Those that were heard, and so for longer than their box keeps them (null: for ever). Returns how many. */
  removeExpired(keepMsOf: (box: string) => number | null): number {
    const now = this.#settings.wallClock();
    const expired = [...this.#messages.values()].filter(({ box, isHeard, changedAt }) => isHeard && changedAt < now - (keepMsOf(box) ?? Number.POSITIVE_INFINITY));
    for (const { id } of expired) this.remove(id);
    return expired.length;
  }

  /** Called when what is in a box has changed; returns what ends it. */
  observe(listener: (box: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes that are not in PostgreSQL yet. */
  get backlog(): number {
    return this.#spool.unsaved;
  }

  /** False: PostgreSQL did not take all of it; the files keep the rest. */
  flush(): Promise<boolean> {
    return this.#spool.flush();
  }

  async close(): Promise<void> {
    await this.#copying;
    await this.#spool.close();
  }

  #put(message: KeptMessage): void {
    const json = acceptableJson(message);
    this.#spool.enqueue(json, this.#spool.write(`P ${message.id} ${json}`));
    this.#keep(message);
    for (const listener of this.#listeners) listener(message.box);
  }

  #keep(message: KeptMessage): void {
    if ((this.#messages.get(message.id)?.revision ?? this.#gone?.get(message.id) ?? 0) >= message.revision) return;
    if (message.isRemoved) {
      this.#gone?.set(message.id, message.revision);
      this.#messages.delete(message.id);
      this.#boxes.get(message.box)?.delete(message.id);
      return;
    }
    this.#messages.set(message.id, message);
    let box = this.#boxes.get(message.box);
    if (box === undefined) this.#boxes.set(message.box, (box = new Map()));
    box.set(message.id, message);
  }

  #closed(id: string, segment: Segment): void {
    this.#open.delete(id);
    this.#spool.release(segment);
  }

  #takeUp(line: string, segment: Segment): void {
    const [kind, about, json] = [line[0], line.slice(2).split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ', 2) + 1)];
    if (kind === 'G') {
      const greeting = JSON.parse(json) as KeptGreeting;
      const key = `${greeting.box} ${greeting.kind}`;
      if ((this.#greetings.get(key)?.revision ?? 0) < greeting.revision) this.#greetings.set(key, greeting);
      return;
    }
    if (kind === 'B') {
      segment.held += 1;
      this.#open.set(about, { message: JSON.parse(json) as NewMessage, segment });
      return;
    }
    const open = this.#open.get(about);
    if (open !== undefined) open.segment.held -= 1;
    this.#open.delete(about);
    if (kind !== 'P') return;
    const message = JSON.parse(json) as KeptMessage;
    this.#keep(message);
    // What removed it may have been killed before its file went.
    if (message.isRemoved) this.discardFile(message.file);
  }

  async #removeFile(file: string): Promise<void> {
    try {
      await this.#copying;
      await unlink(join(this.#settings.sounds, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#settings.log('warn', 'messageFileNotRemoved', { file, reason: String(error) });
    }
  }
}

function rank({ isHeard, isUrgent }: VoicemailMessage): number {
  return isHeard ? 2 : isUrgent ? 0 : 1;
}
