import { expect, test } from 'vitest';
import { attenuationDbPerKm, type Gauge, insertionLossDb, loopOhms } from './cable.ts';
import { real } from './complex.ts';

const kmOfKft = 0.3048;
const kmOfMile = 1.609_344;

/** Within so many parts of a hundred. */
function within(percent: number, value: number, published: number): void {
  expect(Math.abs(value / published - 1) * 100, `${value} beside ${published}`).toBeLessThanOrEqual(percent);
}

test.each<[Gauge, number]>([['AWG 26', 83.3], ['AWG 24', 51.9], ['AWG 22', 32.4], ['AWG 19', 16.1]])('a kilofoot of %s has %d ohms of loop, ±2 %', (gauge, ohms) => {
  within(2, loopOhms({ gauge, km: kmOfKft }), ohms);
});

test.each<[Gauge, number, number]>([['AWG 26', 15, 1_250], ['AWG 24', 25, 1_300], ['AWG 22', 40, 1_300]])('by resistance design %s goes to %d kft, where it has about %d ohms', (gauge, kft, ohms) => {
  within(2, loopOhms({ gauge, km: kft * kmOfKft }), ohms);
});

test.each<[Gauge, number]>([['AWG 26', 2.8], ['AWG 24', 2.2], ['AWG 22', 1.8], ['AWG 19', 1.26]])('a mile of %s loses %d dB at 1 kHz, ±5 %', (gauge, db) => {
  within(5, attenuationDbPerKm(gauge, 1_000) * kmOfMile, db);
});

test('copper has 0.393 % more resistance a kelvin', () => {
  within(0.01, loopOhms({ gauge: 'AWG 24', km: 1, temperatureC: 50 }), 170 * 1.1179);
});

test('the insertion loss of a long cable rises with the frequency, and that of none is nothing', () => {
  const loss = (hz: number): number => insertionLossDb({ gauge: 'AWG 26', km: 5 }, real(900), real(600), hz);
  expect([300, 1_004, 2_804, 3_400].map(loss).every((db, n, all) => n === 0 || db > all[n - 1]!)).toBe(true);
  expect(insertionLossDb({ gauge: 'AWG 26', km: 0 }, real(900), real(600), 1_000)).toBeCloseTo(0, 9);
});
