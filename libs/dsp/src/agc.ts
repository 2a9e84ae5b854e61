import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/**
 * Automatic gain of a number of channels at 8 kHz: speech comes to a target level, silence and steady noise move nothing, and a limiter
 * keeps sudden loudness within range. Channels are off until they are enabled, and then pass bit-exactly.
 */
export class AutomaticGains {
  readonly #c: AgcExports;
  readonly #groups: readonly Address[];

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as AgcExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.agc_size());
      this.#c.agc_init(group);
      return group;
    });
  }

  enable(channel: number, settings: AutomaticGainSettings = {}): void {
    const { targetDbm0 = -18, mostGainDb = 12, mostLossDb = 12, attackDbPerSecond = 20, releaseDbPerSecond = 6 } = settings;
    this.#c.agc_enable(this.#group(channel), channel % lanes, targetDbm0, mostGainDb, mostLossDb, attackDbPerSecond, releaseDbPerSecond);
  }

  /** The gain is back at 0 dB after one block. */
  disable(channel: number): void {
    this.#c.agc_disable(this.#group(channel), channel % lanes);
  }

  /** Before the channel serves another call: off, and what it learned is forgotten. */
  reset(channel: number): void {
    this.#c.agc_reset(this.#group(channel), channel % lanes);
  }

  /** All channels of group `group` (channels 4·group and the three after it), in place; rows are of 20 ms. */
  process(group: number, audio: AudioRows): void {
    this.#c.agc_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  gainDb(channel: number): number {
    return this.#c.agc_gain_db(this.#group(channel), channel % lanes);
  }

  #group(channel: number): Address {
    return this.#groups[Math.floor(channel / lanes)]!;
  }
}

export interface AutomaticGainSettings {
  /** Of active speech, −30 … −6; −18 unless told. */
  readonly targetDbm0?: number;
  /** 0 … 30; 12 unless told. */
  readonly mostGainDb?: number;
  readonly mostLossDb?: number;
  /** How fast the gain falls; 20 unless told. */
  readonly attackDbPerSecond?: number;
  /** How fast it rises; 6 unless told. */
  readonly releaseDbPerSecond?: number;
}

interface AgcExports {
  agc_size(): number;
  agc_init(agc: Address): void;
  agc_enable(agc: Address, lane: number, target: number, mostGain: number, mostLoss: number, attack: number, release: number): void;
  agc_disable(agc: Address, lane: number): void;
  agc_reset(agc: Address, lane: number): void;
  agc_process(agc: Address, samples: Address, stride: number, count: number): void;
  agc_gain_db(agc: Address, lane: number): number;
}
