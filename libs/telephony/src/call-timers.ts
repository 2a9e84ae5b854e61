import type { Timer, Timers } from '@tipring/clock';
import type { CallTimer } from './call-inputs.ts';

/** The timers of one call's machine, each running once at most. */
export class CallTimers {
  readonly #running = new Map<CallTimer, Timer>();
  readonly #timers: Timers;
  readonly #expired: (timer: CallTimer) => void;

  constructor(timers: Timers, expired: (timer: CallTimer) => void) {
    this.#timers = timers;
    this.#expired = expired;
  }

  start(timer: CallTimer, ms: number): void {
    if (this.#running.has(timer)) throw new Error(`timer ${timer} is running already`);
    const expire = () => {
      this.#running.delete(timer);
      this.#expired(timer);
    };
    this.#running.set(timer, this.#timers.start(ms, expire));
  }

  /** One that does not run is no error. */
  stop(timer: CallTimer): void {
    this.#running.get(timer)?.stop();
    this.#running.delete(timer);
  }

  stopAll(): void {
    for (const timer of this.#running.values()) timer.stop();
    this.#running.clear();
  }
}
