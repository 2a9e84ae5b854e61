import type { Timers } from '@tipring/clock';

/** What a driver tells is told later, in order: never inside the call that caused it. */
export class Mailbox {
  readonly #timers: Timers;
  readonly #letters: (() => void)[] = [];

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  post(letter: () => void): void {
    if (this.#letters.push(letter) === 1) this.#timers.start(0, () => this.#deliver());
  }

  #deliver(): void {
    // What letters cause waits for the next turn.
    for (const letter of this.#letters.splice(0)) letter();
  }
}
