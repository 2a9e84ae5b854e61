import type { Kind } from '@tipring/config';
import { describe, expect, test } from 'vitest';
import { anyMedia, Caller, epoch, localOf } from './application-bed.ts';
import { CallBacks } from './features/call-backs.ts';
import { FakeCalls } from './features/fake-calls.ts';
import { LastCallers } from './features/last-callers.ts';
import { OfficeApplications } from './office-applications.ts';
import { idOf, OfficeBed } from './office-bed.ts';

const rows = {
  voicemailBox: [{ key: 'ann', displayName: 'Ann', pin: '2580', language: 'fr' }],
  extension: [
    { key: 'anna', number: '105', displayName: 'Ann-Marie Arbor', voicemailBoxId: idOf('ann') },
    { key: 'bert', number: '106', displayName: 'Bob Berg', language: 'de' },
  ],
  parkingLot: [{ key: 'lot', displayName: 'Lot', slots: { first: '701', last: '702' } }],
  prompt: [{ key: 'closed', displayName: 'Closed', spoken: { en: { text: 'We are closed.' } } }],
  directory: [{ key: 'people', displayName: 'People', by: 'lastName' }],
  ivr: [
    { key: 'menu', displayName: 'Menu', promptId: idOf('closed'), dialsExtensions: true, choices: [{ digits: '1', label: 'Ann', destination: { type: 'extension', id: idOf('anna') } }] },
    { key: 'bare', displayName: 'Bare', choices: [{ digits: '1', label: 'Ann', destination: { type: 'extension', id: idOf('anna') } }, { digits: '2', label: 'Bye', destination: { type: 'refusal', as: 'busy' } }], onSilence: { type: 'number', number: '106' }, tries: 1 },
  ],
} as const satisfies { readonly [Of in Kind]?: readonly object[] };

function office() {
  const bed = new OfficeBed(rows);
  const calls = new FakeCalls();
  const snapshot = () => bed.snapshot;
  const applications = new OfficeApplications(
    {
      snapshot, calls, changes: bed, messages: bed.messages, mailboxes: bed.mailboxes,
      clock: { now: () => bed.surroundings.clock.now(), local: localOf },
      queues: { change: () => false },
      callBacks: new CallBacks(calls, snapshot, bed.timers),
      lastCallers: new LastCallers(calls, snapshot),
      wakeUps: { snooze: (_ask, answer) => answer({ at: epoch }) },
    },
    bed.surroundings,
  );
  const call = (id: string, from = '201'): Caller => {
    const endpoint = applications.find(id);
    if (endpoint === undefined) throw new Error(`${id} is nothing`);
    return new Caller(bed, () => endpoint, { context: 'call-1', from: { number: from }, number: '500', media: anyMedia }, 'call-1.2');
  };
  return { bed, calls, applications, call };
}

describe('by the names that routing gives', () => {
  test.each([
    ['application:echoTest', '201', 'echo.instructions'],
    ['application:speakingClock', '201', 'clock.atTheTone'],
    ['application:milliwatt', '201', '1004 Hz'],
    ['application:wakeUp', '105', 'feature.wakeUp  feature.snooze'],
    ['feature:voicemail:', '105', 'voicemail.enterPin'],
    ['feature:voicemailOf:105', '106', 'de/voicemail.enterPin'],
    ['feature:voicemailOf:', '201', 'voicemail.enterMailbox'],
    ['feature:forwardAlways:', '105', 'common.enterNumber'],
    [idOf('ann'), '201', 'fr/voicemail.leaveMessage'],
    [idOf('ann'), '106', 'de/voicemail.leaveMessage'],
    [idOf('closed'), '201', `prompt ${idOf('closed')}`],
    [idOf('people'), '201', 'directory.enterName'],
    [idOf('menu'), '201', `prompt ${idOf('closed')}`],
    [idOf('bare'), '201', 'directory.press digits 1 directory.for directory.extension digits 105  directory.press digits 2 directory.for spelled Bye'],
  ])('%s, called by %s: %s', (id, from, words) => {
    expect(office().call(id, from).heard).toContain(words);
  });

  test.each(['', 'application:', 'application:nothing', 'feature:', 'feature:nothing:1', 'feature:constructor:', 'trunk', '105', idOf('anna')])('%j is no application', (id) => {
    expect(office().applications.find(id)).toBeUndefined();
  });
});

test('a menu sends its callers where its choices lead, by number or not', () => {
  const menu = office().call(idOf('menu'));
  menu.dial('1');
  menu.leg.send({ type: 'transfer', is: 'trying' });
  expect(menu.told).toEqual(['answered']);
  // 105 and 106 begin like the choice.
  menu.dial('06');
  expect(menu.told).toEqual(['answered', 'transferRequested {"type":"number","number":"106"}']);
  const bare = office().call(idOf('bare'));
  bare.dial('2');
  expect(bare.told.at(-1)).toBe('transferRequested {"type":"destination","destination":{"type":"refusal","as":"busy"}}');
});

test('a directory finds by last names alone when it is to', () => {
  const people = office().call(idOf('people'));
  people.dial('266#');
  expect(people.heard).toBe('directory.noMatch directory.enterName');
  people.dial('272#');
  expect(people.heard).toContain('directory.for spelled Ann-Marie Arbor directory.extension digits 105');
});

test('a parking lot parks its callers; a full one says so', () => {
  const { calls, call } = office();
  calls.talk('call-1', ['trk', 'app'], 'talking');
  call(idOf('lot'));
  expect(calls.done).toEqual([`park call-1 call-1.2 ${idOf('lot')}`]);
  const sent = office();
  sent.calls.send('call-1', 'trk');
  sent.call(idOf('lot'));
  // Whoever was called waits, and the lot's own leg goes.
  expect(sent.calls.done).toEqual([`park call-1 call-1.3 ${idOf('lot')}`]);
  const full = office();
  full.calls.talk('call-1', ['trk', 'app'], 'talking');
  full.calls.refusal = { ok: false, code: 'refused', text: 'full' };
  expect(full.call(idOf('lot')).listen()).toBe('feature.lotFull');
});
