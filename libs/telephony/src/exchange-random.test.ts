import { expect, test } from 'vitest';
import type { Cause } from './cause.ts';
import { anyMedia, ExchangeBed, pcmu } from './exchange-bed.ts';
import type { FakeEndpoint, FakeRelease } from './fake-endpoint.ts';
import type { LegEvent } from './leg.ts';

test('10,000 random calls: no bug, no leg and no timer left, exactly one record each, adopted or not', () => {
  for (let seed = 1; seed <= 10_000; seed++) oneLife(seed);
}, 60_000);

function oneLife(seed: number): void {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const release = pick<FakeRelease>(['atOnce', 'never', { ms: 40 }, { ms: 4000 }]);
  let bed = new ExchangeBed({ release });
  const beds = [bed];
  if (random() < 0.1) bed.media.quality = undefined;
  if (random() < 0.8) bed.dial(pick(['102', '103', '104', '0', '999']));
  else bed.exchange.originate({ from: pick(['soft', 'absent']), party: { number: '101' }, to: pick(['103', '0', '999']) });
  const steps = Math.floor(random() * 25);
  for (let step = 0; step < steps; step++) {
    const roll = random();
    if (roll < 0.75) {
      const legs = endpoints(bed).flatMap((endpoint) => endpoint.legs);
      if (legs.length > 0) pick(legs).say(randomEvent(pick));
    } else if (roll < 0.9) bed.timers.advance(pick([0, 1, 50, 3_000, 20_000]));
    else if (roll < 0.94) bed.exchange.hangUp('call-1', pick(['normalClearing', 'rejected']));
    else if (roll < 0.97) bed.exchange.gatewayReturned(pick([[], ['call-1']]));
    else if (bed.media.blobs.size > 0) {
      // kill -9: what the old process would still have recorded is nobody's.
      const next = new ExchangeBed({ release, media: bed.media });
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
}

function endpoints(bed: ExchangeBed): readonly FakeEndpoint[] {
  return [bed.caller, bed.desk, bed.soft, bed.trunk, bed.absent];
}

function randomEvent(pick: <T>(list: readonly T[]) => T): LegEvent {
  const cause = pick<Cause>(['userBusy', 'rejected', 'temporaryFailure', 'normalClearing', 'noAnswer', 'subscriberAbsent']);
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
