import { expect, test } from 'vitest';
import { callsForHelp, type HelpFrom } from './emergency-trials.ts';

/** From the order to its first digit at the exchange, in the time of the line: 3 km of cable, dial tone 300 ms after seizure. */
const limitsMs: Readonly<Record<HelpFrom, number>> = { idle: 1_600, called: 4_600, ringing: 4_600, talking: 3_600, calledTalking: 3_600, dialling: 3_600, guard: 3_600 };

test.each(Object.entries(limitsMs) as [HelpFrom, number][])('a line that is %s has dialled for help within %i ms, in the US, Germany and the United Kingdom', (from, limitMs) => {
  const results = ['US', 'DE', 'GB'].map((region) => callsForHelp(region, from));
  expect(results.map(({ dialled, former }) => [dialled, former])).toEqual(results.map(() => ['112', from === 'talking' || from === 'dialling' || from === 'calledTalking' || from === 'ringing' ? 'preempted' : null]));
  for (const { dialledMs } of results) expect(dialledMs).toBeLessThanOrEqual(limitMs);
});
