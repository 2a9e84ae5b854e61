import { expect, test } from 'vitest';
import { ExchangeBed, pcmu } from './exchange-bed.ts';
import type { FakeEndpoint } from './fake-endpoint.ts';
import type { Cause } from './cause.ts';
import type { LegEvent } from './leg.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };
const ringing: LegEvent = { type: 'ringing' };
const released = (cause: Cause): LegEvent => ({ type: 'released', cause, evidence: { kind: 'far', text: `far end: ${cause}` } });

/** 101 has called 103 (desk), who has answered; 104 is soft. */
function two() {
  const bed = new ExchangeBed();
  bed.routes['104'] = { ok: true, route: { direction: 'internal', attempts: [{ endpoints: ['soft'], number: '104', timeoutMs: 20_000 }] } };
  return { bed, id: bed.talk() };
}

function wants(endpoint: FakeEndpoint, number: string): void {
  endpoint.leg.say({ type: 'transferRequested', to: { type: 'number', number } });
}

test('blind: the other side hears music, then ringing; who transferred is let go once it rings, and the two talk', () => {
  const { bed, id } = two();
  wants(bed.desk, '104');
  expect(bed.soft.leg.request).toMatchObject({ number: '104', from: { number: '101', name: 'Anna' } });
  expect(bed.asked.at(-1)).toMatchObject({ endpoint: 'desk', number: '104', from: { number: '103' } });
  expect(bed.media.plays.get(`${id}.music`)).toBeNull();
  expect(bed.desk.leg.told()).toEqual(['transfer']);
  bed.soft.leg.say(ringing);
  expect(bed.desk.leg.commands.slice(1)).toEqual([{ type: 'transfer', is: 'done' }, { type: 'release', cause: 'normalClearing' }]);
  expect(bed.caller.leg.told().slice(2)).toEqual(['resumed', 'alert']);
  expect(bed.media.plays.size).toBe(0);
  bed.soft.leg.say(answered);
  expect(bed.media.hearings.get(id)).toEqual({ joined: [[bed.caller.leg.media, bed.soft.leg.media]], oneWay: [] });
  expect(bed.soft.leg.commands.at(-1)).toEqual({ type: 'party', party: { number: '101', name: 'Anna' } });
  expect(bed.caller.leg.commands.at(-1)).toEqual({ type: 'party', party: { number: '104' } });
  expect(bed.exchange.transfers()).toMatchObject([{ call: id, kind: 'blind', state: 'completed', to: { number: '104' } }]);
  bed.soft.leg.say(released('normalClearing'));
  expect(bed.record).toMatchObject({ id, answeredBy: 'desk', continuedIn: null, attempts: [{ number: '102' }, { number: '104' }] });
  expect(bed.events.filter(({ type }) => type === 'call.transferred').map((event) => 'transfer' in event && event.transfer.state)).toEqual(['ringing', 'completed']);
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('blind, and nobody can be had: they talk as before, and who asked is told why', () => {
  const { bed, id } = two();
  wants(bed.desk, '104');
  bed.soft.leg.say(released('userBusy'));
  expect(bed.desk.leg.commands).toEqual([{ type: 'transfer', is: 'trying' }, { type: 'transfer', is: 'failed', cause: 'userBusy' }]);
  expect(bed.exchange.call(id)).toMatchObject({ state: 'talking' });
  expect(bed.media.hearings.get(id)?.joined).toEqual([[bed.caller.leg.media, bed.desk.leg.media]]);
  expect(bed.exchange.transfers()).toMatchObject([{ state: 'failed', cause: 'userBusy' }]);
});

test('blind, and nobody answers: who transferred is called back, and sees who it is', () => {
  const { bed, id } = two();
  wants(bed.desk, '104');
  bed.soft.leg.say(ringing);
  bed.timers.advance(20_000);
  expect(bed.soft.leg.told()).toEqual(['release noAnswer']);
  expect(bed.desk.legs).toHaveLength(2);
  expect(bed.desk.leg.request).toMatchObject({ number: '103', from: { number: '101' } });
  expect(bed.exchange.transfers()).toMatchObject([{ state: 'recalled', cause: 'noAnswer' }]);
  bed.desk.leg.say(answered);
  expect(bed.exchange.call(id)).toMatchObject({ state: 'talking' });
});

test('blind, and not even who transferred answers: it is over', () => {
  const { bed } = two();
  wants(bed.desk, '104');
  bed.soft.leg.say(ringing);
  bed.timers.advance(50_000);
  expect(bed.caller.leg.told().at(-1)).toBe('release noAnswer');
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('a telephone that hangs up as soon as it has asked is not missed', () => {
  const { bed, id } = two();
  wants(bed.desk, '104');
  bed.desk.leg.say(released('normalClearing'));
  bed.soft.leg.say(answered);
  expect(bed.exchange.call(id)?.legs.filter(({ state }) => state !== 'released').map(({ endpoint }) => endpoint)).toEqual(['caller', 'soft']);
});

test('who transfers to a number that nobody has is told so', () => {
  const { bed, id } = two();
  wants(bed.desk, '999');
  expect(bed.desk.leg.commands).toEqual([{ type: 'transfer', is: 'failed', cause: 'unallocatedNumber' }]);
  expect(bed.exchange.call(id)?.state).toBe('talking');
});

test('a blind one is cancelled while nobody rings', () => {
  const { bed, id } = two();
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'blind' });
  if (!begun.ok) throw new Error(begun.text);
  expect(bed.exchange.cancelTransfer(begun.transfer.id)).toEqual({ ok: true });
  expect(bed.soft.leg.told()).toEqual(['release normalClearing']);
  expect(bed.exchange.call(id)?.state).toBe('talking');
  expect(bed.exchange.transferOf(begun.transfer.id)?.state).toBe('cancelled');
});

/** The desk phone holds 101 and has called 104. */
function consulting() {
  const { bed, id } = two();
  const held = bed.desk.leg;
  held.say({ type: 'held' });
  const consultation = bed.exchange.offer(bed.desk.offer('104', { number: '103' }, pcmu));
  return { bed, id, held, consultation, own: bed.desk.leg };
}

test('attended: the transferee’s leg goes over into the consultation, in the transferor’s place', () => {
  const { bed, id, held, consultation, own } = consulting();
  bed.soft.leg.say(answered);
  held.say({ type: 'transferRequested', to: { type: 'leg', leg: own.id } });
  expect(held.told()).toEqual(['transfer', 'release normalClearing']);
  expect(own.told()).toEqual(['answer', 'release normalClearing']);
  expect(bed.media.moved).toEqual([`${bed.caller.leg.media}: ${id} → ${consultation}`]);
  expect(bed.caller.leg.id).toBe(`${consultation}.3`);
  expect(bed.media.hearings.get(consultation)?.joined).toEqual([[bed.caller.leg.media, bed.soft.leg.media]]);
  expect(bed.record).toMatchObject({ id, continuedIn: consultation, legs: [{ movedTo: `${consultation}.3` }, {}] });
  expect(bed.soft.leg.commands.at(-1)).toEqual({ type: 'party', party: { number: '101', name: 'Anna' } });
  bed.caller.leg.say(released('normalClearing'));
  expect(bed.soft.leg.told().at(-1)).toBe('release normalClearing');
  expect(bed.record).toMatchObject({ id: consultation, continues: [id], continuedIn: null });
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('half attended: the transferee hears the consultation ring, and who transferred is called back when nobody answers', () => {
  const { bed, held, consultation, own } = consulting();
  bed.soft.leg.say(ringing);
  held.say({ type: 'transferRequested', to: { type: 'leg', leg: own.id } });
  expect(bed.caller.leg.told().slice(-3)).toEqual(['moved', 'resumed', 'alert']);
  expect(own.told()).toEqual(['alert', 'release normalClearing']);
  bed.timers.advance(20_000);
  expect(bed.desk.leg.request).toMatchObject({ from: { number: '101' }, number: '103' });
  bed.desk.leg.say(answered);
  expect(bed.exchange.call(consultation)?.state).toBe('talking');
  expect(bed.exchange.transfers()).toMatchObject([{ state: 'recalled' }]);
});

test('through the API the transferor’s own leg goes over; complete, and the two are left', () => {
  const { bed, id } = two();
  bed.timers.advance(1_000);
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' });
  if (!begun.ok) throw new Error(begun.text);
  const { consultation } = begun.transfer;
  bed.timers.advance(1_000);
  expect(bed.desk.legs).toHaveLength(1);
  expect(bed.exchange.call(id)?.state).toBe('parked');
  expect(bed.media.plays.has(`${id}.music`)).toBe(true);
  bed.soft.leg.say(answered);
  expect(bed.exchange.transferOf(begun.transfer.id)?.state).toBe('consulting');
  expect(bed.media.hearings.get(consultation ?? '')?.joined).toEqual([[bed.desk.leg.media, bed.soft.leg.media]]);
  expect(bed.exchange.completeTransfer(begun.transfer.id)).toEqual({ ok: true });
  expect(bed.media.hearings.get(consultation ?? '')?.joined).toEqual([[bed.caller.leg.media, bed.soft.leg.media]]);
  expect(bed.desk.leg.released).toBe(true);
  expect(bed.exchange.transferOf(begun.transfer.id)?.state).toBe('completed');
  expect(bed.record).toMatchObject({ id, continuedIn: consultation, segments: [{ is: 'talking' }, { is: 'held' }] });
});

test('through the API: swapped, cancelled, and back with whom it was', () => {
  const { bed, id } = two();
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' });
  if (!begun.ok) throw new Error(begun.text);
  expect(bed.exchange.swapTransfer(begun.transfer.id)).toMatchObject({ ok: false, code: 'wrongState' });
  bed.soft.leg.say(answered);
  bed.exchange.swapTransfer(begun.transfer.id);
  expect(bed.exchange.calls().map(({ state }) => state)).toEqual(['talking', 'parked']);
  bed.exchange.swapTransfer(begun.transfer.id);
  expect(bed.exchange.calls().map(({ state }) => state)).toEqual(['parked', 'talking']);
  bed.exchange.cancelTransfer(begun.transfer.id);
  expect(bed.soft.leg.released).toBe(true);
  expect(bed.media.hearings.get(id)?.joined).toEqual([[bed.caller.leg.media, bed.desk.leg.media]]);
  expect(bed.exchange.transferOf(begun.transfer.id)?.state).toBe('cancelled');
  bed.exchange.hangUp(id);
  expect([bed.exchange.size, bed.timers.size, bed.bugs, bed.records.length]).toEqual([0, 0, [], 2]);
});

test.each(['ringing', 'talking'])('who hangs up while it consults (%s) has transferred', (is) => {
  const { bed, id } = two();
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' });
  if (!begun.ok) throw new Error(begun.text);
  bed.soft.leg.say(is === 'ringing' ? ringing : answered);
  bed.desk.leg.say(released('normalClearing'));
  if (is === 'ringing') bed.soft.leg.say(answered);
  expect(bed.media.hearings.get(begun.transfer.consultation ?? '')?.joined).toEqual([[bed.caller.leg.media, bed.soft.leg.media]]);
  expect(bed.exchange.transferOf(begun.transfer.id)?.state).toBe('completed');
  expect(bed.bugs).toEqual([]);
});

test.each<Cause>(['userBusy', 'normalClearing'])('who consults in vain (%s) is back with whom it was', (cause) => {
  const { bed, id } = two();
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' });
  if (!begun.ok) throw new Error(begun.text);
  if (cause === 'normalClearing') bed.soft.leg.say(answered);
  bed.soft.leg.say(released(cause));
  expect(bed.exchange.calls()).toMatchObject([{ id, state: 'talking' }]);
  expect(bed.media.hearings.get(id)?.joined).toEqual([[bed.caller.leg.media, bed.desk.leg.media]]);
  expect(bed.exchange.transferOf(begun.transfer.id)).toMatchObject({ state: 'failed', cause });
  expect(bed.record).toMatchObject({ id: begun.transfer.consultation, continuedIn: id });
});

test('an emergency call is not transferred, nor anybody to one', () => {
  const bed = new ExchangeBed();
  const id = bed.dial('112');
  bed.line.leg.say(answered);
  expect(bed.exchange.transfer({ call: id, leg: bed.caller.leg.id, to: { number: '103' }, kind: 'blind' })).toMatchObject({ ok: false, code: 'emergency' });
  const other = bed.talk();
  expect(bed.exchange.transfer({ call: other, leg: bed.caller.leg.id, to: { number: '112' }, kind: 'blind' })).toMatchObject({ ok: false, code: 'emergency' });
});

/** 103 consults 104, who has answered; 101 waits. */
function inConsultation() {
  const { bed, id } = two();
  const begun = bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' });
  if (!begun.ok) throw new Error(begun.text);
  bed.soft.leg.say(answered);
  const { consultation } = begun.transfer;
  if (consultation === null) throw new Error('nobody is consulted');
  return { bed, id, transfer: begun.transfer.id, consultation };
}

test.each(['hung up', 'parked', 'taken elsewhere'])('who waits is not forgotten when the consultation is %s: who consulted is called back', (how) => {
  const { bed, id, transfer, consultation } = inConsultation();
  const { id: leg } = bed.desk.leg;
  if (how === 'hung up') bed.exchange.hangUp(consultation);
  else if (how === 'parked') expect(bed.exchange.park({ call: consultation, leg, lot: 'lot' })).toMatchObject({ ok: true });
  else {
    bed.exchange.offer(bed.trunk.offer('102', { number: '0221' }, pcmu));
    bed.soft.leg.say(ringing);
    expect(bed.exchange.pickUp({ call: bed.exchange.calls().at(-1)?.id ?? '', with: leg })).toEqual({ ok: true });
  }
  expect(bed.exchange.call(id)?.state).toBe('trying');
  expect(bed.desk.leg.request).toMatchObject({ from: { number: '101', name: 'Anna' } });
  expect(bed.exchange.transferOf(transfer)).toMatchObject({ state: 'failed' });
  bed.exchange.hangUp(id);
  expect(bed.bugs).toEqual([]);
});

test('who waits for one that was swapped away from is called for when the other call is hung up', () => {
  const { bed, id, transfer, consultation } = inConsultation();
  bed.exchange.swapTransfer(transfer);
  bed.exchange.hangUp(id);
  expect(bed.exchange.calls()).toMatchObject([{ id: consultation, state: 'trying' }]);
  bed.timers.advance(30_000);
  expect([bed.exchange.size, bed.bugs]).toEqual([0, []]);
});

test('whose consultation is taken away for an emergency call is back with whom it was', () => {
  const { bed, id, transfer } = inConsultation();
  bed.soft.leg.say(released('preempted'));
  expect(bed.media.hearings.get(id)?.joined).toEqual([[bed.caller.leg.media, bed.desk.leg.media]]);
  expect(bed.exchange.transferOf(transfer)).toMatchObject({ state: 'failed', cause: 'preempted' });
});

test('blind, and called off through the API: who asked is told, and may ask again', () => {
  const { bed } = two();
  wants(bed.desk, '104');
  const [transfer] = bed.exchange.transfers();
  expect(bed.exchange.cancelTransfer(transfer?.id ?? '')).toEqual({ ok: true });
  expect(bed.desk.leg.commands).toEqual([{ type: 'transfer', is: 'trying' }, { type: 'transfer', is: 'failed', cause: 'normalClearing' }]);
  expect(bed.exchange.transfers()).toMatchObject([{ state: 'cancelled', cause: null }]);
});

test('a consultation of a call that ends in the same moment ends too', () => {
  const { bed, id } = two();
  const asked: unknown[] = [];
  bed.exchange.observe(({ type }) => {
    if (type !== 'call.held') return;
    asked.push(bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '104' }, kind: 'attended' }));
    bed.exchange.hangUp(id);
  });
  bed.desk.leg.say({ type: 'held' });
  expect(asked).toMatchObject([{ ok: true }]);
  expect([bed.exchange.size, bed.timers.size, bed.bugs, bed.records.length]).toEqual([0, 0, [], 2]);
});

test('who is consulted may be another: redirected, it is answered by somebody else, and the transfer completes', () => {
  const { bed, transfer, consultation } = inConsultation();
  expect(bed.exchange.redirect(consultation, '0')).toEqual({ ok: true });
  bed.trunk.leg.say(answered);
  expect(bed.exchange.completeTransfer(transfer)).toEqual({ ok: true });
  expect(bed.media.hearings.get(consultation)?.joined).toEqual([[bed.caller.leg.media, bed.trunk.leg.media]]);
  expect([bed.exchange.size, bed.bugs]).toEqual([1, []]);
});

test('applications that send a caller to each other for ever are stopped', () => {
  const { bed, id } = two();
  let rounds = 0;
  for (const leads = { type: 'transferRequested', to: { type: 'number', number: '103' }, isFinal: true } as const; rounds < 1_000; rounds++) {
    bed.desk.leg.say(leads);
    if (bed.desk.leg.told().at(-1)?.startsWith('transfer') === true) break;
    bed.desk.leg.say(answered);
  }
  expect(rounds).toBeLessThan(300);
  expect(bed.desk.leg.commands.at(-1)).toEqual({ type: 'transfer', is: 'failed', cause: 'noRouteToDestination' });
  expect(bed.exchange.call(id)).toMatchObject({ state: 'talking' });
  expect(bed.bugs).toEqual([]);
});
