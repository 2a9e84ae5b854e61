import type { Address, Dsp } from './dsp.ts';

/**
 * Channels carried from one clock to another of the same nominal rate. The ratio may change each tick and nothing clicks.
 * Delay: 16 samples. Audio is given by its address, as from a ring in the DSP's memory; a call is of at most 20 ms at 48 kHz.
 */
export class DriftResamplers {
  readonly #c: DriftExports;
  readonly #filter: Address;
  readonly #channels: readonly Address[];

  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as DriftExports;
    this.#filter = dsp.allocate(this.#c.drift_filter_size());
    this.#c.drift_filter_init(this.#filter);
    this.#channels = Array.from({ length: channels }, () => {
      const address = dsp.allocate(this.#c.drift_resampler_size());
      this.#c.drift_resampler_init(address);
      return address;
    });
  }

  /** Parts per million, kept within ±1000. Positive: the input is consumed faster than output is given. */
  set(channel: number, ppm: number): void {
    this.#c.drift_resampler_set(this.#channels[channel]!, ppm);
  }

  /** Samples of input that the next `count` of output will consume: for count 160 mostly 160, now and then one more or less. */
  needs(channel: number, count: number): number {
    return this.#c.drift_resampler_needs(this.#channels[channel]!, count);
  }

  /** For a sink that clocks: writes exactly `count` samples. @returns samples consumed, as `needs` said */
  take(channel: number, from: Address, to: Address, count: number): number {
    return this.#c.drift_resampler_take(this.#filter, this.#channels[channel]!, from, to, count);
  }

  /** For a source that clocks: consumes exactly `count` samples. @returns samples written, at most count · 1.001 + 1 */
  push(channel: number, from: Address, count: number, to: Address): number {
    return this.#c.drift_resampler_push(this.#filter, this.#channels[channel]!, from, count, to);
  }

  /** Before the channel serves another call: 0 ppm, nothing remembered. */
  reset(channel: number): void {
    this.#c.drift_resampler_init(this.#channels[channel]!);
  }
}

interface DriftExports {
  drift_filter_size(): number;
  drift_filter_init(filter: Address): void;
  drift_resampler_size(): number;
  drift_resampler_init(resampler: Address): void;
  drift_resampler_set(resampler: Address, ppm: number): void;
  drift_resampler_needs(resampler: Address, count: number): number;
  drift_resampler_take(filter: Address, resampler: Address, from: Address, to: Address, count: number): number;
  drift_resampler_push(filter: Address, resampler: Address, from: Address, count: number, to: Address): number;
}
