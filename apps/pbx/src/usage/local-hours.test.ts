import { expect, test } from 'vitest';
import { dateOf, hourOf, LocalHours } from './local-hours.ts';

const HOUR = 3_600_000;

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns'])('in %s every instant of a year is in the hour that its clock shows', (timeZone) => {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' });
  const hours = new LocalHours(timeZone);
  for (let at = Date.parse('2026-01-01T00:07:00Z'); at < Date.parse('2027-01-01T00:00:00Z'); at += 3.5 * HOUR) {
    const slot = hours.at(at);
    expect(`${dateOf(slot)}, ${String(hourOf(slot)).padStart(2, '0')}`).toBe(clock.format(at));
  }
});

test('a stretch of time is cut at full hours, and nothing of it is lost, also when clocks are put back', () => {
  const hours = new LocalHours('Europe/Berlin');
  const from = Date.parse('2026-10-24T23:30:00Z');
  const pieces = [...hours.pieces(from, from + 3 * HOUR)];
  expect(pieces.map(({ slot, ms }) => [hourOf(slot), ms / HOUR])).toEqual([[1, 0.5], [2, 1], [2, 1], [3, 0.5]]);
});

test('of thirty days each hour is there thirty times, but for the one that clocks skip', () => {
  const hours = new LocalHours('Europe/Berlin');
  const counts = hours.countByHour(Date.parse('2026-03-14T23:00:00Z'), Date.parse('2026-04-13T22:00:00Z'));
  expect(counts.map((count, hour) => (hour === 2 ? count + 1 : count))).toEqual(Array(24).fill(30));
});
