import { expect, test } from 'vitest';
import { anyMedia, ExchangeBed, pcmu } from './exchange-bed.ts';
import type { Cause } from './cause.ts';
import type { FakeLeg } from './fake-endpoint.ts';
import type { LegEvent } from './leg.ts';
import type { Attempt } from './route.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };
const ringing: LegEvent = { type: 'ringing' };
const released = (cause: Cause): LegEvent => ({ type: 'released', cause, evidence: { kind: 'far', text: `far end: ${cause}` } });
const gone = { calls: 0, timers: 0, bugs: [] };
const left = (bed: ExchangeBed) => ({ calls: bed.exchange.size, timers: bed.timers.size, bugs: bed.bugs });

/** Who hears whom now, in a call: `a-b` both ways, `a>b` one. */
function heard(bed: ExchangeBed, id: string): string[] {
  const hearing = bed.media.hearings.get(id);
  return [...(hearing?.joined ?? []).map(([a, b]) => `${a}-${b}`), ...(hearing?.oneWay ?? []).map(([a, b]) => `${a}>${b}`)];
}

/** The line calls 103's desk phone: somebody outside of it all. */
function outside(bed: ExchangeBed): { readonly id: string; readonly line: FakeLeg } {
  const id = bed.exchange.offer(bed.line.offer('103', { number: '0221' }, pcmu));
  return { id, line: bed.line.leg };
}

test('who is put on hold by a telephone hears music, of the class that routing says', () => {
  const bed = new ExchangeBed();
  bed.routes['103'] = { ok: true, route: { direction: 'internal', features: { music: 'moh_1' }, attempts: [{ endpoints: ['desk'], number: '103', timeoutMs: 20_000 }] } };
  const id = bed.talk();
  bed.desk.leg.say({ type: 'held' });
  expect(heard(bed, id)).toEqual([`${id}.music>${bed.caller.leg.media}`]);
  expect(bed.media.plays.get(`${id}.music`)).toBe('moh_1');
  bed.desk.leg.say({ type: 'resumed' });
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`]);
  expect(bed.media.players.size).toBe(0);
});

test('held by the API and by the telephone are two things', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  const { id: leg } = bed.desk.leg;
  expect(bed.exchange.hold(id, leg)).toEqual({ ok: true });
  expect(bed.exchange.call(id)).toMatchObject({ state: 'held', legs: [{ state: 'answered' }, { state: 'held' }] });
  bed.desk.leg.say({ type: 'held' });
  bed.exchange.resume(id, leg);
  expect(bed.exchange.call(id)?.state).toBe('held');
  bed.desk.leg.say({ type: 'resumed' });
  expect(bed.exchange.call(id)?.state).toBe('talking');
  expect(bed.exchange.hold(id, 'nobody')).toMatchObject({ code: 'noSuchLeg' });
  expect(bed.exchange.hold('none', leg)).toMatchObject({ code: 'noSuchCall' });
});

test('a muted party hears and is not heard', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.exchange.mute(id, bed.desk.leg.id, true);
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}>${bed.desk.leg.media}`]);
  expect(bed.exchange.call(id)?.legs[1]?.isMuted).toBe(true);
  bed.exchange.mute(id, bed.desk.leg.id, false);
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`]);
});

test('parked, with music, and retrieved from another telephone', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.timers.advance(1_000);
  expect(bed.exchange.park({ call: id, leg: bed.desk.leg.id, lot: 'lot' })).toEqual({ ok: true, slot: '701' });
  expect(bed.desk.leg.told()).toEqual(['release normalClearing']);
  expect(bed.exchange.parked()).toEqual([{ lot: 'lot', slot: '701', call: id, since: 1_001_000, by: 'desk' }]);
  expect(bed.exchange.call(id)).toMatchObject({ state: 'parked', parked: { lot: 'lot', slot: '701' } });
  expect(heard(bed, id)).toEqual([`${id}.music>${bed.caller.leg.media}`]);
  expect(bed.media.plays.get(`${id}.music`)).toBe('moh_lot');
  bed.timers.advance(5_000);
  // Somebody dials a code: an application answers, and asks for it.
  const visit = bed.exchange.offer(bed.soft.offer('103', { number: '102' }, pcmu));
  bed.desk.leg.say(answered);
  expect(bed.exchange.retrieve({ lot: 'lot', slot: '702', with: bed.soft.leg.id })).toMatchObject({ code: 'refused' });
  expect(bed.exchange.retrieve({ lot: 'lot', slot: '701', with: bed.soft.leg.id })).toEqual({ ok: true });
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.soft.leg.media}`]);
  expect(bed.record).toMatchObject({ id: visit, continuedIn: id });
  expect(bed.desk.leg.released).toBe(true);
  bed.timers.advance(60_000);
  bed.soft.leg.say(released('normalClearing'));
  expect(bed.record).toMatchObject({ id, continues: [visit], segments: [{ is: 'talking' }, { is: 'parked', startedAt: 1_001_000, endedAt: 1_006_000 }, { is: 'talking' }] });
  expect(bed.events.map(({ type }) => type).filter((type) => /parked|retrieved/.test(type))).toEqual(['call.parked', 'call.retrieved']);
  expect(left(bed)).toEqual(gone);
});

test('who is not retrieved goes back to who parked, then to the lot’s fallback', () => {
  const bed = new ExchangeBed();
  bed.routes['104'] = { ok: true, route: { direction: 'internal', attempts: [{ endpoints: ['soft'], number: '104', timeoutMs: 20_000 }] } };
  const id = bed.talk();
  bed.exchange.park({ call: id, leg: bed.desk.leg.id, lot: 'lot', slot: '702' });
  bed.timers.advance(60_000);
  expect(bed.desk.leg.request).toMatchObject({ number: '103', from: { number: '101' } });
  expect(bed.exchange.parked()).toEqual([]);
  bed.desk.leg.say(ringing);
  bed.timers.advance(20_000);
  expect(bed.soft.leg.request).toMatchObject({ number: '104' });
  bed.soft.leg.say(answered);
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.soft.leg.media}`]);
  bed.exchange.hangUp(id);
  expect(left(bed)).toEqual(gone);
});

test('a lot that is full, a slot that is taken, and calls for help are refused', () => {
  const bed = new ExchangeBed();
  for (const slot of ['701', '702']) expect(bed.exchange.park({ call: bed.talk(), leg: bed.desk.leg.id, lot: 'lot' })).toEqual({ ok: true, slot });
  expect(bed.exchange.park({ call: bed.talk(), leg: bed.desk.leg.id, lot: 'lot' })).toMatchObject({ code: 'refused' });
  expect(bed.exchange.park({ call: bed.talk(), leg: bed.desk.leg.id, lot: 'lot', slot: '701' })).toMatchObject({ code: 'refused' });
  const help = bed.dial('112');
  bed.line.leg.say(answered);
  expect(bed.exchange.park({ call: help, leg: bed.line.leg.id, lot: 'lot' })).toMatchObject({ code: 'emergency' });
});

test('a call that rings is picked up by who has dialled a code for it', () => {
  const bed = new ExchangeBed();
  const { id, line } = outside(bed);
  bed.desk.leg.say(ringing);
  const rung = bed.desk.leg;
  bed.exchange.offer(bed.soft.offer('0', { number: '102' }, pcmu));
  expect(bed.exchange.pickUp({ call: id, with: bed.soft.leg.id })).toEqual({ ok: true });
  expect(rung.told()).toEqual(['release answeredElsewhere']);
  // Its far end still waited for an answer.
  expect(bed.soft.leg.told()).toEqual(['moved', 'answer', 'party']);
  expect(line.told()).toEqual(['alert', 'answer', 'party']);
  expect(heard(bed, id)).toEqual([`${line.media}-${bed.soft.leg.media}`]);
  expect(bed.trunk.leg.told()).toEqual(['release normalClearing']);
  expect(bed.events.filter(({ type }) => type === 'call.pickedUp')).toMatchObject([{ leg: bed.soft.leg.id }]);
  expect(bed.exchange.call(id)).toMatchObject({ state: 'talking', legs: [{ role: 'caller' }, { role: 'called' }, { role: 'called', endpoint: 'soft' }] });
});

test('an INVITE with Replaces answers what rings, and takes the place of who talks', () => {
  const bed = new ExchangeBed();
  const { id, line } = outside(bed);
  bed.desk.leg.say(ringing);
  const pickup = bed.exchange.offer({ ...bed.soft.offer('', { number: '102' }, anyMedia), replaces: bed.desk.leg.id });
  expect(bed.soft.leg.commands).toEqual([{ type: 'moved', leg: `${id}.3`, context: id }, { type: 'answer', media: pcmu }, { type: 'party', party: { number: '0221' } }]);
  expect(bed.record).toMatchObject({ id: pickup, continuedIn: id });
  bed.exchange.offer({ ...bed.trunk.offer('', { number: '555' }, pcmu), replaces: bed.soft.leg.id });
  expect(heard(bed, id)).toEqual([`${line.media}-${bed.trunk.leg.media}`]);
  expect(bed.soft.leg.released).toBe(true);
  bed.exchange.offer({ ...bed.absent.offer('', { number: '103' }, pcmu), replaces: bed.soft.leg.id });
  expect(bed.record).toMatchObject({ cause: 'rejected', evidence: { kind: 'replaces' } });
});

test('three talk; when one goes the other two stay, and nobody stays alone', () => {
  const bed = new ExchangeBed();
  const first = bed.talk();
  const held = bed.desk.leg;
  held.say({ type: 'held' });
  const second = bed.exchange.offer(bed.desk.offer('0', { number: '103' }, pcmu));
  bed.trunk.leg.say(answered);
  held.say({ type: 'resumed' });
  held.say({ type: 'mergeRequested', with: bed.desk.leg.id });
  const [anna, desk, trunk] = [bed.caller.leg.media, held.media, bed.trunk.leg.media];
  expect(heard(bed, first)).toEqual([`${anna}-${desk}`, `${anna}-${trunk}`, `${desk}-${trunk}`]);
  expect(bed.desk.leg.told().at(-1)).toBe('release normalClearing');
  expect(bed.record).toMatchObject({ id: second, continuedIn: first });
  bed.caller.leg.say({ type: 'digit', digit: '5', durationMs: 100 });
  expect([held.told().at(-1), bed.trunk.leg.told().at(-1)]).toEqual(['sendDigit', 'sendDigit']);
  held.say(released('normalClearing'));
  expect(heard(bed, first)).toEqual([`${anna}-${trunk}`]);
  expect(bed.trunk.leg.commands.at(-1)).toEqual({ type: 'party', party: { number: '101', name: 'Anna' } });
  bed.trunk.leg.say(released('normalClearing'));
  expect(bed.caller.leg.released).toBe(true);
  expect(left(bed)).toEqual(gone);
});

test('of three, one who holds leaves the others talking', () => {
  const bed = new ExchangeBed();
  const first = bed.talk();
  const second = bed.exchange.offer(bed.soft.offer('0', { number: '102' }, pcmu));
  bed.trunk.leg.say(answered);
  expect(bed.exchange.merge(first, second)).toEqual({ ok: true });
  bed.desk.leg.say({ type: 'held' });
  expect(heard(bed, first)).toHaveLength(3);
  expect(bed.media.players.size).toBe(0);
});

test('a supervisor listens, whispers and barges in, and the call does not live by him', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  const visit = bed.exchange.originate({ from: 'soft', party: { number: '102' }, to: '103', intoCall: { call: id, as: { is: 'observer', of: bed.desk.leg.id, mode: 'listen' } } });
  bed.soft.leg.say(answered);
  const [anna, desk, soft] = [bed.caller.leg.media, bed.desk.leg.media, bed.soft.leg.media];
  expect(bed.record).toMatchObject({ id: visit, continuedIn: id });
  expect(heard(bed, id)).toEqual([`${anna}-${desk}`, `${anna}>${soft}`, `${desk}>${soft}`]);
  expect(bed.exchange.supervise({ call: id, party: bed.desk.leg.id, mode: 'whisper', with: bed.soft.leg.id })).toEqual({ ok: true });
  expect(heard(bed, id)).toEqual([`${anna}-${desk}`, `${soft}-${desk}`, `${anna}>${soft}`]);
  bed.exchange.supervise({ call: id, party: bed.desk.leg.id, mode: 'barge', with: bed.soft.leg.id });
  expect(heard(bed, id)).toEqual([`${anna}-${desk}`, `${soft}-${anna}`, `${soft}-${desk}`]);
  expect(bed.exchange.call(id)?.legs[2]).toMatchObject({ role: 'observer' });
  bed.desk.leg.say(released('normalClearing'));
  expect([bed.caller.leg.released, bed.soft.leg.released]).toEqual([true, true]);
  expect(left(bed)).toEqual(gone);
});

test('a recording is cut where the call changes, so that each file is one segment’s', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  expect(bed.exchange.record(id, 'pause')).toMatchObject({ code: 'wrongState' });
  bed.exchange.record(id, 'start');
  const recorder = `${id}.recorder`;
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`, `${bed.caller.leg.media}>${recorder}`, `${bed.desk.leg.media}>${recorder}`]);
  bed.timers.advance(2_000);
  bed.desk.leg.say({ type: 'held' });
  bed.timers.advance(2_000);
  bed.desk.leg.say({ type: 'resumed' });
  bed.exchange.record(id, 'pause');
  expect(bed.exchange.call(id)?.recording).toBe('paused');
  bed.exchange.record(id, 'resume');
  bed.timers.advance(2_000);
  bed.exchange.record(id, 'stop');
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`]);
  bed.exchange.hangUp(id);
  const [first, second] = [`recordings/${id}.1.wav`, `recordings/${id}.2.wav`];
  expect(bed.media.files).toEqual([first, second]);
  expect(bed.record.segments.map(({ is, recordings }) => [is, recordings])).toEqual([['talking', [{ file: first, ms: 1_000 }]], ['held', []], ['talking', [{ file: second, ms: 1_000 }]]]);
  expect(bed.media.players.size).toBe(0);
});

test('a call that has begun to end is not recorded any more', () => {
  const bed = new ExchangeBed();
  bed.media.quality = undefined;
  const id = bed.talk();
  bed.exchange.hangUp(id);
  expect(bed.media.released).toEqual([id]);
  expect(bed.exchange.record(id, 'start')).toMatchObject({ ok: false, code: 'wrongState' });
  expect(bed.media.players.size).toBe(0);
});

test('a call that is to be recorded by its route is, from the answer on', () => {
  const bed = new ExchangeBed();
  bed.routes['103'] = { ok: true, route: { direction: 'internal', features: { record: true }, attempts: [{ endpoints: ['desk'], number: '103', timeoutMs: 20_000 }] } };
  const id = bed.dial('103');
  expect(bed.media.files).toEqual([]);
  bed.desk.leg.say(answered);
  expect(bed.media.files).toEqual([`recordings/${id}.1.wav`]);
  expect(bed.exchange.call(id)?.recording).toBe('running');
});

test('redirected while it rings, and while it talks', () => {
  const bed = new ExchangeBed();
  const { id, line } = outside(bed);
  bed.desk.leg.say(ringing);
  expect(bed.exchange.redirect(id, '0')).toEqual({ ok: true });
  expect(bed.desk.leg.told()).toEqual(['release normalClearing']);
  bed.trunk.leg.say(answered);
  expect(heard(bed, id)).toEqual([`${line.media}-${bed.trunk.leg.media}`]);
  expect(bed.exchange.redirect(id, '103')).toEqual({ ok: true });
  expect(bed.trunk.leg.released).toBe(true);
  bed.desk.leg.say(answered);
  expect(heard(bed, id)).toEqual([`${line.media}-${bed.desk.leg.media}`]);
  bed.exchange.hangUp(id);
  expect(left(bed)).toEqual(gone);
});

const attempt = (endpoint: string, more: Partial<Attempt> = {}): Attempt => ({ endpoints: [endpoint], number: endpoint, timeoutMs: 20_000, ...more });

test.each<[Cause, string]>([['userBusy', 'trunk'], ['subscriberAbsent', 'line'], ['rejected', '']])('an attempt that says after what it is made is made after that: %s', (cause, next) => {
  const bed = new ExchangeBed();
  bed.routes['5'] = { ok: true, route: { direction: 'internal', attempts: [attempt('desk'), attempt('trunk', { on: ['userBusy', 'noAnswer'] }), attempt('line', { on: ['subscriberAbsent'] })] } };
  bed.dial('5');
  bed.desk.leg.say({ type: 'progress', media: pcmu });
  bed.desk.leg.say(released(cause));
  expect([bed.trunk, bed.line].filter(({ legs }) => legs.length > 0).map(({ id }) => id).join()).toBe(next);
  // Forwarding is no incident.
  expect(bed.events.some(({ type }) => type === 'call.rerouted')).toBe(false);
});

test('endpoints are rung with their delays; when nobody rings any more the next is rung at once', () => {
  const bed = new ExchangeBed();
  bed.routes['5'] = { ok: true, route: { direction: 'internal', attempts: [{ endpoints: ['desk', 'soft', 'line', 'trunk'], number: '5', timeoutMs: 30_000, delays: { soft: 5_000, line: 5_000, trunk: 12_000 } }] } };
  bed.dial('5');
  const rung = () => [bed.desk, bed.soft, bed.line, bed.trunk].filter(({ legs }) => legs.length > 0).map(({ id }) => id);
  bed.timers.advance(4_999);
  expect(rung()).toEqual(['desk']);
  bed.timers.advance(1);
  expect(rung()).toEqual(['desk', 'soft', 'line']);
  for (const { leg } of [bed.desk, bed.soft, bed.line]) leg.say(released('userBusy'));
  expect(rung()).toEqual(['desk', 'soft', 'line', 'trunk']);
  bed.trunk.leg.say(answered);
  bed.trunk.leg.say(released('normalClearing'));
  expect(bed.record.attempts).toMatchObject([{ endpoints: ['desk', 'soft', 'line', 'trunk'], legs: { length: 4 } }]);
  expect(left(bed)).toEqual(gone);
});

test('what is to answer by itself, and how it rings, reaches the endpoint', () => {
  const bed = new ExchangeBed();
  bed.routes['5'] = { ok: true, route: { direction: 'internal', attempts: [attempt('desk', { answerMode: 'auto', alertInfo: 'internal' })] } };
  bed.dial('5');
  expect(bed.desk.leg.request).toMatchObject({ answerMode: 'auto', alertInfo: 'internal' });
});

test('with an echo test the other side hears itself', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.desk.leg.say({ type: 'mirror', is: 'on' });
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`, `${bed.caller.leg.media}-${bed.caller.leg.media}`]);
  bed.desk.leg.say({ type: 'mirror', is: 'off' });
  expect(heard(bed, id)).toEqual([`${bed.caller.leg.media}-${bed.desk.leg.media}`]);
});
