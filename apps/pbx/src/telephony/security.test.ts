import { type Flow, Guard } from '@tipring/sip';
import { expect, test } from 'vitest';
import { trustKnownPhones, watchSignIns } from './security.ts';

const flow: Flow = { id: 'udp:1', transport: 'udp', local: { address: '10.0.0.1', port: 5060 }, remote: { address: '10.0.0.7', port: 5070 } };

test('a wrong password is an event and a log line, with who, whence and why; so is the ban, with its reason and its end', () => {
  const events: unknown[] = [];
  const lines: unknown[] = [];
  const { guard, failures } = watchSignIns(() => 1_000, () => 1_800_000_000_000, { append: (type, data) => events.push([type, data]) }, { warn: (about: unknown, text?: unknown) => lines.push([text, about]) }, { banScore: 2, banMs: 600_000 });
  failures.note(flow, '101', 'wrongPassword', 'REGISTER');
  failures.note(flow, '101', 'wrongPassword', 'REGISTER');
  guard.failed(flow, 'wrongCredentials');
  guard.failed(flow, 'wrongCredentials');
  const failed = { source: '10.0.0.7', port: 5070, transport: 'udp', user: '101', kind: 'wrongPassword', method: 'REGISTER', count: 1, total: 1, since: '2027-01-15T08:00:01.000Z' };
  const banned = { source: '10.0.0.7', reason: '2 failures in 1 s, last: wrongCredentials', until: '2027-01-15T08:10:01.000Z' };
  expect(events).toEqual([['authentication.failed', failed], ['source.banned', banned]]);
  expect(lines).toEqual([['authenticationFailed', failed], ['sourceBanned', banned]]);
});

test('sources that are made up without end do not fill the event log with their bans', () => {
  let at = 1_000;
  const events: string[] = [];
  const { guard } = watchSignIns(() => at, () => 0, { append: (type) => events.push(type) }, { warn: () => undefined }, { banScore: 1 });
  const forge = (n: number) => guard.failed({ ...flow, id: `udp:${n}`, remote: { address: `10.2.${n >> 8}.${n & 255}`, port: 5060 } }, 'wrongCredentials');
  for (let n = 0; n < 500; n++) forge(n);
  expect([events.length, guard.bans]).toEqual([60, 500]);
  at += 60_000;
  forge(501);
  expect(events.length).toBe(61);
});

test('a phone that was registered before a restart is not limited after it, however many share its address', () => {
  const guard = new Guard(() => 1_000, { ratePerS: 1, burst: 2 });
  const stranger: Flow = { ...flow, id: 'udp:2', remote: { ...flow.remote, port: 5071 } };
  // As it comes back from the database: another object of the same id.
  trustKnownPhones([{ flow: { ...flow } }], guard);
  const passed = (from: Flow) => Array.from({ length: 10 }, () => guard.admits(from)).filter((verdict) => verdict === 'pass').length;
  expect([passed(stranger), passed(flow)]).toEqual([2, 10]);
});
