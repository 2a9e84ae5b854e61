import { afterAll, beforeAll, expect, test } from 'vitest';
import { trunkFailures } from './trunk-failures.ts';
import { type FailOverRow, FailOverTrials, inTable } from './trunk-trials.ts';

/*
 * An analog telephone dials once, and its trunk is of no use: as trunk-fail-over.interop.ts, with those failures that differ in time.
 */
const chosen = new Set(['black hole idle', 'black hole known', 'black hole after INVITE', 'black hole after 183', '503 idle', 'TCP reset idle', 'TCP reset after 183', 'DNS never answers known', 'carrier full idle', 'unregistered (forgotten) idle', 'first trunk disabled known', 'SRV pool, first dead idle']);
const failures = trunkFailures.filter(({ what, when }) => chosen.has(`${what} ${when}`));
let trials: FailOverTrials;
const rows: FailOverRow[] = [];
const atOnce = 4;

beforeAll(async () => {
  trials = await FailOverTrials.prepare(failures, { atOnce, caller: 'station' });
});

afterAll(async () => {
  console.log(inTable(rows));
  await trials?.stop();
});

for (let from = 0; from < failures.length; from += atOnce) {
  const those = failures.slice(from, from + atOnce);
  test(`${those.map(({ what, when }) => `${what} ${when}`).join('; ')}`, async () => {
    const outcomes = await Promise.allSettled(those.map((_, at) => trials.run(from + at, at)));
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') rows.push(outcome.value);
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))).toEqual([]);
    for (const { reachedMs, what, when } of rows.slice(-those.length)) expect(reachedMs, `${what} ${when}`).toBeLessThan(6_000);
  });
}
