import type { PlayerSlot } from '../sounds/player-slot.ts';

/** A player as an end of a bridge: what is played there is what it says, what is recorded what it hears. */
export class PlayerVoice {
  readonly player: number;
  readonly #slot: PlayerSlot;
  readonly #ended: (player: number, announcement: number, how: 'ended' | 'failed') => void;

  constructor(player: number, slot: PlayerSlot, ended: (player: number, announcement: number, how: 'ended' | 'failed') => void) {
    this.player = player;
    this.#slot = slot;
    this.#ended = ended;
  }

  /** Fills `row`, 20 ms at 16 kHz. False, and nothing is written, when it is silent. */
  speak(row: Int16Array): boolean {
    const taken = this.#slot.take(row);
    if (taken === 'ended' || taken === 'failed') this.#ended(this.player, this.#slot.wanted, taken);
    return taken === 'audio';
  }

  /** Whether what it hears is wanted. */
  get isRecording(): boolean {
    return this.#slot.isRecording;
  }

  /** 20 ms at 8 or 16 kHz. */
  hear(row: Int16Array): void {
    this.#slot.hear(row);
  }
}
