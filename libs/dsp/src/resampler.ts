import type { Address, AudioRows, Dsp } from './dsp.ts';

/**
 * Channels converted from one rate to another: 8, 16 and 48 kHz, streaming. Pass band to 0.45 of the lower rate, stop band from 0.55
 * at least 65 dB down. Delay: 2.5 ms beside 8 kHz, 1.25 ms between 16 and 48 kHz.
 */
export class Resamplers {
  readonly #c: ResamplerExports;
  readonly #filter: Address;
  readonly #channels: readonly Address[];

  /** Throws RangeError for rates that are none of these: our own mistake. */
  constructor(dsp: Dsp, { channels, from, to }: { readonly channels: number; readonly from: SampleRate; readonly to: SampleRate }) {
    this.#c = dsp.exports as ResamplerExports;
    this.#filter = dsp.allocate(this.#c.resampler_filter_size());
    if (this.#c.resampler_filter_init(this.#filter, from, to) === 0) throw new RangeError(`There is no conversion from ${from} to ${to} Hz.`);
    this.#channels = Array.from({ length: channels }, () => dsp.allocate(this.#c.resampler_size()));
  }

  /** Row `fromRow` of one block into row `toRow` of another; rows are of 20 (or 10) ms at their rates. @returns samples written, 0 when the length does not fit */
  process(channel: number, from: AudioRows, fromRow: number, to: AudioRows, toRow: number): number {
    return this.#c.resampler_process(this.#filter, this.#channels[channel]!, from.addressOf(fromRow), from.samples, to.addressOf(toRow));
  }

  /** Before the channel serves another call. */
  reset(channel: number): void {
    this.#c.resampler_init(this.#channels[channel]!);
  }
}

export type SampleRate = 8_000 | 16_000 | 48_000;

interface ResamplerExports {
  resampler_filter_size(): number;
  resampler_filter_init(filter: Address, from: number, to: number): number;
  resampler_size(): number;
  resampler_init(resampler: Address): void;
  resampler_process(filter: Address, resampler: Address, from: Address, count: number, to: Address): number;
}
