import { expect, test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import { WaitState } from './wait-state.ts';

test('thousands of machines leave in order, each at its own time, behind one timer', () => {
  const timers = new FakeTimers();
  const wait = new WaitState(timers, 32_000);
  const late: number[] = [];
  for (let machine = 0; machine < 5_000; machine++) {
    const due = timers.now() + 32_000;
    wait.enter({ expire: () => late.push(timers.now() - due) });
    if (machine % 3 === 0) timers.advance(7);
    expect(timers.size).toBe(1);
  }
  timers.runAll();
  expect(late).toHaveLength(5_000);
  expect(late.every((ms) => ms === 0)).toBe(true);
});
