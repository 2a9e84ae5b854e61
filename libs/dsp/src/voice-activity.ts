import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** Whether somebody speaks, for a number of channels: energy of five bands over the background of each, with 200 ms of hangover. */
export class VoiceActivity {
  readonly #c: VadExports;
  readonly #groups: readonly Address[];

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number, rateHz: 8_000 | 16_000 = 8_000) {
    this.#c = dsp.exports as VadExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.vad_size());
      this.#c.vad_init(group, rateHz);
      return group;
    });
  }

  /** For another call. */
  reset(channel: number): void {
    this.#c.vad_reset(this.#groups[Math.floor(channel / lanes)]!, channel % lanes);
  }

  /** All channels of group `group`. */
  process(group: number, audio: AudioRows): void {
    this.#c.vad_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** By the last whole 10 ms. A background louder than −30 dBm0 counts as speech, so that it is sent. */
  active(channel: number): boolean {
    return this.#c.vad_active(this.#groups[Math.floor(channel / lanes)]!, channel % lanes) !== 0;
  }
}

interface VadExports {
  vad_size(): number;
  vad_init(vad: Address, rateHz: number): void;
  vad_reset(vad: Address, lane: number): void;
  vad_process(vad: Address, samples: Address, stride: number, count: number): void;
  vad_active(vad: Address, lane: number): number;
}
