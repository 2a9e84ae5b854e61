import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** Level and noise meters of a number of channels, at 8 kHz. What each read is since its last reading. */
export class LevelMeters {
  readonly #c: LevelMeterExports;
  readonly #groups: readonly Address[];
  readonly #reading: Address;
  readonly #values: Float32Array;

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as LevelMeterExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.level_meter_size());
      this.#c.level_meter_init(group);
      return group;
    });
    this.#reading = dsp.allocate(readingFloats * 4);
    this.#values = dsp.float32(this.#reading, readingFloats);
  }

  /** Before the channel serves another call. */
  reset(channel: number): void {
    this.#c.level_meter_reset(this.#groups[Math.floor(channel / lanes)]!, channel % lanes);
  }

  /** What counts as an impulse, in dBm0 of the sine whose peak just reaches it (ITU-T O.71 2.1); −22 unless set. */
  setImpulseThreshold(channel: number, dbm0: number): void {
    this.#c.level_meter_threshold(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, dbm0);
  }

  /** All channels of group `group` (channels 4·group and the three after it); the audio stays as it is. */
  push(group: number, audio: AudioRows): void {
    this.#c.level_meter_push(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** Since the last reading of the channel. Not for every tick: the result is a new object. */
  take(channel: number): LevelReading {
    this.#c.level_meter_take(this.#groups[Math.floor(channel / lanes)]!, channel % lanes, this.#reading);
    const value = (index: number): number => this.#values[index]!;
    return {
      rmsDbm0: value(0),
      peakDbm0: value(1),
      cMessageDbrnC0: value(2),
      psophometricDbm0p: value(3),
      impulses: value(4),
      clippedSamples: value(5),
      samples: value(6),
    };
  }
}

/** −150 dBm0 (−60 dBrnC0) stands for nothing at all. */
export interface LevelReading {
  readonly rmsDbm0: number;
  /** Of the sine that has this peak. */
  readonly peakDbm0: number;
  /** C-message weighted (IEEE 743, ITU-T O.41 Annex A): 0 dBm0 at 1 kHz reads 90. */
  readonly cMessageDbrnC0: number;
  /** Psophometrically weighted (ITU-T O.41): 0 dBm0 at 800 Hz reads 0. */
  readonly psophometricDbm0p: number;
  /** ITU-T O.71: at most eight a second. */
  readonly impulses: number;
  /** At the end of µ-law's range (32124) or beyond. */
  readonly clippedSamples: number;
  readonly samples: number;
}

interface LevelMeterExports {
  level_meter_size(): number;
  level_meter_init(meter: Address): void;
  level_meter_reset(meter: Address, lane: number): void;
  level_meter_threshold(meter: Address, lane: number, dbm0: number): void;
  level_meter_push(meter: Address, samples: Address, stride: number, count: number): void;
  level_meter_take(meter: Address, lane: number, reading: Address): void;
}

const readingFloats = 7;
