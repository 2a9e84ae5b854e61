import { describe, expect, test } from 'vitest';
import { regions } from '@tipring/line';
import { judge, sampledTrials } from './plan-trials.ts';

/** A part of what `npm run bench -- tones` goes through in full; by their first letters, so that a failure is found. */
const letters = [...new Set(regions.map(({ code }) => code[0]!))];

describe.each(letters)('countries of %s', (letter) => {
  test('every tone is recognised as itself and only itself, -10 and -28 dBm0, 20 dB above noise, 1 % off in frequency and 10 % in cadence', { timeout: 60_000 }, () => {
    const trials = regions.filter(({ code }) => code.startsWith(letter)).flatMap((region, index) => sampledTrials(region, letter.charCodeAt(0) * 100 + index));
    expect(judge(trials, letter.charCodeAt(0)).misses).toEqual([]);
  });
});
