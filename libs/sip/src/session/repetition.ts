import type { Timer, Timers } from '@tipring/clock';
import type { TransactionTiming } from '../transaction/timing.ts';

/** A response the user-agent core itself sends again until the peer confirms it: a 2xx (RFC 3261 13.3.1.4), a reliable provisional (RFC 3262 3). */
export class Repetition {
  readonly #timers: Timers;
  readonly #again: () => void;
  #next: Timer;
  readonly #giveUp: Timer;

  /** Sends `again` after T1, then at doubling intervals up to `longestMs`; `giveUp` after 64 T1. */
  constructor(timers: Timers, timing: TransactionTiming, longestMs: number, again: () => void, giveUp: () => void) {
    this.#timers = timers;
    this.#again = again;
    this.#next = this.#start(timing.t1Ms, longestMs);
    this.#giveUp = timers.start(64 * timing.t1Ms, () => {
      this.#next.stop();
      giveUp();
    });
  }

  stop(): void {
    this.#next.stop();
    this.#giveUp.stop();
  }

  #start(ms: number, longestMs: number): Timer {
    return this.#timers.start(ms, () => {
      this.#next = this.#start(Math.min(2 * ms, longestMs), longestMs);
      this.#again();
    });
  }
}
