import { rms0Dbm0 } from '../signals.ts';
import g168 from './g168.json' with { type: 'json' };

/** ITU-T G.168 6.4.1.2.1: what is measured is what passes 300 to 3400 Hz. The filter's delay is taken away. */
export function bandPass(signal: ArrayLike<number>): Float64Array {
  const taps = Float64Array.from(g168.levelMeasurementBandpass);
  const middle = (taps.length - 1) / 2;
  const { length } = signal;
  const padded = new Float64Array(length + 2 * middle);
  padded.set(signal, middle);
  const passed = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    let sum = taps[middle]! * padded[n + middle]!;
    for (let k = 1; k <= middle; k++) sum += taps[middle + k]! * (padded[n + middle - k]! + padded[n + middle + k]!);
    passed[n] = sum;
  }
  return passed;
}

/** The meter of 6.4.1.2.1: the energy of a signal in the band, and its root mean square over any stretch, by default 35 ms. */
export class LevelMeter {
  /** Energy before sample n. */
  readonly #energy: Float64Array;

  /** Of samples [from, to) of the signal, which are then counted from zero. */
  constructor(signal: ArrayLike<number>, from = 0, to = signal.length) {
    const begin = Math.max(0, from - filterSamples);
    const passed = bandPass(Float64Array.from({ length: Math.min(signal.length, to + filterSamples) - begin }, (_, n) => signal[begin + n]!));
    this.#energy = new Float64Array(to - from + 1);
    for (let n = 0; n < to - from; n++) this.#energy[n + 1] = this.#energy[n]! + passed[from - begin + n]! ** 2;
  }

  get samples(): number {
    return this.#energy.length - 1;
  }

  /** dBm0 of samples [from, to); -Infinity for silence. */
  levelDbm0(from = 0, to = this.samples): number {
    const energy = Math.max(0, this.#energy[to]! - this.#energy[from]!);
    return 10 * Math.log10(energy / Math.max(1, to - from) / rms0Dbm0 ** 2);
  }

  /** dBm0 of the 35 ms before `sample`. */
  at(sample: number): number {
    return this.levelDbm0(Math.max(0, sample - windowSamples), sample);
  }

  /** The highest reading in [from, to). */
  peakDbm0(from = 0, to = this.samples): number {
    let peak = -Infinity;
    for (let n = from + windowSamples; n <= to; n += 8) peak = Math.max(peak, this.at(n));
    return peak;
  }
}

/** What lies so far outside of a stretch does not reach into it. */
const filterSamples = 50;

/** 35 ms. */
export const windowSamples = 280;
