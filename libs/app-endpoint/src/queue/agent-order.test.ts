import { expect, test } from 'vitest';
import { type Candidate, nextAgents } from './agent-order.ts';

const agent = (extensionId: string, over: Partial<Candidate> = {}): Candidate => ({ extensionId, tier: 1, isFree: true, lastCallAt: null, callsToday: 0, ...over });
const [a, b, c] = [agent('a', { lastCallAt: 30, callsToday: 1 }), agent('b', { lastCallAt: 10, callsToday: 5 }), agent('c', { lastCallAt: 20 })];

test.each([
  ['all', null, ['a', 'b', 'c']],
  ['linear', 'a', ['a']],
  ['roundRobin', 'a', ['b']],
  ['roundRobin', 'c', ['a']],
  ['leastRecent', null, ['b']],
  ['fewestCalls', null, ['c']],
] as const)('%s, after %s: %j', (strategy, last, next) => {
  expect(nextAgents(strategy, [a, b, c], last)).toEqual(next);
});

test('who took no call yet is the least recent', () => {
  expect(nextAgents('leastRecent', [a, agent('new')], null)).toEqual(['new']);
});

test('a higher tier is rung when nobody of a lower one is free', () => {
  const second = agent('second', { tier: 2 });
  expect(nextAgents('all', [second, a], null)).toEqual(['a']);
  expect(nextAgents('all', [second, agent('a', { isFree: false })], null)).toEqual(['second']);
  expect(nextAgents('all', [agent('a', { isFree: false })], null)).toEqual([]);
});
