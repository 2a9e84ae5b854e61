import type { Timer, Timers } from '@tipring/clock';

export type HookReading = { readonly type: 'seized' } | { readonly type: 'pulseDigit'; readonly digit: string } | { readonly type: 'flash' } | { readonly type: 'released' };

/**
 * What an exchange, or a card that counts by itself, makes of the loop: short openings are pulses, longer ones a flash, and what does not close again is the end.
 *
 *   open < 150 ms: pulse; then closed > 200 ms: the digit is complete      150 to 1100 ms: flash      longer: released
 */
export class HookReader {
  readonly #timers: Timers;
  readonly #tell: (reading: HookReading) => void;
  #loop: { readonly at: 'released' } | { readonly at: 'closed' } | { readonly at: 'opened'; readonly since: number; readonly timer: Timer } = { at: 'released' };
  #pulses = 0;
  #digitEnd: Timer | null = null;

  constructor(timers: Timers, tell: (reading: HookReading) => void) {
    this.#timers = timers;
    this.#tell = tell;
  }

  get seized(): boolean {
    return this.#loop.at !== 'released';
  }

  closed(): void {
    const was = this.#loop;
    if (was.at === 'closed') return;
    this.#loop = { at: 'closed' };
    if (was.at === 'released') return this.#tell({ type: 'seized' });
    was.timer.stop();
    if (this.#timers.now() - was.since > mostBreakMs) this.#tell({ type: 'flash' });
    else {
      this.#pulses++;
      this.#digitEnd = this.#timers.start(digitEndMs, () => this.#digit());
    }
  }

  opened(): void {
    if (this.#loop.at !== 'closed') return;
    this.#digitEnd?.stop();
    const timer = this.#timers.start(releaseMs, () => {
      this.#loop = { at: 'released' };
      this.#pulses = 0;
      this.#tell({ type: 'released' });
    });
    this.#loop = { at: 'opened', since: this.#timers.now(), timer };
  }

  /** Nothing is read any more. */
  stop(): void {
    if (this.#loop.at === 'opened') this.#loop.timer.stop();
    this.#digitEnd?.stop();
    this.#loop = { at: 'released' };
    this.#pulses = 0;
  }

  #digit(): void {
    const digit = String(this.#pulses % 10);
    this.#pulses = 0;
    this.#tell({ type: 'pulseDigit', digit });
  }
}

const mostBreakMs = 150;
const digitEndMs = 200;
const releaseMs = 1_100;
