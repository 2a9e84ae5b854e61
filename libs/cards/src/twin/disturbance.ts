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
  #click = { amplitude: 0, samples: 0 };

  constructor(what: Disturbance, seed: number) {
    this.#what = what;
    this.#state = (seed * 2_654_435_769) >>> 0 || 1;
  }

  /** So many volts for so long, in place of the last. */
  click(voltsRms: number, ms: number): void {
    this.#click = { amplitude: 2 * amplitudeOf(20 * Math.log10(voltsRms / volts0Dbm0)), samples: Math.round(ms * 8) };
  }

  add(into: Float32Array): void {
    const click = this.#click;
    for (let n = 0; n < into.length && click.samples > 0; n++, click.samples--) into[n]! += click.amplitude * (this.#random() - 0.5) * Math.sqrt(3);
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

/** 1 mW in 600 Ω. */
const volts0Dbm0 = 0.7746;
/** Together of power 1. */
const harmonics = [
  { times: 1, share: Math.sqrt(0.7) },
  { times: 3, share: Math.sqrt(0.2) },
  { times: 5, share: Math.sqrt(0.1) },
];
