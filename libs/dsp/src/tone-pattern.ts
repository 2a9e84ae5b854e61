import type { Sound } from './sound.ts';
import type { Tone, ToneSegment } from './tone.ts';

/** How far a tone may be from its description. */
export interface ToneTolerance {
  /** Of every frequency, beside 2.5 Hz; 0.015. */
  readonly frequency: number;
  /** Of every duration, beside 15 ms; 0.12. */
  readonly cadence: number;
  /** Of a sound's power; -35 … 3 dBm0. */
  readonly leastDbm0: number;
  readonly mostDbm0: number;
  /** Between components that should be equal; 8 dB. */
  readonly twistDb: number;
}

/** A tone made ready for comparison with what was heard: alike neighbours joined, modulation as sidebands. */
export interface TonePattern {
  readonly segments: readonly SegmentPattern[];
  /** Null: it ends. */
  readonly repeatFrom: number | null;
}

export interface SegmentPattern {
  /** None is a pause; rising. */
  readonly frequenciesHz: readonly number[];
  /** Beside the strongest. */
  readonly powers: readonly number[];
  /** Of components too close to be told apart by frequency; 0 without. */
  readonly beatHz: number;
  readonly sweep: { readonly fromHz: number; readonly toHz: number } | null;
  readonly levelDb: number;
  /** The same as a factor of power. */
  readonly level: number;
  /** Samples; Infinity for ever. */
  readonly length: number;
  /** Where its source allows more than is usual: hertz, and part of the length. */
  readonly frequencyHz: number;
  readonly cadence: number;
  /** By how many samples its edges may be misread: more where the null of a slow beat may lie at an edge. */
  readonly blurSamples: number;
}

export function tonePattern(tone: Tone, { frequencyHz = 0, cadence = 0 }: { readonly frequencyHz?: number; readonly cadence?: number } = {}): TonePattern {
  const segments: SegmentPattern[] = [];
  let repeatFrom = tone.repeatFrom === undefined ? 0 : tone.repeatFrom;
  for (const [index, segment] of tone.segments.entries()) {
    if (index === tone.repeatFrom) repeatFrom = segments.length;
    const pattern = { ...segmentPattern(segment), frequencyHz, cadence, blurSamples: edgeBlur + slowestBeat(tone) };
    const before = segments.at(-1);
    // What continues without an edge is heard as one, unless the cadence comes back to between the two.
    if (before !== undefined && repeatFrom !== segments.length && alike(before, pattern)) segments[segments.length - 1] = { ...before, length: before.length + pattern.length };
    else segments.push(pattern);
  }
  if (repeatFrom === 0 || repeatFrom === null) dropShortGaps(segments);
  const [first, last] = [segments[0]!, segments.at(-1)!];
  if (repeatFrom === 0 && segments.length > 1 && alike(first, last)) {
    segments.shift();
    segments[segments.length - 1] = { ...last, length: last.length + first.length };
  }
  if (repeatFrom === 0 && segments.length === 1) segments[0] = { ...segments[0]!, length: Infinity };
  return { segments, repeatFrom };
}

/** How far a sound is from a segment by frequency, 0 … 1 within the tolerance; -1 for another. */
export function frequencyDistance(sound: Sound, segment: SegmentPattern, tolerance: ToneTolerance): number {
  if (segment.sweep !== null) return withinSweep(sound, segment.sweep) ? 0.5 : -1;
  if (!sound.steadyTone) return -1;
  const { frequenciesHz, powers, beatHz } = segment;
  // A short sound is seen through a window that reaches over its edges.
  const blur = sound.frames > 0 ? 2.5 : 5;
  let [matched, distance] = [0, 0];
  for (let n = 0; n < sound.components; n++) {
    const hz = sound.frequenciesHz[n]!;
    const nearest = nearestIndex(frequenciesHz, hz);
    const part = Math.abs(hz - frequenciesHz[nearest]!) / (Math.max(frequenciesHz[nearest]! * tolerance.frequency, segment.frequencyHz) + blur);
    if (part <= 1) {
      matched++;
      distance += part;
      const db = 10 * Math.log10(sound.powers[n]! / sound.powers[0]! / powers[nearest]!);
      if (Math.abs(db) > tolerance.twistDb) return -1;
    } else if (sound.powers[n]! > sound.powers[0]! * stranger) return -1;
  }
  if (matched !== frequenciesHz.length) return -1;
  const length = sound.to - sound.from;
  if (beatHz > 0) {
    if (sound.unsteadiness < 0.25 || (length > 1_600 && Math.abs(sound.beatHz / beatHz - 1) > 0.15)) return -1;
  } else if (frequenciesHz.length === 1 && sound.unsteadiness > 0.3) return -1;
  return distance / matched;
}

/** Whether one of its segments has about this frequency, or sweeps. */
export function hasFrequency({ segments }: TonePattern, hz: number, tolerance: ToneTolerance): boolean {
  for (let n = 0; n < segments.length; n++) {
    const { frequenciesHz, frequencyHz, sweep } = segments[n]!;
    if (sweep !== null) return true;
    for (let m = 0; m < frequenciesHz.length; m++) if (Math.abs(frequenciesHz[m]! - hz) < Math.max(frequenciesHz[m]! * tolerance.frequency, frequencyHz) + 6) return true;
  }
  return false;
}

/** How far a duration is from a segment's, 0 … 1 within the tolerance, more beyond; negative for too short. */
export function lengthDistance(length: number, segment: SegmentPattern, tolerance: ToneTolerance): number {
  return (length - segment.length) / (segment.length * Math.max(tolerance.cadence, segment.cadence) + segment.blurSamples);
}

export function isPause(segment: SegmentPattern): boolean {
  return segment.frequenciesHz.length === 0 && segment.sweep === null;
}

function segmentPattern({ frequenciesHz, modulation, sweepToHz, levelDb = 0, durationMs }: ToneSegment): Omit<SegmentPattern, 'frequencyHz' | 'cadence' | 'blurSamples'> {
  const shared = { levelDb, level: 10 ** (levelDb / 10), length: durationMs === null ? Infinity : durationMs * samplesPerMs };
  if (sweepToHz !== undefined) return { ...shared, frequenciesHz: [], powers: [], beatHz: 0, sweep: { fromHz: Math.min(frequenciesHz[0]!, sweepToHz), toHz: Math.max(frequenciesHz[0]!, sweepToHz) } };
  const components = frequenciesHz.map((hz) => ({ hz, power: 1 }));
  if (modulation !== undefined && modulation.depth >= leastDepth) {
    const power = (modulation.depth / 2) ** 2;
    components.push({ hz: frequenciesHz[0]! - modulation.frequencyHz, power }, { hz: frequenciesHz[0]! + modulation.frequencyHz, power });
  }
  components.sort((a, b) => a.hz - b.hz);
  let beatHz = 0;
  const joined: { hz: number; power: number; last: number }[] = [];
  for (const { hz, power } of components) {
    const before = joined.at(-1);
    if (before === undefined || hz - before.last >= closestHz) joined.push({ hz, power, last: hz });
    else {
      beatHz = hz - before.last;
      before.hz = (before.hz * before.power + hz * power) / (before.power + power);
      before.power += power;
      before.last = hz;
    }
  }
  const strongest = Math.max(...joined.map(({ power }) => power));
  return { ...shared, frequenciesHz: joined.map(({ hz }) => hz), powers: joined.map(({ power }) => power / strongest), beatHz, sweep: null };
}

/** A quarter of the period of its slowest beat, in samples; 0 where components are 40 Hz apart and more. */
function slowestBeat({ segments }: Tone): number {
  let slowestHz = 40;
  for (const { frequenciesHz, modulation } of segments) {
    if (modulation !== undefined) slowestHz = Math.min(slowestHz, modulation.frequencyHz);
    const rising = frequenciesHz.toSorted((a, b) => a - b);
    for (let n = 1; n < rising.length; n++) slowestHz = Math.min(slowestHz, rising[n]! - rising[n - 1]!);
  }
  return slowestHz < 40 ? 2_000 / slowestHz : 0;
}

/** Gaps of up to 45 ms between different frequencies (special information tone) are heard or not. */
function dropShortGaps(segments: SegmentPattern[]): void {
  for (let n = segments.length - 2; n > 0; n--) {
    const [before, gap, after] = [segments[n - 1]!, segments[n]!, segments[n + 1]!];
    if (!isPause(gap) || gap.length > shortGapSamples || isPause(before) || isPause(after) || alike(before, after)) continue;
    segments.splice(n - 1, 3, { ...before, length: before.length + gap.length / 2 }, { ...after, length: after.length + gap.length / 2 });
  }
}

function alike(a: SegmentPattern, b: SegmentPattern): boolean {
  if (a.sweep !== null || b.sweep !== null) return false;
  if (isPause(a) || isPause(b)) return isPause(a) && isPause(b);
  return Math.abs(a.levelDb - b.levelDb) < 8 && a.beatHz === b.beatHz && a.frequenciesHz.length === b.frequenciesHz.length && a.frequenciesHz.every((hz, n) => Math.abs(hz - b.frequenciesHz[n]!) < 20);
}

function withinSweep(sound: Sound, { fromHz, toHz }: { readonly fromHz: number; readonly toHz: number }): boolean {
  return sound.power > 0 && sound.components > 0 && sound.frequenciesHz[0]! > fromHz * 0.95 && sound.frequenciesHz[0]! < toHz * 1.05;
}

function nearestIndex(values: readonly number[], value: number): number {
  let nearest = 0;
  for (let n = 1; n < values.length; n++) if (Math.abs(values[n]! - value) < Math.abs(values[nearest]! - value)) nearest = n;
  return nearest;
}

const samplesPerMs = 8;
/** 45 ms. */
export const shortGapSamples = 360;
/** 15 ms. */
const edgeBlur = 120;
/** A fainter modulation (sidebands of -14 dB) is not to be seen beside the carrier. */
const leastDepth = 0.4;
const closestHz = 20.5;
/** A component that does not belong, beside the strongest: -10 dB. */
const stranger = 0.1;
