import { expect, test } from 'vitest';
import { DriftEstimator } from './drift-estimator.ts';
import { seededRandom } from './test-support.ts';

interface World {
  readonly minutes: number;
  readonly driftPpm: (seconds: number) => number;
  /** Added to a reading, in samples. */
  readonly jitter?: () => number;
  readonly startSamples?: number;
  /** Seconds at which a packet of 20 ms is lost. */
  readonly lossAt?: number;
}

/** A buffer with its target at 40 ms, in virtual time; what it held, what was ordered and what was known, a tick each. */
function simulated({ minutes, driftPpm, jitter = () => 0, startSamples = 320, lossAt = -1 }: World) {
  const estimator = new DriftEstimator({ targetSamples: 320 });
  const ticks = minutes * 60 * 50;
  const fills = new Float64Array(ticks);
  const orders = new Float64Array(ticks);
  const drifts = new Float64Array(ticks);
  let [fill, ppm] = [startSamples, 0];
  for (let tick = 0; tick < ticks; tick++) {
    fill += 160 * 1e-6 * (driftPpm(tick / 50) - ppm) - (tick === lossAt * 50 ? 160 : 0);
    ppm = estimator.update(Math.round(fill + jitter()));
    fills[tick] = fill;
    orders[tick] = ppm;
    drifts[tick] = estimator.driftPpm;
  }
  return { fills, orders, drifts, estimator };
}

const largest = (values: Float64Array, from: number): number => values.subarray(from).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const away = (fills: Float64Array, fromSeconds: number): number => largest(fills.map((fill) => fill - 320), fromSeconds * 50);

for (const ppm of [-250, -100, -20, 100, 250]) {
  test(`${ppm} ppm on a quiet buffer: known within 10 s, no oscillation, and for four hours the fill stays`, () => {
    const { fills, orders, drifts } = simulated({ minutes: 240, driftPpm: () => ppm });
    expect(largest(drifts.map((drift) => drift - ppm), 10 * 50)).toBeLessThan(10);
    // What was gathered until the drift was known is given back, once: the order is above the drift, then equal to it.
    expect(largest(orders.map((order) => order - ppm), 20 * 50)).toBeLessThan(5);
    expect(orders.subarray(10 * 50).reduce((least, order) => Math.min(least, order * Math.sign(ppm)), 1_000)).toBeGreaterThan(Math.abs(ppm) - 10);
    expect(away(fills, 0)).toBeLessThan(8);
    expect(away(fills, 20)).toBeLessThan(1);
  });
}

test('20 ms too full returns to the target without undershoot', () => {
  const { fills } = simulated({ minutes: 10, driftPpm: () => 40, startSamples: 480 });
  expect(away(fills, 150)).toBeLessThan(4);
  expect(Math.min(...fills)).toBeGreaterThan(320 - 4);
});

test('jitter of 5 ms with spikes of 60 ms: within 2 ms of the target for two hours, the ratio calm', () => {
  const random = seededRandom(11);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { fills, orders, estimator } = simulated({ minutes: 120, driftPpm: () => 80, jitter: () => 40 * gaussian() - (random() < 0.005 ? 480 : 0) });
  expect(estimator.jitterSamples).toBeGreaterThan(30);
  // Readings that are late by chance are low on average: the spikes' mean is not the loop's fault.
  expect(away(fills, 90)).toBeLessThan(24);
  expect(largest(orders.map((order) => order - 80), 90 * 50)).toBeLessThan(60);
  expect(estimator.driftPpm).toBeGreaterThan(60);
  expect(estimator.driftPpm).toBeLessThan(100);
});

test('a crystal that walks 30 ppm in half an hour is followed', () => {
  const { fills } = simulated({ minutes: 120, driftPpm: (seconds) => 50 + 30 * Math.sin((2 * Math.PI * seconds) / 3_600) });
  expect(away(fills, 20)).toBeLessThan(1);
});

test('a block that is lost does not change what is known of the clocks', () => {
  const { fills, orders, estimator } = simulated({ minutes: 20, driftPpm: () => 100, lossAt: 600 });
  expect(orders.subarray(601 * 50).every((order) => order < 101)).toBe(true);
  expect(away(fills, 720)).toBeLessThan(4);
  expect(Math.abs(estimator.driftPpm - 100)).toBeLessThan(5);
});

test('told of the same loss, it does not believe a change of drift for a moment', () => {
  const estimator = new DriftEstimator({ targetSamples: 320 });
  let [fill, ppm] = [320, 0];
  for (let tick = 0; tick < 6_000; tick++) {
    fill += 160e-6 * (100 - ppm);
    if (tick === 3_000) {
      fill -= 160;
      estimator.shift(-160);
    }
    ppm = estimator.update(Math.round(fill));
    if (tick > 1_000) expect(Math.abs(estimator.driftPpm - 100)).toBeLessThan(5);
  }
});
