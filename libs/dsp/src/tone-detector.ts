import { SoundHistory } from './sound-history.ts';
import type { Sound } from './sound.ts';
import type { Tone } from './tone.ts';
import type { ToneAnalyzers } from './tone-analyzer.ts';
import { frequencyDistance, hasFrequency, isPause, lengthDistance, shortGapSamples, tonePattern, type SegmentPattern, type TonePattern, type ToneTolerance } from './tone-pattern.ts';

/** A tone to be recognised; ids are the caller's, several tones may have the same. */
export interface WatchedTone {
  readonly id: string;
  readonly tone: Tone;
  /** What its source allows, where that is more than the set's: hertz of each frequency, and the part of each duration. */
  readonly tolerance?: { readonly frequencyHz?: number; readonly cadence?: number };
}

export interface RecognisedTone {
  readonly id: string;
  /** 0 … 1: how near to the description frequencies and cadence are, and how alike its repetitions. */
  readonly confidence: number;
  /** Samples since the channel's reset, when it was certain. */
  readonly atSample: number;
  /** Of its cadence, heard so far; of a continuous tone 1. */
  readonly cycles: number;
}

export interface ToneDetectorOptions extends Partial<ToneTolerance> {
  /** 2: cycles of its cadence before a tone is recognised; the last pause counts as soon as it is long enough. */
  readonly cycles?: number;
  /** 700: for how long a continuous tone must be heard. */
  readonly continuousMs?: number;
}

/** Made once from a regional plan, or several, and watched for on any number of channels. */
export class ToneSet {
  readonly tones: readonly { readonly id: string; readonly pattern: TonePattern }[];
  readonly tolerance: ToneTolerance;
  readonly cycles: number;
  readonly continuousSamples: number;
  /** Mean squares; 1 is 0 dBm0. */
  readonly leastPower: number;
  readonly mostPower: number;

  constructor(tones: readonly WatchedTone[], { cycles = 2, continuousMs = 700, ...tolerance }: ToneDetectorOptions = {}) {
    this.tones = tones.map(({ id, tone, tolerance: wider }) => ({ id, pattern: tonePattern(tone, wider) }));
    this.tolerance = { frequency: 0.015, cadence: 0.12, leastDbm0: -35, mostDbm0: 3, twistDb: 8, ...tolerance };
    this.leastPower = 10 ** (this.tolerance.leastDbm0 / 10);
    this.mostPower = 10 ** (this.tolerance.mostDbm0 / 10);
    this.cycles = cycles;
    this.continuousSamples = continuousMs * 8;
  }
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

/** How a pattern fits the end of a history. */
interface Fit {
  /** Sounds that have ended and fit, without a pause before the first tone. */
  matched: number;
  /** Segments that these are: a short gap between two frequencies is none. */
  segments: number;
  /** Of the sound at the end it is known already that it is long enough. */
  headFits: boolean;
  /** The head is at a segment after which nothing can come. */
  final: boolean;
  distance: number;
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

function fitPattern(history: SoundHistory, pattern: TonePattern, set: ToneSet, best: Fit): void {
  best.matched = -1;
  best.distance = 0;
  best.headFits = best.final = false;
  const { segments, repeatFrom } = pattern;
  const places = repeatFrom === null ? segments.length + 1 : segments.length;
  const head = history.sound(history.ready);
  const length = history.lengthOf(head);
  for (let place = 0; place < places; place++) {
    const segment = segments[place];
    let headFits = false;
    let headDistance = 0;
    if (segment !== undefined) {
      const off = lengthDistance(length, segment, set.tolerance);
      if (lengthDistance(length - (head.to === Infinity ? lag(pattern, place) : 0), segment, set.tolerance) > 1 || (head.to !== Infinity && off < -1)) continue;
      headDistance = contentDistance(history, history.ready, segment, set);
      if (headDistance < 0) continue;
      headFits = segment.length !== Infinity && off >= -1;
    }
    fitBackwards(history, pattern, set, place, scratch);
    if (segment !== undefined && isPause(segment) && scratch.matched === 0) continue;
    if (scratch.matched < best.matched || (scratch.matched === best.matched && scratch.distance >= best.distance)) continue;
    best.matched = scratch.matched;
    best.segments = scratch.segments;
    best.distance = scratch.matched === 0 ? headDistance : scratch.distance;
    best.headFits = headFits && scratch.matched > 0;
    best.final = segment === undefined || segment.length === Infinity || (repeatFrom === null && place === segments.length - 1 && isPause(segment));
  }
}

/** By how much the end of a sound shows later than it is: an edge by little, a change of frequency by more. */
function lag({ segments, repeatFrom }: TonePattern, place: number): number {
  const next = segments[place + 1] ?? (repeatFrom === null ? undefined : segments[repeatFrom]);
  return next === undefined || isPause(next) || isPause(segments[place]!) ? edgeSamples : changeSamples;
}

/** How many of the sounds before the head fit the segments before `place`. */
function fitBackwards(history: SoundHistory, pattern: TonePattern, set: ToneSet, place: number, fit: Fit): void {
  const { segments, repeatFrom } = pattern;
  fit.matched = fit.segments = 0;
  fit.distance = 0;
  let [sum, segmentsHere] = [0, 0];
  let [leastLevel, mostLevel, leastRatio, mostRatio] = [Infinity, 0, Infinity, 0];
  const oldest = Math.max(0, history.ready - historyKept);
  for (let index = history.ready - 1; index >= oldest; index--) {
    const before = place;
    let distance = -1;
    // Back round the cycle, and where that does not fit, into the part that is heard once.
    const round = repeatFrom !== null && place === repeatFrom ? segments.length - 1 : place - 1;
    let segment = round >= 0 ? segments[round] : undefined;
    if (segment !== undefined) distance = soundDistance(history, index, segment, set);
    place = round;
    if (distance < 0 && repeatFrom !== null && round === segments.length - 1 && repeatFrom > 0) {
      place = repeatFrom - 1;
      segment = segments[place]!;
      distance = soundDistance(history, index, segment, set);
    }
    if (segment !== undefined && distance < 0 && !isPause(segment) && index < history.ready - 1 && isShortGap(history, index)) {
      place = before;
      continue;
    }
    if (segment === undefined || distance < 0) break;
    segmentsHere++;
    sum += distance;
    if (!isPause(segment)) {
      const sound = history.sound(index);
      const level = sound.power / segment.level;
      leastLevel = Math.min(leastLevel, level);
      mostLevel = Math.max(mostLevel, level);
      if (segment.sweep === null) {
        const ratio = sound.frequenciesHz[0]! / nearest(segment.frequenciesHz, sound.frequenciesHz[0]!);
        leastRatio = Math.min(leastRatio, ratio);
        mostRatio = Math.max(mostRatio, ratio);
      }
      // An exchange repeats itself exactly; who plays or sings does not.
      if (mostLevel > leastLevel * mostLevelRatio || mostRatio - leastRatio > mostRatioSpread) break;
      fit.matched = history.ready - index;
      fit.segments = segmentsHere;
      fit.distance = sum / segmentsHere;
    }
  }
}

/** Between two tones, of which the window of its spectrum sees more than of itself. */
function isShortGap(history: SoundHistory, index: number): boolean {
  return index > 0 && history.lengthOf(history.sound(index)) <= shortGapSamples + edgeSamples / 2 && history.sound(index - 1).tonal;
}

function isCertain(history: SoundHistory, pattern: TonePattern, set: ToneSet, fit: Fit): boolean {
  const { segments, repeatFrom } = pattern;
  if (fit.matched < 0) return false;
  const head = history.sound(history.ready);
  const heard = fit.segments + (fit.headFits ? 1 : 0);
  if (continuous(pattern)) {
    if (!fit.final || history.lengthOf(head) < set.continuousSamples || fit.segments < Math.min(3, segments.length - 1)) return false;
    return true;
  }
  if (repeatFrom === null) return fit.final && heard >= segments.length;
  const cycle = segments.length - repeatFrom;
  const melody = segments.some((segment) => !isPause(segment) && Math.abs(segment.frequenciesHz[0]! - segments.find((one) => !isPause(one))!.frequenciesHz[0]!) > 20);
  if (melody) return heard >= cycle - (isPause(segments.at(-1)!) ? 1 : 0);
  let length = 0;
  for (let n = repeatFrom; n < segments.length; n++) length += segments[n]!.length;
  return heard >= Math.max(3, Math.ceil(cycle * (length > longCycle ? Math.min(1.5, set.cycles) : set.cycles)));
}

function soundDistance(history: SoundHistory, index: number, segment: SegmentPattern, set: ToneSet): number {
  if (segment.length === Infinity) return -1;
  const off = Math.abs(lengthDistance(history.lengthOf(history.sound(index)), segment, set.tolerance));
  if (off > 1) return -1;
  const content = contentDistance(history, index, segment, set);
  return content < 0 ? -1 : (off + content) / 2;
}

/** By frequency and level, for a pause by its level beside its neighbours'. */
function contentDistance(history: SoundHistory, index: number, segment: SegmentPattern, set: ToneSet): number {
  const sound = history.sound(index);
  if (!isPause(segment)) {
    if (!sound.steadyTone && segment.sweep === null) return -1;
    if (sound.power > 0 && (sound.power < set.leastPower * segment.level || sound.power > set.mostPower)) return -1;
    return frequencyDistance(sound, segment, set.tolerance);
  }
  const neighbour: Sound | null = index > 0 ? history.sound(index - 1) : null;
  if (neighbour !== null && neighbour.components > 0 && sound.power > neighbour.power * pauseRatio) return -1;
  return 0;
}

function continuous({ segments }: TonePattern): boolean {
  return segments.at(-1)!.length === Infinity;
}

function nearest(values: readonly number[], value: number): number {
  let found = values[0]!;
  for (const one of values) if (Math.abs(one - value) < Math.abs(found - value)) found = one;
  return found;
}

const scratch: Fit = { matched: 0, segments: 0, headFits: false, final: false, distance: 0 };
/** While nothing new ended: 80 ms, for continuous tones and for pauses that become long enough. */
const judgeSamples = 640;
const historyKept = 28;
const edgeSamples = 280;
const changeSamples = 960;
const unknownSamples = 1_280;
/** 8 dB below the tone before it. */
const pauseRatio = 0.16;
/** 3 dB. */
const mostLevelRatio = 2;
const mostRatioSpread = 0.01;
/** A cadence of more than 2.4 s is known after one and a half. */
const longCycle = 19_200;
