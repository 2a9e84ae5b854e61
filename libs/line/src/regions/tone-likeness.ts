import type { Tone, ToneSegment } from '@tipring/dsp';

/** What a detector allows either way, as a part: 0.02 is ±2 %. */
export interface Allowance {
  readonly frequency: number;
  readonly cadence: number;
}

/**
 * Whether a detector that allows so much takes one tone for the other. Levels are not compared: a detector that hears bursts
 * over a line of unknown loss cannot rely on them.
 */
export function soundAlike(a: Tone, b: Tone, allowance: Allowance): boolean {
  const [startA, loopA] = heard(a);
  const [startB, loopB] = heard(b);
  if (!alikeInOrder(startA, startB, allowance)) return false;
  // Who comes into a repeating tone hears it from any of its segments on; after a start of its own it has but one first segment.
  const turns = startA.length > 0 || a.repeatFrom === null ? 1 : Math.max(1, loopB.length);
  return (a.repeatFrom === null) === (b.repeatFrom === null) && Array.from({ length: turns }, (_, turn) => turned(loopB, turn)).some((loop) => alikeInOrder(loopA, loop, allowance));
}

/** The part that is heard once and the shortest part that repeats, with segments that sound alike made one. */
function heard({ segments, repeatFrom = 0 }: Tone): readonly [readonly ToneSegment[], readonly ToneSegment[]] {
  const from = repeatFrom ?? 0;
  return [joined(segments.slice(0, from)), shortestPeriod(joined(segments.slice(from)))];
}

function joined(segments: readonly ToneSegment[]): readonly ToneSegment[] {
  const out: ToneSegment[] = [];
  for (const segment of segments) {
    const last = out.at(-1);
    const same = last !== undefined && linesOf(last).join() === linesOf(segment).join();
    if (same && last.durationMs !== null && segment.durationMs !== null) out[out.length - 1] = { ...last, durationMs: last.durationMs + segment.durationMs };
    else out.push(segment);
  }
  return out;
}

function shortestPeriod(segments: readonly ToneSegment[]): readonly ToneSegment[] {
  const exact = { frequency: 0, cadence: 0 };
  for (let period = 1; period < segments.length; period++) {
    if (segments.length % period === 0 && alikeInOrder(segments, turned(segments, period), exact)) return segments.slice(0, period);
  }
  return segments;
}

function turned(segments: readonly ToneSegment[], by: number): readonly ToneSegment[] {
  return [...segments.slice(by), ...segments.slice(0, by)];
}

function alikeInOrder(a: readonly ToneSegment[], b: readonly ToneSegment[], allowance: Allowance): boolean {
  return a.length === b.length && a.every((segment, index) => segmentsAlike(segment, b[index]!, allowance));
}

function segmentsAlike(a: ToneSegment, b: ToneSegment, { frequency, cadence }: Allowance): boolean {
  const [linesA, linesB] = [linesOf(a), linesOf(b)];
  const durations = a.durationMs === null || b.durationMs === null ? a.durationMs === b.durationMs : within(a.durationMs, b.durationMs, cadence);
  return durations && linesA.length === linesB.length && linesA.every((line, index) => within(line, linesB[index]!, frequency));
}

/** The lines of the spectrum, in order: a modulated carrier has three. */
function linesOf({ frequenciesHz, modulation }: ToneSegment): readonly number[] {
  const sides = modulation === undefined ? [] : [-modulation.frequencyHz, modulation.frequencyHz].map((side) => frequenciesHz[0]! + side);
  return [...frequenciesHz, ...sides].sort((a, b) => a - b);
}

function within(a: number, b: number, part: number): boolean {
  return Math.abs(a - b) <= part * Math.max(a, b);
}
