import { expect, test } from 'vitest';
import { anyMedia, BedMedia, ExchangeBed, pcmu } from './exchange-bed.ts';
import type { Cause } from './cause.ts';
import type { LegEvent } from './leg.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };
const released = (cause: Cause): LegEvent => ({ type: 'released', cause, evidence: { kind: 'far', text: `far end: ${cause}` } });

test('two talk: the caller is alerted and answered with what the called side took, and both are joined', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  expect(bed.desk.leg.request).toMatchObject({ number: '102', from: { number: '101', name: 'Anna' }, media: anyMedia });
  bed.desk.leg.say({ type: 'ringing' });
  bed.desk.leg.say(answered);
  expect(bed.caller.leg.commands).toEqual([{ type: 'alert' }, { type: 'answer', media: pcmu }]);
  expect(bed.media.joined).toEqual(['t-call-1.1+t-call-1.2']);
  expect(bed.exchange.calls()).toMatchObject([{ state: 'talking', from: { number: '101' }, to: '102', legs: [{ role: 'caller', state: 'answered' }, { role: 'called', state: 'answered' }, { state: 'released' }] }]);
  bed.caller.leg.say(released('normalClearing'));
  expect(bed.desk.leg.told()).toEqual(['release normalClearing']);
  expect(bed.record).toMatchObject({ cause: 'normalClearing', answeredBy: 'desk', recovered: false, direction: 'internal', to: '102' });
  expect(bed.events.map((event) => event.type)).toEqual(['call.started', 'call.ringing', 'call.answered', 'call.ended']);
  expect([bed.exchange.size, bed.timers.size]).toEqual([0, 0]);
});

test('the record is begun before anything is asked of anybody', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  expect(bed.begun).toEqual([{ id: 'call-1', startedAt: 1_000_000, from: { number: '101', name: 'Anna' }, to: '102', endpoint: 'caller', reference: 'call-of-caller' }]);
});

test('an extension rings on all its devices; the first to answer wins, the others are told it was answered elsewhere', () => {
  const bed = new ExchangeBed({ release: { ms: 30 } });
  bed.dial('102');
  bed.desk.leg.say({ type: 'ringing' });
  bed.soft.leg.say({ type: 'ringing' });
  bed.soft.leg.say(answered);
  expect(bed.desk.leg.told()).toEqual(['release answeredElsewhere']);
  expect(bed.caller.leg.told()).toEqual(['alert', 'answer']);
  bed.timers.advance(30);
  expect(bed.media.dropped).toEqual([bed.desk.leg.media]);
  bed.soft.leg.say(released('normalClearing'));
  bed.timers.advance(30);
  expect(bed.record.answeredBy).toBe('soft');
  expect(bed.record.legs.map((leg) => leg.cause)).toEqual(['normalClearing', 'answeredElsewhere', 'normalClearing']);
});

test('one device that rejects does not stop the others', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say(released('rejected'));
  expect(bed.caller.leg.commands).toEqual([]);
  expect(bed.media.dropped).toEqual([bed.desk.leg.media]);
  bed.soft.leg.say(answered);
  expect(bed.caller.leg.told()).toEqual(['answer']);
});

test.each<[Cause, Cause, Cause]>([
  ['userBusy', 'userBusy', 'userBusy'],
  ['subscriberAbsent', 'userBusy', 'userBusy'],
  ['userBusy', 'rejected', 'rejected'],
  ['temporaryFailure', 'noAnswer', 'noAnswer'],
  ['noUserResponding', 'incompatibleDestination', 'incompatibleDestination'],
])('%s and %s together tell the caller %s', (first, second, together) => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say(released(first));
  bed.soft.leg.say(released(second));
  expect(bed.caller.leg.told()).toEqual([`release ${together}`]);
  expect(bed.record.cause).toBe(together);
});

test('nobody answers in time: noAnswer, and all is released', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say({ type: 'ringing' });
  bed.timers.advance(20_000);
  expect([bed.desk, bed.soft, bed.caller].map((endpoint) => endpoint.leg.told().at(-1))).toEqual(['release noAnswer', 'release noAnswer', 'release noAnswer']);
  expect(bed.record).toMatchObject({ cause: 'noAnswer', answeredAt: null, answeredBy: null });
});

test('nothing rings in time: noUserResponding', () => {
  const bed = new ExchangeBed();
  bed.dial('103');
  bed.timers.advance(20_000);
  expect(bed.record.cause).toBe('noUserResponding');
});

test('the caller gives up: the called devices stop ringing', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say({ type: 'ringing' });
  bed.caller.leg.say(released('normalClearing'));
  expect([bed.desk.leg.told(), bed.soft.leg.told()]).toEqual([['release normalClearing'], ['release normalClearing']]);
  expect(bed.record).toMatchObject({ cause: 'normalClearing', answeredAt: null });
});

test('a phone that is not registered: subscriberAbsent', () => {
  const bed = new ExchangeBed();
  bed.dial('104');
  bed.timers.advance(1);
  expect(bed.record.cause).toBe('subscriberAbsent');
});

test('an unknown number is refused, recorded, and costs the gateway nothing', () => {
  const bed = new ExchangeBed();
  bed.dial('999');
  expect(bed.caller.leg.told()).toEqual(['release unallocatedNumber']);
  expect(bed.record).toMatchObject({ cause: 'unallocatedNumber', evidence: { kind: 'routing', text: 'nobody has the number 999' } });
  expect(bed.media.released).toEqual([]);
});

test('what the adapter cannot carry is recorded and released with the adapter\'s cause', () => {
  const bed = new ExchangeBed();
  const refusal = { cause: 'incompatibleDestination', evidence: { kind: 'sdp', text: 'no audio' } } as const;
  bed.exchange.offer({ ...bed.caller.offer('102', { number: '101' }, { codecs: [], digits: 'inBand' }), refusal });
  expect(bed.caller.leg.told()).toEqual(['release incompatibleDestination']);
  expect(bed.record).toMatchObject({ ...refusal });
});

test('early media: the first leg to have it is heard, also its digits; the others only when it fails', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say({ type: 'progress', media: pcmu });
  bed.soft.leg.say({ type: 'progress', media: anyMedia });
  expect(bed.caller.leg.commands).toEqual([{ type: 'progress', media: pcmu }]);
  expect(bed.media.joined).toEqual([`t-call-1.1+${bed.desk.leg.media}`]);
  bed.caller.leg.say({ type: 'digit', digit: '1', durationMs: 100 });
  expect(bed.desk.leg.told()).toEqual(['sendDigit']);
  bed.desk.leg.say(released('temporaryFailure'));
  bed.soft.leg.say({ type: 'progress', media: anyMedia });
  expect(bed.media.joined.at(-1)).toBe(`t-call-1.1+${bed.soft.leg.media}`);
  bed.soft.leg.say(answered);
  expect(bed.media.joined).toHaveLength(2);
});

test('early media is joined anew when an end of it was away, and nobody is who is not heard', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.caller.leg.say({ type: 'mediaReturned' });
  expect(bed.media.joined).toEqual([]);
  bed.desk.leg.say({ type: 'progress', media: pcmu });
  bed.media.joined.length = 0;
  bed.soft.leg.say({ type: 'mediaReturned' });
  expect(bed.media.joined).toEqual([]);
  bed.caller.leg.say({ type: 'mediaReturned' });
  expect(bed.media.joined).toEqual([`t-call-1.1+${bed.desk.leg.media}`]);
});

test('who was rung first and holds before anybody answers holds the call, whoever answers', () => {
  const bed = new ExchangeBed();
  const id = bed.exchange.originate({ from: 'soft', party: { number: '101' }, to: '0' });
  bed.soft.leg.say(answered);
  bed.soft.leg.say({ type: 'held' });
  bed.trunk.leg.say(released('temporaryFailure'));
  bed.soft.leg.say({ type: 'silent', silentMs: 30_000 });
  bed.desk.leg.say({ type: 'silent', silentMs: 30_000 });
  bed.desk.leg.say(answered);
  expect([bed.exchange.call(id)?.state, bed.desk.leg.told().at(-1)]).toEqual(['held', 'held']);
  // Silence between the two means nothing.
  bed.timers.advance(600_000);
  bed.soft.leg.say({ type: 'resumed' });
  expect([bed.exchange.call(id)?.state, bed.desk.leg.told().at(-1)]).toEqual(['talking', 'resumed']);
});

test('the next attempt is made when the cause can be cured another way', () => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say(released('temporaryFailure'));
  expect(bed.caller.leg.commands).toEqual([]);
  bed.desk.leg.say(answered);
  bed.caller.leg.say(released('normalClearing'));
  expect(bed.record).toMatchObject({ answeredBy: 'desk', direction: 'outbound', cause: 'normalClearing' });
});

test('a busy callee is not rerouted', () => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say(released('userBusy'));
  expect(bed.desk.legs).toEqual([]);
  expect(bed.record.cause).toBe('userBusy');
});

test('a call with early media is committed: no other attempt', () => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say({ type: 'progress', media: pcmu });
  bed.trunk.leg.say(released('temporaryFailure'));
  expect(bed.desk.legs).toEqual([]);
  expect(bed.record.cause).toBe('temporaryFailure');
});

test('an attempt that gives no sign of life is abandoned for the next', () => {
  const bed = new ExchangeBed({ release: { ms: 100 } });
  bed.dial('0');
  bed.timers.advance(20_000);
  expect(bed.trunk.leg.told()).toEqual(['release noUserResponding']);
  bed.desk.leg.say(answered);
  bed.timers.advance(100);
  expect(bed.media.dropped).toEqual([bed.trunk.leg.media]);
  expect(bed.exchange.calls()[0]?.state).toBe('talking');
});

test('the other side is told of a hold, also after a restart, and of silence; a leg whose media was away is joined anew', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.desk.leg.say({ type: 'held' });
  bed.desk.leg.say({ type: 'held' });
  bed.desk.leg.say({ type: 'resumed' });
  expect(bed.caller.leg.told().slice(-2)).toEqual(['held', 'resumed']);
  bed.media.joined.length = 0;
  bed.desk.leg.say({ type: 'mediaReturned' });
  expect(bed.media.joined).toEqual(['t-call-1.1+t-call-1.2']);
  bed.desk.leg.say({ type: 'silent', silentMs: 30_000 });
  bed.desk.leg.say({ type: 'heard', silentMs: 40_000 });
  expect(bed.caller.leg.commands.slice(-2)).toEqual([{ type: 'silent', silentMs: 30_000 }, { type: 'heard' }]);
  bed.caller.leg.say({ type: 'held' });
  const after = new ExchangeBed({ media: bed.media });
  after.exchange.adopt(bed.held());
  expect([after.caller.leg.told(), after.desk.leg.told()]).toEqual([[], ['held']]);
});

test('digits pass to the other side, hold and resume are told and kept', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.caller.leg.say({ type: 'digit', digit: '5', durationMs: 160 });
  expect(bed.desk.leg.commands).toEqual([{ type: 'sendDigit', digit: '5', durationMs: 160 }]);
  bed.desk.leg.say({ type: 'held' });
  expect(bed.exchange.calls()[0]).toMatchObject({ state: 'held', legs: [{ state: 'answered' }, { state: 'held' }] });
  bed.desk.leg.say({ type: 'resumed' });
  expect(bed.exchange.calls()[0]?.state).toBe('talking');
  expect(bed.events.map((event) => event.type).slice(-2)).toEqual(['call.held', 'call.resumed']);
});

test('the far end vanished: the leg says so, and the other is released', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.desk.leg.say({ type: 'note', evidence: { kind: 'media', text: 'no packet for 30 s' } });
  bed.desk.leg.say(released('recoveryOnTimerExpiry'));
  expect(bed.caller.leg.told().at(-1)).toBe('release recoveryOnTimerExpiry');
  expect(bed.record.story.map((entry) => entry.text)).toContain('no packet for 30 s');
});

test('the API hangs up; an unknown call is not there', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  expect(bed.exchange.hangUp('nobody')).toBe(false);
  expect(bed.exchange.hangUp(id)).toBe(true);
  expect(bed.record).toMatchObject({ cause: 'normalClearing', evidence: { kind: 'api' } });
});

test('click to dial: the first party is rung, then the second dialled with what the first took', () => {
  const bed = new ExchangeBed();
  const id = bed.exchange.originate({ from: 'soft', party: { number: '101' }, to: '103' });
  expect(bed.desk.legs).toEqual([]);
  bed.soft.leg.say(answered);
  expect(bed.desk.leg.request).toMatchObject({ from: { number: '101' }, number: '102', media: pcmu });
  bed.desk.leg.say(answered);
  expect(bed.media.joined).toEqual([`${bed.soft.leg.media}+${bed.desk.leg.media}`]);
  expect(bed.exchange.call(id)).toMatchObject({ state: 'talking', legs: [{ role: 'caller' }, { role: 'called' }] });
  expect(bed.media.blobs.has(id)).toBe(true);
  bed.soft.leg.say(released('normalClearing'));
  expect(bed.record).toMatchObject({ answeredBy: 'desk', cause: 'normalClearing' });
});

test('click to dial: a first party that does not answer ends it', () => {
  const bed = new ExchangeBed();
  bed.exchange.originate({ from: 'soft', party: { number: '101' }, to: '103', timeoutMs: 10_000 });
  bed.timers.advance(10_000);
  expect(bed.record).toMatchObject({ cause: 'noAnswer', answeredBy: null });
});

test('quality of each leg comes from the gateway; one that is silent costs the record only that', () => {
  const bed = new ExchangeBed();
  const quality = { codec: 'PCMU', packetsReceived: 5, packetsSent: 6, packetsLost: 0, jitterMs: 1, roundTripMs: null, mos: 4.4 };
  bed.media.quality = { 't-call-1.2': quality };
  bed.exchange.hangUp(bed.talk());
  expect(bed.record.legs.map((leg) => leg.quality)).toEqual([null, quality]);
  bed.media.quality = undefined;
  bed.exchange.hangUp(bed.talk());
  expect(bed.records).toHaveLength(1);
  bed.timers.advance(5_000);
  expect(bed.records).toHaveLength(2);
});

test('a leg that never confirms its release is taken for gone', () => {
  const bed = new ExchangeBed({ release: 'never' });
  bed.exchange.hangUp(bed.talk());
  bed.timers.advance(5_000);
  expect(bed.record.legs.map((leg) => leg.evidence?.kind)).toEqual(['timer', 'timer']);
  expect([bed.exchange.size, bed.timers.size]).toEqual([0, 0]);
});

test('drain refuses what comes, ends what is there, and resolves when all is gone', async () => {
  const bed = new ExchangeBed({ release: { ms: 50 } });
  bed.talk();
  let done = false;
  const drained = bed.exchange.drain().then(() => (done = true));
  bed.dial('102');
  expect(bed.caller.leg.told()).toEqual(['release congestion']);
  await Promise.resolve();
  expect(done).toBe(false);
  bed.timers.advance(50);
  await drained;
  expect(bed.records.map((record) => record.cause)).toEqual(['normalClearing', 'congestion']);
});

test('the blob is attached once per turn, when the caller is answered and whenever a leg changed', () => {
  const bed = new ExchangeBed();
  bed.talk();
  expect(bed.media.attaches).toBe(1);
  bed.desk.leg.say({ type: 'changed' });
  expect(bed.media.attaches).toBe(2);
  bed.desk.leg.say({ type: 'held' });
  expect(bed.media.attaches).toBe(3);
});

test('a new process takes a call back that was up, and its record is whole', () => {
  const before = new ExchangeBed();
  const id = before.talk();
  before.desk.leg.say({ type: 'held' });
  const after = new ExchangeBed({ media: before.media });
  after.exchange.adopt(before.held());
  expect(after.exchange.call(id)).toMatchObject({ state: 'held', recovered: true, startedAt: 1_000_000, legs: [{ state: 'answered' }, { state: 'held' }] });
  after.desk.leg.say({ type: 'resumed' });
  after.caller.leg.say(released('normalClearing'));
  expect(after.desk.leg.told()).toEqual(['release normalClearing']);
  expect(after.record).toMatchObject({ id, recovered: true, cause: 'normalClearing', answeredBy: 'desk' });
  expect(after.record.story.map((entry) => entry.type)).toEqual([
    'offered', 'originated', 'ringing', 'commanded', 'answered', 'commanded', 'joined', 'held', 'music', 'recovered', 'resumed', 'joined', 'released', 'commanded', 'released', 'ended',
  ]);
});

test('a call that only rang when the process died is released on all sides and recorded', () => {
  const before = new ExchangeBed();
  before.dial('102');
  before.desk.leg.say({ type: 'changed' });
  expect(before.media.attaches).toBe(0);
  before.timers.advance(5);
  const after = new ExchangeBed({ media: before.media });
  after.exchange.adopt(before.held());
  expect([after.caller, after.desk, after.soft].map((endpoint) => endpoint.leg.told())).toEqual([['release temporaryFailure'], ['release temporaryFailure'], ['release temporaryFailure']]);
  expect(after.record).toMatchObject({ recovered: true, cause: 'temporaryFailure', evidence: { text: 'controller restarted during set-up' } });
});

test('a context without a readable blob is released', () => {
  const bed = new ExchangeBed();
  bed.exchange.adopt([{ context: 'x', blob: null }, { context: 'y', blob: '{"version":7}' }, { context: 'z', blob: 'not json' }]);
  expect(bed.media.released).toEqual(['x', 'y', 'z']);
  expect(bed.exchange.size).toBe(0);
});

test('a gateway that came back empty gets the media again: restored, joined, attached', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.exchange.gatewayReturned([id]);
  expect(bed.media.joined).toHaveLength(1);
  bed.exchange.gatewayReturned([]);
  expect([bed.caller.leg.told().at(-1), bed.desk.leg.told().at(-1)]).toEqual(['restoreMedia', 'restoreMedia']);
  expect([bed.media.joined.length, bed.media.attaches]).toEqual([2, 2]);
});

test('a gateway that came back with the context of a call that is over: it is released', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.exchange.gatewayReturned([id, 'gone']);
  expect(bed.media.released).toEqual(['gone']);
});

test('a story does not grow without end, and its end is told', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  for (let digit = 0; digit < 10_000; digit++) bed.caller.leg.say({ type: 'digit', digit: '1', durationMs: 100 });
  bed.exchange.hangUp(id);
  expect(bed.record.story.length).toBeLessThan(510);
  expect(bed.record.story.slice(-3).map((entry) => entry.type)).toEqual(['released', 'released', 'ended']);
});

test('a bug in the middle of a call ends that call only, and is reported with what led to it', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.media.connect = () => {
    throw new Error('boom');
  };
  bed.dial('102');
  bed.soft.leg.say(answered);
  expect(bed.bugs).toMatchObject([{ call: 'call-2', error: new Error('boom') }]);
  expect(bed.bugs[0]?.last.map((entry) => entry.type)).toContain('answered');
  expect(bed.record).toMatchObject({ id: 'call-2', cause: 'temporaryFailure', evidence: { kind: 'bug' } });
  expect([bed.soft, bed.caller].map((endpoint) => endpoint.leg.released)).toEqual([true, true]);
  expect(bed.exchange.calls().map((call) => call.id)).toEqual([id]);
});

test('a bug in every port still makes one record', () => {
  const media = new BedMedia();
  media.release = media.connect = () => {
    throw new Error('boom');
  };
  const bed = new ExchangeBed({ media });
  bed.talk();
  expect(bed.records).toHaveLength(1);
  expect([bed.exchange.size, bed.timers.size]).toEqual([0, 0]);
});

test('a listener that throws disturbs nobody', () => {
  const bed = new ExchangeBed();
  bed.exchange.observe(() => {
    throw new Error('listener');
  });
  bed.talk();
  expect(bed.exchange.calls()[0]?.state).toBe('talking');
  expect(bed.bugs).not.toEqual([]);
});
