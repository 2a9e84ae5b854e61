import { expect, test } from 'vitest';
import { Office } from './session-pair.test-support.ts';
import type { Call } from './session-pair.test-support.ts';

function ringing(office: Office, offer: string | undefined = 'v=0 offer') {
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob, { offer: offer as string });
  office.pass(5);
  return { alice, bob, caller, callee: bob.take() };
}

const provisionals = (call: Call) => call.events.filter((event) => event.type === 'provisional').map((event) => event.status);

test('a reliable 183 with the answer is acknowledged by PRACK, and the 200 repeats no description (RFC 3262 3, RFC 6337 3.1)', () => {
  const office = new Office();
  const { caller, callee } = ringing(office);
  callee.session.provisional(183, { sdp: 'v=0 early answer', reliable: true });
  office.pass(5);
  expect(caller.event('provisional')).toMatchObject({ status: 183, sdp: 'v=0 early answer', reliable: true });
  expect(office.count('200 PRACK')).toBe(1);
  callee.session.accept('v=0 ignored');
  office.pass(5);
  expect(caller.event('accepted').sdp).toBe('v=0 early answer');
  expect(office.sent.find((message) => message.kind === 'response' && message.status === 200 && message.cseq.method === 'INVITE')!.body).toHaveLength(0);
});

test('a lost reliable 1xx comes again after T1 doubling, and is told once', () => {
  const office = new Office();
  let lost = 0;
  office.swallow = (message) => message.kind === 'response' && message.status === 183 && lost++ < 2;
  const { caller, callee } = ringing(office);
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  office.pass(1_400);
  expect(provisionals(caller)).toEqual([]);
  office.pass(5_000);
  expect(provisionals(caller)).toEqual([183]);
  expect(office.count('183 INVITE')).toBe(3);
  expect(office.count('PRACK')).toBe(1);
});

test('a lost PRACK comes again; the repeated 1xx is not told twice', () => {
  const office = new Office();
  let lost = 0;
  office.swallow = (message) => message.kind === 'request' && message.method === 'PRACK' && lost++ < 1;
  const { caller, callee } = ringing(office);
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  office.pass(3_000);
  expect(provisionals(caller)).toEqual([183]);
  expect(office.count('200 PRACK')).toBe(1);
});

test('without any PRACK the INVITE is refused with 504 after 64 T1 (RFC 3262 3)', () => {
  const office = new Office();
  office.swallow = (message) => message.kind === 'request' && message.method === 'PRACK';
  const { bob, caller, callee } = ringing(office);
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  office.pass(32_100);
  expect(callee.event('ended').by).toBe('timer');
  expect(caller.event('rejected').status).toBe(504);
  office.pass(60_000);
  expect(bob.sessions.size).toBe(0);
});

test('one reliable 1xx at a time, RSeq counts by one, and the 200 waits for the PRACK of a description (RFC 3262 3)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.provisional(180, { reliable: true });
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  callee.session.accept();
  office.pass(30);
  expect(provisionals(caller)).toEqual([180]);
  expect(office.count('200 INVITE')).toBe(0);
  office.pass(200);
  expect(provisionals(caller)).toEqual([180, 183]);
  expect(caller.event('accepted').sdp).toBe('v=0 early');
  const rseqs = office.sent.filter((message) => message.headers.has('RSeq')).map((message) => Number(message.headers.get('RSeq')));
  expect(rseqs[1]).toBe(rseqs[0]! + 1);
});

test('a caller without 100rel gets it unreliably, and the same answer in the 200 (RFC 6337 3.1)', () => {
  const office = new Office();
  const { caller, callee } = (() => {
    const [alice, bob] = [office.party(), office.party()];
    const caller = alice.call(bob);
    office.pass(5);
    bob.invites[0]!.request.headers.remove('Supported');
    return { caller, callee: bob.take() };
  })();
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  office.pass(5);
  expect(caller.event('provisional')).toMatchObject({ sdp: 'v=0 early', reliable: false });
  callee.session.accept();
  office.pass(5);
  expect(caller.event('accepted').sdp).toBe('v=0 early');
  expect(office.count('PRACK')).toBe(0);
});

test('Require: 100rel makes every provisional reliable', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  alice.call(bob, { headers: [['Require', '100rel']] });
  office.pass(5);
  bob.take().session.provisional(180);
  office.pass(5);
  expect(office.count('200 PRACK')).toBe(1);
});

test('without offer in the INVITE, the reliable 183 offers and the PRACK answers (RFC 3262 5)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob, { offer: undefined as never });
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(183, { sdp: 'v=0 offer of bob', reliable: true });
  office.pass(5);
  expect(caller.event('offer')).toMatchObject({ sdp: 'v=0 offer of bob', method: 'PRACK' });
  caller.session.answerOffer('v=0 answer of alice');
  office.pass(5);
  expect(callee.event('answer').sdp).toBe('v=0 answer of alice');
  callee.session.accept();
  office.pass(5);
  expect(caller.event('accepted').response.status).toBe(200);
  expect(callee.event('acknowledged')).toBeDefined();
  caller.session.reinvite('v=0 hold');
  office.pass(5);
  expect(callee.event('offer').sdp).toBe('v=0 hold');
});

test('a PRACK that matches nothing is answered 481 (RFC 3262 3)', () => {
  const office = new Office();
  const { caller, callee } = ringing(office);
  callee.session.provisional(180, { reliable: true });
  office.pass(5);
  let status: number | undefined;
  caller.session.request('PRACK', { headers: [['RAck', '1 1 INVITE']] }, (response) => (status = response?.status));
  office.pass(5);
  expect(status).toBe(481);
});

test('UPDATE changes the early session once offer and answer are through (RFC 3311)', () => {
  const office = new Office();
  const { caller, callee } = ringing(office);
  callee.session.provisional(183, { sdp: 'v=0 early', reliable: true });
  office.pass(5);
  caller.session.update('v=0 other address');
  office.pass(5);
  expect(callee.event('offer')).toMatchObject({ sdp: 'v=0 other address', method: 'UPDATE' });
  callee.session.answerOffer('v=0 ok');
  office.pass(5);
  expect(caller.event('answer').sdp).toBe('v=0 ok');
  callee.session.update('v=0 from bob');
  office.pass(5);
  caller.session.answerOffer('v=0 ok too');
  office.pass(5);
  expect(callee.event('answer').sdp).toBe('v=0 ok too');
});

test('an UPDATE with an offer while the INVITE’s is unanswered gets 500 with Retry-After (RFC 3311 5.2)', () => {
  const office = new Office();
  const { caller, callee } = ringing(office);
  callee.session.provisional(180);
  office.pass(5);
  let response: { status: number; headers: { has(name: string): boolean } } | undefined;
  caller.session.request('UPDATE', { headers: [['Content-Type', 'application/sdp']], body: new TextEncoder().encode('v=0') }, (got) => (response = got));
  office.pass(5);
  expect(response!.status).toBe(500);
  expect(response!.headers.has('Retry-After')).toBe(true);
});
