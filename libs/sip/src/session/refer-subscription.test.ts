import { expect, test } from 'vitest';
import { parseSipfrag } from '../message/refer.ts';
import type { SipResponse } from '../message/message.ts';
import { established, Office } from './session-pair.test-support.ts';
import type { Call, Party } from './session-pair.test-support.ts';
import { ReferSubscription } from './refer-subscription.ts';

/** Alice has sent bob a REFER in their call, and he took it. */
function referred(office: Office, id: number | null = null) {
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  let answer: SipResponse | undefined;
  caller.session.request('REFER', { headers: [['Refer-To', '<sip:carol@x>']] }, (response) => (answer = response));
  office.pass(5);
  const { transaction } = callee.event('request');
  callee.session.respond(transaction, 202);
  office.pass(5);
  const subscription = new ReferSubscription({ dialog: callee.session, timers: office.timers, id });
  return { alice, bob, caller, callee, answer, subscription };
}

/** NOTIFYs that came to alice, as `status state`; each answered. */
function heard(office: Office, caller: Call, status = 200): string[] {
  const lines: string[] = [];
  for (const event of caller.events.splice(0)) {
    if (event.type !== 'request') continue;
    const { request } = event.transaction;
    lines.push(`${String(parseSipfrag(new TextDecoder().decode(request.body))?.status)} ${request.headers.get('Subscription-State') ?? ''}`);
    caller.session.respond(event.transaction, status);
  }
  office.pass(5);
  return lines;
}

test('a REFER is answered with our Contact; how its call fares is told to its end (RFC 3515 2.4.4, 2.4.7)', () => {
  const office = new Office();
  const { caller, answer, subscription } = referred(office);
  expect([answer?.status, answer?.headers.get('Contact')]).toEqual([202, '<sip:10.0.0.2:5060>']);
  subscription.tell(100);
  office.pass(5);
  const first = caller.event('request').transaction.request;
  expect([first.headers.get('Event'), first.headers.get('Content-Type')]).toEqual(['refer', 'message/sipfrag;version=2.0']);
  expect(heard(office, caller)).toEqual(['100 active;expires=300']);
  subscription.tell(180);
  subscription.tell(180);
  office.pass(5);
  expect(heard(office, caller)).toEqual(['180 active;expires=300']);
  subscription.tell(200);
  office.pass(5);
  expect(heard(office, caller)).toEqual(['200 terminated;reason=noresource']);
  expect(subscription.isOver).toBe(true);
  subscription.tell(180);
  office.pass(50_000);
  expect(heard(office, caller)).toEqual([]);
});

test('one NOTIFY at a time: what is told meanwhile waits, and only the newest of it is said; the end stays the end', () => {
  const office = new Office();
  const { caller, subscription } = referred(office, 7);
  for (const status of [100, 180, 183, 486, 180]) subscription.tell(status);
  office.pass(5);
  expect(caller.event('request').transaction.request.headers.get('Event')).toBe('refer;id=7');
  expect([subscription.is('7'), subscription.is(undefined), subscription.is('8')]).toEqual([true, false, false]);
  expect(heard(office, caller)).toEqual(['100 active;expires=300']);
  expect(heard(office, caller)).toEqual(['486 terminated;reason=noresource']);
  expect(heard(office, caller)).toEqual([]);
});

test('whoever refuses a NOTIFY, or does not answer it, is told nothing more (RFC 6665 4.2.2)', () => {
  for (const way of ['refused', 'silent'] as const) {
    const office = new Office();
    const { caller, subscription } = referred(office);
    subscription.tell(100);
    office.pass(5);
    if (way === 'refused') heard(office, caller, 489);
    else caller.events.length = 0;
    office.pass(40_000);
    expect(subscription.isOver).toBe(true);
    subscription.tell(200);
    office.pass(5);
    expect(heard(office, caller)).toEqual([]);
  }
});

test('a call that comes to no end is told as given up in time; a refresh is told how things are, and 0 ends it', () => {
  const office = new Office();
  const lasting = referred(office);
  lasting.subscription.tell(180);
  office.pass(5);
  heard(office, lasting.caller);
  office.pass(100_000);
  lasting.subscription.refresh(60);
  office.pass(5);
  expect(heard(office, lasting.caller)).toEqual(['180 active;expires=200']);
  office.pass(200_000);
  expect(heard(office, lasting.caller)).toEqual(['487 terminated;reason=timeout']);
  const left = referred(office);
  left.subscription.tell(180);
  office.pass(5);
  heard(office, left.caller);
  left.subscription.refresh(0);
  office.pass(5);
  expect(heard(office, left.caller)).toEqual(['180 terminated;reason=timeout']);
  expect(left.subscription.isOver).toBe(true);
});

test('another process goes on telling', () => {
  const office = new Office();
  const { bob, caller, callee, subscription } = referred(office, 3);
  subscription.tell(180);
  office.pass(5);
  heard(office, caller);
  const [session, kept] = [callee.session.snapshot()!, subscription.snapshot()!];
  bob.leave();
  const reborn = office.party({}, undefined, 'udp', bob.address);
  const adopted = ReferSubscription.adopt({ dialog: reborn.sessions.adopt(session, () => {}), timers: office.timers }, kept);
  adopted.tell(180);
  adopted.tell(200);
  office.pass(5);
  expect(caller.event('request').transaction.request.headers.get('Event')).toBe('refer;id=3');
  expect(heard(office, caller)).toEqual(['200 terminated;reason=noresource']);
});

test('a session is found by its dialog, from either end, while it lives; early ones too (RFC 3891 3)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(180);
  office.pass(5);
  const { response } = caller.event('provisional');
  const dialog = { callId: response.callId, tags: [response.from.tag!, response.to.tag!] as const };
  const found = (party: Party) => [party.sessions.find(dialog), party.sessions.find({ ...dialog, tags: [dialog.tags[1], dialog.tags[0]] })];
  expect(found(alice)).toEqual([caller.session, caller.session]);
  expect(found(bob)).toEqual([callee.session, callee.session]);
  expect(alice.sessions.find({ ...dialog, callId: 'other' })).toBeUndefined();
  expect(alice.sessions.find({ ...dialog, tags: [dialog.tags[0], 'other'] })).toBeUndefined();
  callee.session.accept('v=0 answer');
  office.pass(5);
  expect(found(bob)).toEqual([callee.session, callee.session]);
  caller.session.end();
  expect(found(alice)).toEqual([undefined, undefined]);
});

test('who the other side is now is said by UPDATE without an offer, and in each offer from then on (RFC 3311 5.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  const identity = ['P-Asserted-Identity', '"Carol" <sip:carol@x>'] as const;
  callee.session.identify([identity]);
  office.pass(5);
  const last = (method: string) => office.sent.findLast((message) => message.kind === 'request' && message.method === method)!;
  expect([last('UPDATE').headers.get(identity[0]), last('UPDATE').body.length]).toEqual([identity[1], 0]);
  expect(caller.story).not.toContain('offer');
  callee.session.reinvite('v=0 hold');
  office.pass(5);
  expect(last('INVITE').headers.get(identity[0])).toBe(identity[1]);
});

test('an UPDATE without an offer is no glare: the peer’s re-INVITE that crosses it is answered (RFC 3261 14.2)', () => {
  const office = new Office(0, [5, 5]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(20);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(20);
  callee.session.identify([['P-Asserted-Identity', '<sip:carol@x>']]);
  caller.session.reinvite('v=0 hold');
  office.pass(20);
  callee.session.answerOffer('v=0 held');
  office.pass(20);
  expect([office.count('491 INVITE'), office.count('200 UPDATE'), caller.event('answer').sdp]).toEqual([0, 1, 'v=0 held']);
});

test('to a peer without UPDATE it is said by a re-INVITE that repeats what we said last, or not at all', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  bob.invites[0]!.request.headers.set('Allow', 'INVITE, ACK, BYE, CANCEL');
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(5);
  callee.session.identify([['P-Asserted-Identity', '<sip:carol@x>']], 'update');
  office.pass(5);
  expect([office.count('UPDATE'), office.count('INVITE')]).toEqual([0, 1]);
  callee.session.identify([['P-Asserted-Identity', '<sip:carol@x>']]);
  office.pass(5);
  expect([office.count('UPDATE'), office.count('INVITE')]).toEqual([0, 2]);
  expect(caller.event('offer').sdp).toBe('v=0 answer');
});

test('in an early dialog the UPDATE does not wait for the answer to our first offer', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(180);
  office.pass(5);
  caller.session.identify([['P-Asserted-Identity', '<sip:carol@x>']]);
  office.pass(5);
  expect([office.count('UPDATE'), office.count('200 UPDATE')]).toEqual([1, 1]);
  callee.session.accept('v=0 answer');
  office.pass(5);
  expect(caller.story).toEqual(['provisional', 'accepted']);
});
