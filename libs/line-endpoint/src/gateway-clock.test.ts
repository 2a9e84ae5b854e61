import { expect, test } from 'vitest';
import { GatewayClock } from './gateway-clock.ts';

test('what happened is put at its own time, however late it is heard; the quickest message tells how far the clocks are apart', () => {
  let now = 1_000;
  const clock = new GatewayClock(() => now);
  const heard = (atMs: number): number => {
    clock.note(atMs);
    return clock.ours(atMs);
  };
  expect(heard(51_000)).toBe(1_000);
  now = 1_110;
  // 10 ms on its way longer than the first.
  expect(heard(51_100)).toBe(1_100);
  now = 1_195;
  // And one that was quicker than all before.
  expect(heard(51_200)).toBe(1_195);
  now = 1_310;
  expect(heard(51_300)).toBe(1_295);
});

test('what was kept for a while is put where it belongs once something fresh has been heard', () => {
  const clock = new GatewayClock(() => 100_000);
  for (const atMs of [10_000, 10_300, 50_000]) clock.note(atMs);
  expect([clock.ours(10_000), clock.ours(10_300), clock.ours(50_000)]).toEqual([60_000, 60_300, 100_000]);
});

test('a clock that drifts is followed: after two windows the old difference is forgotten', () => {
  let now = 0;
  const clock = new GatewayClock(() => now);
  for (let minute = 0; minute < 60; minute++) {
    now = minute * 60_000;
    // A second an hour slow.
    clock.note(now - (minute * 1_000) / 60);
    const heard = clock.ours(now - (minute * 1_000) / 60);
    expect(now - heard).toBeLessThan(200);
    expect(heard).toBeLessThanOrEqual(now);
  }
});

test('a gateway that begins anew has another clock', () => {
  let now = 5_000;
  const clock = new GatewayClock(() => now);
  clock.note(900_000);
  clock.reset();
  now = 6_000;
  clock.note(10);
  expect(clock.ours(10)).toBe(6_000);
});
