import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/**
 * Reduces the steady noise of a number of analog lines at 8 kHz, with a delay of 8 ms. Channels are off until they are enabled, and
 * then pass bit-exactly and without delay, as fax and modems need it.
 */
export class NoiseReductions {
  readonly #c: NoiseReductionExports;
  readonly #groups: readonly Address[];

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as NoiseReductionExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.noise_reduction_size());
      this.#c.noise_reduction_init(group);
      return group;
    });
  }

  /** Noise is reduced by at most `mostDb` (0 … 20). What the channel knows of its noise is kept. */
  enable(channel: number, mostDb = 12): void {
    this.#c.noise_reduction_enable(this.#group(channel), channel % lanes, mostDb);
  }

  /** At once. */
  disable(channel: number): void {
    this.#c.noise_reduction_disable(this.#group(channel), channel % lanes);
  }

  /** Before the channel serves another line: off, and its noise is forgotten. */
  reset(channel: number): void {
    this.#c.noise_reduction_reset(this.#group(channel), channel % lanes);
  }

  /** All channels of group `group` (channels 4·group and the three after it), in place. */
  process(group: number, audio: AudioRows): void {
    this.#c.noise_reduction_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** What is being followed as the line's noise, dBm0. */
  noiseDbm0(channel: number): number {
    return this.#c.noise_reduction_noise_dbm0(this.#group(channel), channel % lanes);
  }

  #group(channel: number): Address {
    return this.#groups[Math.floor(channel / lanes)]!;
  }
}

interface NoiseReductionExports {
  noise_reduction_size(): number;
  noise_reduction_init(reduction: Address): void;
  noise_reduction_enable(reduction: Address, lane: number, mostDb: number): void;
  noise_reduction_disable(reduction: Address, lane: number): void;
  noise_reduction_reset(reduction: Address, lane: number): void;
  noise_reduction_process(reduction: Address, samples: Address, stride: number, count: number): void;
  noise_reduction_noise_dbm0(reduction: Address, lane: number): number;
}
