import { rms0Dbm0 } from '../twin/disturbance.ts';
import { dtmfHighHz, dtmfKeys, dtmfLowHz } from './mouth.ts';

/** What a scripted far end hears: levels when asked, digits as they come. */
export class Ear {
  /** The last 400 ms, over and over: the oldest is at `#at`. */
  readonly #heard = new Float32Array(heardSamples);
  #at = 0;
  readonly #onDigit: (digit: string) => void;
  #digit: string | null = null;

  constructor(onDigit: (digit: string) => void) {
    this.#onDigit = onDigit;
  }

  /** 20 ms. */
  hear(block: Float32Array): void {
    this.#heard.set(block, this.#at);
    this.#at = (this.#at + block.length) % heardSamples;
    const digit = dtmfDigitIn(block);
    if (digit !== null && digit !== this.#digit) this.#onDigit(digit);
    this.#digit = digit;
  }

  /** Of the last so many ms, at most 400; -Infinity for nothing. */
  levelDbm0(ms = 200): number {
    const part = this.samples(ms);
    return decibels(part.reduce((sum, sample) => sum + sample ** 2, 0) / part.length);
  }

  /** Of one frequency. */
  toneDbm0(hz: number, ms = 200): number {
    return decibels(goertzelPower(this.samples(ms), hz));
  }

  /** A copy: for decoders of the caller's own. */
  samples(ms = 200): Float32Array {
    const whole = new Float32Array(heardSamples);
    whole.set(this.#heard.subarray(this.#at));
    whole.set(this.#heard.subarray(0, this.#at), heardSamples - this.#at);
    return whole.subarray(heardSamples - Math.min(heardSamples, ms * 8));
  }
}

/** Mean square of a sine of this frequency in it. */
export function goertzelPower(samples: Float32Array, hz: number): number {
  return goertzel(samples, 2 * Math.cos((2 * Math.PI * hz) / 8_000));
}

function goertzel(samples: Float32Array, coefficient: number): number {
  let before = 0;
  let last = 0;
  for (let n = 0; n < samples.length; n++) {
    const next = samples[n]! + coefficient * last - before;
    before = last;
    last = next;
  }
  return (2 * (last ** 2 + before ** 2 - coefficient * last * before)) / samples.length ** 2;
}

/** Two frequencies, one of each group, that are most of what is in 20 ms. Good enough for an exchange that listens for nothing else. */
function dtmfDigitIn(block: Float32Array): string | null {
  let square = 0;
  for (let n = 0; n < block.length; n++) square += block[n]! ** 2;
  const power = square / block.length;
  if (power < leastPower) return null;
  for (let n = 0; n < 8; n++) groups[n] = goertzel(block, coefficients[n]!);
  let row = 0;
  let column = 4;
  for (let n = 1; n < 4; n++) {
    if (groups[n]! > groups[row]!) row = n;
    if (groups[4 + n]! > groups[column]!) column = 4 + n;
  }
  const weaker = Math.min(groups[row]!, groups[column]!);
  const stronger = Math.max(groups[row]!, groups[column]!);
  // A block that the digit only partly fills has a smaller share of its own frequencies: it is left to the next one.
  return weaker + stronger > 0.75 * power && weaker > stronger / 20 ? dtmfKeys[row * 4 + column - 4]! : null;
}

function decibels(power: number): number {
  return 10 * Math.log10(power / rms0Dbm0 ** 2);
}

const heardSamples = 3_200;
/** -42 dBm0. */
const leastPower = rms0Dbm0 ** 2 * 10 ** -4.2;
const coefficients = Float64Array.from([...dtmfLowHz, ...dtmfHighHz], (hz) => 2 * Math.cos((2 * Math.PI * hz) / 8_000));
/** Of the block that is being looked at. */
const groups = new Float64Array(8);
