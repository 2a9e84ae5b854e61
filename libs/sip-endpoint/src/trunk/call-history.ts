import type { Timer, Timers } from '@tipring/clock';
import { callOutcomes, type CallOutcomes, type CallOutcomesInput, noCallsYet } from './call-outcomes.ts';
import type { LiveTrunk } from './live-trunk.ts';

/** What became of a trunk's latest attempts, and what that says of it. */
export class CallHistory {
  readonly #timers: Timers;
  readonly #failuresToDown: () => number;
  readonly #changed: () => void;
  readonly #recent: ('carried' | 'failed')[] = [];
  #outcomes: CallOutcomes = noCallsYet;
  #trial: Timer | undefined;
  #lastFailure: string | null = null;

  constructor(timers: Timers, failuresToDown: () => number, changed: () => void) {
    this.#timers = timers;
    this.#failuresToDown = failuresToDown;
    this.#changed = changed;
  }

  get at(): CallOutcomes['at'] {
    return this.#outcomes.at;
  }

  get lastFailure(): string | null {
    return this.#lastFailure;
  }

  get view(): LiveTrunk['outcomes'] {
    const failed = this.#recent.filter((one) => one === 'failed').length;
    return { attempts: this.#recent.length, answered: this.#recent.length - failed, failed, lastFailure: this.#lastFailure };
  }

  add(what: 'carried' | 'failed', text: string): void {
    this.#recent.push(what);
    if (this.#recent.length > RECENT) this.#recent.shift();
    if (what === 'failed') this.#lastFailure = text;
    this.#step({ type: what });
  }

  /** The trunk is another now: what was against it counts no more. */
  forgive(): void {
    this.#step({ type: 'carried' });
  }

  #step(input: CallOutcomesInput): void {
    const before = this.#outcomes;
    const [next, effects] = callOutcomes(before, input, this.#failuresToDown());
    this.#outcomes = next;
    for (const effect of effects) {
      this.#trial?.stop();
      this.#trial = effect.do === 'stop' ? undefined : this.#timers.start(effect.ms, () => this.#step({ type: 'timeout', timer: 'trial' }));
    }
    if (before !== next) this.#changed();
  }
}

/** Attempts that are remembered. */
const RECENT = 100;
