import { expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import { Guard } from './guard.ts';
import { scannerOf } from './scanner.ts';
import { sourceOf } from './source.ts';

function flow(address: string, port = 5060): Flow {
  return { id: `udp:pbx>${address}:${port}`, transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address, port } };
}

function guarded(settings: ConstructorParameters<typeof Guard>[1] = {}): { guard: Guard; pass(ms: number): void } {
  let now = 1000;
  return { guard: new Guard(() => now, settings), pass: (ms) => (now += ms) };
}

function admitted(guard: Guard, from: Flow, times: number): number {
  let count = 0;
  for (let i = 0; i < times; i++) if (guard.admits(from) === 'pass') count += 1;
  return count;
}

test('a source without authentication has a burst and a rate, whatever its ports; another source is not touched', () => {
  const { guard, pass } = guarded({ ratePerS: 10, burst: 50 });
  expect(admitted(guard, flow('198.51.100.1', 1), 40) + admitted(guard, flow('198.51.100.1', 2), 40)).toBe(50);
  expect(guard.admits(flow('198.51.100.1'))).toBe('limited');
  expect(guard.admits(flow('198.51.100.2'))).toBe('pass');
  pass(1000);
  expect(admitted(guard, flow('198.51.100.1'), 40)).toBe(10);
});

test('a ban is told when it begins, with its reason and its end', () => {
  const { guard } = guarded({ banScore: 2, banMs: 60_000 });
  const told: unknown[] = [];
  guard.onBlock = (block) => told.push(block);
  for (let count = 0; count < 3; count++) guard.failed(flow('198.51.100.1'), 'wrongCredentials');
  expect(told).toEqual([{ source: '198.51.100.1', reason: '2 failures in 1 s, last: wrongCredentials', since: 1000, until: 61_000, refused: 0 }]);
  expect(guard.bans).toBe(1);
});

test('limits that are adjusted hold from the next message on', () => {
  const { guard } = guarded({ ratePerS: 1, burst: 10, banScore: 20 });
  expect(admitted(guard, flow('198.51.100.1'), 20)).toBe(10);
  guard.adjust({ burst: 30, banScore: 1, banMs: 5_000 });
  expect(admitted(guard, flow('198.51.100.2'), 40)).toBe(30);
  guard.failed(flow('198.51.100.2'), 'wrongCredentials');
  expect(guard.blocks()).toMatchObject([{ source: '198.51.100.2', until: 6_000 }]);
});

test('failures within the window ban the source for a time; the reason can be read, and each further ban is longer', () => {
  const { guard, pass } = guarded({ banScore: 5, windowMs: 10_000, banMs: 60_000 });
  const attacker = flow('198.51.100.1', 4242);
  for (let i = 0; i < 5; i++) {
    expect(guard.blocks()).toEqual([]);
    guard.failed(attacker, 'wrongCredentials');
    pass(100);
  }
  expect(guard.admits(attacker)).toBe('banned');
  expect(guard.admits(flow('198.51.100.1', 1))).toBe('banned');
  expect(guard.admitsConnection('198.51.100.1')).toBe(false);
  const [block] = guard.blocks();
  expect(block).toMatchObject({ source: '198.51.100.1', reason: '5 failures in 1 s, last: wrongCredentials', since: 1400, until: 61_400, refused: 2 });
  pass(60_000);
  expect(guard.admits(attacker)).toBe('pass');
  expect(guard.blocks()).toEqual([]);
  for (let i = 0; i < 5; i++) guard.failed(attacker, 'wrongCredentials');
  expect(guard.blocks()[0]).toMatchObject({ until: 61_500 + 120_000 });
});

test('failures that are far apart ban nobody', () => {
  const { guard, pass } = guarded({ banScore: 5, windowMs: 10_000 });
  for (let i = 0; i < 100; i++) {
    guard.failed(flow('198.51.100.1'), 'wrongCredentials');
    pass(3000);
  }
  expect(guard.blocks()).toEqual([]);
});

test('a phone that authenticated is neither limited nor banned by what others do at its address', () => {
  const { guard } = guarded({ banScore: 5, ratePerS: 10, burst: 50 });
  const phone = flow('198.51.100.1', 5060);
  const attacker = flow('198.51.100.1', 4242);
  guard.authenticated(phone);
  for (let i = 0; i < 100; i++) guard.failed(attacker, 'unknownUser');
  admitted(guard, attacker, 1000);
  expect(admitted(guard, phone, 1000)).toBe(1000);
  expect(guard.admits(attacker)).toBe('banned');
  expect(guard.blocks().map(({ source }) => source)).toEqual(['198.51.100.1:4242']);
});

test('a phone that restarts behind an address where others failed gets in, if one there had authenticated', () => {
  const { guard } = guarded({ banScore: 5 });
  guard.authenticated(flow('198.51.100.1', 5060));
  for (let i = 0; i < 100; i++) guard.failed(flow('198.51.100.1', 4242), 'scan');
  expect(guard.admits(flow('198.51.100.1', 50_001))).toBe('pass');
  expect(guard.admitsConnection('198.51.100.1')).toBe(true);
});

test('trust is lost by a row of own failures, not by one, and ends with its time', () => {
  const { guard, pass } = guarded({ banScore: 5, trustMs: 3_600_000, ratePerS: 1, burst: 1 });
  const phone = flow('198.51.100.1');
  guard.authenticated(phone);
  for (let i = 0; i < 19; i++) guard.failed(phone, 'wrongCredentials');
  expect(admitted(guard, phone, 10)).toBe(10);
  guard.authenticated(phone);
  for (let i = 0; i < 30; i++) guard.failed(phone, 'wrongCredentials');
  expect(guard.admits(phone)).toBe('banned');

  const other = flow('198.51.100.2');
  guard.authenticated(other);
  expect(admitted(guard, other, 10)).toBe(10);
  pass(3_600_000);
  expect(admitted(guard, other, 10)).toBe(1);
});

test("a scanner's name bans nobody, but failures weigh double under it", () => {
  const { guard } = guarded({ banScore: 10 });
  const honest = flow('198.51.100.1');
  const name = scannerOf('User-Agent: Friendly-Scanner') ?? '';
  for (let i = 0; i < 100; i++) guard.evidence(honest, name);
  expect(guard.admits(honest)).toBe('pass');
  expect(guard.blocks()).toEqual([]);
  for (let i = 0; i < 5; i++) guard.failed(honest, 'wrongCredentials');
  expect(guard.blocks()[0]?.reason).toContain('friendly-scanner');
});

test('a ban can be lifted by hand, and its failures are forgotten', () => {
  const { guard } = guarded({ banScore: 5 });
  const source = flow('198.51.100.1');
  for (let i = 0; i < 5; i++) guard.failed(source, 'wrongCredentials');
  expect(guard.unblock('198.51.100.1')).toBe(true);
  expect(guard.unblock('198.51.100.1')).toBe(false);
  guard.failed(source, 'wrongCredentials');
  expect(guard.admits(source)).toBe('pass');
});

test('exempt addresses are neither limited nor banned', () => {
  const { guard } = guarded({ banScore: 1, ratePerS: 1, burst: 1, exempt: (address) => address === '198.51.100.1' });
  guard.failed(flow('198.51.100.1'), 'malformed');
  expect(admitted(guard, flow('198.51.100.1'), 100)).toBe(100);
});

test('an IPv6 source is its /64, and an IPv4-mapped one its IPv4 address', () => {
  expect(sourceOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(sourceOf('2001:db8::6')).toBe('2001:db8:0:0::/64');
  expect(sourceOf('2001:db8:1:2::')).toBe(sourceOf('2001:db8:1:2:ffff::1'));
  expect(sourceOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(sourceOf('::1')).toBe('0:0:0:0::/64');
  expect(sourceOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
});

test('200,000 sources leave a bounded memory, and a phone in use keeps its trust through them', () => {
  const { guard, pass } = guarded({ capacity: 10_000, ratePerS: 1, burst: 1 });
  const phone = flow('203.0.113.1');
  guard.authenticated(phone);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200_000; i++) {
    const source = flow(`10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
    guard.admits(source);
    guard.failed(source, 'scan');
    pass(1);
    if (i % 1000 === 0) guard.admits(phone);
  }
  expect(admitted(guard, phone, 10)).toBe(10);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(40_000_000);
});
