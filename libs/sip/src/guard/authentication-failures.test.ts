import { expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import { AuthenticationFailures } from './authentication-failures.ts';

function flow(address: string, port = 5060): Flow {
  return { id: `udp:pbx>${address}:${port}`, transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address, port } };
}

function watched(settings: ConstructorParameters<typeof AuthenticationFailures>[1] = {}) {
  let now = 1000;
  const failures = new AuthenticationFailures(() => now, settings);
  const told: string[] = [];
  failures.onFailure = ({ source, user, kind, count }, since) => told.push(`${source} ${user} ${kind} ${count} +${since}`);
  return { failures, told, pass: (ms: number) => (now += ms) };
}

test('the first failure is told at once, the following ones of that source and user name once a minute with their number', () => {
  const { failures, told, pass } = watched();
  failures.note(flow('10.0.0.7'), '101', 'wrongPassword', 'REGISTER');
  for (let count = 0; count < 30; count++) failures.note(flow('10.0.0.7', 6000), '101', 'wrongPassword', 'REGISTER');
  expect(told).toEqual(['10.0.0.7 101 wrongPassword 1 +1']);
  pass(60_000);
  failures.note(flow('10.0.0.7'), '101', 'wrongPassword', 'REGISTER');
  expect(told.slice(1)).toEqual(['10.0.0.7 101 wrongPassword 32 +31']);
  expect(failures.recent()).toEqual([{ source: '10.0.0.7', port: 5060, transport: 'udp', user: '101', kind: 'wrongPassword', method: 'REGISTER', count: 32, first: 1000, last: 61_000 }]);
});

test('another user name, another source and another kind are told for themselves; all are counted by kind', () => {
  const { failures, told } = watched();
  failures.note(flow('10.0.0.7'), '101', 'wrongPassword', 'REGISTER');
  failures.note(flow('10.0.0.7'), '102', 'unknownUser', 'REGISTER');
  failures.note(flow('10.0.0.8'), '101', 'wrongPassword', 'INVITE');
  failures.note(flow('10.0.0.8'), '101', 'disabledDevice', 'INVITE');
  expect(told).toHaveLength(4);
  expect(failures.counts).toMatchObject({ wrongPassword: 2, unknownUser: 1, disabledDevice: 1, staleNonce: 0 });
});

test('a nonce that has grown old can be looked at and is not told: the phone answers by itself (RFC 7616 3.3)', () => {
  const { failures, told } = watched();
  failures.note(flow('10.0.0.7'), '101', 'staleNonce', 'REGISTER');
  expect(told).toEqual([]);
  expect(failures.recent()).toMatchObject([{ user: '101', kind: 'staleNonce', count: 1 }]);
});

test('made-up names without end fill neither memory nor the event log, and leave no room of others', () => {
  const { failures, told, pass } = watched({ capacity: 100, most: 10 });
  failures.note(flow('10.0.0.9'), '103', 'staleNonce', 'REGISTER');
  for (let n = 0; n < 5000; n++) failures.note(flow(`10.1.${n >> 8}.${n & 255}`), `user${n}`.padEnd(500, 'x'), 'unknownUser', 'REGISTER');
  expect(told).toHaveLength(10);
  expect(failures.recent().length).toBeLessThanOrEqual(101);
  expect(failures.recent().some(({ user }) => user === '103')).toBe(true);
  expect(Math.max(...failures.recent().map(({ user }) => user.length))).toBe(64);
  expect(failures.counts.unknownUser).toBe(5000);
  pass(60_000);
  failures.note(flow('10.0.0.7'), '101', 'wrongPassword', 'REGISTER');
  expect(told).toHaveLength(11);
});
