import { regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { runRings, toldRings } from './ring-trials.ts';

test.each(['private', 'unavailable'] as const)('a caller who is %s, by every scheme of every profile', (absent) => {
  const results = runRings(regions.flatMap((region) => toldRings(region, { number: { absent }, name: { absent } })));
  const wrong = results.filter(({ shown }) => shown === null || shown.number !== '' || shown.name !== undefined || (shown.anonymous === true) !== (absent === 'private'));
  console.log(`${absent}: ${results.length} schemes, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
});
