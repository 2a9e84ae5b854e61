import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/**
 * What tones there are on a number of channels: the power of every 5 ms, and every 40 ms the strongest components of the last
 * 128 ms. The views are of the DSP's memory and hold until the group's next `process`.
 */
export class ToneAnalyzers {
  readonly channels: number;
  readonly #c: ToneAnalyzerExports;
  readonly #spectrum: Address;
  readonly #groups: readonly { readonly at: Address; readonly counts: Int32Array }[];
  readonly #blocks: readonly Float32Array[];
  readonly #frames: readonly Float32Array[];

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    const c = dsp.exports as ToneAnalyzerExports;
    this.#c = c;
    this.#spectrum = dsp.allocate(c.tone_spectrum_size());
    c.tone_spectrum_init(this.#spectrum);
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, (_, group) => {
      const at = dsp.allocate(c.tone_analyzer_size());
      c.tone_analyzer_init(at, group);
      return { at, counts: dsp.int32(c.tone_analyzer_counts(at), 3) };
    });
    this.channels = this.#groups.length * lanes;
    const lane = (channel: number) => [this.#groups[Math.floor(channel / lanes)]!.at, channel % lanes] as const;
    this.#blocks = Array.from({ length: this.channels }, (_, channel) => dsp.float32(c.tone_analyzer_blocks(...lane(channel)), 4));
    this.#frames = Array.from({ length: this.channels }, (_, channel) => dsp.float32(c.tone_analyzer_frame(...lane(channel)), 2 + 2 * toneFrame.components));
  }

  /** All channels of group `group`; a row is at most a tick of 20 ms. */
  process(group: number, audio: AudioRows): void {
    this.#c.tone_analyzer_process(this.#groups[group]!.at, this.#spectrum, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** The channel forgets what it heard: a new call. */
  reset(channel: number): void {
    this.#c.tone_analyzer_reset(this.#groups[Math.floor(channel / lanes)]!.at, channel % lanes);
  }

  /** How many of `blocks` the last `process` filled. */
  blockCount(channel: number): number {
    return this.#groups[Math.floor(channel / lanes)]!.counts[0]!;
  }

  /** Powers of 5 ms each, the oldest first; 1 is 0 dBm0. */
  blocks(channel: number): Float32Array {
    return this.#blocks[channel]!;
  }

  hasFrame(channel: number): boolean {
    return this.#groups[Math.floor(channel / lanes)]!.counts[1] === 1;
  }

  /** The samples by which the frame ended before the end of the last `process`. */
  frameAge(channel: number): number {
    return this.#groups[Math.floor(channel / lanes)]!.counts[2]!;
  }

  /** Read by the places of `toneFrame`; powers as mean squares, 1 is 0 dBm0. */
  frame(channel: number): Float32Array {
    return this.#frames[channel]!;
  }
}

/** Where things are in a frame: the power of 120…3500 Hz, the number of components, their frequencies and their powers. */
export const toneFrame = { total: 0, count: 1, frequenciesHz: 2, powers: 6, components: 4, windowSamples: 1_024, hopSamples: 320, blockSamples: 40 } as const;

interface ToneAnalyzerExports {
  tone_spectrum_size(): number;
  tone_spectrum_init(spectrum: Address): void;
  tone_analyzer_size(): number;
  tone_analyzer_init(analyzer: Address, group: number): void;
  tone_analyzer_reset(analyzer: Address, lane: number): void;
  tone_analyzer_process(analyzer: Address, spectrum: Address, samples: Address, stride: number, count: number): void;
  tone_analyzer_blocks(analyzer: Address, lane: number): Address;
  tone_analyzer_frame(analyzer: Address, lane: number): Address;
  tone_analyzer_counts(analyzer: Address): Address;
}
