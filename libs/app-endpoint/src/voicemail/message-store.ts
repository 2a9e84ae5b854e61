import type { Party } from '@tipring/telephony';
import type { GreetingKind } from './mailbox.ts';

export interface Message {
  readonly id: string;
  readonly file: string;
  readonly from: Party;
  /** Ms since the epoch. */
  readonly at: number;
  readonly isHeard: boolean;
  readonly isUrgent: boolean;
}

/** Of a message that is being spoken. `id` and `file` are made for it here and are never used again. */
export interface NewMessage {
  readonly id: string;
  readonly box: string;
  readonly file: string;
  readonly from: Party;
  readonly at: number;
}

/**
 * Port. What is in mailboxes. Nothing here waits for a database or throws. What is told is done in the order in which it was told, is not lost by a
 * kill, and may be told twice. A message that was begun, and whose call is gone without a word, is finished from its file by whoever keeps it.
 */
export interface MessageStore {
  /** What was recorded for it; files. */
  greetings(box: string): Readonly<Record<GreetingKind, string | null>>;
  /** Messages that are in it, begun ones too; null: that cannot be told now. */
  count(box: string, answer: (count: number | null) => void): void;
  begin(message: NewMessage): void;
  /** `ms` null: as long as its file; shorter than `shortestMs`, it is discarded. */
  finish(id: string, message: { readonly ms: number | null; readonly shortestMs: number; readonly isUrgent: boolean }): void;
  /** Nobody wants it: row and file go. */
  discard(id: string): void;
  /** New ones and those kept, not those being spoken; null: they cannot be had now. */
  list(box: string, answer: (messages: readonly Message[] | null) => void): void;
  mark(id: string, is: 'heard' | 'new'): void;
  remove(id: string): void;
  /** A copy of it, new, in that box. */
  forward(id: string, to: string, by: Party): void;
  /** Null: the usual one from now on. The file of the former is no longer needed. */
  keepGreeting(box: string, kind: GreetingKind, file: string | null): void;
  /** A greeting that was recorded and not kept. */
  discardFile(file: string): void;
}
