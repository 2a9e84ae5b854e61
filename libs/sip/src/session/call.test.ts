import { expect, test } from 'vitest';
import { established, Office } from './session-pair.test-support.ts';

test('a call is offered, rings, is answered, acknowledged and ended (RFC 3261 13, 15)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  expect(bob.invites[0]!.offer).toBe('v=0 offer');
  const callee = bob.take();
  callee.session.provisional(180);
  office.pass(5);
  expect(caller.event('provisional').status).toBe(180);
  expect(caller.session.phase).toBe('early');
  callee.session.accept('v=0 answer');
  office.pass(5);
  expect(caller.event('accepted').sdp).toBe('v=0 answer');
  expect(callee.story).toEqual(['acknowledged']);
  expect(callee.session.phase).toBe('confirmed');
  caller.session.end({ reasonHeader: 'Q.850;cause=16' });
  office.pass(5);
  expect(caller.event('ended').by).toBe('local');
  expect(callee.event('ended')).toMatchObject({ by: 'remote', reasonHeader: 'Q.850;cause=16' });
  expect(office.log.map((line) => line.split(': ')[1])).toEqual(['INVITE', '100 INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE']);
  expect([alice.sessions.size, bob.sessions.size]).toEqual([0, 0]);
  expect(office.timers.runAll(60_000)).toBe(true);
  expect([alice.transactions.size, bob.transactions.size]).toEqual(Array(2).fill({ clients: 0, servers: 0, pending: 0 }));
});

test('a call that rings for long is told so each minute, so that no proxy gives it up (RFC 3261 13.3.1.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(180);
  callee.session.provisional(183, { sdp: 'v=0 answer' });
  office.pass(600_005);
  expect([office.count('180 INVITE'), office.count('183 INVITE')]).toEqual([1, 11]);
  expect(caller.story.filter((type) => type === 'provisional')).toHaveLength(12);
  callee.session.accept('v=0 answer');
  office.pass(120_000);
  expect([office.count('183 INVITE'), callee.session.phase]).toEqual([11, 'confirmed']);
  const second = alice.call(bob);
  office.pass(5);
  bob.take().session.provisional(180);
  office.pass(5);
  second.session.end();
  office.pass(600_000);
  expect(office.count('180 INVITE')).toBe(2);
});

test('100 Trying can wait for something better to say, but not for 200 ms (RFC 3261 17.2.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party({ tryingAfterMs: 100 })];
  alice.call(bob);
  office.pass(5);
  bob.take().session.provisional(180);
  office.pass(500);
  expect(office.count('100 INVITE')).toBe(0);
  alice.call(bob);
  office.pass(110);
  expect(office.count('100 INVITE')).toBe(1);
});

test('an INVITE refused at once gets no 100, and its ACK is absorbed (RFC 3261 17.2.1)', () => {
  const office = new Office();
  const alice = office.party();
  const bob = office.party({}, (invite) => invite.refuse(486, { headers: [['Retry-After', '30']] }));
  const caller = alice.call(bob);
  office.pass(5);
  expect(caller.event('rejected')).toMatchObject({ status: 486, reason: 'Busy Here', retryAfterS: 30 });
  expect(office.log.map((line) => line.split(': ')[1])).toEqual(['INVITE', '486 INVITE', 'ACK']);
  expect(alice.sessions.size).toBe(0);
});

test('a 3xx is reported with its contacts (RFC 3261 8.1.3.4)', () => {
  const office = new Office();
  const alice = office.party();
  const bob = office.party({}, (invite) => invite.refuse(302, { headers: [['Contact', '<sip:carol@10.0.0.9>;q=0.7, <sip:dave@10.0.0.9>']] }));
  const caller = alice.call(bob);
  office.pass(5);
  expect(caller.event('rejected').contacts).toEqual(['<sip:carol@10.0.0.9>;q=0.7', '<sip:dave@10.0.0.9>']);
});

test('an INVITE that nobody answers ends by timer B after 32 s (RFC 3261 17.1.1.2)', () => {
  const office = new Office();
  const alice = office.party();
  const nobody = { ...office.party(), address: '10.9.9.9' };
  const caller = alice.call(nobody);
  office.pass(31_900);
  expect(caller.story).toEqual([]);
  office.pass(200);
  expect(caller.event('ended').by).toBe('timer');
  expect(office.count('INVITE')).toBe(7);
});

test('a transport failure ends it typed, not as a made-up response (RFC 3261 8.1.3.1)', () => {
  const office = new Office();
  const alice = office.party({}, undefined, 'tcp');
  const caller = alice.call({ ...alice, address: '10.9.9.9' });
  office.pass(10);
  expect(caller.event('ended')).toMatchObject({ by: 'transport', detail: 'connection refused' });
});

test('over TCP nothing is sent twice, and the call works', () => {
  const office = new Office();
  const [alice, bob] = [office.party({}, undefined, 'tcp'), office.party({}, undefined, 'tcp')];
  const { caller } = established(office, alice, bob);
  caller.session.end();
  office.pass(5);
  expect(office.log.map((line) => line.split(': ')[1])).toEqual(['INVITE', '100 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE']);
  expect(office.timers.runAll(60_000)).toBe(true);
});

test('our offer may come late: in the 2xx, its answer in the ACK (RFC 3261 13.2.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob, { offer: undefined as never });
  office.pass(5);
  expect(bob.invites[0]!.offer).toBeUndefined();
  const callee = bob.take();
  callee.session.accept('v=0 late offer');
  office.pass(5);
  expect(caller.event('accepted').sdp).toBeUndefined();
  expect(caller.event('offer')).toMatchObject({ sdp: 'v=0 late offer', method: 'ACK' });
  expect(office.count('ACK')).toBe(0);
  caller.session.answerOffer('v=0 late answer');
  office.pass(5);
  expect(callee.event('answer').sdp).toBe('v=0 late answer');
  expect(callee.story).toEqual(['answer', 'acknowledged']);
});

test('a late offer that is refused leaves ACK and BYE (RFC 3261 13.2.2.4)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob, { offer: undefined as never });
  office.pass(5);
  const callee = bob.take();
  callee.session.accept('v=0 late offer');
  office.pass(5);
  caller.session.refuseOffer();
  office.pass(10);
  expect(caller.event('ended').by).toBe('local');
  expect(callee.story.at(-1)).toBe('ended');
  expect(office.log.filter((line) => line.startsWith('10.0.0.1')).slice(-3).map((line) => line.split(': ')[1])).toEqual(['ACK', 'BYE', '200 BYE']);
});

test('a challenged INVITE goes again with credentials, same Call-ID and From, higher CSeq (RFC 3261 22.2)', () => {
  const office = new Office();
  const alice = office.party();
  const bob = office.party({}, (invite) => {
    if (invite.request.headers.has('Proxy-Authorization')) bob.invites.push(invite);
    else invite.refuse(407, { headers: [['Proxy-Authenticate', 'Digest realm="x", nonce="1"']] });
  });
  const caller = alice.call(bob, { authenticate: () => 'Digest response="1"' });
  office.pass(10);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(5);
  expect(caller.story).toEqual(['accepted']);
  const invites = office.sent.filter((message) => message.kind === 'request' && message.method === 'INVITE');
  expect(invites.map((invite) => invite.cseq.number)).toEqual([1, 2]);
  expect(invites[1]!.from.tag).toBe(invites[0]!.from.tag);
  expect(invites[1]!.callId).toBe(invites[0]!.callId);
  const ack = office.sent.findLast((message) => message.cseq.method === 'ACK');
  expect(ack!.headers.get('Proxy-Authorization')).toBe('Digest response="1"');
});

test('credentials that are refused four times end as a rejection', () => {
  const office = new Office();
  const alice = office.party();
  const bob = office.party({}, (invite) => invite.refuse(401, { headers: [['WWW-Authenticate', 'Digest realm="x", nonce="1"']] }));
  const caller = alice.call(bob, { authenticate: () => 'Digest response="1"' });
  office.pass(20);
  expect(caller.event('rejected').status).toBe(401);
  expect(office.count('INVITE')).toBe(4);
});

test('INFO and its body arrive both ways and are answered (RFC 6086)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  caller.session.info('application/dtmf-relay', 'Signal=5');
  callee.session.info('application/dtmf-relay', 'Signal=6');
  office.pass(5);
  expect(callee.event('info')).toMatchObject({ contentType: 'application/dtmf-relay', body: 'Signal=5' });
  expect(caller.event('info').body).toBe('Signal=6');
  expect(office.count('200 INFO')).toBe(2);
});

test('an in-dialog request of the listed methods is the listener’s to answer, another gets 405', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  let status: number | undefined;
  caller.session.request('REFER', { headers: [['Refer-To', '<sip:carol@10.0.0.9>']] }, (response) => (status = response?.status));
  office.pass(5);
  expect(callee.event('request').transaction.request.headers.get('Refer-To')).toBe('<sip:carol@10.0.0.9>');
  caller.session.request('SUBSCRIBE', {}, (response) => (status = response?.status));
  office.pass(5);
  expect(status).toBe(405);
});

test('headers of the caller’s choice are on the INVITE, and the request is shown to the callee', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  alice.call(bob, { headers: [['P-Asserted-Identity', '<sip:101@pbx>'], ['Privacy', 'id']], maxForwards: 20 });
  office.pass(5);
  const { headers } = bob.invites[0]!.request;
  expect([headers.get('P-Asserted-Identity'), headers.get('Privacy'), headers.get('Max-Forwards')]).toEqual(['<sip:101@pbx>', 'id', '20']);
});

test('the route set is the Record-Route, reversed for the caller, and the target is the Contact (RFC 3261 12.1)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob, { headers: [['Record-Route', '<sip:p2.example;lr>, <sip:p1.example;lr>']] });
  expect(caller.session.snapshot()!.dialog.routes).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
  expect(callee.session.snapshot()!.dialog.routes).toEqual(['<sip:p2.example;lr>', '<sip:p1.example;lr>']);
  expect(callee.session.snapshot()!.dialog.remoteTarget).toBe('sip:10.0.0.1:5060');
});

test('events never come inside a command of the same session', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller } = established(office, alice, bob);
  caller.session.end();
  expect(caller.story).toEqual(['accepted']);
  expect(caller.session.phase).toBe('ended');
  office.pass(1);
  expect(caller.story).toEqual(['accepted', 'ended']);
});
