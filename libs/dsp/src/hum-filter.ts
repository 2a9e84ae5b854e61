import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/**
 * Direct current and mains hum of a number of analog lines at 8 kHz: measured all the time, notched out only where it is there and
 * steady. A line without passes bit-exactly, and tones and speech are not taken for hum.
 */
export class HumFilters {
  readonly #c: HumExports;
  readonly #groups: readonly Address[];
  readonly #reading: Address;
  readonly #values: Float32Array;

  /** `channels` is rounded up to whole groups of four. All remove hum from the start. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as HumExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.hum_filter_size());
      this.#c.hum_filter_init(group);
      return group;
    });
    this.#reading = dsp.allocate(readingFloats * 4);
    this.#values = dsp.float32(this.#reading, readingFloats);
  }

  /** Only measure: for fax, or where the owner of the line wants it so. Faded out within 0.1 s. */
  measureOnly(channel: number): void {
    this.#c.hum_filter_remove(this.#group(channel), channel % lanes, 0);
  }

  /** Measure and remove, from the next verdict on (within a second). */
  remove(channel: number): void {
    this.#c.hum_filter_remove(this.#group(channel), channel % lanes, 1);
  }

  /** Before the channel serves another line. */
  reset(channel: number): void {
    this.#c.hum_filter_reset(this.#group(channel), channel % lanes);
  }

  /** All channels of group `group` (channels 4·group and the three after it), in place. */
  process(group: number, audio: AudioRows): void {
    this.#c.hum_filter_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** The last verdict, of a second: of what comes in, also while it is removed. Not for every tick: the result is a new object. */
  read(channel: number): HumReading {
    this.#c.hum_filter_read(this.#group(channel), channel % lanes, this.#reading);
    const value = (index: number): number => this.#values[index]!;
    const removed = value(3);
    return {
      fundamentalHz: value(0) === 0 ? null : value(0),
      totalDbm0: value(1),
      offset: value(2),
      offsetRemoved: removed >= 256,
      harmonics: Array.from({ length: harmonics }, (_, index) => ({ levelDbm0: value(4 + index), removed: (removed & (1 << index)) !== 0 })),
    };
  }

  #group(channel: number): Address {
    return this.#groups[Math.floor(channel / lanes)]!;
  }
}

/** −150 dBm0 stands for none. */
export interface HumReading {
  /** To 0.1 Hz; null while there is no steady hum. */
  readonly fundamentalHz: number | null;
  readonly totalDbm0: number;
  /** Direct current, in 16-bit linear samples. */
  readonly offset: number;
  readonly offsetRemoved: boolean;
  /** The fundamental first, eight of 50 Hz or seven of 60 Hz. */
  readonly harmonics: readonly { readonly levelDbm0: number; readonly removed: boolean }[];
}

interface HumExports {
  hum_filter_size(): number;
  hum_filter_init(hum: Address): void;
  hum_filter_reset(hum: Address, lane: number): void;
  hum_filter_remove(hum: Address, lane: number, on: 0 | 1): void;
  hum_filter_process(hum: Address, samples: Address, stride: number, count: number): void;
  hum_filter_read(hum: Address, lane: number, reading: Address): void;
}

const harmonics = 8;
const readingFloats = 4 + harmonics;
