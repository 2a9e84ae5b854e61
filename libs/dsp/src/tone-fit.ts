import type { SoundHistory } from './sound-history.ts';
import type { Sound } from './sound.ts';
import { frequencyDistance, isPause, lengthDistance, shortGapSamples, type SegmentPattern, type TonePattern } from './tone-pattern.ts';
import type { ToneSet } from './tone-set.ts';

/** How a pattern fits the end of a history. */
export interface Fit {
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

/** Finds the place in the pattern where the end of the history is, by as many sounds as possible. */
export function fitPattern(history: SoundHistory, pattern: TonePattern, set: ToneSet, best: Fit): void {
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

export function isCertain(history: SoundHistory, pattern: TonePattern, set: ToneSet, fit: Fit): boolean {
  const { segments, repeatFrom } = pattern;
  if (fit.matched < 0) return false;
  const head = history.sound(history.ready);
  const heard = fit.segments + (fit.headFits ? 1 : 0);
  if (continuous(pattern)) {
    // What has ended was not continuous: it may be the rest of a burst that something broke in two.
    if (!fit.final || head.to !== Infinity || history.lengthOf(head) < set.continuousSamples || fit.segments < Math.min(3, segments.length - 1)) return false;
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

export function continuous({ segments }: TonePattern): boolean {
  return segments.at(-1)!.length === Infinity;
}

function nearest(values: readonly number[], value: number): number {
  let found = values[0]!;
  for (const one of values) if (Math.abs(one - value) < Math.abs(found - value)) found = one;
  return found;
}

const scratch: Fit = { matched: 0, segments: 0, headFits: false, final: false, distance: 0 };
const historyKept = 28;
const edgeSamples = 280;
const changeSamples = 960;
/** 8 dB below the tone before it. */
const pauseRatio = 0.16;
/** 3 dB. */
const mostLevelRatio = 2;
const mostRatioSpread = 0.01;
/** A cadence of more than 2.4 s is known after one and a half. */
const longCycle = 19_200;
