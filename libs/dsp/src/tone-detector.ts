import { SoundHistory } from './sound-history.ts';
import type { ToneAnalyzers } from './tone-analyzer.ts';
import { continuous, type Fit, fitPattern, isCertain } from './tone-fit.ts';
import { hasFrequency, type TonePattern } from './tone-pattern.ts';
import { ToneSet } from './tone-set.ts';

export interface RecognisedTone {
  readonly id: string;
  /** 0 … 1: how near to the description frequencies and cadence are, and how alike its repetitions. */
  readonly confidence: number;
  /** Samples since the channel's reset, when it was certain. */
  readonly atSample: number;
  /** Of its cadence, heard so far; of a continuous tone 1. */
  readonly cycles: number;
}

/**
 * Recognises tones by frequencies, cadence and level. What is still the beginning of another tone of the set is waited for:
 * dial tone of 425 Hz where ringing is 1 s of it is recognised after 1.1 s.
 */
export class ToneDetectors {
  readonly #analyzers: ToneAnalyzers;
  readonly #channels: readonly Channel[];

  constructor(analyzers: ToneAnalyzers) {
    this.#analyzers = analyzers;
    this.#channels = Array.from({ length: analyzers.channels }, () => new Channel());
  }

  /** Begins anew with these tones; the channel forgets what it heard. */
  watch(channel: number, tones: ToneSet): void {
    this.#analyzers.reset(channel);
    this.#channels[channel]!.begin(tones);
  }

  /** After each `process` of the channel's group. The tone that is recognised now, once; null nearly always. */
  listen(channel: number): RecognisedTone | null {
    return this.#channels[channel]!.listen(this.#analyzers, channel);
  }

  /** What is being heard, with its cycles so far; null when it has ended or changed. */
  current(channel: number): RecognisedTone | null {
    return this.#channels[channel]!.current;
  }

  /** What the channel was heard to do; the learner reads it. */
  history(channel: number): SoundHistory {
    return this.#channels[channel]!.history;
  }
}

class Channel {
  readonly history = new SoundHistory();
  current: RecognisedTone | null = null;
  #set = new ToneSet([]);
  #fits: Fit[] = [];
  #judgedReady = 0;
  #judgedAt = 0;

  begin(set: ToneSet): void {
    this.#set = set;
    this.#fits = set.tones.map(() => ({ matched: -1, segments: 0, headFits: false, final: false, distance: 0 }));
    this.current = null;
    this.#judgedReady = this.#judgedAt = 0;
    this.history.reset();
  }

  listen(analyzers: ToneAnalyzers, channel: number): RecognisedTone | null {
    const set = this.#set;
    if (!this.history.listen(analyzers, channel)) return null;
    const { history } = this;
    if (history.ready === this.#judgedReady && history.now - this.#judgedAt < judgeSamples) return null;
    this.#judgedReady = history.ready;
    this.#judgedAt = history.now;
    const best = this.#bestFit(set);
    if (best < 0) {
      if (this.current !== null && this.#judgeEnd(set)) this.current = null;
      return null;
    }
    const { id, pattern } = set.tones[best]!;
    const fit = this.#fits[best]!;
    const cycle = pattern.segments.length - (pattern.repeatFrom ?? 0);
    const cycles = continuous(pattern) ? 1 : (fit.segments + (fit.headFits ? 1 : 0)) / cycle;
    const before = this.current;
    const confidence = Math.max(0, Math.min(1, 1 - 0.5 * fit.distance));
    this.current = { id, confidence, atSample: before?.id === id ? before.atSample : history.now, cycles };
    return before?.id === id ? null : this.current;
  }

  /** Speech, music and other tones are passed over quickly. */
  #mayBeTone(pattern: TonePattern, { tolerance }: ToneSet): boolean {
    const { history } = this;
    for (let back = 0; back < 3 && back <= history.ready; back++) {
      const sound = history.sound(history.ready - back);
      if (sound.steadyTone && hasFrequency(pattern, sound.frequenciesHz[0]!, tolerance)) return true;
    }
    return false;
  }

  /** Nothing is certain now: does what was certain go on being possible? */
  #judgeEnd(set: ToneSet): boolean {
    // What has just begun is not known yet.
    if (this.history.lengthOf(this.history.sound(this.history.ready)) < unknownSamples) return false;
    for (let index = 0; index < set.tones.length; index++) {
      const { id, pattern } = set.tones[index]!;
      if (id === this.current!.id && this.#fits[index]!.matched >= (continuous(pattern) ? 0 : 1)) return false;
    }
    return true;
  }

  /** Index of the tone that it certainly is; -1 while it may be several or none. */
  #bestFit(set: ToneSet): number {
    let best = -1;
    for (let index = 0; index < set.tones.length; index++) {
      const { pattern } = set.tones[index]!;
      const fit = this.#fits[index]!;
      fit.matched = -1;
      if (!this.#mayBeTone(pattern, set)) continue;
      fitPattern(this.history, pattern, set, fit);
      if (!isCertain(this.history, pattern, set, fit)) continue;
      const than = best < 0 ? undefined : this.#fits[best]!;
      if (than === undefined || fit.matched > than.matched || (fit.matched === than.matched && fit.distance < than.distance)) best = index;
    }
    if (best < 0) return best;
    const { matched } = this.#fits[best]!;
    for (let index = 0; index < set.tones.length; index++) {
      const { id, pattern } = set.tones[index]!;
      const fit = this.#fits[index]!;
      if (id === set.tones[best]!.id || fit.matched < matched || fit.final) continue;
      if (!isCertain(this.history, pattern, set, fit)) return -1;
    }
    return best;
  }
}

/** While nothing new ended: 80 ms, for continuous tones and for pauses that become long enough. */
const judgeSamples = 640;
const unknownSamples = 1_280;
