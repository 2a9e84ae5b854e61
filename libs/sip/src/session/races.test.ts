import { expect, test } from 'vitest';
import { established, Office } from './session-pair.test-support.ts';

const requestsFrom = (office: Office, address: string) => office.log.filter((line) => line.startsWith(address)).map((line) => line.split(': ')[1]);

test('CANCEL before any 1xx waits for it (RFC 3261 9.1)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  caller.session.end();
  office.pass(10);
  expect(office.count('CANCEL')).toBe(0);
  office.pass(40);
  expect(office.count('CANCEL')).toBe(1);
  const callee = bob.take();
  office.pass(100);
  expect(callee.event('ended')).toMatchObject({ by: 'remote', detail: 'CANCEL' });
  expect(requestsFrom(office, '10.0.0.2')).toEqual(['100 INVITE', '200 CANCEL', '487 INVITE']);
  expect(requestsFrom(office, '10.0.0.1')).toEqual(['INVITE', 'CANCEL', 'ACK']);
  expect(caller.story).toEqual(['ended']);
  expect(alice.sessions.size + bob.sessions.size).toBe(0);
});

test('a ringing call is cancelled, and the Reason header arrives (RFC 3326)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(180);
  office.pass(5);
  caller.session.end({ reasonHeader: 'SIP;cause=200;text="Call completed elsewhere"' });
  office.pass(10);
  expect(callee.event('ended').reasonHeader).toBe('SIP;cause=200;text="Call completed elsewhere"');
  expect(requestsFrom(office, '10.0.0.2').slice(-2)).toEqual(['200 CANCEL', '487 INVITE']);
});

test('an INVITE cancelled before anybody took it is answered 487, and taking it ends at once', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  caller.session.end();
  office.pass(10);
  expect(office.count('487 INVITE')).toBe(1);
  const callee = bob.take();
  callee.session.accept('v=0 too late');
  office.pass(10);
  expect(callee.story).toEqual(['ended']);
  expect(office.count('200 INVITE')).toBe(0);
  expect(bob.sessions.size).toBe(0);
});

test('200 crossing CANCEL gets ACK and BYE (RFC 3261 15)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(1);
  caller.session.end();
  office.pass(200);
  expect(requestsFrom(office, '10.0.0.1')).toEqual(['INVITE', 'CANCEL', 'ACK', 'BYE']);
  expect(requestsFrom(office, '10.0.0.2')).toEqual(['100 INVITE', '200 INVITE', '200 CANCEL', '200 BYE']);
  expect(caller.story).toEqual(['ended']);
  expect(callee.story).toEqual(['acknowledged', 'ended']);
  expect(alice.sessions.size + bob.sessions.size).toBe(0);
});

test('a peer that answers CANCEL but never the INVITE is not waited for (RFC 3261 9.1)', () => {
  const office = new Office();
  office.swallow = (message) => message.kind === 'response' && message.status === 487;
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  caller.session.end();
  office.pass(31_000);
  expect(alice.sessions.size).toBe(1);
  office.pass(1_100);
  expect(alice.sessions.size).toBe(0);
});

test('BYE crossing BYE: each side gets its 200', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(100);
  caller.session.end();
  callee.session.end();
  office.pass(100);
  expect(office.count('BYE')).toBe(2);
  expect(office.count('200 BYE')).toBe(2);
  expect(caller.story).toEqual(['accepted', 'ended']);
  expect(callee.story).toEqual(['acknowledged', 'ended']);
  expect(alice.sessions.size + bob.sessions.size).toBe(0);
});

test('the callee hangs up before the ACK: its BYE waits for it (RFC 3261 15)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  callee.session.end();
  office.pass(200);
  expect(requestsFrom(office, '10.0.0.2')).toEqual(['100 INVITE', '200 INVITE', 'BYE']);
  expect(caller.story).toEqual(['accepted', 'ended']);
});

test('BYE reaches the callee before the ACK: it is answered and the 2xx stops', () => {
  const office = new Office();
  office.swallow = (message) => message.kind === 'request' && message.method === 'ACK';
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  caller.session.end();
  office.pass(60_000);
  expect(callee.story).toEqual(['ended']);
  expect(office.count('200 INVITE')).toBe(1);
  expect(office.count('200 BYE')).toBe(1);
});

test('the caller’s BYE in the early dialog ends the INVITE with 487 (RFC 3261 15.1.2)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(5);
  const callee = bob.take();
  callee.session.provisional(180);
  office.pass(5);
  caller.session.request('BYE', {}, () => {});
  office.pass(10);
  expect(callee.story).toEqual(['ended']);
  expect(office.count('487 INVITE')).toBe(1);
});

test('a lost 200 is repeated by the core at T1 doubling to T2, and the ACK with it (RFC 3261 13.3.1.4)', () => {
  const office = new Office();
  let lost = 0;
  office.swallow = (message) => message.kind === 'response' && message.status === 200 && message.cseq.method === 'INVITE' && lost++ < 3;
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  expect(caller.story).toEqual([]);
  office.pass(4_000);
  expect(caller.story).toEqual(['accepted']);
  expect(callee.story).toEqual(['acknowledged']);
  expect(office.count('200 INVITE')).toBe(4);
});

test('a lost ACK is repeated for every repeated 200 (RFC 3261 13.2.2.4)', () => {
  const office = new Office();
  let lost = 0;
  office.swallow = (message) => message.kind === 'request' && message.method === 'ACK' && lost++ < 2;
  const [alice, bob] = [office.party(), office.party()];
  const { callee } = established(office, alice, bob);
  office.pass(4_000);
  expect(callee.story).toEqual(['acknowledged']);
  expect(office.count('ACK')).toBe(3);
  expect(office.sent.filter((message) => message.cseq.method === 'ACK').map((ack) => ack.via.branch)).toEqual(Array(3).fill(office.sent.findLast((m) => m.cseq.method === 'ACK')!.via.branch));
});

test('no ACK at all: after 64 T1 the callee hangs up (RFC 3261 13.3.1.4)', () => {
  const office = new Office();
  office.swallow = (message) => message.kind === 'request' && message.method === 'ACK';
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  office.pass(32_100);
  expect(callee.event('ended').by).toBe('timer');
  expect(caller.event('ended').by).toBe('remote');
  expect(bob.sessions.size).toBe(0);
});

test('re-INVITE glare: both get 491, who made the Call-ID waits longer, and both offers go through (RFC 3261 14.1)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(100);
  caller.session.reinvite('v=0 hold by alice');
  callee.session.reinvite('v=0 hold by bob');
  office.pass(100);
  expect(office.count('491 INVITE')).toBe(2);
  office.pass(2_030);
  expect(caller.event('offer').sdp).toBe('v=0 hold by bob');
  caller.session.answerOffer('v=0 held');
  office.pass(2_000);
  expect(callee.event('offer').sdp).toBe('v=0 hold by alice');
  callee.session.answerOffer('v=0 held');
  office.pass(100);
  expect(callee.event('answer').sdp).toBe('v=0 held');
  expect(caller.event('answer').sdp).toBe('v=0 held');
});

test('UPDATE glare gets 491 too (RFC 3311 5.2)', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(100);
  caller.session.update('v=0 a');
  callee.session.update('v=0 b');
  office.pass(100);
  expect(office.count('491 UPDATE')).toBe(2);
  office.pass(2_030);
  caller.session.answerOffer('v=0 c');
  office.pass(2_000);
  callee.session.answerOffer('v=0 d');
  office.pass(100);
  expect(callee.event('answer').sdp).toBe('v=0 c');
  expect(caller.event('answer').sdp).toBe('v=0 d');
});

test('hanging up while our re-INVITE is under way: its 2xx still gets an ACK', () => {
  const office = new Office(0, [20, 20]);
  const [alice, bob] = [office.party(), office.party()];
  const caller = alice.call(bob);
  office.pass(45);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(100);
  caller.session.reinvite('v=0 hold');
  office.pass(25);
  callee.session.answerOffer('v=0 held');
  caller.session.end();
  office.pass(100);
  expect(requestsFrom(office, '10.0.0.1').slice(2)).toEqual(['INVITE', 'BYE', 'ACK']);
  expect(callee.story.at(-1)).toBe('ended');
  expect(office.timers.runAll(70_000)).toBe(true);
});

test('the call ends while the peer’s re-INVITE waits for our answer: 487 (RFC 3261 15.1.2)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  caller.session.reinvite('v=0 hold');
  office.pass(5);
  caller.session.end();
  office.pass(10);
  expect(office.count('487 INVITE')).toBe(1);
  callee.session.answerOffer('v=0 too late');
  office.pass(10);
  expect(office.count('200 INVITE')).toBe(1);
  expect(callee.story.at(-1)).toBe('ended');
});
