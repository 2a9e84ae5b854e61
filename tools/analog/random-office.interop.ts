import { expect, test } from 'vitest';
import { runRandomOffice } from './random-office.ts';

test('a thousand random sequences of events through audio and detectors: 15 s after the last every line is on hook, every leg was released once, and nothing is left', { timeout: 900_000 }, () => {
  const results = Array.from({ length: 14 }, (_, index) => runRandomOffice(16, 8, 3, 100 + index));
  const sum = (of: 'sequences' | 'events' | 'talked' | 'recovered' | 'legs'): number => results.reduce((total, result) => total + result[of], 0);
  const wrong = results.flatMap((result) => result.wrong);
  console.log(`${sum('sequences')} sequences, ${sum('events')} events, ${sum('legs')} legs, ${sum('talked')} calls answered, ${sum('recovered')} of them taken over by another controller: ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(results.map(({ timers }) => timers)).toEqual(results.map(() => 0));
});
