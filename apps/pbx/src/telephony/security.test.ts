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

test('a phone that was registered before a restart is not limited after it, however many share its address', () => {
  const guard = new Guard(() => 1_000, { ratePerS: 1, burst: 2 });
  const stranger: Flow = { ...flow, id: 'udp:2', remote: { ...flow.remote, port: 5071 } };
  // As it comes back from the database: another object of the same id.
  trustKnownPhones([{ flow: { ...flow } }], guard);
  const passed = (from: Flow) => Array.from({ length: 10 }, () => guard.admits(from)).filter((verdict) => verdict === 'pass').length;
  expect([passed(stranger), passed(flow)]).toEqual([2, 10]);
});
