import { expect, test } from 'vitest';
import type { CallEvent } from './call-control.ts';
import type { Cause } from './cause.ts';
import { anyMedia, ExchangeBed, pcmu } from './exchange-bed.ts';
import type { FakeEndpoint, FakeRelease } from './fake-endpoint.ts';
import type { LegEvent } from './leg.ts';
import type { CallRecord } from './record.ts';
import type { RouteOutcome } from './route.ts';

test('10,000 random calls: no bug, no leg and no timer left, exactly one record each, adopted or not, and its attempts are those that were made', () => {
  for (let seed = 1; seed <= 10_000; seed++) oneLife(seed);
}, 60_000);

function oneLife(seed: number): void {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const release = pick<FakeRelease>(['atOnce', 'never', { ms: 40 }, { ms: 4000 }]);
  let bed = new ExchangeBed({ release });
  const beds = [bed];
  if (random() < 0.1) bed.media.quality = undefined;
  const route = randomRoute(random, pick);
  bed.routes['5'] = route;
  const dialled = pick(['102', '103', '104', '0', '00', '112', '7', '5', '5', '5', '999']);
  if (random() < 0.8) bed.dial(dialled);
  else bed.exchange.originate({ from: pick(['soft', 'absent']), party: { number: '101' }, to: dialled, ...(random() < 0.2 ? { first: bed.soft } : {}) });
  const steps = Math.floor(random() * 25);
  for (let step = 0; step < steps; step++) {
    const roll = random();
    if (roll < 0.75) {
      const legs = endpoints(bed).flatMap((endpoint) => endpoint.legs);
      // Mostly those of whom something may still come: the called ones.
      const called = legs.filter(({ request, released }) => request !== undefined && !released);
      if (legs.length > 0) pick(called.length > 0 && random() < 0.7 ? called : legs).say(randomEvent(pick));
    } else if (roll < 0.8) for (const digit of pick(['2580#', '2580', '1#', '#', '99999'])) for (const leg of bed.caller.legs) leg.say({ type: 'digit', digit, durationMs: 80 });
    else if (roll < 0.9) bed.timers.advance(pick([0, 1, 50, 1_500, 3_000, 8_000, 20_000]));
    else if (roll < 0.94) bed.exchange.hangUp('call-1', pick(['normalClearing', 'rejected']));
    else if (roll < 0.97) bed.exchange.gatewayReturned(pick([[], ['call-1']]));
    else if (bed.media.blobs.size > 0) {
      // kill -9: what the old process would still have recorded is nobody's.
      const next = new ExchangeBed({ release, media: bed.media });
      next.routes['5'] = route;
      beds.push(next);
      next.exchange.adopt(bed.held());
      bed = next;
    }
  }
  bed.exchange.hangUp('call-1');
  bed.timers.advance(20_000);
  const left = endpoints(bed).flatMap((endpoint) => endpoint.legs).filter((leg) => !leg.released && !leg.told().some((told) => told.startsWith('release')));
  const summary = { seed, bugs: bed.bugs.map((bug) => String(bug.error)), left: left.length, calls: bed.exchange.size, timers: bed.timers.size, records: bed.records.length };
  expect(summary).toEqual({ seed, bugs: [], left: 0, calls: 0, timers: 0, records: 1 });
  expect(bed.record.recovered).toBe(beds.length > 1);
  if (dialled === '7') expect([seed, JSON.stringify([bed.record, beds.flatMap(({ events }) => events)]).includes('2580')]).toEqual([seed, false]);
  consistent(seed, bed.record, bed.events);
}

function endpoints(bed: ExchangeBed): readonly FakeEndpoint[] {
  return [bed.caller, bed.desk, bed.soft, bed.trunk, bed.line, bed.absent];
}

/** The attempts tell the same as the legs, the story and the events. */
function consistent(seed: number, record: CallRecord, events: readonly CallEvent[]): void {
  const { attempts, legs, story } = record;
  const wrong: string[] = [];
  const check = (name: string, isSo: boolean): void => {
    if (!isSo) wrong.push(name);
  };
  const called = legs.filter(({ role }) => role === 'called').map(({ id }) => id);
  check('every called leg is in one attempt, in order', attempts.flatMap((attempt) => attempt.legs).join() === called.join());
  // A process that was killed knew more than its last blob, and each bed has a clock of its own.
  const whole = !record.recovered;
  check('an attempt begins when the former is over', !whole || attempts.every(({ startedAt, endedAt }, index) => startedAt <= endedAt && (index === 0 || attempts[index - 1]?.endedAt === startedAt)));
  check('only the last is answered, if the call is', attempts.every(({ answeredAt }, index) => answeredAt === (index === attempts.length - 1 ? record.answeredAt : null)));
  check('rerouted once for each but the last', story.filter(({ type }) => type === 'rerouted').length === Math.max(0, attempts.length - 1));
  check('and told', !whole || events.filter(({ type }) => type === 'call.rerouted').length === Math.max(0, attempts.length - 1));
  check('the caller is never told of a failed attempt', story.filter(({ type, text, leg }) => type === 'commanded' && leg === legs[0]?.id && text.startsWith('told to release')).length <= 1);
  expect({ seed, wrong, attempts }).toEqual({ seed, wrong: [], attempts });
}

function randomRoute(random: () => number, pick: <T>(list: readonly T[]) => T): RouteOutcome {
  const attempts = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => ({
    endpoints: pick([['desk'], ['soft', 'desk'], ['trunk'], ['line'], ['absent'], ['absent', 'soft']]), number: `${index}`, timeoutMs: pick([1_000, 20_000, 60_000]),
  }));
  return { ok: true, route: { direction: 'outbound', attempts, ...(random() < 0.2 ? { emergency: { number: '112', isTest: false } } : {}), ...(random() < 0.3 ? { explanation: { steps: [] } } : {}) } };
}

function randomEvent(pick: <T>(list: readonly T[]) => T): LegEvent {
  const cause = pick<Cause>(['userBusy', 'rejected', 'temporaryFailure', 'normalClearing', 'noAnswer', 'subscriberAbsent', 'networkOutOfOrder', 'networkOutOfOrder', 'preempted', 'noCircuit', 'unallocatedNumber']);
  return pick<LegEvent>([
    { type: 'ringing' },
    { type: 'ringing' },
    { type: 'progress', media: pcmu },
    { type: 'answered', supervision: 'signalled', media: anyMedia },
    { type: 'answered', supervision: 'assumed', media: pcmu },
    { type: 'digit', digit: '7', durationMs: 100 },
    { type: 'silent', silentMs: 30_000 },
    { type: 'heard', silentMs: 45_000 },
    { type: 'held' },
    { type: 'resumed' },
    { type: 'note', evidence: { kind: 'fake', text: 'note' } },
    { type: 'changed' },
    { type: 'released', cause, evidence: { kind: 'fake', text: cause } },
  ]);
}

/** A small seeded generator, so that a failing sequence can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
