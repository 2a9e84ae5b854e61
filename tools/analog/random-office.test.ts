import { expect, test } from 'vitest';
import { runRandomOffice } from './random-office.ts';

/* A slice of random-office.interop.ts; at the level of the machines there are thousands (libs/line, libs/line-endpoint). */

test('random sequences of events through audio and detectors: 15 s after the last every line is on hook, every leg was released once, and nothing is left', () => {
  const results = [1].map((seed) => runRandomOffice(6, 3, 4, seed));
  expect(results.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(results.map(({ timers }) => timers)).toEqual([0]);
  expect(results.reduce((sum, { talked }) => sum + talked, 0)).toBeGreaterThan(5);
});
