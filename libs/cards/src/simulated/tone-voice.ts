import type { Tone, ToneSegment } from '@tipring/dsp';
import { amplitudeOf } from '../twin/disturbance.ts';

/** Plays a tone at a far end, a sample at a time. Its own reckoning, not the gateway's: what plays and what listens have no mistake in common. */
export class ToneVoice {
  readonly #tone: Tone;
  readonly #levelDbm0: number;
  #index = 0;
  /** Undefined: the tone has ended. */
  #segment: ToneSegment | undefined;
  #sample = 0;
  #peak = 0;
  readonly #phases: number[] = [];

  constructor(tone: Tone, levelDbm0: number) {
    this.#tone = tone;
    this.#levelDbm0 = levelDbm0;
    this.#begin(0);
  }

  /** Adds to `into`. @returns false once the tone has ended */
  add(into: Float32Array): boolean {
    for (let n = 0; n < into.length && this.#segment !== undefined; n++) {
      into[n]! += this.#next(this.#segment);
      if (this.#segment.durationMs !== null && ++this.#sample >= this.#segment.durationMs * 8) this.#begin(this.#index + 1);
    }
    return this.#segment !== undefined;
  }

  #begin(index: number): void {
    const { segments, repeatFrom = 0 } = this.#tone;
    this.#index = index < segments.length ? index : (repeatFrom ?? segments.length);
    const segment = segments[this.#index];
    this.#segment = segment;
    this.#sample = 0;
    if (segment === undefined) return;
    const { frequenciesHz, modulation, levelDb = 0 } = segment;
    // Sines of equal level, whose powers add; modulation adds half its depth's square.
    const powers = Math.max(1, frequenciesHz.length) * (1 + (modulation?.depth ?? 0) ** 2 / 2);
    this.#peak = (amplitudeOf(this.#levelDbm0 + levelDb) * Math.SQRT2) / Math.sqrt(powers);
    this.#phases.splice(0, this.#phases.length, ...frequenciesHz.map(() => 0), 0);
  }

  #next({ frequenciesHz, modulation, sweepToHz, durationMs }: ToneSegment): number {
    let sum = 0;
    for (let k = 0; k < frequenciesHz.length; k++) {
      const sweep = sweepToHz === undefined || durationMs === null ? 0 : ((sweepToHz - frequenciesHz[k]!) * this.#sample) / (durationMs * 8);
      sum += this.#peak * Math.sin(this.#turn(k, frequenciesHz[k]! + sweep));
    }
    return modulation === undefined ? sum : sum * (1 + modulation.depth * Math.sin(this.#turn(frequenciesHz.length, modulation.frequencyHz)));
  }

  /** The phase before it goes on. */
  #turn(oscillator: number, hz: number): number {
    const phase = this.#phases[oscillator]!;
    this.#phases[oscillator] = (phase + (2 * Math.PI * hz) / 8_000) % (2 * Math.PI);
    return phase;
  }
}
