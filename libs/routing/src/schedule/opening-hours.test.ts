import type { Schedule } from '@tipring/config';
import { describe, expect, test } from 'vitest';
import { OpeningHours } from './opening-hours.ts';
import { WallClock } from './wall-clock.ts';

const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const workdays = everyDay.slice(0, 5);

describe('a week', () => {
  const office = hours({ week: [{ days: workdays, from: '08:30', to: '17:00' }] });
  test.each([
    // 2026-11-25 is a Wednesday; New York is five hours behind.
    ['2026-11-25T13:29:59Z', 'closed'],
    ['2026-11-25T13:30:00Z', 'open'],
    ['2026-11-25T21:59:59Z', 'open'],
    ['2026-11-25T22:00:00Z', 'closed'],
    ['2026-11-28T15:00:00Z', 'closed'],
    // Sunday in London, still Saturday in New York; Monday there, still Sunday here.
    ['2026-11-30T04:59:00Z', 'closed'],
    ['2026-11-30T14:00:00Z', 'open'],
  ])('%s: %s', (at, is) => expect(office.at(Date.parse(at)).is).toBe(is));

  test('hours over midnight belong to the day on which they begin', () => {
    const bar = hours({ week: [{ days: ['friday'], from: '20:00', to: '02:00' }] });
    expect(bar.at(newYork('2026-11-27T19:59')).is).toBe('closed');
    expect(bar.at(newYork('2026-11-27T20:00')).is).toBe('open');
    expect(bar.at(newYork('2026-11-28T01:59')).is).toBe('open');
    expect(bar.at(newYork('2026-11-28T02:00')).is).toBe('closed');
    // The night before it.
    expect(bar.at(newYork('2026-11-27T01:00')).is).toBe('closed');
  });

  test('24:00 is the end of the day, and from one time to the same is a whole day', () => {
    const untilMidnight = hours({ week: [{ days: ['friday'], from: '08:00', to: '24:00' }] });
    expect(untilMidnight.at(newYork('2026-11-27T23:59')).is).toBe('open');
    expect(untilMidnight.at(newYork('2026-11-28T00:00')).is).toBe('closed');
    const round = hours({ week: [{ days: ['friday'], from: '08:00', to: '08:00' }] });
    expect(round.at(newYork('2026-11-28T07:59')).is).toBe('open');
    expect(round.at(newYork('2026-11-28T08:00')).is).toBe('closed');
  });
});

describe('holidays', () => {
  const week = [{ days: everyDay, from: '09:00', to: '17:00' }];
  test('they take the place of the week’s hours, on their days alone', () => {
    const shop = hours({ week, holidays: [{ name: 'Thanksgiving', from: '2026-11-26', to: '2026-11-27', everyYear: false, hours: [{ from: '10:00', to: '12:00' }] }] });
    expect(shop.at(newYork('2026-11-26T09:30'))).toEqual({ is: 'closed', why: 'Thanksgiving' });
    expect(shop.at(newYork('2026-11-27T11:00'))).toEqual({ is: 'open', why: 'Thanksgiving' });
    expect(shop.at(newYork('2026-11-28T09:30')).is).toBe('open');
    expect(shop.at(newYork('2025-11-26T09:30')).is).toBe('open');
  });

  test('every year, over the end of the year, and on 29 February', () => {
    const shop = hours({ week, holidays: [{ name: 'Winter', from: '2020-12-24', to: '2021-01-02', everyYear: true, hours: [] }, { name: 'Leap day', from: '2024-02-29', to: '2024-02-29', everyYear: true, hours: [] }] });
    for (const [day, is] of [['2026-12-23', 'open'], ['2026-12-24', 'closed'], ['2026-12-31', 'closed'], ['2027-01-02', 'closed'], ['2027-01-03', 'open'], ['2028-02-29', 'closed'], ['2027-02-28', 'open'], ['2027-03-01', 'open']] as const) {
      expect([day, shop.at(newYork(`${day}T10:00`)).is]).toEqual([day, is]);
    }
  });

  test('an evening goes on into a holiday, and a holiday’s evening past its end', () => {
    const bar = hours({ week: [{ days: everyDay, from: '20:00', to: '02:00' }], holidays: [{ name: 'Eve', from: '2026-12-24', to: '2026-12-24', everyYear: false, hours: [{ from: '18:00', to: '01:00' }] }] });
    expect(bar.at(newYork('2026-12-24T01:30')).is).toBe('open');
    expect(bar.at(newYork('2026-12-24T19:00')).is).toBe('open');
    expect(bar.at(newYork('2026-12-25T00:30')).is).toBe('open');
    expect(bar.at(newYork('2026-12-25T01:30')).is).toBe('closed');
  });
});

test('what is set by hand holds whatever the clock says', () => {
  expect(hours({ week: [{ days: everyDay, from: '00:00', to: '24:00' }], override: 'closed' }).at(0)).toEqual({ is: 'closed', why: 'by hand' });
  expect(hours({ override: 'open' }).at(0).is).toBe('open');
});

describe('clocks that are put forward and back', () => {
  // Each: an hour by the clock on the wall, and how many real minutes of that day it is open.
  test.each([
    ['America/New_York', '2027-03-14', '01:30', '03:30', 60], // 2:00 becomes 3:00
    ['America/New_York', '2027-03-14', '02:15', '02:45', 0], // never comes
    ['America/New_York', '2026-11-01', '00:30', '02:30', 180], // 2:00 becomes 1:00
    ['America/New_York', '2026-11-01', '01:15', '01:45', 60], // comes twice
    ['Europe/Berlin', '2027-03-28', '01:00', '04:00', 120],
    ['Europe/Berlin', '2026-10-25', '01:00', '04:00', 240],
    ['Australia/Lord_Howe', '2026-10-04', '01:00', '04:00', 150], // half an hour
    ['Australia/Lord_Howe', '2027-04-04', '01:00', '04:00', 210],
    ['Africa/Cairo', '2026-04-24', '00:00', '02:00', 60], // at midnight: the day begins at 1:00
    ['Asia/Kathmandu', '2026-06-01', '01:00', '04:00', 180], // five and three quarters
    ['America/Sao_Paulo', '2018-11-04', '00:00', '02:00', 60],
    ['Pacific/Apia', '2026-06-01', '01:00', '04:00', 180],
  ])('%s on %s from %s to %s: open for %i minutes', (timeZone, date, from, to, minutes) => {
    const schedule = hours({ timeZone, holidays: [{ name: 'that day', from: date, to: date, everyYear: false, hours: [{ from, to }] }] });
    const noon = Date.parse(`${date}T12:00:00Z`);
    let open = 0;
    for (let minute = -36 * 60; minute < 36 * 60; minute += 1) if (schedule.at(noon + minute * 60_000).is === 'open') open += 1;
    expect(open).toBe(minutes);
  });

  test('hours over a midnight that is a change of the clocks', () => {
    const night = hours({ timeZone: 'Europe/Berlin', week: [{ days: ['saturday'], from: '22:00', to: '06:00' }] });
    const open = (from: string, to: string): number => {
      let minutes = 0;
      for (let at = Date.parse(from); at < Date.parse(to); at += 60_000) if (night.at(at).is === 'open') minutes += 1;
      return minutes;
    };
    expect(open('2027-03-27T12:00Z', '2027-03-28T12:00Z')).toBe(7 * 60);
    expect(open('2026-10-24T12:00Z', '2026-10-25T12:00Z')).toBe(9 * 60);
    expect(open('2026-11-07T12:00Z', '2026-11-08T12:00Z')).toBe(8 * 60);
  });
});

test('the clock on the wall is that of the zone, minute by minute', () => {
  const clock = new WallClock('Asia/Tokyo');
  expect(clock.at(Date.parse('2026-11-25T15:00:00Z'))).toEqual({ day: Date.parse('2026-11-26T00:00:00Z') / 86_400_000, minute: 0 });
  expect(clock.at(Date.parse('2026-11-25T14:59:59.999Z'))).toMatchObject({ minute: 23 * 60 + 59 });
  expect(clock.at(Date.parse('2026-11-25T15:00:30Z'))).toMatchObject({ minute: 0 });
});

function hours(change: Partial<Schedule>): OpeningHours {
  return new OpeningHours({ id: `sch_${'0'.repeat(20)}`, key: 'hours', displayName: 'Hours', timeZone: 'America/New_York', week: [], holidays: [], override: null, version: 1, createdAt: '', updatedAt: '', ...change });
}

/** Standard time. */
function newYork(local: string): number {
  return Date.parse(`${local}:00-05:00`);
}
