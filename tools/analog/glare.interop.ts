import { expect, test } from 'vitest';
import { areEndedForHelp, isOneOfTwo, runGlare } from './glare-trials.ts';

const offsets = [-300, -200, -120, -60, -40, -20, -10, -1, 0, 1, 10, 20, 50, 90, 99, 110, 200, 300, 500];
const trials = ['US', 'DE', 'GB'].flatMap((region) => [0, 30, 100].flatMap((seizureMs) => offsets.map((offsetMs) => ({ region, seizureMs, offsetMs }))));

test('calls that meet at 19 distances, at exchanges that see a seizure at once, after 30 and after 100 ms', () => {
  expect(runGlare(trials, 6_000).filter((result) => !isOneOfTwo(result))).toEqual([]);
}, 300_000);

test('and calls for help', () => {
  expect(runGlare(trials.map((trial) => ({ ...trial, priority: 'emergency' as const })), 10_000).filter((result) => !areEndedForHelp(result))).toEqual([]);
}, 300_000);
