import { expect, test } from 'vitest';
import { KeptHappenings } from './kept-happenings.ts';
import type { PortHappening } from './port-contract.ts';

const digit: PortHappening = { type: 'digit', digit: '1', durationMs: 80, levelDbm0: -9 };
const hook = (hook: 'off' | 'on'): PortHappening => ({ type: 'hook', hook });

test('happenings are told in their order, once', () => {
  const kept = new KeptHappenings();
  kept.keep({ atMs: 1, is: hook('off') });
  kept.keep({ atMs: 2, is: digit });
  expect(kept.take()).toEqual([{ atMs: 1, is: hook('off') }, { atMs: 2, is: digit }]);
  expect(kept.take()).toEqual([]);
});

test('when there is no more room, what was heard goes before what the hardware told, and the rest begins with how much is missing', () => {
  const kept = new KeptHappenings(4);
  kept.keep({ atMs: 1, is: hook('off') });
  for (let atMs = 2; atMs <= 9; atMs++) kept.keep({ atMs, is: digit });
  kept.keep({ atMs: 10, is: hook('on') });
  expect(kept.take()).toEqual([{ atMs: 2, is: { type: 'missed', count: 6 } }, { atMs: 1, is: hook('off') }, { atMs: 8, is: digit }, { atMs: 9, is: digit }, { atMs: 10, is: hook('on') }]);
});

test('a line that does nothing but change its battery keeps the newest, and says that there was more', () => {
  const kept = new KeptHappenings(2);
  for (let atMs = 1; atMs <= 5; atMs++) kept.keep({ atMs, is: { type: 'battery', present: atMs % 2 === 0, volts: null } });
  expect(kept.take().map(({ atMs, is }) => [atMs, is.type])).toEqual([[1, 'missed'], [4, 'battery'], [5, 'battery']]);
});
