import { expect, test } from 'vitest';
import { createResponse } from '../message/create.ts';
import { established, Office } from './session-pair.test-support.ts';

function talking(settings: Parameters<Office['party']>[0] = {}) {
  const office = new Office();
  const [alice, bob] = [office.party(settings), office.party(settings)];
  return { office, alice, bob, ...established(office, alice, bob) };
}

test('re-INVITE both ways: offer, answer, ACK (RFC 3261 14)', () => {
  const { office, caller, callee } = talking();
  caller.session.reinvite('v=0 hold');
  office.pass(5);
  expect(callee.event('offer')).toMatchObject({ sdp: 'v=0 hold', method: 'INVITE' });
  expect(office.count('100 INVITE')).toBe(2);
  callee.session.answerOffer('v=0 held');
  office.pass(5);
  expect(caller.event('answer').sdp).toBe('v=0 held');
  callee.session.reinvite('v=0 resume');
  office.pass(5);
  caller.session.answerOffer('v=0 resumed');
  office.pass(5);
  expect(callee.event('answer').sdp).toBe('v=0 resumed');
  expect(office.count('ACK')).toBe(3);
  expect(callee.story.filter((type) => type === 'acknowledged')).toHaveLength(1);
});

test('a refused re-INVITE leaves the session as it was (RFC 3261 14.1)', () => {
  const { office, caller, callee } = talking();
  caller.session.reinvite('v=0 video');
  office.pass(5);
  callee.session.refuseOffer();
  office.pass(5);
  expect(caller.event('offerRefused').status).toBe(488);
  expect(caller.session.phase).toBe('confirmed');
  caller.session.reinvite('v=0 hold');
  office.pass(5);
  callee.session.answerOffer('v=0 held');
  office.pass(5);
  expect(caller.event('answer').sdp).toBe('v=0 held');
});

test('a re-INVITE without offer asks for ours, its answer is in the ACK (RFC 3261 14.2)', () => {
  const { office, caller, callee } = talking();
  // The session never sends one by itself: as a phone would.
  caller.session.request('INVITE', {}, () => {});
  office.pass(5);
  expect(callee.event('offerRequested')).toBeDefined();
  callee.session.answerOffer('v=0 offer of bob');
  office.pass(5);
  const answer = office.sent.findLast((message) => message.kind === 'response' && message.cseq.method === 'INVITE');
  expect(answer).toMatchObject({ status: 200 });
  expect(new TextDecoder().decode(answer!.body)).toBe('v=0 offer of bob');
});

test('offers wait for each other: the latest wish goes when the former is through', () => {
  const { office, caller, callee } = talking();
  caller.session.reinvite('v=0 first');
  caller.session.reinvite('v=0 second');
  caller.session.reinvite('v=0 third');
  office.pass(5);
  callee.session.answerOffer('v=0 a1');
  office.pass(5);
  expect(callee.event('offer').sdp).toBe('v=0 third');
  callee.session.answerOffer('v=0 a3');
  office.pass(5);
  expect(caller.event('answer').sdp).toBe('v=0 a3');
  expect(callee.events.filter((event) => event.type === 'offer')).toHaveLength(2);
});

test('a second re-INVITE while the first waits for its answer gets 500 with Retry-After (RFC 3261 14.2)', () => {
  const { office, caller, callee } = talking();
  let status: number | undefined;
  caller.session.reinvite('v=0 first');
  office.pass(5);
  caller.session.request('INVITE', {}, (response) => (status = response?.status));
  office.pass(5);
  expect(status).toBe(500);
  callee.session.answerOffer('v=0 answer');
  office.pass(5);
  expect(caller.event('answer').sdp).toBe('v=0 answer');
});

test('UPDATE falls back to re-INVITE when the peer does not allow it (RFC 3311 5.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  bob.invites[0]!.request.headers.set('Allow', 'INVITE, ACK, BYE, CANCEL');
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(5);
  callee.session.update('v=0 hold');
  office.pass(5);
  expect(caller.event('offer').method).toBe('INVITE');
});

test('a re-INVITE moves the remote target (RFC 3261 12.2)', () => {
  const { office, caller, callee } = talking();
  caller.session.request('UPDATE', { headers: [['Contact', '<sip:alice@10.0.0.77:5070>']] }, () => {});
  office.pass(5);
  expect(callee.events.at(-1)!.type).toBe('changed');
  expect(callee.session.snapshot()!.dialog.remoteTarget).toMatch(/^sip:/);
});

test('481 or 408 to a re-INVITE ends the call with a BYE (RFC 3261 12.2.1.2)', () => {
  const { office, caller, callee } = talking();
  caller.session.reinvite('v=0 hold');
  office.pass(5);
  callee.session.refuseOffer(481);
  office.pass(10);
  expect(caller.event('ended')).toMatchObject({ by: 'remote', detail: 'INVITE: 481 Call/Transaction Does Not Exist' });
  expect(callee.event('ended').by).toBe('remote');
});

test('a re-INVITE nobody answers ends the call by timer B', () => {
  const { office, bob, caller } = talking();
  bob.leave();
  caller.session.reinvite('v=0 hold');
  office.pass(32_100);
  expect(caller.event('ended').by).toBe('timer');
});

test('a request out of order gets 500 (RFC 3261 12.2.2)', () => {
  const { office, alice, bob, caller } = talking();
  const snapshot = caller.session.snapshot()!;
  let status: number | undefined;
  caller.session.info('text/plain', 'one');
  caller.session.info('text/plain', 'two');
  office.pass(5);
  const stale = alice.sessions.adopt({ ...snapshot, dialog: { ...snapshot.dialog, localCSeq: snapshot.dialog.localCSeq - 50 } }, () => {});
  stale.request('INFO', {}, (response) => (status = response?.status));
  office.pass(5);
  expect(status).toBe(500);
  expect(bob.sessions.size).toBe(1);
});

test('a challenged BYE goes again with credentials', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party({ dialogMethods: ['MESSAGE'] })];
  const { caller, callee } = established(office, alice, bob, { authenticate: () => 'Digest x' });
  let status: number | undefined;
  caller.session.request('MESSAGE', {}, (response) => (status = response?.status));
  office.pass(5);
  const { transaction } = callee.event('request');
  expect(transaction.request.headers.has('Authorization')).toBe(false);
  transaction.respond(challenge(transaction.request));
  office.pass(5);
  const again = callee.event('request').transaction;
  expect(again.request.headers.get('Authorization')).toBe('Digest x');
  expect(again.request.cseq.number).toBe(transaction.request.cseq.number + 1);
  expect(status).toBeUndefined();
});

function challenge(request: Parameters<typeof createResponse>[0]) {
  return createResponse(request, 401, { headers: [['WWW-Authenticate', 'Digest realm="x", nonce="1"']] });
}
