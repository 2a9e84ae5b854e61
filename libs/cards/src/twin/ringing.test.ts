import { expect, test } from 'vitest';
import { leastRingVolts, ringing } from './ringing.ts';

test('1 REN is 7 kΩ and 8 µF: 12.7 mA from 90 V at 20 Hz without cable or source resistance', () => {
  const { voltsRms, amperes } = ringing({ voltsRms: 90, hz: 20, ohms: 0 }, { gauge: 'AWG 26', km: 0 }, 1);
  expect(voltsRms).toBeCloseTo(90, 6);
  expect(amperes).toBeCloseTo(90 / Math.hypot(7_000, 1 / (2 * Math.PI * 20 * 8e-6)), 6);
});

test('a card that rings with 90 V peak reaches 5 REN over 4 kft and 3 REN over 8 kft of AWG 26 (published of the Si3210)', () => {
  const at = (kft: number, ren: number): number => ringing({ voltsRms: 90 / Math.SQRT2, hz: 20, ohms: 160 }, { gauge: 'AWG 26', km: kft * 0.3048 }, ren).voltsRms;
  expect(at(4, 5)).toBeGreaterThan(leastRingVolts);
  expect(at(8, 3)).toBeGreaterThan(leastRingVolts);
  expect(at(16, 5)).toBeLessThan(leastRingVolts);
});

test('more bells and more cable leave less of the ringing', () => {
  const at = (km: number, ren: number): number => ringing({ voltsRms: 90, hz: 20, ohms: 510 }, { gauge: 'AWG 26', km }, ren).voltsRms;
  expect(at(0, 1)).toBeGreaterThan(at(5, 1));
  expect(at(5, 1)).toBeGreaterThan(at(5, 3));
  expect(at(5, 3)).toBeGreaterThan(at(5, 5));
});
