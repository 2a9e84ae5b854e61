import { expect, test } from 'vitest';
import { Bench } from './transaction.test-support.ts';

test('timer E doubles to T2, F gives up at 64 T1 (RFC 3261 17.1.2.2)', () => {
  const bench = new Bench();
  bench.send('BYE');
  bench.pass(40_000);
  expect(bench.sent.map((line) => parseInt(line, 10))).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  expect(bench.told).toEqual(['timeout at 32000']);
  expect(bench.isEmpty).toBe(true);
});

test('after a 1xx it is sent every T2, and F goes on', () => {
  const bench = new Bench();
  bench.send('BYE');
  bench.pass(100);
  bench.answer(100);
  bench.pass(40_000);
  expect(bench.sent.map((line) => parseInt(line, 10))).toEqual([0, 500, 4500, 8500, 12_500, 16_500, 20_500, 24_500, 28_500]);
  expect(bench.told).toEqual(['100', 'timeout at 32000']);
});

test('repetitions of the final response are absorbed until K = T4', () => {
  const bench = new Bench();
  bench.send('BYE');
  bench.answer(200);
  bench.answer(200);
  expect(bench.told).toEqual(['200']);
  bench.pass(4_999);
  expect(bench.isEmpty).toBe(false);
  bench.pass(1);
  expect(bench.isEmpty).toBe(true);
  expect(bench.layer.counters.retransmissionsReceived).toBe(1);
});

test('over a reliable transport E does not run and K is zero', () => {
  const bench = new Bench('ws');
  bench.send('BYE');
  bench.pass(20_000);
  bench.answer(200);
  expect(bench.sent).toEqual(['0 BYE']);
  expect(bench.isEmpty).toBe(true);
});

test('a response of another method with our branch is nobody’s (17.1.3)', () => {
  const bench = new Bench();
  bench.send('BYE');
  const [bye] = bench.messages;
  bye!.headers.set('CSeq', '1 INVITE');
  bench.answer(200);
  expect(bench.told).toEqual(['stray 200']);
});

test('a transport failure is told as such', () => {
  const bench = new Bench('tcp');
  bench.send('BYE');
  bench.fail();
  expect(bench.told).toEqual(['transport at 0']);
  expect(bench.isEmpty).toBe(true);
});
