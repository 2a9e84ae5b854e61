import { expect, test } from 'vitest';
import { valuesOf } from '../fact.ts';
import { ringings } from './ringings.ts';

const all = Object.entries(ringings);

test('ringing has an end: bursts of 0.2 to 2.5 s, over again in 3 to 12 s', () => {
  for (const [code, { cadence, distinctive }] of all) {
    for (const onOffMs of [...valuesOf(cadence), ...valuesOf(distinctive).flat()]) {
      expect(onOffMs.length % 2, code).toBe(0);
      for (const [index, ms] of onOffMs.entries()) {
        expect(ms, code).toBeGreaterThanOrEqual(200);
        expect(ms, code).toBeLessThanOrEqual(index % 2 === 0 ? 2500 : 10_000);
      }
      const periodMs = onOffMs.reduce((sum, ms) => sum + ms, 0);
      expect(periodMs, code).toBeGreaterThanOrEqual(2900);
      expect(periodMs, code).toBeLessThanOrEqual(12_000);
    }
  }
});

test('ringing of every country passes the validation of rings, 15 to 68 Hz', () => {
  for (const [code, { frequency }] of all) {
    for (const { hz, within = [hz, hz] } of valuesOf(frequency)) {
      expect(hz, code).toBeGreaterThanOrEqual(15);
      expect(hz, code).toBeLessThanOrEqual(68);
      expect(within[0], code).toBeLessThanOrEqual(hz);
      expect(within[1], code).toBeGreaterThanOrEqual(hz);
    }
  }
});

test('ringing is between what rings a bell and what TIA-968 allows, 40 to 150 V', () => {
  const voltages = all.flatMap(([, { voltage }]) => valuesOf(voltage));
  expect(voltages.length).toBeGreaterThan(0);
  for (const { leastVrms, mostVrms } of voltages) {
    expect(leastVrms).toBeGreaterThanOrEqual(40);
    expect(mostVrms).toBeLessThanOrEqual(150);
    expect(leastVrms).toBeLessThan(mostVrms);
  }
});
