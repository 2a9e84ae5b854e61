import type { Timer, Timers } from '@tipring/clock';
import type { LegCommand } from '@tipring/telephony';

/**
 * Whether the other side of a call is dead: nothing has come from it for too long. Some phones send nothing while they are muted, not even
 * reports; but not for so long. Who holds may be silent as long as it likes.
 */
export class FarSilence {
  readonly #timers: Timers;
  readonly #deadMs: number;
  readonly #dead: (text: string) => void;
  #isSilent = false;
  #isHolding = false;
  #timer: Timer | undefined;

  constructor(timers: Timers, deadMs: number | undefined, dead: (text: string) => void) {
    this.#timers = timers;
    this.#deadMs = deadMs ?? usualDeadMs;
    this.#dead = dead;
  }

  get isHolding(): boolean {
    return this.#isHolding;
  }

  hear(command: Extract<LegCommand, { type: 'held' | 'resumed' | 'silent' | 'heard' }>): void {
    if (command.type === 'held' || command.type === 'resumed') this.#isHolding = command.type === 'held';
    else this.#isSilent = command.type === 'silent';
    this.#timer?.stop();
    if (!this.#isSilent || this.#isHolding) return;
    const silentMs = command.type === 'silent' ? command.silentMs : 0;
    this.#timer = this.#timers.start(Math.max(0, this.#deadMs - silentMs), () => this.#dead(`nothing has come from the other side of the call for ${Math.round(this.#deadMs / 1_000)} s`));
  }

  /** The call is over. */
  end(): void {
    this.#timer?.stop();
    this.#isSilent = this.#isHolding = false;
  }
}

const usualDeadMs = 120_000;
