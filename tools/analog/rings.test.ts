import { regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { bareRings, type RingResult, runRings, toldRings } from './ring-trials.ts';

test('every cadence of every profile, at the end of 3 km: the call is offered within its first ring where nobody waits for caller ID', () => {
  const results = runRings(regions.flatMap(bareRings));
  expect(results.length).toBeGreaterThan(150);
  expect(results.filter(isLate)).toEqual([]);
});

test('every way of telling who calls: offered before the second ring ends, with number and, where data has one, name', () => {
  const results = runRings(regions.flatMap((region) => toldRings(region, { number: { shown: '5551234' }, name: { shown: 'ANNA' } })));
  expect(results.length).toBeGreaterThan(100);
  expect(results.filter(isLate)).toEqual([]);
  expect(results.filter(({ name, shown }) => shown?.number !== '5551234' || shown.name !== (name.includes('DTMF') ? undefined : 'ANNA'))).toEqual([]);
});

function isLate({ offeredMs, limitMs }: RingResult): boolean {
  return offeredMs === null || offeredMs > limitMs;
}
