import { type AnswerPolicy, demoPlan } from '@tipring/cards';
import { knownNumbers, type NumberBehaviour } from '@tipring/carrier-control';
import { expect, test } from 'vitest';

/*
 * The demo has a carrier and lines of a telephone company. What one can call is the same by both.
 */
test('the numbers that the simulated carrier knows do alike on the simulated lines, but for what a line cannot say', () => {
  const lines = demoPlan().cards.flatMap(({ ports }) => ports).flatMap((port) => (port?.kind === 'fxo' && port.line !== null ? [port.line] : []));
  expect(lines).toHaveLength(4);
  for (const { numbers = [], number } of lines) {
    const compared = knownNumbers().filter(({ behaviour }) => !(behaviour.is === 'answered' && (behaviour.afterMs > 0 || behaviour.speaks === 'echo')));
    expect(numbers.map(({ digits, policy }) => [digits, policy.is])).toEqual(compared.map(({ digits, behaviour }) => [digits, alike(behaviour)]));
    // Nobody is called by the number of a line of ours.
    expect(knownNumbers().some(({ digits }) => number.endsWith(digits))).toBe(false);
  }
});

function alike(behaviour: NumberBehaviour): AnswerPolicy['is'] {
  if (behaviour.is !== 'refused') return behaviour.is;
  return behaviour.status === 486 ? 'busy' : 'unobtainable';
}
