import { expect, test } from 'vitest';
import { attenuationDbPerKm, type Cable, cableTwoPort, type Gauge, insertionLossDb, loopOhms, reversed } from './cable.ts';
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

const spliced: Cable = [
  { gauge: 'AWG 26', km: 1.5 },
  { gauge: 'AWG 24', km: 2, bridgedTap: { gauge: 'AWG 24', km: 0.5 } },
  { gauge: 'AWG 22', km: 1, temperatureC: 40, bridgedTap: { gauge: 'AWG 26', km: 0.2 } },
];

test('pieces of one kind are the cable of their length', () => {
  const pieces: Cable = [{ gauge: 'AWG 24', km: 1 }, { gauge: 'AWG 24', km: 0.5 }, { gauge: 'AWG 24', km: 1.5 }];
  const whole: Cable = { gauge: 'AWG 24', km: 3 };
  expect(loopOhms(pieces)).toBeCloseTo(loopOhms(whole), 9);
  for (const hz of [20, 1_004, 3_400]) expect(insertionLossDb(pieces, real(900), real(600), hz)).toBeCloseTo(insertionLossDb(whole, real(900), real(600), hz), 9);
});

test('a bridged tap has no part in the loop resistance, and costs level at the high end of the band', () => {
  const tapped: Cable = { gauge: 'AWG 24', km: 3, bridgedTap: { gauge: 'AWG 24', km: 1.5 } };
  const plain: Cable = { gauge: 'AWG 24', km: 3 };
  const more = (hz: number): number => insertionLossDb(tapped, real(600), real(600), hz) - insertionLossDb(plain, real(600), real(600), hz);
  expect(loopOhms(tapped)).toBe(loopOhms(plain));
  // 1.5 km of 51.6 nF/km across 300 ohms: 20 log |1 + jω 77 nF · Z| with the cable's own impedance there.
  expect(more(300)).toBeLessThan(0.3);
  expect(more(3_400)).toBeGreaterThan(more(1_000));
  expect(more(3_400)).toBeGreaterThan(0.5);
});

test('a cable of several pieces loses the same either way, and looks different from its two ends', () => {
  const back = reversed(spliced);
  expect(loopOhms(back)).toBeCloseTo(loopOhms(spliced), 9);
  for (const hz of [20, 300, 1_004, 3_400]) {
    expect(insertionLossDb(back, real(600), real(600), hz)).toBeCloseTo(insertionLossDb(spliced, real(600), real(600), hz), 9);
    // Turned round, a and d change places (reciprocity).
    const [there, here] = [cableTwoPort(spliced, hz), cableTwoPort(back, hz)];
    expect([here.a.re, here.a.im, here.d.re, here.d.im].map((value) => value.toFixed(9))).toEqual([there.d.re, there.d.im, there.a.re, there.a.im].map((value) => value.toFixed(9)));
  }
  const { a, d } = cableTwoPort(spliced, 1_004);
  expect(Math.hypot(a.re - d.re, a.im - d.im)).toBeGreaterThan(0.01);
});
