import { expect, test } from 'vitest';
import { GatewayClock } from './gateway-clock.ts';

test('what happened is put at its own time, however late it is heard; the quickest message tells how far the clocks are apart', () => {
  let now = 1_000;
  const clock = new GatewayClock(() => now);
  expect(clock.ours(51_000)).toBe(1_000);
  now = 1_110;
  // 10 ms on its way longer than the first.
  expect(clock.ours(51_100)).toBe(1_100);
  now = 1_195;
  // And one that was quicker than all before.
  expect(clock.ours(51_200)).toBe(1_195);
  now = 1_310;
  expect(clock.ours(51_300)).toBe(1_295);
});

test('a clock that drifts is followed: after two windows the old difference is forgotten', () => {
  let now = 0;
  const clock = new GatewayClock(() => now);
  for (let minute = 0; minute < 60; minute++) {
    now = minute * 60_000;
    // A second an hour slow.
    const heard = clock.ours(now - minute * 1_000 / 60);
    expect(now - heard).toBeLessThan(200);
    expect(heard).toBeLessThanOrEqual(now);
  }
});

test('a gateway that begins anew has another clock', () => {
  let now = 5_000;
  const clock = new GatewayClock(() => now);
  clock.ours(900_000);
  clock.reset();
  now = 6_000;
  expect(clock.ours(10)).toBe(6_000);
});
