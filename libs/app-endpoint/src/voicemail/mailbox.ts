import type { Party } from '@tipring/telephony';
import type { ApplicationTarget } from '../application.ts';

/** What its owner has recorded. `unavailable`: nobody answers; `name`: who he is. */
export type GreetingKind = 'unavailable' | 'busy' | 'name';

/** A mailbox as it is configured now, with what was recorded for it. */
export interface Mailbox {
  readonly id: string;
  /** Said to callers when no greeting and no name were recorded: of an extension that has it, or its own; null: it has none. */
  readonly number: string | null;
  /** Files; null: not recorded. */
  readonly greetings: Readonly<Record<GreetingKind, string | null>>;
  /** A prompt of the configuration in place of the usual greeting. */
  readonly prompt: string | null;
  readonly hasPin: boolean;
  /** Of one message. */
  readonly longestMs: number;
  /** What is shorter is no message. */
  readonly shortestMs: number;
  /** So much silence is the end of a message. */
  readonly silenceMs: number;
  /** Before each message is said when it came, and from whom. */
  readonly saysWhen: boolean;
  /** Where a caller goes who presses zero; null: nowhere. */
  readonly operator: ApplicationTarget | null;
  readonly language: string | null;
}

/** Who is at the telephone, as far as it is known. */
export interface Owner {
  readonly leg: string;
  readonly from: Party;
}
