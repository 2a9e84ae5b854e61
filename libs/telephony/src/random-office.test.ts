import { expect, test } from 'vitest';
import type { FakeRelease } from './fake-endpoint.ts';
import { callOf, RandomOffice } from './random-office.ts';
import type { CallRecord } from './record.ts';

test('2,000 random afternoons of twelve telephones: nobody stays alone, every leg ends once, and records account for all of it', () => {
  for (let seed = 1; seed <= 2_000; seed++) oneAfternoon(seed, 0);
}, 60_000);

test('the same, with a third of what telephones say lost, and telephones that never confirm that they were released', () => {
  for (let seed = 1; seed <= 2_000; seed++) oneAfternoon(seed, 0.33);
}, 60_000);

function oneAfternoon(seed: number, loss: number): void {
  const random = mulberry32(seed);
  const ways: readonly FakeRelease[] = loss === 0 ? ['atOnce', { ms: 40 }, { ms: 4_000 }] : ['never', 'never', { ms: 40 }, { ms: 8_000 }];
  const office = new RandomOffice(random, { release: () => ways[Math.floor(random() * ways.length)] ?? 'atOnce', loss });
  const steps = 10 + Math.floor(random() * 50);
  for (let step = 0; step < steps; step++) {
    office.act();
    const wrong = wrongNow(office);
    if (wrong.length > 0 || office.bugs.length > 0) expect({ seed, step, story: office.story.slice(-25), wrong, bugs: bugsOf(office) }).toEqual({ seed, step, wrong: [], bugs: [] });
  }
  office.end();
  const left = { calls: office.exchange.size, timers: office.timers.size, players: [...office.media.players.keys()], hearings: [...office.media.hearings.keys()], bugs: bugsOf(office), legs: legsNotEnded(office), records: wrongRecords(office) };
  const story = left.legs.length > 0 || left.calls > 0 ? office.story : [];
  expect({ seed, ...left, story }).toEqual({ seed, story: [], calls: 0, timers: 0, players: [], hearings: [], bugs: [], legs: [], records: [] });
}

function bugsOf({ bugs }: RandomOffice): readonly string[] {
  return bugs.map(({ error, last }) => `${error instanceof Error ? (error.stack ?? '') : String(error)} after ${last.map(({ type, text }) => `${type} ${text}`).join('; ')}`);
}

/** Nobody is alone in a context who is not to be, and everybody is in that of his call. */
function wrongNow(office: RandomOffice): readonly string[] {
  const wrong: string[] = [];
  const open = new Map(office.legs.filter(({ released, leaving }) => !released && !leaving).map((leg) => [leg.id, leg]));
  const media = new Map([...open.values()].map((leg) => [leg.media, callOf(leg.id)]));
  for (const call of office.exchange.calls()) {
    const there = call.legs.filter(({ id, role, state }) => role !== 'observer' && state !== 'released' && open.has(id));
    if ((call.state === 'talking' || call.state === 'held') && there.length < 2) wrong.push(`${call.id} is ${call.state}, of ${there.length}`);
    if (call.state === 'parked' && there.length !== 1) wrong.push(`${call.id} is parked, of ${there.length}`);
    if (call.state === 'releasing' && there.length > 0 && !there.some(({ id }) => open.get(id)?.told().includes('sound'))) wrong.push(`${call.id} ends, and ${there.map(({ id }) => id).join()} do not`);
    const hearing = office.media.hearings.get(call.id);
    if (call.state === 'releasing') continue;
    for (const [a, b] of [...(hearing?.joined ?? []), ...(hearing?.oneWay ?? [])]) {
      for (const end of [a, b]) if (office.media.players.get(end) !== call.id && media.get(end) !== call.id) wrong.push(`${end} is joined in ${call.id}, where it is not`);
    }
  }
  for (const { id, context, request } of open.values()) {
    const home = context ?? request?.context;
    if (home !== undefined && home !== callOf(id)) wrong.push(`${id} is in the context ${home}`);
    if (office.exchange.call(callOf(id)) === undefined) wrong.push(`${id} is open, and its call is over`);
  }
  return wrong;
}

/** Of telephones of the process that lives. */
function legsNotEnded(office: RandomOffice): readonly string[] {
  return office.legs.filter((leg) => !leg.released && !leg.leaving).map((leg) => `${leg.id}: ${leg.told().join(', ')}`);
}

function wrongRecords({ begun, records, media, restarts }: RandomOffice): readonly string[] {
  const wrong: string[] = [];
  const ids = new Set(records.map(({ id }) => id));
  if (ids.size !== records.length) wrong.push('two records of one call');
  // What was begun just before a process was killed had left nothing in the gateway: the journal closes it.
  for (const { id } of begun) if (!ids.has(id) && restarts === 0) wrong.push(`no record of ${id}`);
  for (const record of records) wrong.push(...wrongIn(record));
  const owned = records.flatMap(({ segments }) => segments.flatMap(({ recordings }) => recordings.map(({ file }) => file)));
  if (new Set(owned).size !== owned.length) wrong.push('a recording has two owners');
  if (restarts === 0) for (const file of media.files) if (!owned.includes(file)) wrong.push(`${file} is nobody’s`);
  return wrong;
}

function wrongIn({ id, startedAt, endedAt, segments, legs, recovered }: CallRecord): readonly string[] {
  const wrong: string[] = [];
  const sum = segments.reduce((total, segment) => total + segment.endedAt - segment.startedAt, 0);
  if (sum !== endedAt - startedAt) wrong.push(`${id}: segments of ${sum} ms in ${endedAt - startedAt}`);
  segments.forEach((segment, index) => {
    if (segment.startedAt !== (segments[index - 1]?.endedAt ?? startedAt)) wrong.push(`${id}: a gap before segment ${index}`);
    if (segment.is === 'talking' && segment.legs.length < 2) wrong.push(`${id}: somebody talks alone`);
    for (const name of segment.legs) {
      const leg = legs.find((one) => one.id === name);
      if (leg === undefined || (!recovered && (segment.startedAt < leg.startedAt || segment.endedAt > (leg.endedAt ?? endedAt)))) wrong.push(`${id}: ${name} is in a segment in which it is not on the line`);
    }
  });
  return wrong;
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
