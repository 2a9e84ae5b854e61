import type { Timer, Timers } from '@tipring/clock';

/** What a question to the server brought; `unknowable`: it never answers such questions, so its silence says nothing. */
export type Answer = 'alive' | 'dead' | 'unknowable';

/**
 * Looks after a call that somebody said 100 or 183 to, and then nothing more:
 *
 *    waiting ── nothing heard for 1 s (later 2, then 3) ──► asking ── alive, unknowable ──► waiting
 *       ▲                                                    │ └── dead ──► over
 *       └───────────────────── heard ────────────────────────┘
 *
 * Without it a dead server is found out by whoever holds the receiver.
 */
export class SilenceWatch {
  readonly #timers: Timers;
  readonly #ask: (done: (answer: Answer) => void) => void;
  readonly #dead: () => void;
  #state: { readonly at: 'waiting'; readonly timer: Timer; readonly ms: number } | { readonly at: 'asking'; readonly ms: number } | { readonly at: 'over' };

  constructor(timers: Timers, ask: (done: (answer: Answer) => void) => void, dead: () => void) {
    this.#timers = timers;
    this.#ask = ask;
    this.#dead = dead;
    this.#state = this.#waiting(FIRST_MS);
  }

  /** Something came from the far end, a message or media. */
  heard(): void {
    const state = this.#state;
    if (state.at === 'over') return;
    if (state.at === 'waiting') state.timer.stop();
    this.#state = this.#waiting(state.ms);
  }

  stop(): void {
    if (this.#state.at === 'waiting') this.#state.timer.stop();
    this.#state = { at: 'over' };
  }

  #waiting(ms: number): { readonly at: 'waiting'; readonly timer: Timer; readonly ms: number } {
    return { at: 'waiting', ms, timer: this.#timers.start(ms, () => this.#turn(ms)) };
  }

  #turn(ms: number): void {
    const asking = { at: 'asking', ms } as const;
    this.#state = asking;
    this.#ask((answer) => {
      if (this.#state !== asking) return;
      if (answer !== 'dead') {
        this.#state = this.#waiting(Math.min(ms + FIRST_MS, LONGEST_MS));
        return;
      }
      this.#state = { at: 'over' };
      this.#dead();
    });
  }
}

const FIRST_MS = 1_000;
const LONGEST_MS = 3_000;
