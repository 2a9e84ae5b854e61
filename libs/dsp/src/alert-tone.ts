import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** The dual tone that announces caller ID: CAS of a call waiting (TIA-777), DT-AS (ETSI EN 300 659). */
export interface AlertToneEvent {
  /** Where it began, in samples since the channel was reset; modulo 2^32. */
  readonly at: number;
  /** CAS 80-85 ms, DT-AS 75-85 ms off-hook and 100 ± 10 ms on-hook. Measured within some 3 ms. */
  readonly durationMs: number;
  /** Of the tone of 2130 Hz and of that of 2750 Hz. */
  readonly lowDbm0: number;
  readonly highDbm0: number;
}

/** Alert tones of a number of channels. Who answers with a DTMF digit (off-hook, D or A) is the caller of this. */
export class AlertToneDetectors {
  readonly #c: AlertToneExports;
  readonly #groups: readonly Address[];
  readonly #event: Address;
  readonly #at: Int32Array;
  readonly #measured: Float32Array;

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as AlertToneExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.alert_tone_size());
      this.#c.alert_tone_init(group);
      return group;
    });
    this.#event = dsp.allocate(16);
    this.#at = dsp.int32(this.#event, 1);
    this.#measured = dsp.float32(this.#event, 4);
  }

  /** For a new call. Samples count from here. */
  reset(channel: number): void {
    this.#c.alert_tone_reset(this.#groups[Math.floor(channel / lanes)]!, channel % lanes);
  }

  /** Listens to channels 4·group and the three after it; rows hold multiples of 40 samples. Bit l set: take(4·group + l) has something. */
  process(group: number, audio: AudioRows): number {
    return this.#c.alert_tone_push(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** The alert tone that has ended since the last call. */
  take(channel: number): AlertToneEvent | undefined {
    if (this.#c.alert_tone_take(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, this.#event) === 0) return undefined;
    return { at: this.#at[0]! >>> 0, durationMs: this.#measured[1]!, lowDbm0: this.#measured[2]!, highDbm0: this.#measured[3]! };
  }
}

interface AlertToneExports {
  alert_tone_size(): number;
  alert_tone_init(alert: Address): void;
  alert_tone_reset(alert: Address, lane: number): void;
  alert_tone_push(alert: Address, samples: Address, stride: number, count: number): number;
  alert_tone_take(alert: Address, lane: number, event: Address): number;
}
