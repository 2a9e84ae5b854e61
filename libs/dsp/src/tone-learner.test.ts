import { describe, expect, test } from 'vitest';
import type { Tone } from './tone.ts';
import { ToneSet } from './tone-set.ts';
import { learnedErrors, runToneTrials, trialMs, unlistedTones } from './test-support.ts';

const trials = unlistedTones.map((tone) => ({ tone, levelDbm0: -24, forMs: Math.max(9_000, trialMs(tone) * 1.4) }));
const results = runToneTrials(trials, 21);

describe.each(unlistedTones.map((tone, index) => [index, tone, results[index]!.learned] as const))('unlisted tone %i', (_, tone, learned) => {
  test('is learned once, to 3 Hz, 10 ms and 1 dB', () => {
    expect(learned).toHaveLength(1);
    expect(Math.abs(learned[0]!.levelDbm0 + 24)).toBeLessThan(1);
    expect(learned[0]!.confidence).toBeGreaterThan(0.5);
    const { hz, ms } = learnedErrors(learned[0]!.tone, tone);
    expect(hz).toBeLessThanOrEqual(3);
    expect(ms).toBeLessThanOrEqual(10);
  });
});

test('a learned tone is one that the detector recognises', () => {
  const again = trials.map((trial, index) => ({ ...trial, levelDbm0: -15, set: new ToneSet([{ id: 'learned', tone: results[index]!.learned[0]!.tone }]) }));
  for (const { heard } of runToneTrials(again, 22)) expect(heard.map(({ id }) => id)).toEqual(['learned']);
});

test('a cadence that does not keep time is not learned', () => {
  const unsteady: Tone = { segments: [300, 300, 360, 240, 260, 340, 420, 300, 330, 210, 250, 390, 300, 450].map((durationMs, index) => ({ frequenciesHz: index % 2 === 0 ? [500] : [], durationMs })) };
  expect(runToneTrials([{ tone: unsteady, levelDbm0: -20, forMs: 12_000 }], 23)[0]!.learned).toEqual([]);
});
