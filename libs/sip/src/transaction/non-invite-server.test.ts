import { expect, test } from 'vitest';
import { createResponse } from '../message/create.ts';
import { Bench } from './transaction.test-support.ts';

test('a repeated request is absorbed while tried, then gets the last response again until J (RFC 3261 17.2.2)', () => {
  const bench = new Bench();
  bench.incoming('OPTIONS');
  bench.incoming('OPTIONS');
  expect(bench.sent).toEqual([]);
  bench.respond(182);
  bench.incoming('OPTIONS');
  bench.respond(200);
  bench.incoming('OPTIONS');
  bench.respond(500);
  expect(bench.sent.map((line) => line.slice(2))).toEqual(['182 OPTIONS', '182 OPTIONS', '200 OPTIONS', '200 OPTIONS']);
  expect(bench.told).toEqual(['OPTIONS']);
  bench.pass(31_999);
  expect(bench.isEmpty).toBe(false);
  bench.pass(1);
  expect(bench.isEmpty).toBe(true);
});

test('J is zero over a reliable transport', () => {
  const bench = new Bench('tcp');
  bench.incoming('OPTIONS');
  bench.respond(200);
  expect(bench.isEmpty).toBe(true);
});

test('an answer given once keeps nothing, and the request again is a new one (8.2.7)', () => {
  const bench = new Bench();
  for (let time = 0; time < 2; time++) {
    bench.incoming('REGISTER');
    const { request } = bench.transactions[time]!;
    bench.transactions[time]!.respondOnce(createResponse(request, 401));
    expect(bench.isEmpty).toBe(true);
  }
  expect(bench.told).toEqual(['REGISTER', 'REGISTER']);
});
