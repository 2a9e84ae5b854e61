import { FakeTimers } from '@tipring/clock';
import { expect, test } from 'vitest';
import { NotifyTurns, type Turn } from './notify-turns.ts';

class Sender implements Turn {
  readonly peer: string;
  readonly isReliable: boolean;
  sent = 0;
  readonly #log: string[];

  constructor(peer: string, log: string[], isReliable = false) {
    this.peer = peer;
    this.isReliable = isReliable;
    this.#log = log;
  }

  go(): void {
    this.sent += 1;
    this.#log.push(this.peer);
  }
}

const limits = { perPeer: 2, overUdp: 6, stalledMs: 500, slice: 100 };

function bed(peers: Record<string, number>, isReliable = false) {
  const timers = new FakeTimers();
  const turns = new NotifyTurns(timers, limits);
  const log: string[] = [];
  const senders = Object.entries(peers).flatMap(([peer, count]) => Array.from({ length: count }, () => new Sender(peer, log, isReliable)));
  for (const sender of senders) turns.ask(sender);
  return { timers, turns, log, senders };
}

test('nobody is called from inside ask; then telephone by telephone, each with no more than it may leave unanswered', () => {
  const { timers, log } = bed({ a: 4, b: 4, c: 1 });
  expect(log).toEqual([]);
  timers.advance(1);
  expect(log).toEqual(['a', 'b', 'c', 'a', 'b']);
});

test('an answer makes room for the next of that telephone', () => {
  const { timers, turns, log, senders } = bed({ a: 4 });
  timers.advance(1);
  turns.done(senders[0]!, true);
  expect(log).toEqual(['a', 'a', 'a']);
  expect(turns.size).toEqual({ waiting: 1, inFlight: 2 });
});

test('answers set the pace: each makes room for two, whatever the clock does', () => {
  const timers = new FakeTimers();
  const turns = new NotifyTurns(timers, { perPeer: 8, overUdp: 1_000, slice: 4 });
  const log: string[] = [];
  const senders = Array.from({ length: 64 }, (_, at) => new Sender(`p${at % 16}`, log));
  for (const sender of senders) turns.ask(sender);
  timers.advance(1);
  expect(log).toHaveLength(4);
  for (let round = 0, answered = 0; round < 4; round++) for (const until = log.length; answered < until; answered++) turns.done(senders.filter(({ sent }) => sent > 0)[answered]!, true);
  expect(log.length).toBeGreaterThanOrEqual(4 * 2 ** 4);
});

test('over UDP no more than so many are in flight to all together; over TCP each connection has its own limit alone', () => {
  const peers = { a: 2, b: 2, c: 2, d: 2, e: 2 };
  const udp = bed(peers);
  udp.timers.advance(100);
  expect(udp.log).toHaveLength(6);
  const tcp = bed(peers, true);
  tcp.timers.advance(100);
  expect(tcp.log).toHaveLength(10);
});

test('telephones that do not answer do not keep the others waiting, and get one at a time', () => {
  const { timers, turns, log, senders } = bed({ a: 5, b: 5, c: 5 });
  timers.advance(1);
  expect(log).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  for (let at = 0; at < 3; at++) turns.ask(new Sender('d', log));
  timers.advance(400);
  expect(log).toHaveLength(6);
  timers.advance(200);
  expect(log.slice(6)).toEqual(['d', 'd']);
  const [first, second] = senders;
  turns.done(first!, false);
  timers.advance(1);
  expect(log.filter((peer) => peer === 'a')).toHaveLength(2);
  turns.done(second!, false);
  timers.advance(1);
  expect(log.filter((peer) => peer === 'a')).toHaveLength(3);
});

test('who wants its turn no more is not called, and frees what it had', () => {
  const { timers, turns, log, senders } = bed({ a: 3 });
  turns.done(senders[0]!, false);
  timers.advance(1);
  for (const sender of senders) turns.done(sender, true);
  expect([log.length, turns.size, senders[0]?.sent]).toEqual([2, { waiting: 0, inFlight: 0 }, 0]);
  expect(timers.runAll()).toBe(true);
});

test('no more than a slice at a time: other work comes between', () => {
  const timers = new FakeTimers();
  const turns = new NotifyTurns(timers, { ...limits, perPeer: 100, overUdp: 1_000, slice: 10 });
  const log: string[] = [];
  for (let at = 0; at < 35; at++) turns.ask(new Sender('a', log));
  const counts: number[] = [];
  timers.start(0, () => {});
  for (let turn = 0; turn < 5; turn++) {
    timers.advance(1);
    counts.push(log.length);
  }
  expect(counts.at(-1)).toBe(35);
});
