import { rms0Dbm0 } from '../twin/disturbance.ts';
import { dtmfHighHz, dtmfKeys, dtmfLowHz } from './mouth.ts';

/** What a scripted far end hears: levels when asked, digits as they come. */
export class Ear {
  /** The last 400 ms, the newest last. */
  readonly #heard = new Float32Array(3_200);
  readonly #onDigit: (digit: string) => void;
  #digit: string | null = null;

  constructor(onDigit: (digit: string) => void) {
    this.#onDigit = onDigit;
  }

  hear(block: Float32Array): void {
    this.#heard.copyWithin(0, block.length);
    this.#heard.set(block, this.#heard.length - block.length);
    const digit = dtmfDigitIn(block);
    if (digit !== null && digit !== this.#digit) this.#onDigit(digit);
    this.#digit = digit;
  }

  /** Of the last so many ms, at most 400; -Infinity for nothing. */
  levelDbm0(ms = 200): number {
    const part = this.#last(ms);
    return decibels(part.reduce((sum, sample) => sum + sample ** 2, 0) / part.length);
  }

  /** Of one frequency. */
  toneDbm0(hz: number, ms = 200): number {
    return decibels(goertzelPower(this.#last(ms), hz));
  }

  /** A copy: for decoders of the caller's own. */
  samples(ms = 200): Float32Array {
    return this.#last(ms).slice();
  }

  #last(ms: number): Float32Array {
    return this.#heard.subarray(this.#heard.length - Math.min(this.#heard.length, ms * 8));
  }
}

/** Mean square of a sine of this frequency in it. */
export function goertzelPower(samples: Float32Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8_000);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample + coefficient * last - before;
    before = last;
    last = next;
  }
  return (2 * (last ** 2 + before ** 2 - coefficient * last * before)) / samples.length ** 2;
}

/** Two frequencies, one of each group, that are most of what is in 20 ms. Good enough for an exchange that listens for nothing else. */
function dtmfDigitIn(block: Float32Array): string | null {
  let square = 0;
  for (const sample of block) square += sample ** 2;
  const power = square / block.length;
  if (decibels(power) < leastDbm0) return null;
  const low = dtmfLowHz.map((hz) => goertzelPower(block, hz));
  const high = dtmfHighHz.map((hz) => goertzelPower(block, hz));
  const row = low.indexOf(Math.max(...low));
  const column = high.indexOf(Math.max(...high));
  const [weaker, stronger] = [low[row]!, high[column]!].sort((a, b) => a - b) as [number, number];
  // A block that the digit only partly fills has a smaller share of its own frequencies: it is left to the next one.
  return weaker + stronger > 0.75 * power && weaker > stronger / 20 ? dtmfKeys[row * 4 + column]! : null;
}

function decibels(power: number): number {
  return 10 * Math.log10(power / rms0Dbm0 ** 2);
}

const leastDbm0 = -42;
