import { expect, test } from 'vitest';
import { established, Office } from './session-pair.test-support.ts';

const timer = { sessionTimer: { expiresS: 1800, minimumS: 90 } };
const none = { sessionTimer: { expiresS: 0, minimumS: 90 } };

function talking(ours: object, theirs: object) {
  const office = new Office();
  const [alice, bob] = [office.party(ours), office.party(theirs)];
  return { office, alice, bob, ...established(office, alice, bob) };
}

test('the caller refreshes by UPDATE at half of the interval, for hours (RFC 4028 7.4, 10)', () => {
  const { office, caller, callee } = talking(timer, none);
  expect(caller.session.snapshot()!.sessionTimer).toMatchObject({ intervalS: 1800, refresher: 'local' });
  expect(callee.session.snapshot()!.sessionTimer).toMatchObject({ intervalS: 1800, refresher: 'remote' });
  office.pass(4 * 3_600_000);
  expect(office.count('200 UPDATE')).toBe(15);
  expect(caller.story).toEqual(['accepted']);
  expect(callee.story).toEqual(['acknowledged']);
});

test('the callee may be the one that wants it; the caller then refreshes', () => {
  const { office, callee } = talking(none, timer);
  expect(callee.session.snapshot()!.sessionTimer).toMatchObject({ refresher: 'remote' });
  office.pass(3_600_000);
  expect(office.count('200 UPDATE')).toBe(3);
});

test('a caller that knows no session timer: the callee refreshes, by re-INVITE when UPDATE is not allowed (RFC 4028 9)', () => {
  const office = new Office();
  const [alice, bob] = [office.party(none), office.party(timer)];
  const caller = alice.call(bob);
  office.pass(5);
  bob.invites[0]!.request.headers.remove('Supported');
  bob.invites[0]!.request.headers.remove('Allow');
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(5);
  expect(callee.session.snapshot()!.sessionTimer).toMatchObject({ refresher: 'local' });
  office.pass(900_000);
  expect(caller.event('offer').sdp).toBe('v=0 answer');
  caller.session.answerOffer('v=0 same');
  office.pass(10);
  expect(callee.session.snapshot()!.sessionTimer!.elapsedMs).toBeLessThan(100);
});

test('when the refresher is gone, the other side hangs up before the interval ends (RFC 4028 10)', () => {
  const { office, alice, callee } = talking(timer, none);
  alice.leave();
  office.pass((1800 - 33) * 1000);
  expect(callee.story).toEqual(['acknowledged']);
  office.pass(2_000);
  expect(callee.event('ended')).toMatchObject({ by: 'timer' });
});

test('a refresh that gets no answer ends the call', () => {
  const { office, bob, caller } = talking(timer, none);
  bob.leave();
  office.pass(940_000);
  expect(caller.event('ended').by).toBe('timer');
});

test('an interval below Min-SE is refused 422, and tried again with the one asked for (RFC 4028 6, 7.3)', () => {
  const { office, caller } = talking({ sessionTimer: { expiresS: 100, minimumS: 90 } }, { sessionTimer: { expiresS: 1800, minimumS: 300 } });
  expect(office.count('422 INVITE')).toBe(1);
  expect(caller.session.snapshot()!.sessionTimer).toMatchObject({ intervalS: 300 });
});

test('a session taken over by another process keeps its timer’s pace', () => {
  const { office, alice, caller, callee } = talking(timer, none);
  office.pass(600_000);
  const snapshot = JSON.parse(JSON.stringify(caller.session.snapshot())) as NonNullable<ReturnType<typeof caller.session.snapshot>>;
  alice.leave();
  const again = office.party(timer, undefined, 'udp', alice.address);
  again.sessions.adopt(snapshot, () => {});
  office.pass(299_000);
  expect(office.count('UPDATE')).toBe(0);
  office.pass(2_000);
  expect(office.count('200 UPDATE')).toBe(1);
  expect(callee.session.snapshot()!.sessionTimer!.elapsedMs).toBeLessThan(2_000);
});

test('a refresh with too small an interval gets 422, and the listener never hears of it (RFC 4028 9)', () => {
  const { office, caller, callee } = talking(timer, timer);
  let status: number | undefined;
  caller.session.request('UPDATE', { headers: [['Supported', 'timer'], ['Session-Expires', '60']] }, (response) => (status = response?.status));
  office.pass(5);
  expect(status).toBe(422);
  expect(callee.story).toEqual(['acknowledged']);
});

test('a peer that knows no session timer is asked for signs of life again and again', () => {
  const office = new Office();
  const [alice, bob] = [office.party(none), office.party(timer)];
  const caller = alice.call(bob);
  office.pass(5);
  bob.invites[0]!.request.headers.remove('Supported');
  bob.take().session.accept('v=0 answer');
  office.pass(5);
  office.swallow = (message) => {
    if (message.cseq.method === 'UPDATE' && message.kind === 'response') message.headers.remove('Session-Expires');
    return false;
  };
  office.pass(3_600_000);
  expect(office.count('200 UPDATE')).toBeGreaterThanOrEqual(3);
  expect(caller.story).toEqual(['accepted']);
});
