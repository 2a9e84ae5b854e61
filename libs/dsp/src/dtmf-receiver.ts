import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** One of the sixteen of ITU-T Q.23: '0'…'9', '*', '#', 'A'…'D'. */
export type DtmfDigit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';

export interface DtmfReceiverSettings {
  /** Level that each of the two tones must have; -42 when absent. */
  readonly minimumDbm0?: number;
  /** How much stronger the high tone may be; 4 dB when absent (Q.24 annex A). */
  readonly highOverLowDb?: number;
  /** How much stronger the low tone may be; 8 dB when absent (Q.24 annex A). */
  readonly lowOverHighDb?: number;
  /** Tones and pauses from 23 ms on, instead of 40 ms. */
  readonly shortTones?: boolean;
  /** Dial tone (and whatever is below 460 Hz) may be 10 dB stronger than the digit, instead of 3 dB weaker. */
  readonly dialTone?: boolean;
  /**
   * The audio that `process` is given becomes silence from 18 ms after a tone began, at the latest, until its digit has ended: less
   * is left of it than another receiver takes for a digit. A sound that begins like a digit loses 5 ms.
   */
  readonly mute?: boolean;
}

export interface DtmfEvent {
  /** A digit begins once it has been heard for long enough, and ends after the pause. */
  readonly kind: 'begin' | 'end';
  readonly digit: DtmfDigit;
  /** When its tone began, in samples since the channel's reset (modulo 2^32), within 2 ms. */
  readonly startSample: number;
  /** Of the tone, within 3 ms; 0 at its begin. */
  readonly durationSamples: number;
  /** Both tones together. */
  readonly levelDbm0: number;
  /** High tone over low tone. */
  readonly twistDb: number;
}

/** DTMF receivers of a number of channels (ITU-T Q.24). */
export class DtmfReceivers {
  readonly #c: DtmfReceiverExports;
  readonly #groups: readonly Address[];
  readonly #event: Address;
  readonly #integers: Int32Array;
  readonly #floats: Float32Array;
  readonly #taken: { -readonly [field in keyof DtmfEvent]: DtmfEvent[field] } = { kind: 'begin', digit: '0', startSample: 0, durationSamples: 0, levelDbm0: 0, twistDb: 0 };

  /** `channels` is rounded up to whole groups of four. */
  constructor(dsp: Dsp, channels: number) {
    this.#c = dsp.exports as DtmfReceiverExports;
    const table = dsp.allocate(this.#c.dtmf_table_size());
    this.#c.dtmf_table_init(table);
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.dtmf_receiver_size());
      this.#c.dtmf_receiver_init(group, table);
      return group;
    });
    this.#event = dsp.allocate(eventWords * 4);
    this.#integers = dsp.int32(this.#event, eventWords);
    this.#floats = dsp.float32(this.#event, eventWords);
  }

  /** Whatever is absent becomes as usual. */
  set(channel: number, settings: DtmfReceiverSettings = {}): void {
    const { minimumDbm0 = -42, highOverLowDb = 4, lowOverHighDb = 8, shortTones = false, dialTone = false, mute = false } = settings;
    this.#c.dtmf_receiver_set(this.#groupOf(channel), channel % lanes, minimumDbm0, highOverLowDb, lowOverHighDb, Number(shortTones), Number(dialTone), Number(mute));
  }

  /** For a new call: nothing of the one before is known any more, and the next sample is number 0. Settings stay. */
  reset(channel: number): void {
    this.#c.dtmf_receiver_reset(this.#groupOf(channel), channel % lanes);
  }

  /**
   * Hears all channels of group `group` (channels 4·group and the three after it); rows hold a multiple of 40 samples (5 ms).
   * Returns a bit for each of them that has events: 1 for the first.
   */
  process(group: number, audio: AudioRows): number {
    return this.#c.dtmf_receiver_process(this.#groups[group]!, audio.addressOf(group * lanes), audio.samples, audio.samples);
  }

  /** The channel's oldest event, until the next call of `take`; eight are kept. */
  take(channel: number): DtmfEvent | undefined {
    if (this.#c.dtmf_receiver_take(this.#groupOf(channel), channel % lanes, this.#event) === 0) return undefined;
    const event = this.#taken;
    event.kind = this.#integers[0] === 0 ? 'begin' : 'end';
    event.digit = String.fromCharCode(this.#integers[1]!) as DtmfDigit;
    event.startSample = this.#integers[2]! >>> 0;
    event.durationSamples = this.#integers[3]! >>> 0;
    event.levelDbm0 = this.#floats[4]!;
    event.twistDb = this.#floats[5]!;
    return event;
  }

  /** Events that were not taken in time, since the reset. */
  lost(channel: number): number {
    return this.#c.dtmf_receiver_lost(this.#groupOf(channel), channel % lanes);
  }

  #groupOf(channel: number): Address {
    return this.#groups[Math.floor(channel / lanes)]!;
  }
}

interface DtmfReceiverExports {
  dtmf_table_size(): number;
  dtmf_table_init(table: Address): void;
  dtmf_receiver_size(): number;
  dtmf_receiver_init(receiver: Address, table: Address): void;
  dtmf_receiver_set(receiver: Address, lane: number, minimumDbm0: number, highOverLowDb: number, lowOverHighDb: number, shortTones: number, dialTone: number, mute: number): void;
  dtmf_receiver_reset(receiver: Address, lane: number): void;
  dtmf_receiver_process(receiver: Address, samples: Address, stride: number, count: number): number;
  dtmf_receiver_take(receiver: Address, lane: number, event: Address): number;
  dtmf_receiver_lost(receiver: Address, lane: number): number;
}

/** dtmf_event_t of native-dsp/src/dtmf_receiver.h. */
const eventWords = 6;
