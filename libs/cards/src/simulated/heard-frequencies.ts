import { rms0Dbm0 } from '../twin/disturbance.ts';
import { Fourier } from '../twin/fourier.ts';
import type { HeardFrequency } from './simulator-state.ts';

/** The sines in a sound at 8 kHz, for people and tests: of 400 ms they are told apart from 20 Hz on. */
export function heardFrequencies(samples: Float32Array): readonly HeardFrequency[] {
  // No part of it is louder than the whole.
  if ((levelOf(samples) ?? -Infinity) < leastDbm0) return [];
  const power = spectrum(samples);
  const found: HeardFrequency[] = [];
  for (let k = Math.ceil(lowestHz / binHz); k < points / 2 - 1; k++) {
    const here = power[k]!;
    if (here < leastPower || here < power[k - 1]! || here <= power[k + 1]!) continue;
    found.push(peakAt(power, k));
  }
  found.sort((a, b) => b.dbm0 - a.dbm0);
  return found.filter(({ hz, dbm0 }, at) => at === 0 || (dbm0 > found[0]!.dbm0 - widestDb && !found.slice(0, at).some((stronger) => isLeakage(dbm0 - stronger.dbm0, Math.abs(hz - stronger.hz))))).slice(0, most);
}

/** dBm0; null for nothing. */
export function levelOf(samples: Float32Array): number | null {
  const mean = samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
  const dbm0 = 10 * Math.log10(mean / rms0Dbm0 ** 2);
  return dbm0 < faintestDbm0 ? null : tenths(dbm0);
}

/** What a tone that begins or ends within the sound leaves beside itself. */
function isLeakage(db: number, hz: number): boolean {
  return (db < -10 && hz < 60) || (db < -20 && hz < 200);
}

/** Between the bins, by a parabola through three levels. */
function peakAt(power: Float64Array, k: number): HeardFrequency {
  const [before, here, after] = [power[k - 1]!, power[k]!, power[k + 1]!].map((value) => 10 * Math.log10(value + 1e-9)) as [number, number, number];
  const offset = (0.5 * (before - after)) / (before - 2 * here + after);
  return { hz: tenths((k + offset) * binHz), dbm0: tenths(here - 0.25 * (before - after) * offset - 20 * Math.log10(rms0Dbm0)) };
}

/** Mean square of a sine at each bin, through a Hann window. Good until the next call. */
function spectrum(samples: Float32Array): Float64Array {
  const length = Math.min(points, samples.length);
  im.fill(0);
  re.fill(0, length);
  for (let n = 0; n < length; n++) re[n] = samples[n]! * (1 - Math.cos((2 * Math.PI * (n + 0.5)) / length));
  fourier.transform(re, im);
  // The window's mean is one: a sine of amplitude A has A·length/2 in its bin, and a mean square of A²/2.
  for (let k = 0; k < points / 2; k++) powers[k] = (2 * (re[k]! ** 2 + im[k]! ** 2)) / length ** 2;
  return powers;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

const points = 4_096;
const binHz = 8_000 / points;
const fourier = new Fourier(points);
/** Worked in, one sound at a time. */
const re = new Float64Array(points);
const im = new Float64Array(points);
const powers = new Float64Array(points / 2);
const lowestHz = 40;
const most = 6;
const widestDb = 30;
const faintestDbm0 = -70;
const leastDbm0 = -45;
const leastPower = rms0Dbm0 ** 2 * 10 ** (leastDbm0 / 10);
