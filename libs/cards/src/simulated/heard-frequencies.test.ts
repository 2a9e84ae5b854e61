import { expect, test } from 'vitest';
import { gaussianNoise, seededRandom } from '@tipring/dsp/test-support';
import { heardFrequencies, levelOf } from './heard-frequencies.ts';

const rms0Dbm0 = 16_141;

/** So many ms of 400, of sines at these levels. */
function sound(sines: readonly (readonly [hz: number, dbm0: number])[], ms = 400): Float32Array {
  return Float32Array.from({ length: 3_200 }, (_, n) => (n < ms * 8 ? sines.reduce((sum, [hz, dbm0], k) => sum + rms0Dbm0 * Math.SQRT2 * 10 ** (dbm0 / 20) * Math.sin((2 * Math.PI * hz * n) / 8_000 + k), 0) : 0));
}

test.each<readonly [string, readonly (readonly [number, number])[]]>([
  ['one', [[1_004.3, -10]]],
  ['dial tone', [[350, -16], [440, -16]]],
  ['the ringing tone of Britain', [[400, -16], [450, -16]]],
  ['a digit', [[941, -8], [1_633, -6]]],
  ['a howler', [[1_400, -6], [2_060, -6], [2_450, -6], [2_600, -6]]],
  ['with a faint second', [[480, -10], [1_776.7, -35]]],
])('%s: each frequency within 1 Hz, each level within 0.3 dB', (_, sines) => {
  const heard = [...heardFrequencies(sound(sines))].sort((a, b) => a.hz - b.hz);
  expect(heard).toHaveLength(sines.length);
  heard.forEach(({ hz, dbm0 }, n) => {
    expect(Math.abs(hz - sines[n]![0])).toBeLessThan(1);
    expect(Math.abs(dbm0 - sines[n]![1])).toBeLessThan(0.3);
  });
});

test('a tone that is on for a part of the time is heard as itself and nothing beside', () => {
  for (const ms of [80, 150, 250]) expect(heardFrequencies(sound([[941, -8], [1_633, -8]], ms)).map(({ hz }) => Math.round(hz / 5) * 5).sort((a, b) => a - b)).toEqual([940, 1_635]);
});

test('in noise the tones stand out, and noise alone is no tone; of silence there is no level', () => {
  const noise = gaussianNoise(-45, 3_200, seededRandom(9));
  const tone = sound([[620, -20]]);
  expect(heardFrequencies(Float32Array.from(tone, (sample, n) => sample + noise[n]!)).map(({ hz }) => Math.round(hz))).toEqual([620]);
  expect(heardFrequencies(Float32Array.from(noise))).toEqual([]);
  expect(levelOf(Float32Array.from(noise))).toBeCloseTo(-45, 0);
  expect([levelOf(new Float32Array(3_200)), heardFrequencies(new Float32Array(3_200))]).toEqual([null, []]);
});
