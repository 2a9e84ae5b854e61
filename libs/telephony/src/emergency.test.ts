import { expect, test } from 'vitest';
import { type Cause, q850 } from './cause.ts';
import { ExchangeBed, pcmu } from './exchange-bed.ts';
import type { LegEvent } from './leg.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };
const released = (cause: Cause): LegEvent => ({ type: 'released', cause, evidence: { kind: 'far', text: `far end: ${cause}` } });

function launched() {
  const bed = new ExchangeBed();
  const id = bed.dial('112');
  return { bed, id };
}

test('it is marked, and told once it is on its way', () => {
  const bed = new ExchangeBed();
  const explanation = { decision: 'emergency' };
  bed.routes['112'] = { ok: true, route: { direction: 'outbound', explanation, emergency: { number: '112', isTest: false }, attempts: [{ endpoints: ['line'], number: '112', priority: 'emergency', timeoutMs: 20_000 }] } };
  let legs: number | undefined;
  bed.exchange.observe((event) => {
    if (event.type === 'call.emergency') legs = bed.line.legs.length;
  });
  const id = bed.dial('112');
  expect(legs).toBe(1);
  expect(bed.line.leg.request).toMatchObject({ priority: 'emergency', number: '112' });
  expect(bed.events.filter(({ type }) => type === 'call.emergency')).toMatchObject([{ number: '112', explanation, call: { id, emergency: '112', from: { number: '101' } } }]);
  bed.exchange.hangUp(id);
  expect(bed.record).toMatchObject({ emergency: '112', evidence: { text: 'an emergency call, hung up through the API' } });
});

test.each(Object.keys(q850) as Cause[])('whatever a way says (%s), the next is tried, also after early media', (cause) => {
  const { bed } = launched();
  bed.line.leg.say({ type: 'progress', media: pcmu });
  bed.line.leg.say(released(cause));
  expect(bed.trunk.legs).toHaveLength(1);
  expect(bed.events.filter(({ type }) => type === 'call.emergency')).toHaveLength(1);
  bed.trunk.leg.say(released(cause));
  // `preempted` is heard first.
  bed.timers.advance(1_500);
  expect(bed.record.cause).toBe(cause);
});

test.each<Cause>(['unallocatedNumber', 'noRouteToDestination', 'invalidNumberFormat', 'numberChanged', 'notAllowed'])('never is the caller told %s', (cause) => {
  const { bed } = launched();
  bed.line.leg.say(released(cause));
  bed.trunk.leg.say(released(cause));
  expect(bed.caller.leg.told()).toEqual(['release networkOutOfOrder']);
});

test('it is not refused for having been passed on too often', () => {
  const bed = new ExchangeBed();
  bed.exchange.offer({ ...bed.caller.offer('112', { number: '101' }, pcmu), hopsLeft: 0 });
  expect(bed.line.leg.request?.hopsLeft).toBe(0);
});

test('a way that gives no sign of life is left, one on which it rings is not', () => {
  const { bed } = launched();
  bed.timers.advance(20_000);
  expect(bed.line.leg.told()).toEqual(['release noUserResponding']);
  bed.trunk.leg.say({ type: 'ringing' });
  bed.timers.advance(3_600_000);
  expect(bed.exchange.size).toBe(1);
  bed.trunk.leg.say(answered);
  expect(bed.exchange.calls()[0]?.state).toBe('talking');
});

test('no way at all is said at last', () => {
  const { bed } = launched();
  bed.timers.advance(40_000);
  expect(bed.record).toMatchObject({ cause: 'noUserResponding', attempts: [{}, {}] });
});

test('silence ends it only after ten times as long, since the line may be needed', () => {
  const { bed } = launched();
  bed.line.leg.say(answered);
  bed.caller.leg.say({ type: 'silent', silentMs: 30_000 });
  bed.line.leg.say({ type: 'silent', silentMs: 30_000 });
  bed.timers.advance(569_999);
  expect(bed.exchange.size).toBe(1);
  bed.timers.advance(1);
  expect(bed.record.evidence).toEqual({ kind: 'silence', text: 'no audio from either side for 600 s' });
});

test('while the PBX shuts down emergency calls go on, and are taken', async () => {
  const { bed, id } = launched();
  bed.line.leg.say(answered);
  const other = bed.talk();
  let done = false;
  const drained = bed.exchange.drain().then(() => (done = true));
  expect(bed.exchange.call(other)).toBeUndefined();
  bed.dial('103');
  expect(bed.record.cause).toBe('congestion');
  const second = bed.dial('112');
  await Promise.resolve();
  expect([bed.exchange.calls().map((call) => call.id), done]).toEqual([[id, second], false]);
  bed.exchange.hangUp(id);
  bed.exchange.hangUp(second);
  await drained;
});

test('it is one after a restart', () => {
  const { bed } = launched();
  bed.line.leg.say(answered);
  bed.line.leg.say({ type: 'changed' });
  const after = new ExchangeBed({ media: bed.media });
  after.exchange.adopt(bed.held());
  expect(after.exchange.calls()).toMatchObject([{ emergency: '112' }]);
  after.caller.leg.say({ type: 'silent', silentMs: 30_000 });
  after.line.leg.say({ type: 'silent', silentMs: 30_000 });
  after.timers.advance(100_000);
  expect(after.exchange.size).toBe(1);
});

test('a line that is taken away: the other hears so for a second and a half', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.desk.leg.say(released('preempted'));
  expect(bed.caller.leg.commands.at(-1)).toEqual({ type: 'sound', sound: 'preempted' });
  expect([bed.media.parts, bed.media.dropped]).toEqual([1, [bed.desk.leg.media]]);
  expect(bed.exchange.calls()[0]?.state).toBe('releasing');
  bed.timers.advance(1_499);
  expect(bed.caller.leg.released).toBe(false);
  bed.timers.advance(1);
  expect(bed.caller.leg.told().at(-1)).toBe('release preempted');
  expect(bed.record).toMatchObject({ cause: 'preempted', evidence: { text: 'far end: preempted' } });
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('who hangs up on that tone is not waited for', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.caller.leg.say(released('preempted'));
  bed.desk.leg.say(released('normalClearing'));
  expect(bed.record.cause).toBe('preempted');
  expect([bed.exchange.size, bed.timers.size]).toEqual([0, 0]);
});

test('a call that is being set up over a line that is taken away goes another way; heard already, it ends with the tone', () => {
  const bed = new ExchangeBed();
  bed.dial('0');
  bed.trunk.leg.say(released('preempted'));
  expect(bed.desk.legs).toHaveLength(1);
  bed.desk.leg.say({ type: 'progress', media: pcmu });
  bed.desk.leg.say(released('preempted'));
  expect(bed.caller.leg.told()).toEqual(['progress', 'sound']);
  bed.timers.advance(1_500);
  expect(bed.record.cause).toBe('preempted');
  expect([bed.timers.size, bed.bugs]).toEqual([0, []]);
});
