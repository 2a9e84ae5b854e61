import type { Tone, ToneSegment } from '@tipring/dsp';
import { amplitudeOf } from '../twin/disturbance.ts';

/** Plays a tone at a far end, a sample at a time. Its own reckoning, not the gateway's: what plays and what listens have no mistake in common. */
export class ToneVoice {
  readonly #tone: Tone;
  readonly #levelDbm0: number;
  #segment = 0;
  #sample = 0;
  #phases: number[] = [];

  constructor(tone: Tone, levelDbm0: number) {
    this.#tone = tone;
    this.#levelDbm0 = levelDbm0;
  }

  /** Adds to `into`. @returns false once the tone has ended */
  add(into: Float32Array): boolean {
    for (let n = 0; n < into.length; n++) {
      const segment = this.#current();
      if (segment === undefined) return false;
      into[n]! += this.#next(segment);
    }
    return true;
  }

  #current(): ToneSegment | undefined {
    for (let skipped = 0; skipped <= this.#tone.segments.length; skipped++) {
      const segment = this.#tone.segments[this.#segment];
      if (segment === undefined || segment.durationMs === null || this.#sample < segment.durationMs * 8) return segment;
      this.#sample = 0;
      this.#phases = [];
      const repeatFrom = this.#tone.repeatFrom === undefined ? 0 : this.#tone.repeatFrom;
      this.#segment = this.#segment + 1 < this.#tone.segments.length ? this.#segment + 1 : (repeatFrom ?? this.#tone.segments.length);
    }
    return undefined;
  }

  #next({ frequenciesHz, modulation, sweepToHz, levelDb = 0, durationMs }: ToneSegment): number {
    const at = this.#sample++;
    const depth = modulation === undefined ? 0 : modulation.depth;
    // Sines of equal level, whose powers add; modulation adds half its depth's square.
    const peak = (amplitudeOf(this.#levelDbm0 + levelDb) * Math.SQRT2) / Math.sqrt(Math.max(1, frequenciesHz.length) * (1 + depth ** 2 / 2));
    let sum = 0;
    for (let k = 0; k < frequenciesHz.length; k++) {
      const sweep = sweepToHz === undefined || durationMs === null ? 0 : ((sweepToHz - frequenciesHz[k]!) * at) / (durationMs * 8);
      const phase = this.#phases[k] ?? 0;
      sum += peak * Math.sin(phase);
      this.#phases[k] = phase + (2 * Math.PI * (frequenciesHz[k]! + sweep)) / 8_000;
    }
    return modulation === undefined ? sum : sum * (1 + depth * Math.sin((2 * Math.PI * modulation.frequencyHz * at) / 8_000));
  }
}
