import { expect, test } from 'vitest';
import { Bench } from './transaction.test-support.ts';

test('a repeated INVITE gets the last 1xx again and is told once (RFC 3261 17.2.1)', () => {
  const bench = new Bench();
  bench.incoming('INVITE');
  bench.incoming('INVITE');
  expect(bench.sent).toEqual([]);
  bench.respond(180);
  bench.incoming('INVITE');
  expect(bench.sent).toEqual(['0 180 INVITE', '0 180 INVITE']);
  expect(bench.told).toEqual(['INVITE']);
});

test('timer G doubles to T2 and H gives up (17.2.1)', () => {
  const bench = new Bench();
  bench.incoming('INVITE');
  bench.respond(486);
  bench.pass(40_000);
  expect(bench.sent.map((line) => parseInt(line, 10))).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  expect(bench.layer.counters.timeouts).toBe(1);
  expect(bench.isEmpty).toBe(true);
});

test('the ACK stops G, and further ACKs are absorbed until I = T4', () => {
  const bench = new Bench();
  bench.incoming('INVITE');
  bench.respond(486);
  bench.pass(100);
  bench.incoming('ACK', { toTag: 'b' });
  bench.incoming('ACK', { toTag: 'b' });
  bench.incoming('INVITE');
  bench.pass(4_999);
  expect(bench.isEmpty).toBe(false);
  bench.pass(1);
  expect(bench.isEmpty).toBe(true);
  expect(bench.sent).toEqual(['0 486 INVITE']);
  expect(bench.told).toEqual(['INVITE']);
});

test('over a reliable transport G does not run, and the ACK ends it at once', () => {
  const bench = new Bench('tcp');
  bench.incoming('INVITE');
  bench.respond(486);
  bench.pass(10_000);
  expect(bench.sent).toHaveLength(1);
  bench.incoming('ACK', { toTag: 'b' });
  expect(bench.isEmpty).toBe(true);
});

test('after a 2xx INVITEs are absorbed without an answer until L, and the ACK is the user’s (RFC 6026 7.1)', () => {
  const bench = new Bench();
  bench.incoming('INVITE');
  bench.respond(200);
  bench.incoming('INVITE');
  bench.incoming('ACK', { toTag: 'b', branch: 'z9hG4bKother' });
  bench.incoming('ACK', { toTag: 'b' });
  expect(bench.sent).toEqual(['0 200 INVITE']);
  expect(bench.told).toEqual(['INVITE', 'ACK', 'ACK']);
  bench.respond(200);
  expect(bench.sent).toHaveLength(2);
  bench.respond(486);
  expect(bench.sent).toHaveLength(2);
  bench.pass(32_000);
  expect(bench.isEmpty).toBe(true);
});

test('a CANCEL reaches the unanswered INVITE by branch and sent-by; later it is answered 200, without INVITE 481 (9.2)', () => {
  const bench = new Bench();
  bench.incoming('CANCEL', { branch: 'z9hG4bKnone' });
  bench.incoming('INVITE');
  bench.incoming('CANCEL');
  bench.incoming('CANCEL');
  expect(bench.sent.map((line) => line.slice(2))).toEqual(['481 CANCEL', '200 CANCEL', '200 CANCEL']);
  expect(bench.told).toEqual(['INVITE', 'CANCEL']);
  bench.respond(487);
  bench.pass(33_000);
  bench.incoming('INVITE', { branch: 'z9hG4bKy', cseq: 2 });
  bench.respond(200);
  bench.incoming('CANCEL', { branch: 'z9hG4bKy', cseq: 2 });
  expect(bench.sent.at(-1)).toBe('33000 200 CANCEL');
  expect(bench.told.filter((what) => what === 'CANCEL')).toHaveLength(1);
});
