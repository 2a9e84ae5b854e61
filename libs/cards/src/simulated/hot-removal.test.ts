import { expect, test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import type { CardEvent } from '../contract.ts';
import { PortRecorder } from '../port-recorder.ts';
import { CentralOffice } from './central-office.ts';
import { officeLine, shortLine } from './line-bed.ts';
import { SimulatedCards } from './simulated-cards.ts';

const lineA = { card: 'A', port: 1 };

test('a card that is pulled takes its ports with it, and brings them back with their settings and their lines', () => {
  const timers = new FakeTimers();
  const cards = new SimulatedCards(timers, [{ serial: 'B', ports: ['fxo'] }, { serial: 'A', ports: ['fxo', 'fxs'] }]);
  const told: CardEvent[] = [];
  cards.onCard = (event) => told.push(event);
  const office = new CentralOffice(timers);
  cards.plug(lineA, office, shortLine);
  const before = new PortRecorder(cards.port(lineA)!);
  before.port.configure({ impedance: '270+750∥150nF', law: 'PCMA' }, () => {});
  void before.open();
  before.port.send({ do: 'hook', hook: 'off' }, () => {});
  timers.advance(500);
  expect(office.seized).toBe(true);

  cards.remove('A');
  timers.advance(2_000);
  expect(told.map(({ type }) => type)).toEqual(['gone']);
  expect(before.events.at(-1)!.type).toBe('absent');
  expect([cards.port(lineA), office.seized]).toEqual([null, false]);
  const codes: (string | undefined)[] = [];
  before.port.send({ do: 'hook', hook: 'on' }, (refusal) => codes.push(refusal?.code));
  before.port.open(before, (refusal) => codes.push(refusal?.code));
  before.port.measure((_reading, refusal) => codes.push(refusal?.code));
  timers.advance(100);
  expect(codes).toEqual(['absent', 'absent', 'absent']);

  cards.insert('A');
  timers.advance(100);
  expect(told.map((event) => (event.type === 'arrived' ? event.card.ports.map(({ id }) => id.port) : []))).toEqual([[], [1, 2]]);
  const after = new PortRecorder(cards.port(lineA)!);
  expect(after.port.settings).toMatchObject({ impedance: '270+750∥150nF', law: 'PCMA' });
  void after.open();
  after.port.send({ do: 'hook', hook: 'off' }, () => {});
  timers.advance(1_000);
  expect(office.seized).toBe(true);
  expect(after.toneDbm0(440)).toBeGreaterThan(-20);
});

test('nothing runs on when the driver is closed', () => {
  const timers = new FakeTimers();
  const cards = new SimulatedCards(timers, [{ serial: 'A', ports: ['fxo', 'fxs'] }]);
  cards.wire(lineA, { card: 'A', port: 2 }, shortLine);
  const recorder = new PortRecorder(cards.port({ card: 'A', port: 2 })!);
  void recorder.open();
  recorder.port.send({ do: 'ring', cadence: [{ onMs: 1_000, offMs: 1_000 }] }, () => {});
  timers.advance(500);
  cards.close();
  timers.advance(200);
  expect(timers.size).toBe(0);
});

test('a machine that stands still loses what a card cannot keep, and is told how much', () => {
  const virtual = new FakeTimers();
  let stoodStillMs = 0;
  const timers = { now: () => virtual.now() + stoodStillMs, start: (ms: number, expire: () => void) => virtual.start(ms, expire) };
  const cards = new SimulatedCards(timers, [{ serial: 'A', ports: ['fxo'] }]);
  const recorder = new PortRecorder(cards.port(lineA)!);
  void recorder.open();
  virtual.advance(1_000);
  expect(recorder.blocks).toBe(50);
  stoodStillMs = 500;
  virtual.advance(1_000);
  expect(recorder.of('audioLost').map(({ direction, blocks }) => `${direction} ${blocks}`)).toEqual(['received 17']);
  expect(recorder.blocks).toBe(50 + 25 + 50 - 17);
});

test('what was not told yet when a port was closed is not told any more', () => {
  const { bed, line, port } = officeLine();
  port.forget();
  line.cut();
  port.port.close();
  bed.wait(100);
  expect(port.events).toEqual([]);
});
