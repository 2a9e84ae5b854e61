import type { Address, AudioRows, Dsp } from './dsp.ts';
import type { DtmfDigit } from './dtmf-receiver.ts';
import type { Tone } from './tone.ts';

export interface DtmfPlaySettings {
  /** Both tones together, -60 … 0; -6 when absent. */
  readonly levelDbm0?: number;
  /** High tone over low tone, -12 … 12; 2 when absent: lines weaken the high tone more. */
  readonly twistDb?: number;
  /** 10 … 60000; 80 when absent. Of a held digit: the least. */
  readonly onMs?: number;
  /** After the tone, 2 … 60000; 80 when absent. */
  readonly offMs?: number;
}

/** Plays DTMF on a number of channels, whose memory is taken once. */
export class DtmfGenerators {
  readonly #c: DtmfGeneratorExports;
  readonly #channels: readonly Address[];

  /** `rate`: samples a second of the rows, 8000 … 48000. */
  constructor(dsp: Dsp, channels: number, { rate = 8_000 }: { readonly rate?: number } = {}) {
    this.#c = dsp.exports as DtmfGeneratorExports;
    this.#channels = Array.from({ length: channels }, () => {
      const channel = dsp.allocate(this.#c.dtmf_generator_size());
      this.#c.dtmf_generator_init(channel, rate);
      return channel;
    });
  }

  /**
   * Queues digits ('0'…'9', '*', '#', 'A'…'D'; ',' is a pause of `pauseMs`) behind what is queued. All of them, or none and false
   * when they do not fit: 64 are kept. Throws RangeError for anything else that is not a digit or not in its range.
   */
  dial(channel: number, digits: string, settings: DtmfPlaySettings & { readonly pauseMs?: number } = {}): boolean {
    const { pauseMs = 2_000 } = settings;
    if (digits.length > queueLength - this.pending(channel)) return false;
    for (const digit of digits) if (!/[0-9*#A-D,]/.test(digit)) throw new RangeError(`"${digit}" is not a DTMF digit.`);
    for (const digit of digits) this.#push(channel, digit, digit === ',' ? { ...settings, onMs: pauseMs } : settings, false);
    return true;
  }

  /** Plays a digit, behind what is queued, until `release`. False when there is no room. */
  hold(channel: number, digit: DtmfDigit, settings: DtmfPlaySettings = {}): boolean {
    if (this.pending(channel) >= queueLength) return false;
    this.#push(channel, digit, settings, true);
    return true;
  }

  /** The key is let go: a digit held lasts only until `onMs` are over. */
  release(channel: number): void {
    this.#c.dtmf_generator_release(this.#channels[channel]!);
  }

  /** What sounds ends within 1 ms, what is queued is forgotten. */
  stop(channel: number): void {
    this.#c.dtmf_generator_stop(this.#channels[channel]!);
  }

  /** Digits and pauses not yet over, the pause after each included. */
  pending(channel: number): number {
    return this.#c.dtmf_generator_pending(this.#channels[channel]!);
  }

  /** Overwrites a row, with silence when nothing is played. */
  write(channel: number, audio: AudioRows, row: number): void {
    this.#c.dtmf_generator_write(this.#channels[channel]!, audio.addressOf(row), audio.samples);
  }

  /** Adds to a row, saturated. */
  add(channel: number, audio: AudioRows, row: number): void {
    this.#c.dtmf_generator_add(this.#channels[channel]!, audio.addressOf(row), audio.samples);
  }

  #push(channel: number, digit: string, { levelDbm0 = -6, twistDb = 2, onMs = 80, offMs = 80 }: DtmfPlaySettings, held: boolean): void {
    if (this.#c.dtmf_generator_push(this.#channels[channel]!, digit.charCodeAt(0), levelDbm0, twistDb, onMs, offMs, Number(held))) return;
    throw new RangeError(`The digit "${digit}" cannot be played at ${levelDbm0} dBm0 with a twist of ${twistDb} dB for ${onMs} ms and ${offMs} ms after it.`);
  }
}

/** A digit as a tone without end, for the generator of tones; both frequencies have the same level. */
export function dtmfDigit(digit: DtmfDigit): Tone {
  const place = keypad.indexOf(digit);
  return { segments: [{ frequenciesHz: [lowGroupHz[place >> 2]!, highGroupHz[place & 3]!], durationMs: null }] };
}

interface DtmfGeneratorExports {
  dtmf_generator_size(): number;
  dtmf_generator_init(generator: Address, rateHz: number): void;
  dtmf_generator_push(generator: Address, digit: number, levelDbm0: number, twistDb: number, onMs: number, offMs: number, held: number): number;
  dtmf_generator_release(generator: Address): void;
  dtmf_generator_stop(generator: Address): void;
  dtmf_generator_pending(generator: Address): number;
  dtmf_generator_write(generator: Address, samples: Address, count: number): void;
  dtmf_generator_add(generator: Address, samples: Address, count: number): void;
}

/** DTMF_GENERATOR_DIGITS of native-dsp/src/dtmf_generator.h. */
const queueLength = 64;

/** ITU-T Q.23 clause 5: rows first. */
const keypad = '123A456B789C*0#D';
const lowGroupHz: readonly number[] = [697, 770, 852, 941];
const highGroupHz: readonly number[] = [1_209, 1_336, 1_477, 1_633];
