import type { Timer, Timers } from '@tipring/clock';

/** The timers of one machine, by their names. */
export class MachineTimers<Name extends string> {
  readonly #timers: Timers;
  readonly #expired: (timer: Name) => void;
  readonly #running = new Map<Name, Timer>();

  constructor(timers: Timers, expired: (timer: Name) => void) {
    this.#timers = timers;
    this.#expired = expired;
  }

  /** In place of one of the name that runs. */
  start(name: Name, ms: number): void {
    this.stop(name);
    this.#running.set(
      name,
      this.#timers.start(ms, () => {
        this.#running.delete(name);
        this.#expired(name);
      }),
    );
  }

  stop(name: Name): void {
    this.#running.get(name)?.stop();
    this.#running.delete(name);
  }

  stopAll(): void {
    for (const timer of this.#running.values()) timer.stop();
    this.#running.clear();
  }
}
