import type { Timer, Timers } from '@tipring/clock';

/** The timers of one process among several that share a test's time: with the process they are gone. */
export class MortalTimers implements Timers {
  readonly #timers: Timers;
  readonly #running = new Set<Timer>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get size(): number {
    return this.#running.size;
  }

  now(): number {
    return this.#timers.now();
  }

  start(ms: number, expire: () => void): Timer {
    const timer = this.#timers.start(ms, () => {
      this.#running.delete(kept);
      expire();
    });
    const kept: Timer = {
      stop: () => {
        this.#running.delete(kept);
        timer.stop();
      },
    };
    this.#running.add(kept);
    return kept;
  }

  die(): void {
    for (const timer of [...this.#running]) timer.stop();
  }
}
