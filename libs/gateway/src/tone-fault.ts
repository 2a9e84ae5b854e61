import { isBetween, isObject } from './fields.ts';

/** A tone that can be played: @tipring/dsp's Tone. */
export function toneFault(value: unknown, name = 'signal.tone'): string | null {
  if (!isObject(value) || !Array.isArray(value.segments) || value.segments.length === 0 || value.segments.length > mostToneSegments) return `${name} must have 1 to ${mostToneSegments} segments`;
  const repeats = value.repeatFrom;
  if (repeats !== undefined && repeats !== null && !(Number.isInteger(repeats) && isBetween(repeats, 0, value.segments.length - 1))) return `${name}.repeatFrom must be the number of a segment, or null`;
  return (value.segments as unknown[]).every(isSegment) ? null : `${name}.segments: each needs up to four frequenciesHz of 20 to 3900, and durationMs or null`;
}

function isSegment(value: unknown): boolean {
  if (!isObject(value) || !Array.isArray(value.frequenciesHz) || value.frequenciesHz.length > 4) return false;
  if (!value.frequenciesHz.every((frequency) => isBetween(frequency, 20, 3900))) return false;
  if (value.sweepToHz !== undefined && !isBetween(value.sweepToHz, 20, 3900)) return false;
  if (value.levelDb !== undefined && !isBetween(value.levelDb, -60, 20)) return false;
  const { modulation } = value;
  if (modulation !== undefined && (value.frequenciesHz.length !== 1 || !isObject(modulation) || !isBetween(modulation.frequencyHz, 1, 200) || !isBetween(modulation.depth, 0, 1))) return false;
  return value.durationMs === null || isBetween(value.durationMs, 1, 3_600_000);
}

/** Of DTMF. */
export const digits = '0123456789*#ABCD';
const mostToneSegments = 32;
