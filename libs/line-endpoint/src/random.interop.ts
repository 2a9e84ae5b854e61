import { expect, test } from 'vitest';
import { afternoon } from './random-afternoon.ts';

test('10,000 other afternoons of two telephones and two lines: no bug, every leg released once, every line on-hook, one record a call, and nothing is left', () => {
  const seen = { talked: 0, recovered: 0, held: 0, outgoing: 0, incoming: 0 };
  for (let seed = 100_001; seed <= 110_000; seed++) afternoon(seed, seen);
  // The dice did fall on what is to be tried.
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(100);
}, 900_000);
