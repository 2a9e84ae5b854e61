import { expect, test } from 'vitest';
import type { Attempt } from '@tipring/telephony';
import { usFacts } from './office-bed.ts';
import { Dice, RandomOffices, randomCall, randomWorld } from './random-office.ts';
import { type Resolution, RoutingTable } from './routing-table.ts';

test('of ten thousand calls each goes where its explanation says, however much of that was asked for', () => {
  const dice = new Dice(5);
  const offices = new RandomOffices();
  const seen = new Map<string, number>();
  for (let round = 0; round < 2_500; round += 1) {
    const snapshot = offices.next(dice);
    const table = RoutingTable.compile(snapshot, usFacts);
    for (let again = 0; again < 4; again += 1) {
      const world = randomWorld(snapshot, dice);
      const call = randomCall(snapshot, dice);
      const [told, real] = [table.resolve(call, world, 'all'), table.resolve(call, world, 'call')];
      const where = JSON.stringify({ round, call });
      same(withoutExplanation(told), withoutExplanation(real), where);
      same({ ...told.explanation, steps: null, moreNotMatched: null }, { ...real.explanation, steps: null, moreNotMatched: null }, where);
      // The first few that did not fit, and all that decided something.
      const decisive = ({ explanation }: Resolution) => explanation.steps.filter(({ verdict }) => verdict !== 'notMatched');
      same(decisive(told), decisive(real), where);
      expect(told.explanation.moreNotMatched, where).toBe(0);
      const before = told.explanation.steps.filter(({ verdict, code }) => verdict === 'notMatched' && code !== 'decidedBefore').length;
      expect(real.explanation.steps.length - decisive(real).length + real.explanation.moreNotMatched, where).toBe(before);
      agrees(real, where);
      // Slow, so not always: nothing in it is lost as JSON.
      if (round % 20 === 0) expect(JSON.parse(JSON.stringify(told.explanation)), where).toStrictEqual(told.explanation);
      seen.set(kindOf(real), (seen.get(kindOf(real)) ?? 0) + 1);
    }
  }
  // All that can become of a call was among them.
  expect([...seen.keys()].sort()).toEqual([
    'asksPin', 'inbound', 'internal', 'outbound', 'refused invalidNumberFormat', 'refused noCircuit', 'refused noRouteToDestination', 'refused notAllowed', 'refused outOfOrder', 'refused rejected', 'refused subscriberAbsent',
    'refused unallocatedNumber', 'refused userBusy',
  ]);
});

function withoutExplanation({ outcome }: Resolution): unknown {
  return outcome.ok ? { ok: true, route: { ...outcome.route, explanation: null } } : { ...outcome, explanation: null };
}

/** Plain JSON both; what differs is shown. */
function same(a: unknown, b: unknown, where: string): void {
  if (JSON.stringify(a) !== JSON.stringify(b)) expect(a, where).toEqual(b);
}

/** The decision is the outcome, and the candidates that are tried are its attempts. */
function agrees({ outcome, explanation }: Resolution, where: string): void {
  const { decision, candidates } = explanation;
  expect((outcome.ok ? outcome.route.explanation : outcome.explanation) as unknown, where).toBe(explanation);
  const json = JSON.stringify(explanation);
  expect(json.includes('482917306'), where).toBe(false);
  if (!outcome.ok) {
    expect(decision, where).toMatchObject(outcome.asks === 'pin' ? { is: 'asksPin', pinSet: 'npins' } : { is: 'refused', cause: outcome.cause, text: outcome.evidence.text });
    expect(candidates.filter(({ tried }) => tried), where).toEqual([]);
    return;
  }
  expect(decision, where).toMatchObject({ is: 'routed', direction: outcome.route.direction });
  expect(outcome.route.attempts.length, where).toBeGreaterThan(0);
  const rung = outcome.route.attempts.flatMap(({ endpoints }) => endpoints);
  const tried = candidates.filter((one) => one.tried).map(({ endpoint }) => endpoint);
  if (outcome.route.direction === 'outbound') same(tried, rung, where);
  // Members of a group that ring in turn come again, and what is behind an extension may be behind another.
  else same([...new Set(tried)].sort(), [...new Set(rung)].sort(), where);
  leadsOn(outcome.route.attempts, where);
  for (const { number } of outcome.route.attempts) expect(number, where).not.toBe('');
}

/** Each attempt comes after one that is before it; none has the label of another. */
function leadsOn(attempts: readonly Attempt[], where: string): void {
  const labels = new Set<string>();
  for (const { label, after, on } of attempts) {
    if (after !== undefined) expect(labels.has(after), where).toBe(true);
    expect([on === undefined || on.length > 0, label !== undefined && labels.has(label)], where).toEqual([true, false]);
    if (label !== undefined) labels.add(label);
  }
}

function kindOf({ explanation: { decision } }: Resolution): string {
  return decision.is === 'routed' ? decision.direction : decision.is === 'refused' ? `refused ${decision.cause}` : decision.is;
}
