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
  #noise = 0;
  /** Periods of the hum, in whole samples: 20 ms at 50 Hz, three of them at 60 Hz. */
  #hum: Float32Array | null = null;
  #humAt = 0;
  #state: number;
  #click = { amplitude: 0, samples: 0 };

  constructor(what: Disturbance, seed: number) {
    this.#state = (seed * 2_654_435_769) | 0 || 1;
    this.what = what;
  }

  set what({ noiseDbm0, hum }: Disturbance) {
    this.#noise = noiseDbm0 === null ? 0 : amplitudeOf(noiseDbm0) / deviationOfBytes;
    this.#hum = hum === null ? null : humOf(hum.hz, amplitudeOf(hum.levelDbm0) * Math.SQRT2);
    this.#humAt = 0;
  }

  /** So many volts for so long, in place of the last. */
  click(voltsRms: number, ms: number): void {
    this.#click = { amplitude: 2 * amplitudeOf(20 * Math.log10(voltsRms / volts0Dbm0)), samples: Math.round(ms * 8) };
  }

  add(into: Float32Array, from = 0, to: number = into.length): void {
    const click = this.#click;
    for (let n = from; n < to && click.samples > 0; n++, click.samples--) into[n]! += click.amplitude * (this.#random() / 2 ** 32) * Math.sqrt(3);
    if (this.#noise > 0) this.#addNoise(into, from, to);
    if (this.#hum !== null) this.#addHum(this.#hum, into, from, to);
  }

  /** Four uniform bytes of one random word: near enough to Gaussian. */
  #addNoise(into: Float32Array, from: number, to: number): void {
    const noise = this.#noise;
    let state = this.#state;
    for (let n = from; n < to; n++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      into[n]! += noise * ((state & 0xff) + ((state >>> 8) & 0xff) + ((state >>> 16) & 0xff) + (state >>> 24) - 510);
    }
    this.#state = state;
  }

  #addHum(hum: Float32Array, into: Float32Array, from: number, to: number): void {
    for (let n = from; n < to; n++) {
      into[n]! += hum[this.#humAt]!;
      if (++this.#humAt === hum.length) this.#humAt = 0;
    }
  }

  /** xorshift32: as a signed word, which the processor has. */
  #random(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (this.#state = state);
  }
}

function humOf(hz: 50 | 60, peak: number): Float32Array {
  return Float32Array.from({ length: hz === 50 ? 160 : 400 }, (_, n) => harmonics.reduce((sum, { times, share }) => sum + peak * share * Math.sin((2 * Math.PI * times * hz * n) / 8_000), 0));
}

/** 1 mW in 600 Ω. */
const volts0Dbm0 = 0.7746;
/** Of the sum of four. */
const deviationOfBytes = Math.sqrt((4 * (256 ** 2 - 1)) / 12);
/** Together of power 1. */
const harmonics = [
  { times: 1, share: Math.sqrt(0.7) },
  { times: 3, share: Math.sqrt(0.2) },
  { times: 5, share: Math.sqrt(0.1) },
];
