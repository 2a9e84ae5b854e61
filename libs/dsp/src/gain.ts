import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** Gains of a number of channels, with a count of clipped samples each. */
export class Gains {
  readonly #c: GainExports;
  readonly #groups: readonly Address[];

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as GainExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.gain_size());
      this.#c.gain_init(group);
      return group;
    });
  }

  /** Decibels from the next sample on; the channel's count of clipped samples begins anew. */
  set(channel: number, db: number): void {
    this.#c.gain_set(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, db);
  }

  /** Decibels, reached within 20 ms without a click. */
  slide(channel: number, db: number): void {
    this.#c.gain_slide(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, db);
  }

  /** All channels of group `group` (channels 4·group and the three after it), in place. */
  process(group: number, audio: AudioRows): void {
    this.#c.gain_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** Samples that did not fit 16 bits since the channel was set. */
  clipped(channel: number): number {
    return this.#c.gain_clipped(this.#groups[Math.floor(channel / lanes)]!, channel % lanes);
  }
}

interface GainExports {
  gain_size(): number;
  gain_init(gain: Address): void;
  gain_set(gain: Address, lane: number, db: number): void;
  gain_slide(gain: Address, lane: number, db: number): void;
  gain_process(gain: Address, samples: Address, stride: number, count: number): void;
  gain_clipped(gain: Address, lane: number): number;
}
