import { expect, test } from 'vitest';
import { Bench } from './transaction.test-support.ts';

test('timer A doubles without bound, B gives up at 64 T1 (RFC 3261 17.1.1.2)', () => {
  const bench = new Bench();
  bench.send('INVITE');
  bench.pass(40_000);
  expect(bench.sent).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500].map((at) => `${at} INVITE`));
  expect(bench.told).toEqual(['timeout at 32000']);
  expect(bench.layer.counters).toMatchObject({ timeouts: 1, retransmissionsSent: 6 });
  expect(bench.isEmpty).toBe(true);
});

test('over a reliable transport nothing is sent again, B still gives up', () => {
  const bench = new Bench('tcp');
  bench.send('INVITE');
  bench.pass(40_000);
  expect(bench.sent).toEqual(['0 INVITE']);
  expect(bench.told).toEqual(['timeout at 32000']);
});

test('a 1xx stops A and B for good', () => {
  const bench = new Bench();
  bench.send('INVITE');
  bench.pass(100);
  bench.answer(100);
  bench.answer(180);
  bench.pass(600_000);
  expect(bench.sent).toEqual(['0 INVITE']);
  expect(bench.told).toEqual(['100', '180']);
});

test('300–699 is acknowledged with the Via, Route and CSeq number of the INVITE and the To of the response (17.1.1.3)', () => {
  const bench = new Bench();
  bench.send('INVITE');
  bench.answer(486, 'busy');
  const [invite, ack] = bench.messages;
  expect(ack).toMatchObject({ kind: 'request', method: 'ACK', uri: 'sip:b@192.0.2.2' });
  for (const name of ['Via', 'From', 'Call-ID', 'Route']) expect(ack!.headers.get(name)).toBe(invite!.headers.get(name));
  expect(ack!.to.tag).toBe('busy');
  expect(ack!.cseq).toEqual({ number: 1, method: 'ACK' });
});

test('the response again gets the ACK again until D, and is told once', () => {
  const bench = new Bench();
  bench.send('INVITE');
  bench.answer(486);
  bench.pass(500);
  bench.answer(486);
  bench.answer(180);
  expect(bench.sent).toEqual(['0 INVITE', '0 ACK', '500 ACK']);
  expect(bench.told).toEqual(['486']);
  bench.pass(31_499);
  expect(bench.isEmpty).toBe(false);
  bench.pass(1);
  expect(bench.isEmpty).toBe(true);
});

test('D is zero over a reliable transport', () => {
  const bench = new Bench('tls');
  bench.send('INVITE');
  bench.answer(486);
  expect(bench.isEmpty).toBe(true);
});

test('a 2xx is the user’s, those after it are stray, until M and beyond (RFC 6026 7.2)', () => {
  const bench = new Bench();
  bench.send('INVITE');
  bench.answer(200);
  bench.answer(200, 'fork');
  bench.pass(32_001);
  expect(bench.isEmpty).toBe(true);
  bench.answer(200);
  expect(bench.told).toEqual(['200', 'stray 200', 'stray 200']);
  expect(bench.sent).toEqual(['0 INVITE']);
});

test('a transport failure is told as such, once (17.1.4)', () => {
  const bench = new Bench('tcp');
  bench.send('INVITE');
  bench.fail();
  bench.fail();
  bench.pass(40_000);
  expect(bench.told).toEqual(['transport at 0']);
  expect(bench.isEmpty).toBe(true);
});

test('CANCEL goes with the branch of the INVITE, once, and only after a 1xx (9.1)', () => {
  const bench = new Bench();
  const invite = bench.send('INVITE');
  bench.layer.cancel(invite);
  expect(bench.sent).toEqual(['0 INVITE']);
  bench.answer(180);
  bench.layer.cancel(invite, [['Reason', 'SIP;cause=200']]);
  bench.layer.cancel(invite);
  expect(bench.sent).toEqual(['0 INVITE', '0 CANCEL']);
  const [sent, cancel] = bench.messages;
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'Route']) expect(cancel!.headers.get(name)).toBe(sent!.headers.get(name));
  expect(cancel!.headers.get('Reason')).toBe('SIP;cause=200');
});

test('an abandoned INVITE is silent', () => {
  const bench = new Bench();
  bench.send('INVITE').abandon();
  bench.answer(180);
  bench.pass(60_000);
  expect([bench.sent, bench.told]).toEqual([['0 INVITE'], []]);
  expect(bench.isEmpty).toBe(true);
});
