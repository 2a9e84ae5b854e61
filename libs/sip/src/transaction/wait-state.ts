import type { Timers } from '@tipring/clock';

export interface Waiting {
  /** The wait is over. Does nothing when the machine ended before. */
  expire(): void;
}

/**
 * The wait states of one length (D, J, L, M; I, K): machines that have done their work and only absorb repetitions. At
 * 1,000 calls a second a hundred thousand of them linger, so they queue behind one timer instead of having one each.
 */
export class WaitState {
  readonly #timers: Timers;
  readonly #ms: number;
  #queue: (Waiting | undefined)[] = [];
  #due: number[] = [];
  #head = 0;
  #isRunning = false;

  constructor(timers: Timers, ms: number) {
    this.#timers = timers;
    this.#ms = ms;
  }

  enter(machine: Waiting): void {
    this.#queue.push(machine);
    this.#due.push(this.#timers.now() + this.#ms);
    if (!this.#isRunning) this.#run();
  }

  #run(): void {
    const due = this.#due[this.#head];
    this.#isRunning = due !== undefined;
    if (due !== undefined) this.#timers.start(due - this.#timers.now(), () => this.#leave());
  }

  #leave(): void {
    const now = this.#timers.now();
    for (let due = this.#due[this.#head]; due !== undefined && due <= now; due = this.#due[this.#head]) {
      const machine = this.#queue[this.#head];
      this.#queue[this.#head++] = undefined;
      machine?.expire();
    }
    if (this.#head > 1024 && 2 * this.#head > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#due = this.#due.slice(this.#head);
      this.#head = 0;
    }
    this.#run();
  }
}
