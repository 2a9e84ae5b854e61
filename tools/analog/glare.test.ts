import { describe, expect, test } from 'vitest';
import { areEndedForHelp, isOneOfTwo, runGlare } from './glare-trials.ts';

const offsets = [-300, -20, -10, 0, 20, 50, 90, 110, 500];
const trials = ['US', 'DE', 'GB'].flatMap((region) => offsets.map((offsetMs) => ({ region, seizureMs: 100, offsetMs })));

describe('somebody calls from 300 ms before the line is told to call out until 500 ms after; the exchange sees the seizure after 100 ms', () => {
  test('either his call is offered and the other takes another line, or he was not let in and the number is dialled: nobody talks to a line that does not know of him', () => {
    const results = runGlare(trials, 3_500);
    expect(results.filter((result) => !isOneOfTwo(result))).toEqual([]);
    // Of those that meet some are seen by ringing, some by polarity, some by a voice.
    for (const how of ['being called', 'reversed polarity', 'somebody speaks']) expect(results.filter(({ released }) => released?.includes(how) === true), how).not.toEqual([]);
    expect(Math.max(...results.map(({ releasedMs }) => releasedMs ?? 0))).toBeLessThan(2_500);
  });

  test('a call for help is dialled all the same, and whoever called is hung up on and not offered', () => {
    expect(runGlare(trials.map((trial) => ({ ...trial, priority: 'emergency' as const })), 8_000).filter((result) => !areEndedForHelp(result))).toEqual([]);
  });
});
