import { expect, test } from 'vitest';
import { anyMedia, LineBed, station } from './line-bed.ts';

function atTheDoor(): LineBed {
  const { settings } = station(1);
  const door = station(1, { door: { digit: '5', code: '*9' }, settings: { ...settings, hotline: { number: '103', delayMs: 0 } } });
  const bed = new LineBed({ plans: { stations: [door], lines: [] } });
  bed.lift(1);
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
  bed.did(1);
  return bed;
}

test('a button at the door calls whom it is to, and a digit of whoever answers is the code that its relay wants; the event tells who it was', () => {
  const bed = atTheDoor();
  bed.desk.leg.say({ type: 'digit', digit: '5', durationMs: 100 });
  expect(bed.did(1)).toEqual(['digits *']);
  bed.settle();
  bed.happen(1, { type: 'soundEnded' });
  expect(bed.did(1)).toEqual(['digits 9']);
  expect(bed.incidents).toEqual(['station-1 doorOpened: by 103']);
  bed.hangUp(1);
  expect(bed.record.story.map(({ text }) => text)).toContain('the door was opened by 103');
});

test('a digit that the gateway has passed on already, or that is in the audio, opens it as well', () => {
  const bed = atTheDoor();
  bed.desk.leg.say({ type: 'digitPassed', digit: '7' });
  expect(bed.did(1)).toEqual([]);
  bed.desk.leg.say({ type: 'digitPassed', digit: '5' });
  expect([bed.did(1), bed.incidents]).toEqual([['digits *'], ['station-1 doorOpened: by 103']]);
  expect(bed.desk.leg.told().filter((told) => told === 'digitPassed')).toEqual([]);
});

test('pressed twice it opens once, and again after two seconds; other digits go as they are', () => {
  const bed = atTheDoor();
  for (const digit of ['5', '5', '7']) bed.desk.leg.say({ type: 'digit', digit, durationMs: 100 });
  for (const heard of ['*', '9', '7']) {
    expect(bed.did(1)).toEqual([`digits ${heard}`]);
    bed.settle();
    bed.happen(1, { type: 'soundEnded' });
  }
  bed.pass(2_000);
  bed.desk.leg.say({ type: 'digit', digit: '5', durationMs: 100 });
  expect(bed.incidents).toHaveLength(2);
});
