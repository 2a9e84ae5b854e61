import { TimerWheel } from './timer-wheel.ts';
import type { Timer, Timers } from './timers.ts';

/** Virtual time for tests: nothing happens until it is told to. */
export class FakeTimers implements Timers {
  readonly #wheel = new TimerWheel();

  /** Timers that are running: 0 at the end of a test means nothing was leaked. */
  get size(): number {
    return this.#wheel.size;
  }

  now(): number {
    return this.#wheel.now();
  }

  start(ms: number, expire: () => void): Timer {
    return this.#wheel.start(ms, expire);
  }

  /** Lets `ms` milliseconds pass; every timer fires at its own instant. */
  advance(ms: number): void {
    this.#wheel.advance(this.#wheel.now() + ms);
  }

  /** Lets time pass until no timer is left, or `limitMs` is over. Returns whether none is left. */
  runAll(limitMs = 3_600_000): boolean {
    const limit = this.#wheel.now() + limitMs;
    for (let next = this.#wheel.nextExpiry(); next !== undefined && next <= limit; next = this.#wheel.nextExpiry()) this.#wheel.advance(next);
    return this.#wheel.size === 0;
  }
}
