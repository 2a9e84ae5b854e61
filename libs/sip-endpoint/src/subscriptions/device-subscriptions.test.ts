import type { SipResponse } from '@tipring/sip';
import type { WatchedEntity } from '@tipring/presence';
import { expect, test } from 'vitest';
import { PhoneBed } from '../phone-bed.ts';
import { REALM } from '../scripted-phone.ts';
import { Watcher } from './scripted-watcher.ts';

const watched: readonly WatchedEntity[] = [
  { id: 'ext_1', kind: 'extension', key: 'anna', number: '101', name: 'Anna', endpoints: ['d-101', 'd-101b'] },
  { id: 'ext_2', kind: 'extension', key: 'ben', number: '102', name: 'Ben', endpoints: ['d-102'] },
  { id: 'vmb_1', kind: 'mailbox', key: 'anna-box', number: '8101', name: 'Anna', endpoints: [] },
  { id: 'vmb_2', kind: 'mailbox', key: 'ben-box', number: '8102', name: 'Ben', endpoints: [] },
];

/** Anna (two telephones), Ben, and somebody at 103 who watches. */
function office() {
  const bed = new PhoneBed();
  bed.watched = watched;
  bed.pbx.presence.configure(watched, []);
  bed.mailboxes.set('103', 'vmb_1');
  const [desk, soft, ben] = [bed.phone('101', '101', 11), bed.phone('101b', '101', 12), bed.phone('102', '102', 13)];
  bed.phone('103', '103', 14);
  const watcher = new Watcher(bed, '103', '10.0.0.15');
  const subscribe = (user: string, event: string, how: Parameters<Watcher['subscribe']>[2] = {}): SipResponse | undefined => {
    let answer: SipResponse | undefined;
    watcher.subscribe(user, event, how, (response) => (answer = response));
    bed.pass();
    return answer;
  };
  return { bed, desk, soft, ben, watcher, subscribe };
}

test('a lamp: idle, ringing, in use, idle', () => {
  const { bed, desk, soft, ben, watcher, subscribe } = office();
  expect(subscribe('101', 'dialog')?.status).toBe(200);
  expect(watcher.bodies()).toEqual([expect.stringContaining(`version="0" state="full" entity="sip:101@${REALM}"`)]);
  expect(watcher.lamp()).toEqual(['terminated']);
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  expect(watcher.lamp()).toEqual(['early']);
  expect(watcher.bodies().at(-1)).toContain(`<identity display="Phone 102">sip:102@${REALM}</identity>`);
  expect(watcher.bodies().at(-1)).toContain('direction="recipient"');
  const told = watcher.notified.length;
  soft.ring();
  bed.pass();
  expect(watcher.notified).toHaveLength(told);
  soft.answer();
  bed.pass();
  expect(watcher.lamp()).toEqual(['confirmed']);
  soft.session?.end();
  bed.pass();
  expect(watcher.lamp()).toEqual(['terminated']);
  expect(watcher.bodies().map((body) => /version="(\d+)"/.exec(body)?.[1])).toEqual(watcher.bodies().map((_, at) => String(at)));
  expect(bed.pbx.bugs).toEqual([]);
});

test('a dialog that is over is told as such once, also when another began meanwhile', () => {
  const { bed, desk, ben, watcher, subscribe } = office();
  subscribe('101', 'dialog');
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  watcher.answer = () => undefined;
  desk.answer();
  bed.pass();
  expect(watcher.lamp()).toEqual(['confirmed']);
  // While that is unanswered the caller hangs up and calls again.
  ben.session?.end();
  bed.pass();
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  watcher.answer = () => 200;
  watcher.answerLate();
  bed.pass();
  expect(watcher.lamp()).toEqual(['early', 'terminated']);
  expect(watcher.bodies().at(-1)?.match(/ id="[^"]+"/g)?.length).toBe(2);
  desk.answer();
  bed.pass();
  expect(watcher.lamp()).toEqual(['confirmed']);
});

test('by key as by number; who is not there is 404, what is no package of ours 489', () => {
  const { subscribe, watcher } = office();
  expect(subscribe('anna', 'dialog')?.status).toBe(200);
  expect(watcher.bodies().at(-1)).toContain(`entity="sip:anna@${REALM}"`);
  expect(subscribe('999', 'dialog')?.status).toBe(404);
  expect(subscribe('101', 'ua-profile')?.headers.get('Allow-Events')).toBe('dialog, message-summary, presence');
});

test('a SUBSCRIBE without credentials is challenged, and nothing is kept', () => {
  const { bed, watcher } = office();
  const stranger = new Watcher(bed, '999', '10.0.0.99');
  const answers: number[] = [];
  stranger.subscribe('101', 'dialog', {}, (response) => answers.push(response.status));
  bed.pass();
  expect([answers, bed.pbx.subscriptions.size, watcher.notified]).toEqual([[401], 0, []]);
  expect(bed.pbx.failures).toEqual(['unknownUser']);
});

test('message waiting: of its own mailbox, by its own number or the mailbox’s; another’s is 403, none 404', () => {
  const { bed, subscribe, watcher } = office();
  expect(subscribe('103', 'message-summary')?.status).toBe(200);
  expect(watcher.bodies().at(-1)).toBe(`Messages-Waiting: no\r\nMessage-Account: sip:8101@${REALM}\r\nVoice-Message: 0/0 (0/0)\r\n`);
  bed.pbx.presence.messages('vmb_1', { new: 2, old: 1, newUrgent: 1, oldUrgent: 0 });
  bed.pass();
  expect(watcher.bodies().at(-1)).toContain('Voice-Message: 2/1 (1/0)');
  expect(subscribe('8101', 'message-summary')?.status).toBe(200);
  expect(subscribe('8102', 'message-summary')?.status).toBe(403);
  expect(subscribe('9', 'message-summary')?.status).toBe(404);
  bed.mailboxes.clear();
  expect(subscribe('103', 'message-summary', { callId: 'x' })?.status).toBe(404);
});

test('presence: open and closed, and on the phone', () => {
  const { bed, desk, ben, subscribe, watcher } = office();
  subscribe('102', 'presence');
  expect(watcher.bodies().at(-1)).toContain('<basic>open</basic>');
  bed.pbx.presence.reach('d-102', false, 'not registered');
  bed.pass();
  expect(watcher.bodies().at(-1)).toContain('<basic>closed</basic>');
  expect(watcher.bodies().at(-1)).toContain('not registered');
  bed.pbx.presence.reach('d-102', true, '');
  bed.pass();
  bed.pbx.presence.configure(watched.map((entity) => (entity.id === 'ext_2' ? { ...entity, isDoNotDisturb: true } : entity)), []);
  bed.pass();
  expect(watcher.bodies().at(-1)).toMatch(/Do not disturb.*<rpid:busy\/>/s);
  ben.call('101');
  bed.pass();
  desk.answer();
  bed.pass();
  expect(watcher.bodies().at(-1)).toContain('<rpid:on-the-phone/>');
});

test('what each telephone was told can be read', () => {
  const { bed, desk, ben, watcher, subscribe } = office();
  subscribe('101', 'dialog');
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  const [subscriber, ...more] = bed.pbx.subscriptions.subscribers('ext_1');
  expect(more).toEqual([]);
  expect(subscriber).toMatchObject({ watcher: 'd-103', package: 'dialog', uri: `sip:101@${REALM}`, peer: 'udp:10.0.0.15:5060', isBehind: false, told: { version: 1, isAnswered: true, what: { state: 'ringing', dialogs: [{ state: 'early' }] } } });
  expect(subscriber?.told?.what.revision).toBe(bed.pbx.presence.view('ext_1')?.revision);
  watcher.answer = () => undefined;
  desk.answer();
  bed.pass();
  expect(bed.pbx.subscriptions.subscribers('ext_1')).toMatchObject([{ told: { isAnswered: false, what: { state: 'inUse' } } }]);
});

test('an extension that is deleted: its watchers are told that there is nothing more; a device that may not any more, too', () => {
  const { bed, subscribe, watcher } = office();
  subscribe('101', 'dialog');
  subscribe('102', 'dialog');
  bed.pbx.presence.configure(watched.slice(1), []);
  bed.pass();
  expect(watcher.notified.at(-1)?.headers.get('Subscription-State')).toBe('terminated;reason=noresource');
  expect(bed.pbx.subscriptions.size).toBe(1);
  bed.pbx.subscriptions.end('d-103');
  bed.pass();
  expect(watcher.notified.at(-1)?.headers.get('Subscription-State')).toBe('terminated;reason=rejected');
  expect(bed.pbx.subscriptions.size).toBe(0);
});

test('a controller that is killed: the next tells every watcher how things are, and refreshes go on', () => {
  const { bed, desk, ben, subscribe, watcher } = office();
  const dialog = subscribe('101', 'dialog');
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  const kept = JSON.parse(JSON.stringify(bed.pbx.subscriptions.snapshots())) as ReturnType<typeof bed.pbx.subscriptions.snapshots>;
  expect(watcher.lamp()).toEqual(['early']);
  bed.restart();
  bed.pbx.subscriptions.adopt(kept, (device) => device === 'd-103');
  bed.pass();
  expect(watcher.lamp()).toEqual(['terminated']);
  expect(subscribe('101', 'dialog', { expires: 900, ...(dialog === undefined ? {} : { dialog }) })?.status).toBe(200);
  bed.restart();
  bed.pbx.subscriptions.adopt(kept, () => false);
  expect(bed.pbx.subscriptions.size).toBe(0);
});

test('the key beside the lamp picks up: the dialog as it was told, in Replaces (RFC 3891), means the leg that rings', () => {
  const { bed, desk, ben, watcher, subscribe } = office();
  subscribe('101', 'dialog');
  const asked: string[] = [];
  bed.pickups.set('103', (leg) => asked.push(leg) > 0);
  ben.call('101');
  bed.pass();
  desk.ring();
  bed.pass();
  const [, callId = '', localTag = '', remoteTag = ''] = /call-id="([^"]+)" local-tag="([^"]+)" remote-tag="([^"]+)"/.exec(watcher.bodies().at(-1) ?? '') ?? [];
  const taken: (string | undefined)[] = [];
  bed.onOffer = (offer) => taken.push(offer.replaces);
  const carla = bed.phone('103', '103', 16);
  // As the telephone sees it: its remote is the dialog's remote (RFC 3891 3).
  carla.call('102', { headers: [['Replaces', `${callId};to-tag=${remoteTag};from-tag=${localTag}`]] });
  bed.pass();
  const leg = bed.pbx.presence.view('ext_1')?.dialogs[0]?.leg;
  expect(leg).toBeDefined();
  expect([taken, asked]).toEqual([[leg], [leg]]);
});
