import { FakeTimers } from '@tipring/clock';
import { beforeEach, expect, test } from 'vitest';
import { OrphanedLines, type Partner, type PortHook } from './orphaned-lines.ts';

let timers: FakeTimers;
let hooks: PortHook[];
let partners: Record<string, readonly Partner[]>;
let done: string[];
let lines: OrphanedLines;

beforeEach(() => {
  timers = new FakeTimers();
  hooks = [];
  partners = {};
  done = [];
  lines = new OrphanedLines(60_000, timers, {
    hooks: () => hooks,
    partnersOf: (port) => partners[port] ?? [],
    hangUp: (port) => void done.push(`${port} on hook`),
    stopRinging: (port) => void done.push(`${port} silent`),
  });
});

const line = (port: string): PortHook => ({ port, kind: 'fxo', hook: 'off', sinceMs: 0 });
const telephone = (port: string, hook: 'off' | 'on', sinceMs = 0): PortHook => ({ port, kind: 'fxs', hook, sinceMs });

test('a line in no context is on hook a minute after the controller left, not before', () => {
  hooks = [line('c/1'), { ...line('c/2'), hook: 'on' }];
  lines.controllerLeft();
  timers.advance(59_999);
  expect(done).toEqual([]);
  timers.advance(1);
  expect(done).toEqual(['c/1 on hook']);
});

test('a controller that comes back in time finds everything as it was', () => {
  hooks = [line('c/1')];
  lines.controllerLeft();
  timers.advance(50_000);
  lines.controllerCame();
  timers.advance(3_600_000);
  expect(done).toEqual([]);
});

test('a line goes on with a phone that is heard, and ends when that falls silent', () => {
  hooks = [line('c/1')];
  partners['c/1'] = [{ is: 'rtp', isHeard: true }];
  lines.controllerLeft();
  timers.advance(3_600_000);
  expect(done).toEqual([]);
  partners['c/1'] = [{ is: 'rtp', isHeard: false }];
  timers.advance(5_000);
  expect(done).toEqual(['c/1 on hook']);
});

test('a line goes on with a telephone that is off hook or flashes, and ends when that is put down', () => {
  partners['c/1'] = [{ is: 'port', port: 'c/3' }];
  hooks = [line('c/1'), telephone('c/3', 'off')];
  lines.controllerLeft();
  timers.advance(64_000);
  hooks = [line('c/1'), telephone('c/3', 'on', timers.now())];
  timers.advance(1_000);
  expect(done).toEqual([]);
  timers.advance(5_000);
  expect(done).toEqual(['c/1 on hook']);
});

test('two lines that have nobody but each other end', () => {
  hooks = [line('c/1'), line('c/2')];
  partners = { 'c/1': [{ is: 'port', port: 'c/2' }], 'c/2': [{ is: 'port', port: 'c/1' }] };
  lines.controllerLeft();
  timers.advance(60_000);
  expect(done).toEqual(['c/1 on hook', 'c/2 on hook']);
});

test('telephones stop ringing', () => {
  hooks = [telephone('c/3', 'on'), telephone('c/4', 'off')];
  lines.controllerLeft();
  timers.advance(200_000);
  expect(done).toEqual(['c/3 silent']);
});

test('0 lets every line be', () => {
  const never = new OrphanedLines(0, timers, { hooks: () => [line('c/1')], partnersOf: () => [], hangUp: () => done.push('hung up'), stopRinging: () => {} });
  never.controllerLeft();
  timers.advance(86_400_000);
  expect(done).toEqual([]);
});
