import { expect, test } from 'vitest';
import { testDsp } from './test-support.ts';

test('memory that was sized too small is a clear error, and nothing is given out', () => {
  const dsp = testDsp(2 ** 20);
  const free = dsp.freeBytes;
  expect(() => dsp.allocate(free + 1)).toThrow(/DSP memory of 1048576 bytes is full/);
  expect(dsp.freeBytes).toBe(free);
});

test('rows lie one after another and are zero', () => {
  const dsp = testDsp();
  const rows = dsp.rows(8, 160);
  rows.row(3).fill(7);
  expect(rows.addressOf(4) - rows.addressOf(3)).toBe(320);
  expect([...rows.row(2), ...rows.row(4)].every((sample) => sample === 0)).toBe(true);
});
