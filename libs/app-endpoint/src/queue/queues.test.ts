import { expect, test } from 'vitest';
import { idOf } from '../office-bed.ts';
import { QueueBed } from './queue-bed.ts';

const support = idOf('support');

test('who calls waits with music, an agent rings and sees who it is, answers, and the two talk', () => {
  const bed = new QueueBed();
  const caller = bed.caller();
  expect(bed.said).toContain('queue.wait');
  expect(bed.ringing).toEqual(['anna']);
  expect(bed.anna.leg.request).toMatchObject({ from: { number: '0221', name: 'Support Zoë' }, number: '101' });
  expect(bed.status).toMatchObject({ waiting: [{ from: { number: '0221' } }], agents: [{ is: 'ringing' }, { is: 'idle' }, { is: 'idle' }] });
  bed.pass(5_000);
  expect(bed.said).toBe('music.wav');
  bed.answers(bed.anna);
  expect(bed.exchange.calls()).toMatchObject([{ state: 'talking' }]);
  expect(bed.status).toMatchObject({ waiting: [], agents: [{ is: 'talking', callsToday: 1 }, {}, {}], today: { offered: 1, answered: 1, abandoned: 0, longestWaitMs: 5_009 } });
  bed.hangsUp(caller);
  expect(bed.status.agents[0]?.is).toBe('wrapUp');
  bed.caller();
  expect(bed.ringing).toEqual(['bert']);
  bed.pass(10_000);
  expect(bed.status.agents[0]?.is).toBe('idle');
  expect(bed.bugs).toEqual([]);
});

test('an agent who does not answer is followed by the next, after a pause; when all were tried it begins anew', () => {
  const bed = new QueueBed();
  bed.caller();
  for (const name of ['anna', 'bert', 'cleo', 'anna']) {
    expect(bed.ringing).toEqual([name]);
    bed.pass(15_000);
    expect(bed.ringing).toEqual([]);
    bed.pass(2_000);
  }
  expect(bed.bugs).toEqual([]);
});

test('all are rung together; when one answers the others stop', () => {
  const bed = new QueueBed({ strategy: 'all' });
  bed.caller();
  expect(bed.ringing).toEqual(['anna', 'bert', 'cleo']);
  bed.answers(bed.bert);
  expect([bed.anna, bed.cleo].map(({ leg }) => leg.told().at(-1))).toEqual(['release answeredElsewhere', 'release answeredElsewhere']);
  expect(bed.status.agents.map(({ is }) => is)).toEqual(['idle', 'talking', 'idle']);
});

test('who waits longest is first, and is told his place', () => {
  const bed = new QueueBed();
  for (const [at, agent] of [bed.anna, bed.bert, bed.cleo].entries()) {
    bed.caller(`${at}`);
    bed.answers(agent);
  }
  bed.caller('first');
  bed.caller('second');
  expect(bed.status.waiting.map(({ from }) => from.number)).toEqual(['first', 'second']);
  bed.pass(30_000);
  expect(bed.said).toContain('queue.position');
  bed.hangsUp(bed.anna.leg);
  expect(bed.status.agents[0]?.is).toBe('wrapUp');
  bed.pass(10_010);
  expect(bed.anna.leg.request).toMatchObject({ from: { number: 'first' } });
});

test('who hangs up is not waited for, and his agent stops ringing', () => {
  const bed = new QueueBed();
  bed.hangsUp(bed.caller());
  expect(bed.ringing).toEqual([]);
  expect(bed.status).toMatchObject({ waiting: [], today: { offered: 1, answered: 0, abandoned: 1 } });
  expect(bed.exchange.size).toBe(0);
});

test('too many, too long, and nobody there overflow: elsewhere, or busy', () => {
  const full = new QueueBed({ mostWaiting: 0 });
  const refused = full.caller();
  expect(refused.told().at(-1)).toBe('release userBusy');
  expect(full.status.today).toMatchObject({ offered: 1, overflowed: 1 });

  const long = new QueueBed({ longestWaitMs: 20_000, overflow: { type: 'extension', id: idOf('cleo') }, agents: [{ extensionId: idOf('anna'), tier: 1, startsLoggedIn: true }] });
  long.caller();
  long.pass(20_000);
  expect(long.anna.leg.released).toBe(true);
  expect(long.cleo.leg.request).toMatchObject({ from: { number: '0221' } });
  long.answers(long.cleo);
  expect(long.exchange.calls()).toMatchObject([{ state: 'talking' }]);
  expect(long.status.today).toMatchObject({ overflowed: 1 });

  const empty = new QueueBed({ withoutAgents: 'overflow', agents: [{ extensionId: idOf('anna'), tier: 1, startsLoggedIn: false }] });
  expect(empty.caller().told().at(-1)).toBe('release userBusy');
});

test('agents log in and out and take breaks, which the next process knows', () => {
  const bed = new QueueBed();
  expect(bed.queues.change(idOf('anna'), support, 'loggedOut')).toBe(true);
  expect(bed.queues.change(idOf('bert'), null, 'paused')).toBe(true);
  expect(bed.queues.change(idOf('nobody'), null, 'loggedIn')).toBe(false);
  bed.caller();
  expect(bed.ringing).toEqual(['cleo']);
  expect(bed.status.agents.map(({ presence }) => presence)).toEqual(['loggedOut', 'paused', 'loggedIn']);
  bed.queues.change(idOf('anna'), null, 'resumed');
  expect(bed.status.agents[0]?.presence).toBe('loggedOut');
  expect([...bed.presences.value]).toEqual([[`${support}/${idOf('anna')}`, 'loggedOut'], [`${support}/${idOf('bert')}`, 'paused']]);
});

test('an agent who is on the phone, or is not to be disturbed, is not rung', () => {
  const bed = new QueueBed();
  bed.exchange.offer(bed.anna.offer('800', { number: '101' }, { codecs: [{ name: 'PCMA', clockRate: 8_000 }], digits: 'rtpEvent' }));
  bed.pass(10);
  expect(bed.ringing).toContain('bert');
  expect(bed.status.agents[0]?.is).toBe('onThePhone');
});

test('an agent who passes the caller on is free again', () => {
  const bed = new QueueBed({ wrapUpMs: 0 });
  bed.caller();
  bed.answers(bed.anna);
  bed.anna.leg.say({ type: 'transferRequested', to: { type: 'destination', destination: { type: 'extension', id: idOf('cleo') } } });
  bed.cleo.leg.say({ type: 'ringing' });
  bed.answers(bed.cleo);
  expect(bed.status.agents[0]?.is).toBe('idle');
  expect(bed.bugs).toEqual([]);
});

test('while no calls are taken, or no telephone is there, nobody is rung in a hurry', async () => {
  const bed = new QueueBed({ retryMs: 0, agents: [{ extensionId: idOf('anna'), tier: 1, startsLoggedIn: true }] });
  bed.caller();
  for (let second = 0; second < 10; second++) {
    if (!bed.anna.leg.released) bed.anna.leg.say({ type: 'released', cause: 'subscriberAbsent', evidence: { kind: 'far', text: 'not registered' } });
    bed.pass(1_000);
  }
  expect(bed.anna.legs.length).toBeLessThanOrEqual(11);
  const drained = bed.exchange.drain();
  bed.pass(10_000);
  await drained;
  expect(bed.records.length).toBeLessThan(20);
});

test('when it is over nobody rings and nothing runs', () => {
  const bed = new QueueBed({ longestWaitMs: 60_000 });
  bed.caller();
  bed.caller();
  bed.pass(15_000);
  for (const { id } of bed.exchange.calls()) bed.exchange.hangUp(id);
  bed.pass(20_000);
  bed.queues.close();
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('40 random hours of a queue: nobody waits while an agent is free, no agent is rung twice, nothing is left', () => {
  for (let seed = 1; seed <= 40; seed++) randomHour(seed);
}, 30_000);

function randomHour(seed: number): void {
  let state = seed;
  const random = (): number => ((state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x80000000);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const bed = new QueueBed({ strategy: pick(['all', 'linear', 'roundRobin', 'leastRecent', 'fewestCalls']), retryMs: pick([0, 2_000]), wrapUpMs: pick([0, 5_000]), longestWaitMs: pick([null, 60_000]) });
  const phones = [bed.anna, bed.bert, bed.cleo];
  const people = ['anna', 'bert', 'cleo'].map(idOf);
  for (let step = 0; step < 40; step++) {
    const roll = random();
    const open = [bed.outside, ...phones].flatMap(({ legs }) => legs.filter(({ released }) => !released));
    if (roll < 0.25) bed.caller(String(step));
    else if (roll < 0.5) pick(phones).legs.at(-1)?.say({ type: 'answered', supervision: 'signalled', media: { codecs: [{ name: 'PCMA', clockRate: 8_000 }], digits: 'rtpEvent' } });
    else if (roll < 0.7 && open.length > 0) bed.hangsUp(pick(open));
    else if (roll < 0.75) bed.queues.change(pick(people), null, pick(['loggedIn', 'loggedOut', 'paused', 'resumed']));
    else bed.pass(pick([10, 1_000, 15_000]));
    bed.pass(10);
    const rung = phones.map(({ legs }) => legs.filter((leg) => !leg.released && !leg.told().includes('moved')).length);
    expect({ seed, step, twice: rung.some((count) => count > 1) }).toEqual({ seed, step, twice: false });
  }
  // Between two agents there is a pause.
  let isServed = false;
  for (let wait = 0; wait < 22 && !isServed; wait++) {
    const { waiting, agents } = bed.status;
    isServed = waiting.length === 0 || agents.some(({ is }) => is === 'ringing') || !agents.some(({ presence, is }) => presence === 'loggedIn' && is === 'idle');
    bed.pass(100);
  }
  expect({ seed, isServed }).toEqual({ seed, isServed: true });
  for (let round = 0; round < 3; round++) {
    for (const { id } of bed.exchange.calls()) bed.exchange.hangUp(id);
    bed.pass(30_000);
  }
  const { waiting, agents, today } = bed.status;
  expect({ seed, waiting: waiting.length, busy: agents.filter(({ is }) => is !== 'idle').length, lost: today.offered - today.answered - today.abandoned - today.overflowed, calls: bed.exchange.size, bugs: bed.bugs }).toEqual({ seed, waiting: 0, busy: 0, lost: 0, calls: 0, bugs: [] });
  bed.queues.close();
  expect(bed.timers.size).toBe(0);
}
