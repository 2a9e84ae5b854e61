/** Test signals: Float64Array in units of 16-bit linear samples; levels in dBm0, 8 kHz unless told. Deterministic. */

/** Root mean square of 0 dBm0 (native-dsp/src/dsp.h, ITU-T G.711). */
export const rms0Dbm0 = 16_141;

/** Uniform in [0, 1). */
export type Random = () => number;

/** xorshift32; the same seed gives the same signal for ever. */
export function seededRandom(seed: number): Random {
  let state = (seed * 2_654_435_769) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

export function silence(samples: number): Float64Array {
  return new Float64Array(samples);
}

export function sine(frequencyHz: number, levelDbm0: number, samples: number, { rate = 8_000, phase = 0 }: { readonly rate?: number; readonly phase?: number } = {}): Float64Array {
  const peak = rms0Dbm0 * Math.SQRT2 * 10 ** (levelDbm0 / 20);
  return Float64Array.from({ length: samples }, (_, n) => peak * Math.sin(phase + (2 * Math.PI * frequencyHz * n) / rate));
}

/** White within the band of the sampling rate. */
export function gaussianNoise(levelDbm0: number, samples: number, random: Random): Float64Array {
  const deviation = rms0Dbm0 * 10 ** (levelDbm0 / 20);
  return Float64Array.from({ length: samples }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return deviation * radius * Math.cos(2 * Math.PI * random());
  });
}

export function addSamples(...signals: readonly ArrayLike<number>[]): Float64Array {
  const sum = new Float64Array(Math.max(...signals.map(({ length }) => length)));
  for (const signal of signals) for (let n = 0; n < signal.length; n++) sum[n]! += signal[n]!;
  return sum;
}

export function rms(signal: ArrayLike<number>, from = 0, to = signal.length): number {
  let sum = 0;
  for (let n = from; n < to; n++) sum += signal[n]! ** 2;
  return Math.sqrt(sum / Math.max(1, to - from));
}

/** Level of samples [from, to) in dBm0; -Infinity for silence. */
export function dbm0(signal: ArrayLike<number>, from = 0, to = signal.length): number {
  return 20 * Math.log10(rms(signal, from, to) / rms0Dbm0);
}

export function scaleTo(signal: ArrayLike<number>, levelDbm0: number): Float64Array {
  const factor = (rms0Dbm0 * 10 ** (levelDbm0 / 20)) / rms(signal);
  return Float64Array.from(signal, (value) => value * factor);
}

/** Through a G.711 A-law channel, by the decision values of table 1a: rounded, companded, expanded. */
export function aLawRoundTrip(signal: ArrayLike<number>): Int16Array {
  return Int16Array.from(signal, (value) => {
    const magnitude = Math.min(4_095, Math.floor(Math.abs(clamp(value)) / 8));
    // A-law works on 13 bits; within a segment all steps are equal, and a value is decoded to the middle of its step.
    const segment = magnitude < 64 ? 0 : Math.floor(Math.log2(magnitude)) - 5;
    const step = 2 << Math.max(0, segment);
    const decoded = Math.floor(magnitude / step) * step + step / 2;
    return (value < 0 ? -decoded : decoded) * 8;
  });
}

/** Through a G.711 µ-law channel. */
export function muLawRoundTrip(signal: ArrayLike<number>): Int16Array {
  return Int16Array.from(signal, (value) => {
    const biased = Math.min(8_158, Math.floor(Math.abs(clamp(value)) / 4)) + 33;
    const segment = Math.floor(Math.log2(biased)) - 5;
    const step = 2 << segment;
    const decoded = Math.floor(biased / step) * step + step / 2 - 33;
    return (value < 0 ? -decoded : decoded) * 4;
  });
}

function clamp(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
