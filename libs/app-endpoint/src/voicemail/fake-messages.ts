import type { Party } from '@tipring/telephony';
import type { GreetingKind } from './mailbox.ts';
import type { Message, MessageStore, NewMessage } from './message-store.ts';

export type FakeMessage = NewMessage & Message & { readonly is: 'begun' | 'finished' };

/** Mailboxes in memory, for tests. What comes to an order that makes no sense is thrown: here it would be our bug. */
export class FakeMessages implements MessageStore {
  readonly all = new Map<string, FakeMessage>();
  readonly #files: Map<string, number>;
  readonly #greetings = new Map<string, Record<GreetingKind, string | null>>();
  /** The database is away. */
  isAway = false;
  begun = 0;
  finished = 0;
  discarded = 0;

  /** `files`: what was recorded, ms. */
  constructor(files: Map<string, number>) {
    this.#files = files;
  }

  /** Those that are in a mailbox. */
  in(box: string): readonly FakeMessage[] {
    return [...this.all.values()].filter((message) => message.box === box && message.is === 'finished');
  }

  greetings(box: string): Readonly<Record<GreetingKind, string | null>> {
    return this.#greetings.get(box) ?? { unavailable: null, busy: null, name: null };
  }

  count(box: string, answer: (count: number | null) => void): void {
    answer(this.isAway ? null : this.in(box).length);
  }

  begin(message: NewMessage): void {
    if (this.all.has(message.id)) throw new Error(`${message.id} was begun twice`);
    this.begun++;
    this.all.set(message.id, { ...message, is: 'begun', isHeard: false, isUrgent: false });
  }

  finish(id: string, { ms, shortestMs, isUrgent }: { readonly ms: number | null; readonly shortestMs: number; readonly isUrgent: boolean }): void {
    const message = this.#begun(id);
    if ((ms ?? this.#files.get(message.file) ?? Infinity) < shortestMs) return this.discard(id);
    this.finished++;
    this.all.set(id, { ...message, is: 'finished', isUrgent });
  }

  discard(id: string): void {
    this.#files.delete(this.#begun(id).file);
    this.discarded++;
    this.all.delete(id);
  }

  list(box: string, answer: (messages: readonly Message[] | null) => void): void {
    answer(this.isAway ? null : this.in(box));
  }

  mark(id: string, is: 'heard' | 'new'): void {
    const message = this.all.get(id);
    if (message !== undefined) this.all.set(id, { ...message, isHeard: is === 'heard' });
  }

  remove(id: string): void {
    this.all.delete(id);
  }

  forward(id: string, to: string, _by: Party): void {
    const message = this.all.get(id);
    if (message !== undefined) this.all.set(`${id}-${to}`, { ...message, id: `${id}-${to}`, box: to, isHeard: false });
  }

  keepGreeting(box: string, kind: GreetingKind, file: string | null): void {
    if (file !== null && !this.#files.has(file)) throw new Error(`${file} was not recorded`);
    this.#greetings.set(box, { ...this.greetings(box), [kind]: file });
  }

  discardFile(file: string): void {
    this.#files.delete(file);
  }

  #begun(id: string): FakeMessage {
    const message = this.all.get(id);
    if (message?.is !== 'begun') throw new Error(`${id} is not being spoken`);
    return message;
  }
}
