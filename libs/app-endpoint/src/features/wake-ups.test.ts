import { expect, test } from 'vitest';
import { localOf } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import { FakeCalls } from './fake-calls.ts';
import { wakeUpCall } from './wake-up.ts';
import { WakeUps } from './wake-ups.ts';

const minuteMs = 60_000;
const phone = (n: number): string => idOf(`phone${'ab'[n]}`);

/** It is Monday, 23 November 2026, nine o'clock. */
function office(wakeUps: readonly object[]) {
  const bed = new OfficeBed({
    extension: [{ key: 'anna', number: '105', displayName: 'Ann', wakeUps }],
    device: [0, 1].map((n) => ({ key: `phone${'ab'[n]}`, extensionId: idOf('anna'), username: `u${n}`, displayName: 'Phone', ha1: { MD5: 'd41d8cd98f00b204e9800998ecf8427e', 'SHA-256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' } })),
  });
  const calls = new FakeCalls();
  const clock = { now: () => bed.surroundings.clock.now(), local: localOf };
  return { bed, calls, clock, wakeUps: new WakeUps(calls, () => bed.snapshot, clock, bed.timers) };
}

const rung = (from: string): string => `originate ${from} 105 to wakeUp`;

test('all telephones ring at the time, on that day alone; the first that is lifted silences the others', () => {
  const { bed, calls, wakeUps } = office([{ time: '09:15', on: '2026-11-23' }, { time: '09:16', on: '2026-11-24' }, { time: '09:17', days: ['tuesday', 'sunday'] }]);
  bed.pass(15 * minuteMs - 1);
  expect(calls.done).toEqual([]);
  bed.pass(1);
  expect(calls.done).toEqual([rung(phone(0)), rung(phone(1))]);
  calls.answer('originated-2');
  expect(calls.done.at(-1)).toBe('hangUp originated-1');
  calls.end('originated-2');
  bed.pass(30 * minuteMs);
  expect(calls.done.length).toBe(3);
  wakeUps.close();
  expect([bed.timers.size, calls.observers]).toEqual([0, 0]);
});

test('on days of the week, every week', () => {
  const { bed, calls } = office([{ time: '09:30', days: ['monday', 'tuesday'] }]);
  const days: number[] = [];
  for (let day = 0; day < 9; day++) {
    bed.pass(day === 0 ? 30 * minuteMs : 24 * 60 * minuteMs);
    if (calls.calls().length > 0) days.push(day);
    for (const { id } of calls.calls()) {
      calls.answer(id);
      calls.end(id);
    }
  }
  expect(days).toEqual([0, 1, 7, 8]);
});

test('who does not answer is rung again after five minutes, three times in all', () => {
  const { bed, calls } = office([{ time: '09:01', on: '2026-11-23' }]);
  bed.pass(minuteMs);
  for (let times = 0; times < 5; times++) {
    for (const { id } of calls.calls()) calls.end(id);
    bed.pass(5 * minuteMs);
  }
  expect(calls.done.length).toBe(6);
});

test('who presses one is called again in ten minutes, and told so; who says nothing hears it a few times', () => {
  const { bed, calls, clock, wakeUps } = office([]);
  const application = wakeUpCall({ local: localOf, snooze: wakeUps.snooze });
  const caller = bed.call(application, { from: { number: '105' } });
  expect(caller.listen()).toBe('feature.wakeUp feature.snooze');
  caller.dial('1');
  expect(caller.listen()).toBe('feature.wakeUpAt time 9:10');
  expect(caller.isOver).toBe(true);
  bed.pass(10 * minuteMs);
  expect([calls.done, clock.local(clock.now()).minute]).toEqual([[rung(phone(0)), rung(phone(1))], 10]);
  const sleeper = bed.call(application, { from: { number: '105' } }, 'call-2.2');
  bed.pass(5 * minuteMs);
  expect(sleeper.told).toEqual(['answered', 'released normalClearing']);
});
