import { expect, test } from 'vitest';
import { SiteClock } from './site-clock.ts';

test('the clock shows the time of its zone, with the weekday of that place', () => {
  const at = Date.UTC(2026, 10, 23, 23, 30, 5);
  expect(new SiteClock(() => 'Europe/Berlin', () => at).local(at)).toEqual({ year: 2026, month: 11, day: 24, weekday: 2, hour: 0, minute: 30, second: 5 });
  expect(new SiteClock(() => 'America/New_York', () => at).local(at)).toEqual({ year: 2026, month: 11, day: 23, weekday: 1, hour: 18, minute: 30, second: 5 });
});

test('a site that moves to another zone has its time from then on', () => {
  let zone = 'UTC';
  const clock = new SiteClock(() => zone, () => 0);
  expect(clock.local(clock.now()).hour).toBe(0);
  zone = 'Asia/Tokyo';
  expect(clock.local(clock.now()).hour).toBe(9);
});
