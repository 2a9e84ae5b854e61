import { describe, expect, test } from 'vitest';
import type { Caller } from '../application-bed.ts';
import { idOf, OfficeBed, usualOffice } from '../office-bed.ts';
import { anyMailbox, ownMailbox, takesMessages } from './voicemail.ts';

const [ann, bob] = [idOf('ann'), idOf('bob')];
const menu = 'voicemail.menu';
const messageMenu = 'voicemail.messageMenu';

/** A message of so long, from this number. */
function left(bed: OfficeBed, box: string, from: string, id: string): void {
  bed.players.files.set(`${id}.wav`, 3_000);
  bed.messages.begin({ id, box, file: `${id}.wav`, from: { number: from }, at: bed.surroundings.clock.now() });
  bed.messages.finish(id, { ms: 3_000, shortestMs: 0, isUrgent: id.startsWith('urgent') });
}

function own(bed: OfficeBed, number = '105', id = 'call-1.2'): Caller {
  return bed.call(ownMailbox(bed.mailboxes), { from: { number } }, id);
}

/** Past the PIN. */
function inside(bed: OfficeBed): Caller {
  const caller = own(bed);
  caller.dial('2580#');
  return caller;
}

describe('who gets in', () => {
  test('its owner with the PIN; what is dialled for it is told nowhere', () => {
    const bed = new OfficeBed();
    const caller = own(bed);
    expect([caller.listen(), caller.leg.isConfidential]).toEqual(['voicemail.enterPin', true]);
    caller.dial('2580#');
    expect([caller.heard, caller.leg.isConfidential]).toEqual([menu, false]);
  });

  test('nobody without it: three times wrong, and the call is over', () => {
    const bed = new OfficeBed();
    const caller = own(bed);
    caller.dial('1111#');
    expect(caller.heard).toBe('voicemail.wrongPin voicemail.enterPin');
    caller.dial('2222#3333#');
    expect(caller.listen()).toBe('voicemail.wrongPin common.goodbye');
    expect(caller.isOver).toBe(true);
  });

  test('nobody by trying one call after the other: after five wrong ones not even the right one is taken, for a while', () => {
    const bed = new OfficeBed();
    const tries = ['1111#', '2222#', '3333#', '4444#', '5555#', '2580#'];
    for (const [n, pin] of tries.entries()) {
      const caller = own(bed, '105', `call-${n}.2`);
      caller.dial(pin);
      expect(caller.heard).toContain('voicemail.wrongPin');
      caller.hangUp();
    }
    bed.pass(61_000);
    expect(inside(bed).heard).toBe(menu);
  });

  test('an owner without a PIN from his own telephone; from another nobody', () => {
    const bed = new OfficeBed();
    expect(own(bed, '106').heard.trim()).toBe(menu);
    const other = bed.call(anyMailbox('', bed.mailboxes), { from: { number: '105' } }, 'call-2.2');
    expect(other.listen()).toBe('voicemail.enterMailbox');
    other.dial('106#');
    expect(other.listen()).toBe('voicemail.noPin');
    expect(other.isOver).toBe(true);
  });

  test('by the number of the box or of its extension, dialled behind the code or asked for; unknown ones are asked again', () => {
    const bed = new OfficeBed();
    expect(bed.call(anyMailbox('8105', bed.mailboxes), {}, 'call-2.2').heard.trim()).toBe('voicemail.enterPin');
    const caller = bed.call(anyMailbox('', bed.mailboxes), {});
    caller.dial('999#');
    expect(caller.heard).toBe('common.noSuchNumber voicemail.enterMailbox');
    caller.dial('105');
    bed.pass(4_000);
    expect(caller.heard.trim()).toBe('voicemail.enterPin');
  });

  test('an owner who hears his own greeting, with star', () => {
    const bed = new OfficeBed();
    const caller = bed.call(takesMessages(bed.mailboxes.mailbox(ann)!, bed.mailboxes));
    caller.dial('*');
    expect(caller.heard.trim()).toBe('voicemail.enterPin');
    caller.dial('2580#');
    expect(caller.heard).toBe(menu);
    expect(bed.messages.begun).toBe(0);
  });

  test('who says nothing is asked three times', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    expect(caller.listen()).toBe(menu);
    bed.pass(30_000);
    expect(caller.isOver).toBe(true);
  });
});

describe('messages', () => {
  test('new ones first, urgent before others, with when and from whom; heard ones are no longer new', () => {
    const bed = new OfficeBed();
    left(bed, ann, '201', 'first');
    left(bed, ann, '', 'second');
    left(bed, ann, '203', 'urgent');
    bed.messages.mark('first', 'heard');
    const caller = inside(bed);
    caller.dial('1');
    expect(caller.listen()).toBe(`voicemail.youHave 2 newMessages common.and 1 savedMessages voicemail.message number 1 voicemail.from digits 203 date 2026:11:23:1:9:0:0 time 9:0 voicemail.urgent urgent.wav ${messageMenu}`);
    caller.dial('#');
    expect(caller.heard).toContain('voicemail.message number 2 voicemail.fromUnknown');
    caller.dial('#');
    expect(caller.heard).toContain('first.wav');
    caller.dial('#');
    expect(caller.heard).toBe(`voicemail.noMore ${menu}`);
    expect(bed.messages.in(ann).map(({ isHeard }) => isHeard)).toEqual([true, true, true]);
  });

  test('none: that is said; a store that is away: that too', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial('1');
    expect(caller.heard).toBe(`voicemail.noMessages ${menu}`);
    bed.messages.isAway = true;
    caller.dial('1');
    expect(caller.heard).toBe(`common.unavailable ${menu}`);
  });

  test('heard again, kept, deleted', () => {
    const bed = new OfficeBed();
    left(bed, ann, '201', 'first');
    left(bed, ann, '202', 'second');
    const caller = inside(bed);
    caller.dial('11');
    expect(caller.heard).toContain('first.wav');
    caller.dial('9');
    expect(caller.heard).toContain('voicemail.kept voicemail.message number 2');
    caller.dial('7');
    expect(caller.heard).toBe(`voicemail.deleted voicemail.noMore ${menu}`);
    expect(bed.messages.in(ann).map(({ id, isHeard }) => [id, isHeard])).toEqual([['first', true]]);
  });

  test('called back; who is not reached is told, and nobody can call a number that was not shown', () => {
    const bed = new OfficeBed();
    left(bed, ann, '201', 'first');
    left(bed, ann, '', 'second');
    const caller = inside(bed);
    caller.dial('12');
    expect(caller.told.at(-1)).toBe('transferRequested {"type":"number","number":"201"}');
    caller.leg.send({ type: 'transfer', is: 'ringing' });
    caller.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
    bed.pass(5);
    expect(caller.heard).toBe(`common.notReached ${messageMenu}`);
    caller.dial('#2');
    expect(caller.heard).toBe(`voicemail.noCallback ${messageMenu}`);
  });

  test('a caller who calls himself by a code is not called back: it would be done as if the owner had dialled it', () => {
    for (const number of ['*72*09001234567', 'feature:lock:', 'alice']) {
      const bed = new OfficeBed();
      left(bed, ann, number, 'first');
      const caller = inside(bed);
      caller.dial('12');
      expect(caller.heard).toBe(`voicemail.noCallback ${messageMenu}`);
      expect(caller.told.filter((told) => told.startsWith('transferRequested'))).toEqual([]);
    }
  });

  test('forwarded to another mailbox, where it is new', () => {
    const bed = new OfficeBed();
    left(bed, ann, '201', 'first');
    const caller = inside(bed);
    caller.dial('13');
    expect(caller.heard).toBe('voicemail.forwardTo');
    caller.dial('999#');
    expect(caller.heard).toBe(`common.noSuchNumber ${messageMenu}`);
    caller.dial('3106#');
    expect(caller.heard).toBe(`voicemail.forwarded ${messageMenu}`);
    expect(bed.messages.in(bob)).toMatchObject([{ from: { number: '201' }, file: 'first.wav', isHeard: false }]);
  });

  test('a restart of the controller among the messages: nothing is said twice, and the choice is still waited for', () => {
    const bed = new OfficeBed();
    left(bed, ann, '201', 'first');
    const caller = inside(bed);
    caller.dial('1');
    caller.listen();
    caller.survive(500);
    caller.dial('7');
    expect([caller.heard, bed.messages.in(ann)]).toEqual([`voicemail.deleted voicemail.noMore ${menu}`, []]);
  });
});

describe('greetings', () => {
  test('recorded, listened to, kept: callers hear it', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial('21');
    expect(caller.listen()).toBe('voicemail.recordAfterTone (1000 Hz)');
    caller.speak(4_000);
    caller.dial('#');
    const file = `voicemail/${ann}/greetings/unavailable-call-1.2-1.wav`;
    expect(caller.heard).toBe(`${file} voicemail.greetingReview`);
    caller.dial('1');
    expect(caller.heard).toBe('voicemail.greetingKept voicemail.greetingMenu');
    expect(bed.mailboxes.mailbox(ann)?.greetings.unavailable).toBe(file);
    const other = bed.call(takesMessages(bed.mailboxes.mailbox(ann)!, bed.mailboxes), {}, 'call-2.2');
    expect(other.heard).toContain(file);
  });

  test('recorded again, removed, left as it was: no file is left but the one that is used', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial('23');
    caller.listen();
    caller.speak(1_000);
    caller.dial('#3');
    caller.listen();
    caller.speak(1_000);
    caller.dial('#1');
    const kept = `voicemail/${ann}/greetings/name-call-1.2-2.wav`;
    expect([...bed.players.files.keys()]).toEqual([kept]);
    caller.dial('3');
    caller.listen();
    caller.speak(1_000);
    caller.dial('#*');
    expect([[...bed.players.files.keys()], bed.mailboxes.mailbox(ann)?.greetings.name]).toEqual([[kept], kept]);
    caller.dial('3');
    caller.listen();
    caller.speak(1_000);
    caller.dial('#7');
    expect([caller.heard, bed.mailboxes.mailbox(ann)?.greetings.name]).toEqual(['voicemail.greetingRemoved voicemail.greetingMenu', null]);
  });

  test('hung up before it was kept: it is not', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial('21');
    caller.listen();
    caller.speak(2_000);
    caller.hangUp();
    expect([bed.mailboxes.mailbox(ann)?.greetings.unavailable, bed.players.files.size]).toEqual([null, 0]);
  });
});

describe('the PIN', () => {
  test('is changed when it was dialled twice, and is asked for from then on', () => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial('3');
    expect([caller.heard, caller.leg.isConfidential]).toEqual(['voicemail.newPin', true]);
    caller.dial('8264#8264#');
    expect([caller.heard, caller.leg.isConfidential]).toEqual([`voicemail.pinChanged ${menu}`, false]);
    expect(bed.snapshot.voicemailBoxes.get(ann)?.pin).toBe('8264');
  });

  test.each(['123', '1111', '4321', '2345', '12345678901234'])('%s is too easy to guess', (pin) => {
    const bed = new OfficeBed();
    const caller = inside(bed);
    caller.dial(`3${pin}#${pin}#`);
    expect([caller.heard, bed.snapshot.voicemailBoxes.get(ann)?.pin]).toEqual([`voicemail.pinRefused ${menu}`, '2580']);
  });

  test('a restart of the controller while one is dialled: it is dialled again', () => {
    const bed = new OfficeBed();
    const caller = own(bed);
    caller.listen();
    caller.dial('25');
    caller.survive(200);
    caller.dial('2580#');
    expect(caller.heard).toBe(menu);
    caller.dial('38264#82');
    caller.survive(200);
    caller.dial('8264#8264#');
    expect(caller.heard).toBe(`voicemail.pinChanged ${menu}`);
  });

  test('two that differ, and a configuration that cannot be changed, leave it as it was', () => {
    const bed = new OfficeBed(usualOffice);
    const caller = inside(bed);
    caller.dial('38264#8265#');
    expect(caller.heard).toBe('voicemail.pinsDiffer voicemail.newPin');
    caller.dial('8264#8265#');
    expect(caller.heard).toBe(`voicemail.pinsDiffer ${menu}`);
    bed.changed = { ok: false, why: 'failed', text: 'the database is away' };
    caller.dial('38264#8264#');
    expect([caller.heard, bed.snapshot.voicemailBoxes.get(ann)?.pin]).toEqual([`common.failed ${menu}`, '2580']);
  });
});
