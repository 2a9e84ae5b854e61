import { expect, test } from 'vitest';
import { valuesOf } from '../fact.ts';
import { complex, impedanceOf, resistance, returnLossOf, withCapacitor, type Network } from './network.ts';
import { terminations } from './terminations.ts';

const all = Object.entries(terminations);

test('networks are made of parts that there are, and present some 600 to 900 Ω at 1 kHz', () => {
  for (const [code, { ac }] of all) {
    for (const network of valuesOf(ac)) {
      const { seriesOhms, parallelOhms, capacitanceNf } = network;
      expect(seriesOhms, code).toBeGreaterThanOrEqual(100);
      expect(seriesOhms, code).toBeLessThanOrEqual(900);
      if (parallelOhms !== undefined) expect(parallelOhms, code).toBeGreaterThanOrEqual(500);
      if (parallelOhms !== undefined) expect(parallelOhms, code).toBeLessThanOrEqual(1050);
      if (capacitanceNf !== undefined) expect(capacitanceNf, code).toBeGreaterThanOrEqual(47);
      if (capacitanceNf !== undefined) expect(capacitanceNf, code).toBeLessThanOrEqual(2160);
      const { real, imaginary } = impedanceOf(network, 1000);
      expect(imaginary, code).toBeLessThanOrEqual(0);
      expect(Math.hypot(real, imaginary), code).toBeGreaterThan(500);
      expect(Math.hypot(real, imaginary), code).toBeLessThan(920);
    }
  }
});

test('a network is its resistors at low frequency and its series resistor at high, or no way through for what is direct', () => {
  const european = complex(270, 750, 150);
  expect(impedanceOf(european, 0.001).real).toBeCloseTo(1020, 3);
  expect(impedanceOf(european, 1e9).real).toBeCloseTo(270, 3);
  expect(impedanceOf(withCapacitor(600, 2160), 0.001).imaginary).toBeLessThan(-1e7);
  // 1 / (2π · 1000 Hz · 2.16 µF) = 73.7 Ω.
  expect(impedanceOf(withCapacitor(600, 2160), 1000).imaginary).toBeCloseTo(-73.68, 1);
  expect(impedanceOf(resistance(600), 1000)).toEqual({ real: 600, imaginary: 0 });
});

test('a European line at 600 Ω echoes at 10.6 dB, and not at all where it is met by its own network', () => {
  const european = complex(270, 750, 150);
  expect(echoReturnLoss(european, resistance(600))).toBeCloseTo(10.65, 1);
  expect(echoReturnLoss(european, european)).toBe(Infinity);
});

test('DC terminations are what line interface circuits can be', () => {
  for (const [code, { dc }] of all) {
    for (const { currentLimitMa = 60, leastCurrentMa, voltage, onHookMs, ringThresholdVrms } of valuesOf(dc)) {
      expect(currentLimitMa, code).toBe(60);
      expect([10, 12, 14, 16], code).toContain(leastCurrentMa);
      expect([3.1, 3.2, 3.35, 3.5], code).toContain(voltage);
      expect([0.5, 3, 26], code).toContain(onHookMs);
      expect([15, 21.5], code).toContain(ringThresholdVrms);
    }
  }
});

test('the settings of all countries come to no more than sixteen', () => {
  expect(new Set(all.map(([, { ac, dc }]) => JSON.stringify([ac.is, dc?.is]))).size).toBeLessThanOrEqual(16);
});

/** Power mean over 500 to 2500 Hz. */
function echoReturnLoss(a: Network, b: Network): number {
  const losses = Array.from({ length: 21 }, (_, index) => returnLossOf(a, b, 500 + 100 * index));
  return -10 * Math.log10(losses.reduce((sum, loss) => sum + 10 ** (-loss / 10), 0) / losses.length);
}
