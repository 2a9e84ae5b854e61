import type { PortHappening } from '@tipring/gateway';
import { expect } from 'vitest';
import { probe } from './availability-probe.ts';
import { anyMedia, line, LineBed, station } from './line-bed.ts';

// What is watched for matters to no fake, and would be written and read at every opening.
const [one, another, two] = [station(1), station(1, { displayName: 'Another' }), station(2)];
const [three, four] = [line(3, { treatment: {} }), line(4, { treatment: {} })];
const off = line(3, { treatment: {}, isEnabled: false });
const plans = { stations: [one, two], lines: [three, four] };

/** How often a call came to this, and how often a line or a telephone was found so. */
export type Seen = Record<'talked' | 'recovered' | 'held' | 'outgoing' | 'incoming' | 'preempted' | 'helped' | 'consulted' | 'handedOver' | 'joined', number> & { readonly found: Record<string, number> };

/** Of two telephones and two lines: whatever happens, the end is as it has to be. Counts in `seen` what it came to. */
export function afternoon(seed: number, seen: Seen): void {
  const random = mulberry32(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let bed = new LineBed({ plans });
  const beds = [bed];
  for (let step = 0; step < 30; step++) {
    const roll = random();
    if (roll < 0.3) telephone(bed, pick([1, 1, 2] as const), pick, random);
    else if (roll < 0.6) office(bed, pick([3, 3, 4] as const), pick, random);
    else if (roll < 0.66) bed.happen(pick([1, 2, 3, 4]), { type: 'soundEnded' });
    else if (roll < 0.7) bed.exchange.offer(bed.desk.offer(pick(['101', '102', '95551234', '911', '999']), { number: '103', anonymous: random() < 0.2 }, anyMedia));
    else if (roll < 0.74) desk(bed, pick);
    else if (roll < 0.75) bed.exchange.originate({ from: 'station-1', party: { number: '101' }, to: pick(['103', '95551234']) });
    else if (roll < 0.76) for (const { id } of bed.exchange.calls()) bed.exchange.hangUp(id, pick(['normalClearing', 'rejected']));
    else if (roll < 0.78) {
      bed.gateway.goDown();
      bed.pass(pick([10, 500, 7_000]));
      const isPulled = random() < 0.2;
      if (isPulled) bed.gateway.removeCard('SIM-1');
      bed.gateway.comeUp(pick(['same', 'same', 'restarted']));
      if (isPulled) bed.pass(pick([10, 6_000]));
      if (isPulled) bed.gateway.insertCard(bed.card);
    } else if (roll < 0.79) {
      bed.gateway.removeCard('SIM-1');
      bed.pass(pick([10, 5_000]));
      bed.gateway.insertCard(bed.card);
    } else if (roll < 0.81) {
      bed = new LineBed({ plans, before: bed, prefix: `life${beds.length}` });
      beds.push(bed);
    } else if (roll < 0.83) bed.lines.configure({ stations: [pick([one, another]), ...pick([[two], []])], lines: pick([[three, four], [off, four], [four]]) });
    else if (roll < 0.84) bed.leave('ext-1', pick([0, 1, 2]));
    else if (roll < 0.9) {
      const id = pick(['station-1', 'station-2', 'line-3', 'line-4']);
      const found = `${id.split('-')[0]} ${probe(bed, id)}`;
      seen.found[found] = (seen.found[found] ?? 0) + 1;
    } else if (roll < 0.91) bed.legs.at(-1)?.send({ type: 'sound', sound: pick(['preempted', 'askPin', 'refused', null]) });
    else bed.pass(pick([10, 200, 1_000, 1_000, 6_000, 30_000]));
    bed.pass(pick([1, 5, 300]));
    for (const live of [bed.lines.live('station-1'), bed.lines.live('station-2')]) {
      if (live?.kind !== 'station' || live.held === 0) continue;
      seen.held++;
      if (live.state === 'talking') seen.consulted++;
    }
  }
  const talking = ending(bed);
  const records = beds.flatMap((one) => one.records);
  for (const { asked } of beds) {
    seen.handedOver += asked.transfers;
    seen.joined += asked.merges;
  }
  for (const { recovered, answeredAt, legs, to } of records) {
    if (legs.some(({ cause }) => cause === 'preempted')) seen.preempted++;
    if (to === '911' && answeredAt !== null) seen.helped++;
    if (recovered) seen.recovered++;
    if (answeredAt !== null) seen.talked++;
    if (legs.some(({ endpoint, role, answeredAt: at }) => endpoint.startsWith('line') && role === 'called' && at !== null)) seen.outgoing++;
    if (legs.some(({ endpoint, role, answeredAt: at }) => endpoint.startsWith('line') && role === 'caller' && at !== null)) seen.incoming++;
  }
  let contexts = -1;
  bed.gateway.send({ do: 'audit' }, (reply) => (contexts = reply?.contexts.length ?? -1));
  bed.pass(10);
  const summary = {
    seed,
    bugs: beds.flatMap((one) => one.bugs.map(({ error }) => String(error))),
    talking, calls: bed.exchange.size, contexts, listeners: bed.media.size,
    unended: [...bed.ends].filter(([, times]) => times !== 1), late: beds.flatMap(({ late }) => late),
    // Of one process: who is killed before the gateway has let go of a call that is recorded leaves it to be recorded again, and the journal keeps the first.
    twice: beds.reduce((sum, { records: own }) => sum + own.length - new Set(own.map(({ id }) => id)).size, 0),
    lines: [3, 4].map((n) => bed.gateway.port(`SIM-1/${n}`)?.commanded.findLast((command) => command.do === 'hook')).map((command) => command === undefined || (command.do === 'hook' && command.hook === 'on')),
    states: ['station-1', 'line-3', 'line-4'].map((id) => bed.state(id)).filter((state) => !['idle', 'unknown', 'disabled'].includes(state)),
  };
  expect(summary).toEqual({ seed, bugs: [], talking: 0, calls: 0, contexts: 0, listeners: 0, unended: [], late: [], twice: 0, lines: [true, true], states: [] });
}

function telephone(bed: LineBed, port: 1 | 2, pick: <T>(list: readonly T[]) => T, random: () => number): void {
  const state = bed.state(`station-${port}`);
  // Mostly what a person would do, sometimes anything.
  if (random() < 0.6) {
    if (state === 'idle' || state === 'ringing') return bed.lift(port);
    if (state === 'dialing') return bed.dial(port, pick(['101#', '102#', '103#', '95551234#', '95551234#', '911#', '999#']));
    if (state === 'toned' || state === 'howling' || state === 'parked') return bed.hangUp(port);
    if (state === 'holding') return pick([() => bed.flash(port), () => bed.dial(port, '103#'), () => bed.hangUp(port)])();
    if (state === 'talking' && random() < 0.4) {
      bed.flash(port);
      const after = bed.state(`station-${port}`);
      if (after === 'dialing') {
        bed.dial(port, pick(['101#', '102#', '103#', '103#', '95551234#']));
        if (random() < 0.7) bed.desk.legs.findLast(({ released }) => !released)?.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
      }
      if (after === 'choosing') bed.dial(port, pick(['0', '1', '2', '3', '3', '3', '4']));
      // Mostly because two are to have something to do with each other.
      else if (random() < 0.5) pick([() => bed.hangUp(port), () => (bed.flash(port), bed.dial(port, '3'))])();
      return;
    }
  }
  const roll = random();
  if (roll < 0.3) bed.lift(port);
  else if (roll < 0.5) bed.hangUp(port);
  else if (roll < 0.65) bed.dial(port, pick(['101#', '102#', '103#', '95551234#', '999#', '5', 'D']));
  else if (roll < 0.85) bed.flash(port);
  else bed.happen(port, pick<PortHappening>([{ type: 'hookFlash' }, { type: 'pulseDigit', digit: '4' }, { type: 'ringBurstEnded', burst: 1, pauseMs: 4_000 }, { type: 'openLoopEnded' }, { type: 'hook', hook: 'off' }, { type: 'hook', hook: 'on' }, { type: 'missed', count: 3 }]));
}

function office(bed: LineBed, port: 3 | 4, pick: <T>(list: readonly T[]) => T, random: () => number): void {
  const state = bed.state(`line-${port}`);
  if (state === 'seizing') return bed.pass(300);
  // Mostly what an exchange would do, sometimes anything.
  if (random() < 0.8) {
    if (state === 'clearing') return bed.pass(pick([100, 1_000]));
    if (state === 'guard') return bed.pass(pick([100, 2_000]));
    if (state === 'awaitingDialTone') return bed.tone(port, 'dial');
    if (state === 'outpulsing') return bed.happen(port, { type: 'soundEnded' });
    if (state === 'awaitingAnswer') return bed.happen(port, { type: 'polarity', polarity: bed.lines.live(`line-${port}`)?.polarity === 'reversed' ? 'normal' : 'reversed' });
    if (state === 'idle') return random() < 0.3 ? bed.ring(port, pick([1, 2])) : undefined;
    if (state === 'collecting') return bed.happen(port, { type: 'callerId', by: 'fsk', number: pick([{ shown: '5551234' }, { absent: 'private' }] as const) });
  }
  bed.happen(
    port,
    pick<PortHappening>([
      { type: 'battery', present: false, volts: 0 }, { type: 'battery', present: true, volts: 48 }, { type: 'polarity', polarity: 'normal' }, { type: 'polarity', polarity: 'reversed' },
      { type: 'ringBegan' }, { type: 'ringEnded', durationMs: 300, frequencyHz: 20, voltsRms: 60 }, { type: 'lineInUse', elsewhere: true, volts: 8 }, { type: 'lineInUse', elsewhere: false, volts: 48 },
      { type: 'loopCurrent', flowing: false, milliamps: 0 }, { type: 'loopCurrent', flowing: true, milliamps: 20 }, { type: 'portHook', hook: 'on' }, { type: 'portHook', hook: 'off' }, { type: 'flashEnded' },
      { type: 'tone', tone: { id: 'busy', confidence: 0.95, cycles: 2 }, isContinuous: false, levelDbm0: -15 }, { type: 'tone', tone: { id: 'ringing', confidence: 0.95, cycles: 1 }, isContinuous: false, levelDbm0: -15 }, { type: 'toneEnded', id: 'ringing' },
      { type: 'voice' }, { type: 'voiceEnded' }, { type: 'silent', side: 'line', silentMs: 10_000 }, { type: 'silent', side: 'far', silentMs: 10_000 }, { type: 'heard', side: 'far' },
      { type: 'digit', digit: '5', durationMs: 80, levelDbm0: -10 }, { type: 'alertTone', durationMs: 100 }, { type: 'noCallerId', text: 'checksum' }, { type: 'missed', count: 2 },
    ]),
  );
}

function desk(bed: LineBed, pick: <T>(list: readonly T[]) => T): void {
  const legs = bed.desk.legs.filter(({ released }) => !released);
  if (legs.length === 0) return;
  pick(legs).say(pick([{ type: 'ringing' }, { type: 'progress', media: anyMedia }, { type: 'silent', silentMs: 30_000 }, { type: 'heard', silentMs: 40_000 }, { type: 'answered', supervision: 'signalled', media: anyMedia }, { type: 'answered', supervision: 'signalled', media: anyMedia }, { type: 'held' }, { type: 'resumed' }, { type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'gone' } }] as const));
}

/** Everybody hangs up; whatever was left on a line is found by its watchdog. @returns how many talk all the same */
function ending(bed: LineBed): number {
  bed.lines.configure({ stations: [one], lines: [three, four] });
  for (const port of [1, 2] as const) bed.hangUp(port);
  for (const leg of bed.desk.legs) leg.say({ type: 'released', cause: 'normalClearing', evidence: { kind: 'fake', text: 'gone' } });
  for (const port of [3, 4]) {
    bed.happen(port, { type: 'lineInUse', elsewhere: false, volts: 48 });
    // Whoever handed over a line to a line has left two far ends that only they can end.
    bed.happen(port, { type: 'battery', present: false, volts: 0 });
    bed.pass(400);
    bed.happen(port, { type: 'battery', present: true, volts: 48 });
  }
  bed.pass(15_000);
  const talking = bed.exchange.calls().filter(({ state }) => state === 'talking').length;
  for (const { id } of bed.exchange.calls()) bed.exchange.hangUp(id);
  bed.pass(30_000);
  return talking;
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

/** What lines and telephones are found to be sooner or later. */
export const availabilities = ['line absent', 'line busy', 'line disabled', 'line down', 'line inUseElsewhere', 'line ready', 'line resting', 'station absent', 'station busy', 'station ready'];
