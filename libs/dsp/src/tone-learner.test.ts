import { describe, expect, test } from 'vitest';
import type { Tone } from './tone.ts';
import { ToneSet } from './tone-detector.ts';
import { runToneTrials, trialMs, unlistedTones } from './test-support.ts';

import type { LearnedTone } from './tone-learner.ts';

const trials = unlistedTones.map((tone) => ({ tone, levelDbm0: -24, forMs: Math.max(9_000, trialMs(tone) * 1.4) }));
const results = runToneTrials(trials, 21);

describe.each(unlistedTones.map((tone, index) => [index, tone, results[index]!.learned] as const))('unlisted tone %i', (_, tone, learned) => {
  test('is learned once, to 3 Hz, 10 ms and 1 dB', () => {
    expect(learned).toHaveLength(1);
    expect(Math.abs(learned[0]!.levelDbm0 + 24)).toBeLessThan(1);
    expect(learned[0]!.confidence).toBeGreaterThan(0.5);
    expectNear(learned[0]!, tone);
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

function expectNear(learned: LearnedTone, { segments }: Tone): void {
  const found = learned.tone.segments;
  expect(found).toHaveLength(segments.length);
  // The cycle may be told from another of its tones on.
  const turns = segments.map((_, turn) => worstErrors(found, [...segments.slice(turn), ...segments.slice(0, turn)]));
  const best = turns.toSorted((a, b) => a.hz + a.ms - b.hz - b.ms)[0]!;
  expect(best.hz).toBeLessThanOrEqual(3);
  expect(best.ms).toBeLessThanOrEqual(10);
}

function worstErrors(found: Tone['segments'], expected: Tone['segments']): { hz: number; ms: number } {
  let [hz, ms] = [0, 0];
  for (const [index, segment] of expected.entries()) {
    const one = found[index]!;
    const linesOf = ({ frequenciesHz, modulation }: Tone['segments'][number]) => [...frequenciesHz, ...(modulation === undefined ? [] : [frequenciesHz[0]! + modulation.frequencyHz])].sort((a, b) => a - b);
    const [lines, others] = [linesOf(segment), linesOf(one)];
    hz = Math.max(hz, lines.length === others.length ? Math.max(0, ...lines.map((line, n) => Math.abs(line - others[n]!))) : Infinity);
    ms = Math.max(ms, segment.durationMs === one.durationMs ? 0 : Math.abs((segment.durationMs ?? Infinity) - (one.durationMs ?? Infinity)));
  }
  return { hz, ms };
}
