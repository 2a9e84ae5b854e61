import { expect, test } from 'vitest';
import { type Cause, q850 } from './cause.ts';
import { anyMedia, ExchangeBed, pcmu } from './exchange-bed.ts';
import type { LegEvent } from './leg.ts';
import type { MediaProfile } from './media.ts';

const pcma: MediaProfile = { codecs: [{ name: 'PCMA', clockRate: 8000 }], digits: 'rtpEvent' };
const g722: MediaProfile = { codecs: [{ name: 'G722', clockRate: 8000 }], digits: 'rtpEvent' };
const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };
const early: LegEvent = { type: 'progress', media: pcmu };
const released = (cause: Cause): LegEvent => ({ type: 'released', cause, evidence: { kind: 'far', text: `far end: ${cause}` } });
const causes = Object.keys(q850) as Cause[];

/** Q.850 values of the callee's own answers: they are the same on every way. */
const answersOfTheCallee = [1, 16, 17, 19, 21, 22, 26, 28];

test.each(causes)('%s before anything was heard: the callee’s answer is told, a failure of the way is cured by another', (cause) => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say({ type: 'ringing' });
  bed.trunk.leg.say(released(cause));
  const isFinal = answersOfTheCallee.includes(q850[cause]);
  expect(bed.desk.legs).toHaveLength(isFinal ? 0 : 1);
  // The caller is told of nothing but that it rings.
  expect(bed.caller.leg.told()).toEqual(isFinal ? ['alert', `release ${cause}`] : ['alert']);
});

test.each(causes)('%s after early media: only of a way that died under it another is tried', (cause) => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say(early);
  bed.trunk.leg.say(released(cause));
  bed.timers.advance(2_000);
  expect(bed.desk.legs).toHaveLength(cause === 'networkOutOfOrder' ? 1 : 0);
  expect(bed.records).toHaveLength(cause === 'networkOutOfOrder' ? 0 : 1);
});

test('each attempt is given its own number, caller and name, and the record tells them all', () => {
  const bed = new ExchangeBed();
  const id = bed.dial('00');
  expect(bed.trunk.leg.request).toMatchObject({ number: '+4922155', from: { number: '101' } });
  bed.timers.advance(2_000);
  bed.trunk.leg.say(released('temporaryFailure'));
  bed.line.leg.say(released('noCircuit'));
  bed.desk.leg.say(answered);
  bed.timers.advance(1_000);
  bed.exchange.hangUp(id);
  expect(bed.record.attempts).toEqual([
    { name: 'trunk carrier', endpoints: ['trunk'], number: '+4922155', startedAt: 1_000_000, answeredAt: null, endedAt: 1_002_000, cause: 'temporaryFailure', evidence: { kind: 'far', text: 'far end: temporaryFailure' }, legs: ['call-1.2'] },
    { name: 'line main', endpoints: ['line'], number: '022155', startedAt: 1_002_000, answeredAt: null, endedAt: 1_002_000, cause: 'noCircuit', evidence: { kind: 'far', text: 'far end: noCircuit' }, legs: ['call-1.3'] },
    { name: null, endpoints: ['desk'], number: '102', startedAt: 1_002_000, answeredAt: 1_002_000, endedAt: 1_003_000, cause: 'normalClearing', evidence: { kind: 'api', text: 'hung up through the API' }, legs: ['call-1.4'] },
  ]);
  expect(bed.record.story.filter(({ type }) => type === 'rerouted').map(({ text }) => text)).toEqual([
    'trunk carrier failed after 2.0 s: far end: temporaryFailure; next is line main',
    'line main failed after 0.0 s: far end: noCircuit; next is desk',
  ]);
});

test('whoever observes is told of each fail-over, once the next way is tried', () => {
  const bed = new ExchangeBed();
  bed.dial('00');
  let lineLegs: number | undefined;
  bed.exchange.observe((event) => {
    if (event.type === 'call.rerouted') lineLegs = bed.line.legs.length;
  });
  bed.timers.advance(1_500);
  bed.trunk.leg.say(released('temporaryFailure'));
  expect(bed.events.filter(({ type }) => type === 'call.rerouted')).toMatchObject([
    {
      rerouting: {
        from: { name: 'trunk carrier', endpoints: ['trunk'], number: '+4922155' }, cause: 'temporaryFailure', evidence: { kind: 'far' }, afterMs: 1_500,
        to: { name: 'line main', endpoints: ['line'], number: '022155' },
      },
      call: { legs: [{ role: 'caller' }, { endpoint: 'trunk' }, { endpoint: 'line' }] },
    },
  ]);
  expect(lineLegs).toBe(1);
});

test('when all attempts failed the caller is told the most telling failure, not the last', () => {
  const bed = new ExchangeBed();
  bed.dial('00');
  bed.trunk.leg.say(released('incompatibleDestination'));
  bed.line.leg.say(released('temporaryFailure'));
  bed.desk.leg.say(released('noUserResponding'));
  expect(bed.caller.leg.told()).toEqual(['release incompatibleDestination']);
  expect(bed.record).toMatchObject({ cause: 'incompatibleDestination', attempts: [{ cause: 'incompatibleDestination' }, { cause: 'temporaryFailure' }, { cause: 'noUserResponding' }] });
});

test('a trunk that dies after 183: early media is parted, the line’s takes the caller, who keeps the codec he was told', () => {
  const bed = new ExchangeBed({ transcoded: [...anyMedia.codecs, ...g722.codecs] });
  bed.dial('00');
  bed.trunk.leg.say({ type: 'progress', media: pcma });
  expect(bed.caller.leg.commands).toEqual([{ type: 'progress', media: pcma }]);
  bed.trunk.leg.say(released('networkOutOfOrder'));
  expect([bed.media.parts, bed.media.dropped]).toEqual([1, [bed.trunk.leg.media]]);
  // PCMA comes first and PCMU only because it can be converted.
  expect(bed.line.leg.request?.media.codecs.map(({ name }) => name)).toEqual(['PCMA', 'PCMU', 'G722']);
  bed.line.leg.say(early);
  bed.line.leg.say(answered);
  expect(bed.caller.leg.commands.slice(1)).toEqual([{ type: 'progress', media: { ...pcmu, codecs: pcma.codecs } }, { type: 'answer', media: { ...pcmu, codecs: pcma.codecs } }]);
  expect(bed.media.joined).toEqual([`t-call-1.1+${bed.trunk.leg.media}`, `t-call-1.1+${bed.line.leg.media}`]);
  expect(bed.bugs).toEqual([]);
});

test('a caller who has media hears the next attempt ring; `call.ringing` is told once', () => {
  const bed = new ExchangeBed();
  bed.dial('00');
  bed.trunk.leg.say({ type: 'ringing' });
  bed.trunk.leg.say(early);
  bed.trunk.leg.say(released('networkOutOfOrder'));
  bed.line.leg.say({ type: 'ringing' });
  expect(bed.caller.leg.told()).toEqual(['alert', 'progress', 'alert']);
  expect(bed.events.filter(({ type }) => type === 'call.ringing')).toHaveLength(1);
  expect(bed.exchange.calls()[0]?.state).toBe('ringing');
});

test('of devices that ring together the one that is heard dies: the others are heard to ring, and answer', () => {
  const bed = new ExchangeBed();
  bed.dial('102');
  bed.desk.leg.say(early);
  bed.desk.leg.say(released('networkOutOfOrder'));
  expect(bed.caller.leg.told()).toEqual(['progress', 'alert']);
  bed.soft.leg.say(answered);
  expect(bed.media.joined.at(-1)).toBe(`t-call-1.1+${bed.soft.leg.media}`);
});

test('an attempt out of time is released once, and is no longer heard', () => {
  const bed = new ExchangeBed({ release: { ms: 100 } });
  bed.dial('00');
  bed.timers.advance(20_000);
  expect(bed.trunk.leg.told()).toEqual(['release noUserResponding']);
  bed.timers.advance(20_000);
  bed.timers.advance(20_000);
  expect(bed.desk.leg.told()).toEqual(['release noUserResponding']);
  bed.timers.advance(200);
  expect(bed.record.attempts.map(({ cause }) => cause)).toEqual(['noUserResponding', 'noUserResponding', 'noUserResponding']);
});

test('how routing came to it is in the record, and not in the blob', () => {
  const bed = new ExchangeBed();
  const explanation = { steps: ['x'.repeat(10_000)] };
  bed.routes['103'] = { ok: true, route: { direction: 'internal', explanation, attempts: [{ endpoints: ['desk'], number: '103', timeoutMs: 20_000, name: 'desk phone' }] } };
  bed.routes['998'] = { ok: false, cause: 'notAllowed', evidence: { kind: 'permission', text: 'not outside' }, explanation };
  const id = bed.talk();
  expect(bed.held()[0]?.blob?.length).toBeLessThan(2_000);
  bed.exchange.hangUp(id);
  expect(bed.record.story.find(({ type }) => type === 'routed')).toMatchObject({ text: 'ways: desk phone', data: { explanation } });
  bed.dial('998');
  expect(bed.record.story.find(({ type }) => type === 'refused')).toMatchObject({ text: 'not outside', data: { cause: 'notAllowed', explanation } });
});

test('attempts are whole after a restart, and what was explained is not there any more', () => {
  const before = new ExchangeBed();
  before.routes['00'] = { ok: true, route: { direction: 'outbound', explanation: { steps: [] }, attempts: [{ endpoints: ['trunk'], number: '1', timeoutMs: 9 }, { endpoints: ['line'], number: '2', timeoutMs: 9 }] } };
  before.dial('00');
  before.trunk.leg.say(released('congestion'));
  before.line.leg.say(answered);
  before.line.leg.say({ type: 'changed' });
  const after = new ExchangeBed({ media: before.media });
  after.exchange.adopt(before.held());
  after.line.leg.say(released('normalClearing'));
  expect(after.record.attempts).toMatchObject([
    { name: null, endpoints: ['trunk'], number: '1', cause: 'congestion', answeredAt: null, legs: ['call-1.2'] },
    { endpoints: ['line'], number: '2', cause: 'normalClearing', answeredAt: 1_000_000, legs: ['call-1.3'] },
  ]);
  expect(after.record.story.find(({ type }) => type === 'routed')).toMatchObject({ text: 'ways: trunk, line' });
});

test('each diversion is a hop; what goes in a circle is refused', () => {
  const bed = new ExchangeBed();
  const diversions = [{ number: '102', reason: 'userBusy' }, { number: '105', reason: 'noAnswer' }] as const;
  bed.routes['102'] = { ok: true, route: { direction: 'internal', diversions, attempts: [{ endpoints: ['desk'], number: '106', timeoutMs: 20_000 }] } };
  bed.dial('102');
  expect(bed.desk.leg.request).toMatchObject({ diversions, hopsLeft: 68 });
  const offer = bed.caller.offer('102', { number: '101' }, anyMedia);
  bed.exchange.offer({ ...offer, hopsLeft: 10, diversions: [diversions[0]] });
  expect(bed.asked.at(-1)).toMatchObject({ diversions: [diversions[0]] });
  expect(bed.desk.leg.request).toMatchObject({ hopsLeft: 8 });
  bed.exchange.offer({ ...offer, hopsLeft: 2 });
  expect(bed.record).toMatchObject({ cause: 'noRouteToDestination', evidence: { kind: 'loop' } });
  bed.exchange.offer({ ...bed.caller.offer('103', { number: '101' }, anyMedia), hopsLeft: 1 });
  expect(bed.desk.leg.request?.hopsLeft).toBe(0);
});

test('a party of our own is rung first, in place of whatever has its name', () => {
  const bed = new ExchangeBed();
  const id = bed.exchange.originate({ from: 'desk', first: bed.soft, party: { number: '101' }, to: '00' });
  expect([bed.desk.legs.length, bed.soft.legs.length]).toEqual([0, 1]);
  bed.soft.leg.say(answered);
  bed.trunk.leg.say(released('temporaryFailure'));
  bed.line.leg.say(answered);
  bed.exchange.hangUp(id);
  expect(bed.record.attempts.map(({ endpoints }) => endpoints[0])).toEqual(['trunk', 'line']);
});
