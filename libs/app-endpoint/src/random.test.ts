import { expect, test } from 'vitest';
import { announcement } from './announcement.ts';
import type { ApplicationTarget } from './application.ts';
import { type Caller, localOf } from './application-bed.ts';
import { dialledFor } from './directory/dial-pad.ts';
import { directory } from './directory/directory.ts';
import { echoTest } from './echo-test.ts';
import { CallBacks } from './features/call-backs.ts';
import { FakeCalls } from './features/fake-calls.ts';
import { feature } from './features/feature.ts';
import { LastCallers } from './features/last-callers.ts';
import { OfficeDesk } from './features/office-desk.ts';
import { ivr } from './ivr.ts';
import { milliwatt } from './milliwatt.ts';
import { idOf, OfficeBed } from './office-bed.ts';
import { speakingClock } from './speaking-clock.ts';
import { anyMailbox, ownMailbox, takesMessages } from './voicemail/voicemail.ts';

type Calls = (bed: OfficeBed, id: string) => Caller;

const applications: Readonly<Record<string, Calls>> = {
  echoTest: (bed, id) => bed.call(echoTest({ mostMs: 60_000 }), {}, id),
  milliwatt: (bed, id) => bed.call(milliwatt({ mostMs: 60_000 }), {}, id),
  announcement: (bed, id) => bed.call(announcement({ said: [{ prompt: 'closed' }], times: 2, then: { type: 'number', number: '100' } }), {}, id),
  speakingClock: (bed, id) => bed.call(speakingClock({ local: localOf, times: 3 }), {}, id),
  ivr: (bed, id) => bed.call(ivr({ said: [{ prompt: 'menu' }], invalid: [{ phrase: 'common.invalid' }], choices: new Map([['1', to], ['12', to], ['#', to]]), numbers: ['237', '2'], firstDigitMs: 3_000, interDigitMs: 1_000, tries: 3, onSilence: to, onInvalid: null }), {}, id),
  directory: (bed, id) => bed.call(directory({ entries: ['Anna Müller', 'Carl Nutt', 'Bob Ott'].map((name, n) => ({ number: `10${n}`, name, nameFile: null, dialled: name.split(' ').flatMap(dialledFor) })) }), {}, id),
  'a feature': (bed, id) => bed.call(feature('wakeUp', '', deskOf(bed)), { from: { number: '105' } }, id),
  'voicemail, a box': (bed, id) => bed.call(takesMessages(bed.mailboxes.mailbox(idOf('bob'))!, bed.mailboxes), {}, id),
  'voicemail, with a PIN': (bed, id) => dialling(bed.call(ownMailbox(bed.mailboxes), { from: { number: '105' } }, id), '2580#'),
  'voicemail, of a telephone': (bed, id) => bed.call(ownMailbox(bed.mailboxes), { from: { number: '106' } }, id),
  'voicemail, asked for': (bed, id) => dialling(bed.call(anyMailbox('', bed.mailboxes), {}, id), '105#2580#'),
};

test.each(Object.entries(applications))('%s: whatever callers and processes do, nothing throws, all ends, nothing is left, and each recording is kept or gone', (_name, calls) => {
  for (let seed = 1; seed <= sequences; seed++) {
    const random = randomOf(seed);
    const bed = new OfficeBed();
    bed.players.files.set('old.wav', 2_000);
    bed.messages.begin({ id: 'old', box: idOf('bob'), file: 'old.wav', from: { number: '201' }, at: 0 });
    bed.messages.finish('old', { ms: 2_000, shortestMs: 0, isUrgent: false });
    const caller = calls(bed, 'call-1.2');
    const actions = Math.floor(random() * 40);
    for (let n = 0; n < actions && !caller.isOver; n++) act(bed, caller, random);
    caller.hangUp();
    bed.pass(10_000);
    const { begun, finished, discarded } = bed.messages;
    const unkept = [...bed.players.files.keys()].filter((file) => file !== 'old.wav' && ![...bed.messages.all.values()].some((message) => message.file === file) && !['ann', 'bob'].some((box) => Object.values(bed.messages.greetings(idOf(box))).includes(file)));
    expect({ seed, bugs: bed.bugs, last: caller.told.at(-1)?.startsWith('released'), once: caller.told.filter((told) => told.startsWith('released')).length, unended: begun - finished - discarded, unkept, timers: bed.timers.size, listeners: bed.players.listeners, players: bed.players.size })
      .toEqual({ seed, bugs: [], last: true, once: 1, unended: 0, unkept: [], timers: 0, listeners: 0, players: 0 });
  }
});

const to: ApplicationTarget = { type: 'number', number: '100' };

function deskOf(bed: OfficeBed): OfficeDesk {
  const [calls, snapshot] = [new FakeCalls(), () => bed.snapshot];
  const clock = { now: () => bed.surroundings.clock.now(), local: localOf };
  return new OfficeDesk({ snapshot, changes: bed, calls, clock, queues: { change: () => false }, callBacks: new CallBacks(calls, snapshot, bed.timers), lastCallers: new LastCallers(calls, snapshot) });
}

function act(bed: OfficeBed, caller: Caller, random: () => number): void {
  const kind = random();
  if (kind < 0.55) return caller.dial('0123456789*#1237#*1'[Math.floor(random() * 19)]!);
  if (kind < 0.65) return caller.speak(Math.floor(random() * 6_000));
  if (kind < 0.85) return bed.pass(Math.floor(random() * random() * 20_000));
  if (kind < 0.9) return caller.survive(Math.floor(random() * 5_000));
  if (kind < 0.92) return caller.leg.send({ type: random() < 0.5 ? 'held' : 'resumed' });
  if (kind < 0.95) return caller.leg.send(random() < 0.6 ? { type: 'transfer', is: 'failed', cause: 'userBusy' } : { type: 'transfer', is: 'ringing' });
  if (kind < 0.97) return bed.players.refuseNext(random() < 0.5 ? 'announce' : 'record', { code: 'overloaded', text: 'no room' });
  bed.players.kill();
  bed.pass(Math.floor(random() * 4_000));
  bed.players.comeUp();
  caller.leg.send({ type: 'restoreMedia' });
}

function dialling(caller: Caller, digits: string): Caller {
  caller.dial(digits);
  return caller;
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const sequences = 150;
