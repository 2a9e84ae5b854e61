import type { Timers } from '@tipring/clock';
import type { CapturedLadder, CapturedMessage } from './captured-message.ts';
import type { Ladders } from './ladders.ts';

export interface LadderCloserSettings {
  /** How long after its end a call's messages are waited for. */
  readonly quietMs: number;
  /** As long as a request of ours has no final answer: RFC 3261 17.1.2.2, timer F, and a little. */
  readonly unansweredMs: number;
  /** Calls that are waited for at the same time; beyond it the oldest is closed as it is. */
  readonly calls: number;
}

export const defaultLadderCloserSettings: LadderCloserSettings = { quietMs: 1_500, unansweredMs: 34_000, calls: 20_000 };

export interface ClosedLadder {
  /** Of the call, as its record has it. */
  readonly id: string;
  /** Of the record's end, ms since the epoch. */
  readonly endedAt: number;
  /** Something was wrong with it, as far as its record tells: kept rather than others when not all can be. */
  readonly isWanted: boolean;
  readonly ladder: CapturedLadder;
}

interface Closing {
  readonly endedAt: number;
  readonly isWanted: boolean;
  readonly callIds: readonly string[];
  /** Ms, monotonic. */
  readonly since: number;
}

/**
 * A call's record is closed when its legs are; its last messages come after that: the answer to a BYE, or none in 32 seconds, which is what a story has to tell.
 * Hands each call's ladder out once it is complete, and forgets it. One timer, while there is something to wait for.
 */
export class LadderCloser {
  readonly #ladders: Ladders;
  readonly #timers: Timers;
  readonly #settings: LadderCloserSettings;
  readonly #closed: (ladder: ClosedLadder) => void;
  readonly #closing = new Map<string, Closing>();
  #timer: { stop(): void } | undefined;

  constructor(ladders: Ladders, timers: Timers, closed: (ladder: ClosedLadder) => void, settings: Partial<LadderCloserSettings> = {}) {
    this.#ladders = ladders;
    this.#timers = timers;
    this.#closed = closed;
    this.#settings = { ...defaultLadderCloserSettings, ...settings };
  }

  /** The record of a call is closed. `callIds`: of its legs. */
  ended(id: string, endedAt: number, callIds: readonly string[], isWanted: boolean): void {
    const [oldest] = this.#closing.keys();
    if (this.#closing.size >= this.#settings.calls && oldest !== undefined) this.#close(oldest);
    this.#closing.set(id, { endedAt, isWanted, callIds, since: this.#timers.now() });
    this.#timer ??= this.#timers.start(this.#settings.quietMs, () => this.#look());
  }

  /** Of a call that has ended a moment ago; undefined: it has been handed out, or there is none. */
  of(id: string): CapturedLadder | undefined {
    const closing = this.#closing.get(id);
    return closing && this.#ladders.of(closing.callIds);
  }

  /** Everything that is waited for, as it is. */
  flush(): void {
    for (const id of this.#closing.keys()) this.#close(id);
    this.#timer?.stop();
    this.#timer = undefined;
  }

  get size(): number {
    return this.#closing.size;
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#timers.now();
    for (const [id, { since, callIds }] of this.#closing) {
      const age = now - since;
      if (age < this.#settings.quietMs) continue;
      const ladder = age < this.#settings.unansweredMs ? this.#ladders.of(callIds) : undefined;
      if (ladder === undefined) this.#close(id);
      else if (!ladder.messages.some((message) => isAwaiting(message, ladder.messages))) this.#close(id, ladder);
    }
    if (this.#closing.size > 0) this.#timer ??= this.#timers.start(this.#settings.quietMs, () => this.#look());
  }

  #close(id: string, found?: CapturedLadder): void {
    const closing = this.#closing.get(id);
    if (closing === undefined) return;
    this.#closing.delete(id);
    const ladder = found ?? this.#ladders.of(closing.callIds);
    this.#ladders.forget(closing.callIds);
    if (ladder !== undefined) this.#closed({ id, endedAt: closing.endedAt, isWanted: closing.isWanted, ladder });
  }
}

/** A BYE or CANCEL of ours that was not answered: nothing came after it from where it went. */
function isAwaiting({ direction, bytes, at, remote }: CapturedMessage, messages: readonly CapturedMessage[]): boolean {
  const isEnd = direction === 'sent' && ((bytes[0] === 0x42 && bytes[1] === 0x59 && bytes[2] === 0x45) || (bytes[0] === 0x43 && bytes[1] === 0x41 && bytes[2] === 0x4e));
  return isEnd && !messages.some((other) => other.direction === 'received' && other.at >= at && other.remote.address === remote.address && other.remote.port === remote.port);
}
