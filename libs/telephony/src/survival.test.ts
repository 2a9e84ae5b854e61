import { expect, test } from 'vitest';
import { ExchangeBed, pcmu } from './exchange-bed.ts';
import type { LegEvent } from './leg.ts';

const answered: LegEvent = { type: 'answered', supervision: 'signalled', media: pcmu };

/** kill -9, and a new process that finds what the gateway has. */
function restarted(bed: ExchangeBed): ExchangeBed {
  const next = new ExchangeBed({ media: bed.media, prefix: 'later' });
  next.exchange.adopt(bed.held());
  return next;
}

test('who was parked waits on for what is left of its time, and goes back to who parked', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.exchange.park({ call: id, leg: bed.desk.leg.id, lot: 'lot' });
  const after = restarted(bed);
  expect(after.exchange.parked()).toMatchObject([{ slot: '701', call: id }]);
  after.timers.advance(59_999);
  expect(after.desk.legs).toEqual([]);
  after.timers.advance(1);
  expect(after.desk.leg.request).toMatchObject({ number: '103', from: { number: '101' } });
  after.desk.leg.say(answered);
  expect(after.exchange.call(id)?.state).toBe('talking');
});

test('who is being transferred is called for again, and its transfer is known', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.desk.leg.say({ type: 'transferRequested', to: { type: 'number', number: '0' } });
  bed.trunk.leg.say({ type: 'ringing' });
  const after = restarted(bed);
  const [lost, rung] = [after.trunk.legs.find(({ request }) => request === undefined), after.trunk.legs.find(({ request }) => request !== undefined)];
  expect(lost?.told()).toEqual(['release answeredElsewhere']);
  expect(rung?.request).toMatchObject({ from: { number: '101' } });
  rung?.say(answered);
  expect(after.exchange.call(id)?.state).toBe('talking');
  expect(after.exchange.transfers()).toMatchObject([{ call: id, state: 'completed' }]);
});

test('three who talk, muted, supervised and recorded, go on as they were', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  const other = bed.exchange.offer(bed.line.offer('0', { number: '0221' }, pcmu));
  bed.trunk.leg.say(answered);
  bed.exchange.merge(id, other);
  bed.exchange.mute(id, bed.desk.leg.id, true);
  bed.exchange.record(id, 'start');
  const hearing = bed.media.hearings.get(id);
  const after = restarted(bed);
  expect(after.exchange.call(id)).toMatchObject({ recording: 'running', recovered: true });
  expect(after.exchange.call(id)?.legs.map(({ isMuted }) => isMuted)).toEqual([false, true, false, false]);
  after.line.leg.say({ type: 'held' });
  after.line.leg.say({ type: 'resumed' });
  after.exchange.mute(id, after.desk.leg.id, true);
  expect(after.media.hearings.get(id)).toEqual(hearing);
  after.exchange.hangUp(id);
  expect(after.record.segments.flatMap(({ recordings }) => recordings)).toEqual([{ file: `recordings/${id}.1.wav`, ms: 1_000 }]);
  expect([after.exchange.size, after.timers.size, after.bugs]).toEqual([0, 0, []]);
});

test('who consulted somebody in a call that did not survive is missed: the one who waits is taken back', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  bed.exchange.transfer({ call: id, leg: bed.desk.leg.id, to: { number: '0' }, kind: 'attended' });
  bed.trunk.leg.say(answered);
  const after = new ExchangeBed({ media: bed.media, prefix: 'later' });
  after.exchange.adopt(bed.held().filter(({ context }) => context === id));
  expect(after.desk.leg.request).toMatchObject({ number: '103', from: { number: '101' } });
});

test('what a version before this one left is taken back', () => {
  const bed = new ExchangeBed();
  const id = bed.talk();
  const leg = (place: number, role: string) => ({ id: `${id}.${place}`, endpoint: role === 'caller' ? 'caller' : 'desk', role, reference: '', media: `t-${id}.${place}`, startedAt: 1_000_000, state: 'answered', answeredAt: 1_000_000, endedAt: null, cause: null, evidence: null });
  const log = { id, from: { number: '101' }, to: '103', startedAt: 1_000_000, direction: 'internal', answeredAt: 1_000_000, answeredBy: 'desk', recovered: false, legs: [leg(1, 'caller'), leg(2, 'called')] };
  const blob = JSON.stringify({ version: 1, log, story: [[0, 1, 'offered', 'call from caller']], talking: { caller: `${id}.1`, called: `${id}.2`, held: [] }, snapshots: { [`${id}.1`]: {}, [`${id}.2`]: {} } });
  const after = new ExchangeBed({ prefix: 'later' });
  after.exchange.adopt([{ context: id, blob }]);
  expect(after.exchange.calls()).toMatchObject([{ id, state: 'talking', legs: [{ party: { number: '101' } }, { party: { number: '103' } }] }]);
  after.timers.advance(2_000);
  after.exchange.hangUp(id);
  expect(after.record).toMatchObject({ segments: [{ is: 'talking', startedAt: 1_000_000, endedAt: 1_002_000 }], continues: [], continuedIn: null });
});
