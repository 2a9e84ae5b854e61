import { describe, expect, test } from 'vitest';
import type { Caller } from '../application-bed.ts';
import { idOf, OfficeBed } from '../office-bed.ts';
import { takesMessages } from './voicemail.ts';

function called(bed: OfficeBed, box = ann, request: Parameters<OfficeBed['call']>[1] = {}, id = 'call-1.2'): Caller {
  return bed.call(takesMessages(bed.mailboxes.mailbox(box)!, bed.mailboxes), request, id);
}

const [ann, bob] = [idOf('ann'), idOf('bob')];
const review = 'voicemail.review';

describe('leaving a message', () => {
  test('greeting, tone, message, hang-up: it is in the box, as long as it was spoken', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    expect(caller.listen()).toBe('voicemail.reached digits 105 voicemail.isUnavailable voicemail.leaveMessage voicemail.whenDone (1000 Hz)');
    caller.speak(7_000);
    caller.hangUp();
    expect(bed.messages.in(ann)).toMatchObject([{ id: 'call-1.2-1', from: { number: '101', name: 'Anna' }, isUrgent: false, isHeard: false, file: `voicemail/${ann}/call-1.2-1.wav` }]);
    expect(bed.players.files.get(`voicemail/${ann}/call-1.2-1.wav`)).toBeCloseTo(7_000, -2);
    expect([caller.told, bed.bugs, bed.timers.size, bed.players.listeners]).toEqual([['answered', 'released normalClearing'], [], 0, 0]);
  });

  test.each([
    ['userBusy', 'voicemail.isBusy'],
    ['noAnswer', 'voicemail.isUnavailable'],
  ] as const)('who was passed on for %s hears %s', (reason, phrase) => {
    expect(called(new OfficeBed(), ann, { diversions: [{ number: '105', reason }] }).listen()).toContain(phrase);
  });

  test('what its owner has recorded comes in place of the usual words; of a busy one that is missing, the other', () => {
    const bed = new OfficeBed();
    bed.players.files.set('g/u.wav', 3_000).set('g/n.wav', 800);
    bed.messages.keepGreeting(ann, 'name', 'g/n.wav');
    expect(called(bed).listen()).toBe('g/n.wav voicemail.isUnavailable voicemail.leaveMessage voicemail.whenDone (1000 Hz)');
    bed.messages.keepGreeting(ann, 'unavailable', 'g/u.wav');
    expect(called(bed, ann, { diversions: [{ number: '105', reason: 'userBusy' }] }, 'call-2.2').listen()).toBe('g/u.wav (1000 Hz)');
  });

  test('the hash key skips the greeting, and ends the message; the caller is asked what is to become of it', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.dial('#');
    expect(caller.listen()).toBe('(1000 Hz)');
    caller.speak(4_000);
    caller.dial('#');
    expect(caller.listen()).toBe(review);
    caller.dial('4');
    expect(caller.listen()).toBe(`voicemail.markedUrgent ${review}`);
    caller.dial('2');
    expect(caller.listen()).toBe(`voicemail/${ann}/call-1.2-1.wav ${review}`);
    caller.dial('1');
    expect(caller.listen()).toBe('voicemail.sent common.goodbye');
    expect(caller.isOver).toBe(true);
    expect(bed.messages.in(ann)).toMatchObject([{ isUrgent: true }]);
  });

  test('spoken again: the former take goes, the next one is kept', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(2_000);
    // While it is spoken, and when it was.
    caller.dial('*');
    caller.listen();
    caller.speak(3_000);
    caller.dial('#3');
    caller.listen();
    caller.speak(5_000);
    caller.hangUp();
    expect(bed.messages.in(ann).map(({ id }) => id)).toEqual(['call-1.2-3']);
    expect([bed.messages.begun, bed.messages.finished, bed.messages.discarded]).toEqual([3, 1, 2]);
    expect([...bed.players.files.keys()]).toEqual([`voicemail/${ann}/call-1.2-3.wav`]);
  });

  test('discarded: nothing is left', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(3_000);
    caller.dial('#*');
    expect(caller.listen()).toBe('voicemail.discarded common.goodbye');
    expect([bed.messages.all.size, bed.players.files.size, caller.isOver]).toEqual([0, 0, true]);
  });

  test('silence ends a message without being part of it; who is not there any more has sent it', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(5_000);
    bed.pass(60_000);
    expect(caller.isOver).toBe(true);
    expect(bed.players.files.get(`voicemail/${ann}/call-1.2-1.wav`)).toBeCloseTo(5_000, -2);
    expect(bed.messages.in(ann).length).toBe(1);
  });

  test('nobody who speaks: asked again twice, then the call ends, and there is no message', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    bed.pass(120_000);
    expect(caller.told.at(-1)).toBe('released normalClearing');
    expect([bed.messages.all.size, bed.messages.begun, bed.messages.discarded]).toEqual([0, 3, 3]);
  });

  test('it is not longer than the box allows', () => {
    const bed = new OfficeBed({ voicemailBox: [{ key: 'ann', displayName: 'Ann', longestMs: 10_000 }] });
    const caller = called(bed);
    caller.listen();
    caller.speak(10_500);
    expect(caller.heard).toBe(review);
    caller.hangUp();
    expect(bed.players.files.get(`voicemail/${ann}/call-1.2-1.wav`)).toBe(10_000);
  });

  test('a full box takes nothing; one that cannot be counted does', () => {
    const bed = new OfficeBed({ voicemailBox: [{ key: 'ann', displayName: 'Ann', mostMessages: 1 }] });
    const first = called(bed);
    first.listen();
    first.speak(2_000);
    first.hangUp();
    const second = called(bed, ann, {}, 'call-2.2');
    expect([second.listen(), second.isOver, bed.messages.begun]).toEqual(['voicemail.full', true, 1]);
    bed.messages.isAway = true;
    expect(called(bed, ann, {}, 'call-3.2').listen()).toContain('voicemail.leaveMessage');
  });

  test('zero leads to the operator, before the message and out of it; what was spoken is kept, and one who is not there is told', () => {
    const bed = new OfficeBed();
    const before = called(bed, bob);
    expect(before.heard).toContain('voicemail.operator');
    before.dial('0');
    expect(before.told.at(-1)).toBe(`transferRequested {"type":"destination","destination":{"type":"extension","id":"${idOf('desk')}"}}`);
    const during = called(bed, bob, {}, 'call-2.2');
    during.listen();
    during.speak(3_000);
    during.dial('0');
    expect([during.told.at(-1), bed.messages.in(bob).length]).toEqual([before.told.at(-1), 1]);
    during.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
    bed.pass(5);
    expect(during.listen()).toBe('common.notReached voicemail.leaveMessage (1000 Hz)');
    during.speak(2_000);
    during.hangUp();
    expect(bed.messages.in(bob).length).toBe(2);
    const none = called(bed, ann, {}, 'call-3.2');
    none.dial('0');
    expect(none.told).toEqual(['answered']);
  });

  test('a gateway that cannot record: the caller is told, and nothing is left', () => {
    const bed = new OfficeBed();
    bed.players.refuseNext('record', { code: 'overloaded', text: 'no room' });
    const caller = called(bed);
    expect(caller.listen()).toContain('common.failed');
    expect([caller.isOver, bed.messages.all.size]).toEqual([true, 0]);
  });
});

describe('both processes may be killed', () => {
  test('the controller, while somebody speaks: the message goes on and is there', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(2_000);
    bed.players.speak(caller.leg.media, 4_000);
    caller.survive(3_000);
    caller.speak(2_000);
    caller.hangUp();
    expect(bed.players.files.get(`voicemail/${ann}/call-1.2-1.wav`)).toBeCloseTo(7_000, -2);
    expect([bed.messages.in(ann).length, bed.messages.begun]).toEqual([1, 1]);
  });

  test('the controller, and the message ends meanwhile: it is asked about', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(2_000);
    caller.survive(30_000);
    expect(caller.heard).toBe(review);
    caller.hangUp();
    expect(bed.messages.in(ann).length).toBe(1);
  });

  test('the gateway: what was spoken before and after is in one file', () => {
    const bed = new OfficeBed();
    const caller = called(bed);
    caller.listen();
    caller.speak(3_000);
    bed.players.kill();
    bed.pass(2_000);
    bed.players.comeUp();
    caller.leg.send({ type: 'restoreMedia' });
    bed.pass(5);
    caller.speak(4_000);
    caller.hangUp();
    expect(bed.players.files.get(`voicemail/${ann}/call-1.2-1.wav`)).toBeCloseTo(7_000, -2);
    expect(bed.messages.in(ann).length).toBe(1);
  });
});

test('fifty at once: each message is there, and each is its own', () => {
  const bed = new OfficeBed();
  const speaking = Array.from({ length: 50 }, (_, n) => called(bed, n % 2 === 0 ? ann : bob, { from: { number: `2${String(n).padStart(2, '0')}` } }, `call-${n}.2`));
  bed.pass(6_500);
  for (const caller of speaking) bed.players.speak(caller.leg.media, 20_000);
  bed.pass(3_000);
  // The controller is killed for half of them, then the gateway for all.
  for (const caller of speaking.slice(0, 25)) caller.survive(20);
  bed.players.kill();
  bed.pass(1_500);
  bed.players.comeUp();
  for (const caller of speaking) caller.leg.send({ type: 'restoreMedia' });
  bed.pass(5);
  for (const caller of speaking) bed.players.speak(caller.leg.media, 5_000);
  bed.pass(4_000);
  for (const caller of speaking) caller.hangUp();
  const kept = [...bed.messages.in(ann), ...bed.messages.in(bob)];
  expect(kept.map(({ from }) => from.number).toSorted()).toEqual(speaking.map((_, n) => `2${String(n).padStart(2, '0')}`));
  for (const { file } of kept) expect(bed.players.files.get(file)).toBeGreaterThan(6_900);
  expect([bed.bugs, bed.timers.size, bed.players.listeners]).toEqual([[], 0, 0]);
});
