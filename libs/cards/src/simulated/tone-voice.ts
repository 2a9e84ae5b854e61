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
  #length = Infinity;
  #peak = 0;
  readonly #phases: number[] = [];

  constructor(tone: Tone, levelDbm0: number) {
    this.#tone = tone;
    this.#levelDbm0 = levelDbm0;
    this.#begin(0);
  }

  /** Adds to these samples of `into`. @returns false once the tone has ended */
  add(into: Float32Array, from = 0, to: number = into.length): boolean {
    let at = from;
    while (at < to && this.#segment !== undefined) {
      const until = Math.min(to, at + this.#length - this.#sample);
      this.#addSegment(this.#segment, into, at, until);
      this.#sample += until - at;
      at = until;
      if (this.#sample >= this.#length) this.#begin(this.#index + 1);
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
    const { frequenciesHz, modulation, levelDb = 0, durationMs } = segment;
    this.#length = durationMs === null ? Infinity : Math.max(1, Math.ceil(durationMs * 8));
    // Sines of equal level, whose powers add; modulation adds half its depth's square.
    const powers = Math.max(1, frequenciesHz.length) * (1 + (modulation?.depth ?? 0) ** 2 / 2);
    this.#peak = (amplitudeOf(this.#levelDbm0 + levelDb) * Math.SQRT2) / Math.sqrt(powers);
    this.#phases.splice(0, this.#phases.length, ...frequenciesHz.map(() => 0), 0);
  }

  #addSegment(segment: ToneSegment, into: Float32Array, from: number, to: number): void {
    const { frequenciesHz, modulation, sweepToHz } = segment;
    if (modulation !== undefined || sweepToHz !== undefined) {
      for (let n = from; n < to; n++) into[n]! += this.#moving(segment, this.#sample + n - from);
      return;
    }
    for (let k = 0; k < frequenciesHz.length; k++) this.#addSine(k, frequenciesHz[k]!, into, from, to);
  }

  /** A pointer that turns by the same angle for each sample; set anew for each part, so that it keeps its length. */
  #addSine(oscillator: number, hz: number, into: Float32Array, from: number, to: number): void {
    const turn = (2 * Math.PI * hz) / 8_000;
    const phase = this.#phases[oscillator]!;
    const cosine = Math.cos(turn);
    const sine = Math.sin(turn);
    let x = this.#peak * Math.cos(phase);
    let y = this.#peak * Math.sin(phase);
    for (let n = from; n < to; n++) {
      into[n]! += y;
      const next = x * cosine - y * sine;
      y = x * sine + y * cosine;
      x = next;
    }
    this.#phases[oscillator] = (phase + turn * (to - from)) % (2 * Math.PI);
  }

  #moving({ frequenciesHz, modulation, sweepToHz, durationMs }: ToneSegment, sample: number): number {
    let sum = 0;
    for (let k = 0; k < frequenciesHz.length; k++) {
      const sweep = sweepToHz === undefined || durationMs === null ? 0 : ((sweepToHz - frequenciesHz[k]!) * sample) / (durationMs * 8);
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
