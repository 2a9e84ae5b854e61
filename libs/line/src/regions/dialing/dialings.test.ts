import { expect, test } from 'vitest';
import { valuesOf } from '../fact.ts';
import { dialings } from './dialings.ts';
import { digitOf, pulsesOf, type PulseCoding } from './pulse-dialing.ts';

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

test('a flash that we send is one that is recognised, and none is taken for hanging up', () => {
  for (const [code, { flash }] of Object.entries(dialings)) {
    for (const { sendMs, recognised: [leastMs, mostMs] } of valuesOf(flash)) {
      expect(sendMs, code).toBeGreaterThan(leastMs);
      expect(sendMs, code).toBeLessThan(mostMs);
      expect(mostMs, code).toBeLessThanOrEqual(1250);
    }
  }
});

test('no pulse is taken for a flash', () => {
  for (const [code, { flash, pulse }] of Object.entries(dialings)) {
    const breaksMs = valuesOf(pulse).map(({ perSecond, breakPercent }) => (1000 / perSecond) * (breakPercent / 100));
    for (const { recognised: [leastMs] } of valuesOf(flash)) expect(Math.max(...breaksMs), code).toBeLessThan(leastMs);
  }
});

test('pulses break for longer than they make, and pauses cannot be taken for makes', () => {
  for (const [code, { pulse }] of Object.entries(dialings)) {
    for (const { perSecond, breakPercent, interDigitMs } of valuesOf(pulse)) {
      expect(breakPercent, code).toBeGreaterThanOrEqual(58);
      expect(breakPercent, code).toBeLessThanOrEqual(70);
      expect(interDigitMs, code).toBeGreaterThan(3 * (1000 / perSecond));
      expect(interDigitMs, code).toBeLessThanOrEqual(1000);
    }
  }
});

test.each<[PulseCoding, readonly number[]]>([
  ['direct', [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['complement', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  ['plusOne', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
])('%s: digits have their pulses, and pulses their digits', (coding, pulses) => {
  expect(digits.map((digit) => pulsesOf(digit, coding))).toEqual(pulses);
  expect(pulses.map((count) => digitOf(count, coding))).toEqual(digits);
});

test('New Zealand and Oslo count down, Sweden from nought, and nobody else', () => {
  const unusual = Object.entries(dialings).filter(([, { pulse }]) => valuesOf(pulse).some(({ coding }) => coding !== 'direct'));
  expect(unusual.map(([code]) => code).sort()).toEqual(['NO', 'NZ', 'SE']);
});
