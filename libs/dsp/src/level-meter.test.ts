import { expect, test } from 'vitest';
import { LevelMeters } from './level-meter.ts';
import { gaussianNoise, seededRandom, silence, sine, testDsp } from './test-support.ts';

/** A second of `signal` on channel 2 of four. */
function read(signal: ArrayLike<number>, { warmUp = signal }: { readonly warmUp?: ArrayLike<number> } = {}) {
  const dsp = testDsp();
  const meters = new LevelMeters(dsp, 4);
  const audio = dsp.rows(4, 160);
  const push = (whole: ArrayLike<number>): void => {
    for (let at = 0; at + 160 <= whole.length; at += 160) {
      for (let n = 0; n < 160; n++) audio.row(2)[n] = Math.round(whole[at + n]!);
      meters.push(0, audio);
    }
  };
  push(warmUp);
  meters.take(2);
  push(signal);
  return meters.take(2);
}

/** Hz, dB, tolerance in dB. ITU-T O.41 (10/94) table 1 and Annex A; 8 kHz carries nothing from 4 kHz on. */
const psophometric = [
  [50, -63, 2], [100, -41, 2], [200, -21, 2], [300, -10.6, 1], [400, -6.3, 1], [500, -3.6, 1], [600, -2, 1], [700, -0.9, 1],
  [800, 0, 0.02], [900, 0.6, 1], [1_000, 1, 1], [1_200, 0, 1], [1_400, -0.9, 1], [1_600, -1.7, 1], [1_800, -2.4, 1], [2_000, -3, 1],
  [2_500, -4.2, 1], [3_000, -5.6, 1], [3_500, -8.5, 2],
] as const;
const cMessage = [
  [60, -55.7, 2], [100, -42.5, 2], [200, -25.1, 2], [300, -16.3, 2], [400, -11.2, 1], [500, -7.7, 1], [600, -5, 1], [700, -2.8, 1],
  [800, -1.3, 1], [900, -0.3, 1], [1_000, 0, 0.02], [1_200, -0.4, 1], [1_300, -0.7, 1], [1_500, -1.2, 1], [1_800, -1.3, 1],
  [2_000, -1.1, 1], [2_500, -1.1, 1], [2_800, -2, 1], [3_000, -3, 1], [3_300, -5.1, 2], [3_500, -7.1, 2],
] as const;

test('psophometric weighting is within the tolerance of O.41 at each of its frequencies', () => {
  for (const [f, weight, tolerance] of psophometric) expect(Math.abs(read(sine(f, 0, 8_000)).psophometricDbm0p - weight), `${f} Hz`).toBeLessThan(tolerance);
});

test('C-message weighting is within the tolerance of IEEE 743 and O.41 Annex A at each of its frequencies', () => {
  for (const [f, weight, tolerance] of cMessage) expect(Math.abs(read(sine(f, 0, 8_000)).cMessageDbrnC0 - 90 - weight), `${f} Hz`).toBeLessThan(tolerance);
});

test('level and peak of a sine, from +3 to -60 dBm0', () => {
  for (const level of [3, 0, -10, -40, -60]) {
    const { rmsDbm0, peakDbm0, samples } = read(sine(1_004, level, 8_000));
    expect(rmsDbm0).toBeCloseTo(level, 1);
    expect(Math.abs(peakDbm0 - level)).toBeLessThan(0.25);
    expect(samples).toBe(8_000);
  }
});

test('white noise of -50 dBm0 reads what the tables of O.41 integrate to over 0-4 kHz', () => {
  const { rmsDbm0, psophometricDbm0p, cMessageDbrnC0 } = read(gaussianNoise(-50, 40_000, seededRandom(3)));
  expect(rmsDbm0).toBeCloseTo(-50, 0);
  const weighted = (table: readonly (readonly [number, number, number])[]): number => {
    let power = 0;
    for (let f = 5; f < 4_000; f += 10) {
      const above = table.findIndex(([at]) => at >= f);
      const [from, to] = above <= 0 ? [table.at(above)!, table.at(above)!] : [table[above - 1]!, table[above]!];
      power += 10 ** ((from[1] + ((to[1] - from[1]) * (f - from[0])) / Math.max(1, to[0] - from[0])) / 10);
    }
    return 10 * Math.log10(power / 400);
  };
  expect(Math.abs(psophometricDbm0p - rmsDbm0 - weighted(psophometric))).toBeLessThan(0.5);
  expect(Math.abs(cMessageDbrnC0 - 90 - rmsDbm0 - weighted(cMessage))).toBeLessThan(0.5);
});

test('impulses above the threshold are counted once in 125 ms (O.71)', () => {
  const signal = silence(8_000);
  for (const [ms, level] of [[100, 4_000], [110, 4_000], [300, -4_000], [500, 1_000], [700, 4_000]] as const) signal.fill(level, ms * 8, ms * 8 + 4);
  expect(read(signal, { warmUp: silence(800) }).impulses).toBe(3);
});

test('a steady offset is no impulse; a storm counts eight a second (O.71)', () => {
  expect(read(silence(8_000).fill(5_000)).impulses).toBe(0);
  const storm = Float64Array.from({ length: 8_000 }, (_, n) => (n % 40 === 0 ? 20_000 : 0));
  expect(read(storm, { warmUp: silence(800) }).impulses).toBe(8);
});

test('clipped samples are counted, and silence is told from noise', () => {
  const clipped = sine(500, 3, 8_000).map((value) => Math.max(-32_124, Math.min(32_124, value * 1.5)));
  expect(read(clipped).clippedSamples).toBe(clipped.filter((value) => Math.abs(value) === 32_124).length);
  expect(read(silence(8_000), { warmUp: silence(160) })).toEqual({
    rmsDbm0: -150, peakDbm0: -150, cMessageDbrnC0: -60, psophometricDbm0p: -150, impulses: 0, clippedSamples: 0, samples: 8_000,
  });
});
