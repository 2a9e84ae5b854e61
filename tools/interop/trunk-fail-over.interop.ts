import { afterAll, beforeAll, expect, test } from 'vitest';
import { trunkFailures } from './trunk-failures.ts';
import { FailOverTrials, type FailOverRow, inTable } from './trunk-trials.ts';

/*
 * An IP phone dials once. Its trunk is of no use in one of the ways there are; a line, or another server of the carrier, is reached within six seconds of the last
 * digit, both hear each other, and there is one record with all attempts.
 */
let trials: FailOverTrials;
const rows: FailOverRow[] = [];
const atOnce = 5;

beforeAll(async () => {
  trials = await FailOverTrials.prepare(trunkFailures, { atOnce, caller: 'phone' });
});

afterAll(async () => {
  console.log(inTable(rows));
  await trials?.stop();
});

for (let from = 0; from < trunkFailures.length; from += atOnce) {
  const those = trunkFailures.slice(from, from + atOnce);
  test(`${those.map(({ what, when }) => `${what} ${when}`).join('; ')}`, async () => {
    const outcomes = await Promise.allSettled(those.map((_, at) => trials.run(from + at, at)));
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') rows.push(outcome.value);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))).toEqual([]);
    for (const { reachedMs, what, when } of rows.slice(-those.length)) expect(reachedMs, `${what} ${when}`).toBeLessThan(6_000);
  });
}
