import { expect, test } from 'vitest';
import { dbm0, sine } from '../signals.ts';
import { bandDbm0 } from './band-level.ts';
import { compositeSource, doubleTalkSource, hothNoise } from './composite-source-signal.ts';
import { worseningDb } from './echo-measures.ts';
import { addEcho, annexDPath, annexDPaths, delayed, openPath } from './echo-path.ts';
import { LevelMeter } from './level-meter.ts';

/* The measuring instruments of the G.168 tests, measured. */

test.each([
  { name: 'single talk', source: compositeSource, voiced: 389, sounding: 1_989, half: 2_800 },
  { name: 'double talk', source: doubleTalkSource, voiced: 582, sounding: 2_182, half: 3_200 },
])('the composite source signal of $name: voice, noise of the same level, pause, and all of it inverted (G.168 Annex C)', ({ source, voiced, sounding, half }) => {
  const signal = source(-10, 4 * half);
  expect(dbm0(signal, 0, voiced)).toBeCloseTo(-10, 1);
  expect(dbm0(signal, voiced, sounding)).toBeCloseTo(-10, 1);
  expect(dbm0(signal, sounding, half)).toBe(-Infinity);
  expect(signal.subarray(half, 2 * half).every((value, n) => value + signal[n]! === 0)).toBe(true);
  expect(signal.subarray(2 * half).every((value, n) => value === signal[n])).toBe(true);
});

test('room noise has its level, and 5 dB less an octave', () => {
  const noise = hothNoise(-40, 16_000);
  expect(dbm0(noise)).toBeCloseTo(-40, 1);
  expect(bandDbm0(noise, 100, 3_700)).toBeCloseTo(-40, 0);
  const octave = (hz: number): number => bandDbm0(noise, hz / Math.SQRT2, hz * Math.SQRT2);
  // Power in an octave: 3 dB more band, about 5 dB less density.
  expect(Math.abs(octave(500) - octave(1_000) - 2)).toBeLessThan(1);
});

test('the meter reads what passes 300 to 3400 Hz (G.168 6.4.1.2.1)', () => {
  for (const hz of [500, 1_004, 2_000, 3_000]) expect(Math.abs(new LevelMeter(sine(hz, -20, 8_000)).levelDbm0(400, 7_600) + 20)).toBeLessThan(0.5);
  for (const hz of [50, 3_900]) expect(new LevelMeter(sine(hz, -20, 8_000)).levelDbm0(400, 7_600)).toBeLessThan(-40);
  expect(new LevelMeter(sine(1_004, -20, 8_000), 400, 4_000).at(3_000)).toBeCloseTo(-20, 1);
});

test('the echo paths D.2 to D.9 return the composite source signal with the loss that was asked for (G.168 Annex D)', () => {
  const far = compositeSource(-10, 5_600);
  for (const name of annexDPaths) {
    const echo = new Float64Array(far.length);
    addEcho(annexDPath(name, { erlDb: 10 }), far, echo, 0, far.length);
    expect(Math.abs(dbm0(far) - dbm0(echo) - 10), name).toBeLessThan(0.4);
  }
  const late = new Float64Array(far.length);
  addEcho(delayed(Float64Array.of(0.5), 25), far, late, 0, far.length);
  expect(late[200 + 77]).toBe(far[77]! / 2);
  const none = new Float64Array(far.length);
  addEcho(openPath, far, none, 0, far.length);
  expect(none.every((value) => value === 0)).toBe(true);
});

test('a line that was made worse is seen in its worst 200 ms', () => {
  const near = Int16Array.from(sine(1_000, -20, 16_000));
  const out = near.map((value, n) => (n >= 8_000 && n < 9_600 ? 2 * value : value / 2));
  expect(worseningDb({ near, out, far: near, echo: new Float64Array(16_000), talk: new Float64Array(16_000) })).toBeCloseTo(6, 1);
});
