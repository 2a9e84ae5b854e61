/** What a line adds to what it carries, as heard at an end; levels in dBm0, null is none. */
export interface Disturbance {
  /** White. */
  readonly noiseDbm0: number | null;
  /** Mains, with the odd harmonics that a ground loop brings (their levels are the same share of it everywhere). */
  readonly hum: { readonly hz: 50 | 60; readonly levelDbm0: number } | null;
}

export const undisturbed: Disturbance = { noiseDbm0: null, hum: null };

/** Root mean square of 0 dBm0 in units of 16-bit samples (ITU-T G.711; native-dsp/src/dsp.h). */
export const rms0Dbm0 = 16_141;

export function amplitudeOf(levelDbm0: number): number {
  return rms0Dbm0 * 10 ** (levelDbm0 / 20);
}

/** One end's; the same seed gives the same noise for ever. */
export class Disturber {
  readonly #what: Disturbance;
  #state: number;
  #sample = 0;

  constructor(what: Disturbance, seed: number) {
    this.#what = what;
    this.#state = (seed * 2_654_435_769) >>> 0 || 1;
  }

  add(into: Float32Array): void {
    const { noiseDbm0, hum } = this.#what;
    if (noiseDbm0 !== null) {
      // Three uniform numbers: near enough to Gaussian, of the variance of one.
      const amplitude = 2 * amplitudeOf(noiseDbm0);
      for (let n = 0; n < into.length; n++) into[n]! += amplitude * (this.#random() + this.#random() + this.#random() - 1.5);
    }
    if (hum === null) return;
    const amplitude = amplitudeOf(hum.levelDbm0) * Math.SQRT2;
    for (let n = 0; n < into.length; n++) {
      const angle = (2 * Math.PI * hum.hz * ((this.#sample + n) % 8_000)) / 8_000;
      for (const { times, share } of harmonics) into[n]! += amplitude * share * Math.sin(times * angle);
    }
    this.#sample += into.length;
  }

  /** xorshift32, uniform in [0, 1). */
  #random(): number {
    let state = this.#state;
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>>= 0;
    return state / 2 ** 32;
  }
}

/** Together of power 1. */
const harmonics = [
  { times: 1, share: Math.sqrt(0.7) },
  { times: 3, share: Math.sqrt(0.2) },
  { times: 5, share: Math.sqrt(0.1) },
];
