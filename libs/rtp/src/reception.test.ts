import { expect, test } from 'vitest';
import { Reception } from './reception.ts';

const ssrc = 0x1234;

test('loss is what was expected less what came, across the wrap (RFC 3550 A.3)', () => {
  const reception = new Reception();
  for (let i = 0; i < 1000; i++) if (i % 10 !== 9 || i === 999) reception.receive(ssrc, (65_000 + i) & 0xffff, 160);
  expect([reception.packets, reception.lost, reception.octets]).toEqual([901, 99, 901 * 160]);
  expect(reception.report()).toMatchObject({ ssrc, cumulativeLost: 99, extendedHighestSequence: 65_536 + ((65_000 + 999) & 0xffff), fractionLost: 25 });
});

test('the fraction lost is of the interval since the last report only', () => {
  const reception = new Reception();
  for (let i = 0; i < 100; i += 2) reception.receive(ssrc, i, 1);
  reception.report();
  for (let i = 99; i < 199; i++) reception.receive(ssrc, i, 1);
  expect(reception.report().fractionLost).toBe(0);
  for (let i = 199; i < 299; i++) if (i % 4 !== 0 || i === 298) reception.receive(ssrc, i, 1);
  expect(reception.report().fractionLost).toBe(64);
});

test('duplicates are counted apart and do not hide loss; late packets mend it', () => {
  const reception = new Reception();
  for (const sequence of [1, 2, 2, 4, 3, 3, 6, 6, 6]) reception.receive(ssrc, sequence, 1);
  expect([reception.packets, reception.duplicates, reception.reordered, reception.lost]).toEqual([5, 4, 1, 1]);
});

test('one packet from far away is not trusted, two in a row are a restarted source (RFC 3550 A.1)', () => {
  const reception = new Reception();
  for (let i = 0; i < 10; i++) reception.receive(ssrc, i, 1);
  expect(reception.receive(ssrc, 30_000, 1)).toBe(false);
  expect(reception.receive(ssrc, 10, 1)).toBe(true);
  expect(reception.receive(ssrc, 40_000, 1)).toBe(false);
  expect(reception.receive(ssrc, 40_001, 1)).toBe(true);
  expect(reception.lost).toBe(0);
});

test('a new SSRC begins a new run and the losses of the earlier one stay counted', () => {
  const reception = new Reception();
  for (const sequence of [10, 12]) reception.receive(1, sequence, 1);
  for (const sequence of [50_000, 50_003]) reception.receive(2, sequence, 1);
  expect([reception.packets, reception.lost, reception.report().cumulativeLost]).toEqual([4, 3, 2]);
});

test('jitter is the smoothed difference of transit times (RFC 3550 A.8)', () => {
  const steady = new Reception();
  for (let i = 0; i < 200; i++) steady.timing(i * 160, 5000 + i * 160);
  expect(steady.jitter).toBe(0);
  const shaky = new Reception();
  for (let i = 0; i < 500; i++) shaky.timing(i * 160, i * 160 + (i % 2) * 80);
  expect(shaky.jitter).toBeCloseTo(80, 0);
});

test('a jump of the sender\'s clock and the wrap of its timestamps are no jitter', () => {
  const reception = new Reception();
  let arrival = 0;
  for (let i = 0; i < 100; i++) reception.timing((0xffffff00 + i * 160) | 0, (arrival += 160));
  for (let i = 0; i < 100; i++) reception.timing((500_000_000 + i * 160) | 0, (arrival += 160));
  expect(reception.jitter).toBe(0);
});

test('what passes while nobody listens is not lost', () => {
  const reception = new Reception();
  for (const sequence of [1, 2]) reception.receive(ssrc, sequence, 1);
  reception.interrupt();
  for (const sequence of [500, 501]) reception.receive(ssrc, sequence, 1);
  expect([reception.packets, reception.lost]).toEqual([4, 0]);
});
