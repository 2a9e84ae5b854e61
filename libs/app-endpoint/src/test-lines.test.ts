import { expect, test } from 'vitest';
import { announcement } from './announcement.ts';
import { ApplicationBed, localOf } from './application-bed.ts';
import { echoTest } from './echo-test.ts';
import { milliwatt } from './milliwatt.ts';
import { speakingClock } from './speaking-clock.ts';

test('milliwatt: 1004 Hz at 0 dBm0 without a break, and an end after all', () => {
  const bed = new ApplicationBed();
  const caller = bed.call(milliwatt({ mostMs: 600_000 }));
  expect(bed.players.saying(caller.leg.media)).toEqual([{ tone: { segments: [{ frequenciesHz: [1004], durationMs: null }] }, levelDbm0: 0, ms: 60_000 }]);
  bed.pass(599_000);
  expect(caller.told).toEqual(['answered']);
  bed.pass(2_000);
  expect(caller.told).toEqual(['answered', 'released normalClearing']);
});

test('an echo test explains itself, then the caller hears himself until he presses the hash key', () => {
  const bed = new ApplicationBed();
  const caller = bed.call(echoTest({ mostMs: 300_000 }));
  expect(caller.listen()).toBe('echo.instructions (1000 Hz)');
  expect(caller.told).toEqual(['answered', 'mirror on']);
  caller.dial('12');
  expect(caller.told).toEqual(['answered', 'mirror on']);
  caller.dial('#');
  expect(caller.told).toEqual(['answered', 'mirror on', 'mirror off', 'released normalClearing']);
});

test('who knows the echo test cuts its explanation short', () => {
  const bed = new ApplicationBed();
  const caller = bed.call(echoTest({ mostMs: 300_000 }));
  caller.dial('1');
  expect([caller.heard, caller.told]).toEqual(['', ['answered', 'mirror on']]);
  bed.pass(300_000);
  expect(caller.isOver).toBe(true);
});

test('an announcement is said as often as it is to be, and then the caller goes on, or the call ends', () => {
  const bed = new ApplicationBed();
  const said = [{ prompt: 'closed' }];
  const once = bed.call(announcement({ said, times: 2, then: null }));
  expect(once.heard.trim()).toBe('prompt closed');
  bed.pass(2_700);
  expect(once.isOver).toBe(false);
  bed.pass(200);
  expect(once.told).toEqual(['answered', 'released normalClearing']);
  const passedOn = bed.call(announcement({ said, times: 1, then: { type: 'number', number: '100' } }), {}, 'call-2.2');
  bed.pass(2_000);
  expect(passedOn.told).toEqual(['answered', 'transferRequested {"type":"number","number":"100"}']);
  passedOn.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
  expect(passedOn.told.at(-1)).toBe('released userBusy');
  const forEver = bed.call(announcement({ said, times: 0, then: null }), {}, 'call-3.2');
  bed.pass(3_600_000);
  expect(forEver.isOver).toBe(false);
});

test('the speaking clock strikes at every tenth second, and says before it what time that will be', () => {
  const bed = new ApplicationBed();
  bed.pass(4_500);
  const caller = bed.call(speakingClock({ local: localOf, times: 4 }));
  expect(caller.heard.trim()).toBe('clock.atTheTone time 9:0:20');
  const strokes: number[] = [];
  const heard: string[] = [];
  for (let last = caller.heard; !caller.isOver; bed.pass(1)) {
    if (caller.heard === last) continue;
    last = caller.heard;
    if (last === '(1000 Hz)') strokes.push(bed.timers.now());
    else if (last !== '') heard.push(last);
  }
  expect(strokes).toEqual([20_000, 30_000, 40_000, 50_000]);
  expect(heard).toEqual(['clock.atTheTone time 9:0:30', 'clock.atTheTone time 9:0:40', 'clock.atTheTone time 9:0:50']);
});

test('the speaking clock has a word for the full minute', () => {
  const bed = new ApplicationBed();
  bed.pass(45_000);
  expect(bed.call(speakingClock({ local: localOf, times: 1 })).heard.trim()).toBe('clock.atTheTone time 9:1 clock.precisely');
});
