import { expect, test } from 'vitest';
import { afternoon, availabilities, type Seen } from './random-afternoon.ts';

test('2,000 afternoons of two telephones and two lines: no bug, every leg released once, every line on-hook, one record a call, nothing is left, and lines and telephones are as they were told to be', () => {
  const seen: Seen = { talked: 0, recovered: 0, held: 0, outgoing: 0, incoming: 0, preempted: 0, helped: 0, consulted: 0, handedOver: 0, joined: 0, found: {} };
  for (let seed = 1; seed <= 2_000; seed++) afternoon(seed, seen);
  // The dice did fall on what is to be tried.
  const { found, ...came } = seen;
  for (const [what, times] of Object.entries(came)) expect(times, what).toBeGreaterThan(20);
  expect(Object.keys(found)).toEqual(expect.arrayContaining(availabilities));
}, 180_000);
