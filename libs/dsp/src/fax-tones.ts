import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/**
 * `cng`: a caller's fax, 1100 Hz for half a second (T.30). `ced`: an answering fax or modem, 2100 Hz (T.30, V.25 ANS). `ansam`: the
 * same modulated by 15 Hz (V.8). Each `-reversed` follows its plain form when phase reversals every 450 ms are heard in it.
 * `v21-preamble`: the HDLC flags by which a fax begins to talk (T.30 5.3.1).
 */
export type FaxTone = 'cng' | 'ced' | 'ced-reversed' | 'ansam' | 'ansam-reversed' | 'v21-preamble';

export interface FaxToneEvent {
  readonly tone: FaxTone;
  /** Where it began, in samples since the channel was reset; modulo 2^32. It is told later: see native-dsp/src/fax_tones.h. */
  readonly at: number;
  readonly levelDbm0: number;
}

/** Fax and modem tones of a number of channels. */
export class FaxToneDetectors {
  readonly #c: FaxToneExports;
  readonly #groups: readonly Address[];
  readonly #event: Address;
  readonly #words: Int32Array;
  readonly #levels: Float32Array;

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as FaxToneExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.fax_tones_size());
      this.#c.fax_tones_init(group);
      return group;
    });
    this.#event = dsp.allocate(12);
    this.#words = dsp.int32(this.#event, 3);
    this.#levels = dsp.float32(this.#event, 3);
  }

  /** For a new call: forgets what the channel has heard. Samples count from here. */
  reset(channel: number): void {
    this.#c.fax_tones_reset(this.#groups[Math.floor(channel / lanes)]!, channel % lanes);
  }

  /** Listens to channels 4·group and the three after it; rows hold multiples of 40 samples. Bit l set: take(4·group + l) has something. */
  process(group: number, audio: AudioRows): number {
    return this.#c.fax_tones_push(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** The channel's oldest event that was not yet taken. */
  take(channel: number): FaxToneEvent | undefined {
    if (this.#c.fax_tones_take(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, this.#event) === 0) return undefined;
    return { tone: toneNames[this.#words[0]! - 1]!, at: this.#words[1]! >>> 0, levelDbm0: this.#levels[2]! };
  }
}

/** In the order of fax_tone_kind_t. */
const toneNames: readonly FaxTone[] = ['cng', 'ced', 'ced-reversed', 'ansam', 'ansam-reversed', 'v21-preamble'];

interface FaxToneExports {
  fax_tones_size(): number;
  fax_tones_init(tones: Address): void;
  fax_tones_reset(tones: Address, lane: number): void;
  fax_tones_push(tones: Address, samples: Address, stride: number, count: number): number;
  fax_tones_take(tones: Address, lane: number, event: Address): number;
}
