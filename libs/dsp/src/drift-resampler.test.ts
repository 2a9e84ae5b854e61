import { expect, test } from 'vitest';
import { DriftResamplers } from './drift-resampler.ts';
import { dbm0, sine, testDsp } from './test-support.ts';

/** What a card takes, 160 samples a tick, from `signal(n)`; `ppm(tick)` is set before each. */
function taken(signal: (n: number) => number, ticks: number, ppm: (tick: number) => number) {
  const dsp = testDsp();
  const resamplers = new DriftResamplers(dsp, 1);
  const input = dsp.rows(1, 164);
  const output = dsp.rows(1, 160);
  const heard = new Int16Array(ticks * 160);
  let consumed = 0;
  for (let tick = 0; tick < ticks; tick++) {
    resamplers.set(0, ppm(tick));
    const needed = resamplers.needs(0, 160);
    for (let n = 0; n < 164; n++) input.row(0)[n] = n < needed ? Math.round(signal(consumed + n)) : 32_767;
    expect(resamplers.take(0, input.address, output.address, 160)).toBe(needed);
    consumed += needed;
    heard.set(output.row(0), tick * 160);
  }
  return { heard, consumed };
}

/** Noise and distortion below the tone, in dB: what is left after the best-fitting sine of `f`. */
function snr(heard: Int16Array, f: number): number {
  const [cosine, quadrature] = [sine(f, 0, heard.length, { phase: Math.PI / 2 }), sine(f, 0, heard.length)];
  const dot = (a: ArrayLike<number>, b: Float64Array): number => b.reduce((sum, value, n) => sum + value * a[n]!, 0);
  // Nearly orthogonal over many periods, so one correction is enough.
  let [c, s] = [dot(heard, cosine) / dot(cosine, cosine), dot(heard, quadrature) / dot(quadrature, quadrature)];
  for (let round = 0; round < 3; round++) {
    const left = Float64Array.from(heard, (value, n) => value - c * cosine[n]! - s * quadrature[n]!);
    c += dot(left, cosine) / dot(cosine, cosine);
    s += dot(left, quadrature) / dot(quadrature, quadrature);
  }
  return dbm0(heard) - dbm0(heard.map((value, n) => value - c * cosine[n]! - s * quadrature[n]!));
}

for (const ppm of [-300, -37, 0, 100, 300]) {
  test(`${ppm} ppm: 1 kHz at least 75 dB above all else, 3.4 kHz 62 dB, level within 0.1 dB`, () => {
    for (const [f, least] of [[1_000, 75], [300, 75], [3_400, 62]] as const) {
      const { heard } = taken((n) => sineAt(f, n), 500, () => ppm);
      const settled = heard.subarray(160);
      expect(snr(settled, f * (1 + ppm * 1e-6)), `${f} Hz`).toBeGreaterThan(least);
      expect(Math.abs(dbm0(settled) + 10), `${f} Hz`).toBeLessThan(0.1);
    }
  });
}

test('1 kHz does not click when the ratio changes at every tick', () => {
  const ratios = [0, 300, -300, 120, -5];
  const { heard } = taken((n) => sineAt(1_000, n), 200, (tick) => ratios[tick % ratios.length]!);
  // A click is a second difference that no sine of this level has.
  const peak = 16_141 * Math.SQRT2 * 10 ** (-10 / 20);
  const largest = peak * 2 * (1 - Math.cos((2 * Math.PI * 1_000 * 1.0003) / 8_000));
  for (let n = 200; n < heard.length - 1; n++) expect(Math.abs(heard[n - 1]! - 2 * heard[n]! + heard[n + 1]!)).toBeLessThan(largest * 1.004);
});

test('over a minute the set part more or less is consumed, to the sample', () => {
  expect(taken(() => 0, 3_000, () => 300).consumed - 480_000).toBe(143);
  expect(taken(() => 0, 3_000, () => -300).consumed - 480_000).toBe(-144);
});

test('pushed by a source, the same samples come out as taken by a sink', () => {
  const dsp = testDsp();
  const resamplers = new DriftResamplers(dsp, 1);
  const input = dsp.rows(1, 160);
  const output = dsp.rows(1, 164);
  resamplers.set(0, -250);
  const pushed: number[] = [];
  for (let tick = 0; tick < 100; tick++) {
    for (let n = 0; n < 160; n++) input.row(0)[n] = Math.round(sineAt(1_000, tick * 160 + n));
    const given = resamplers.push(0, input.address, 160, output.address);
    pushed.push(...output.row(0).subarray(0, given));
  }
  const { heard } = taken((n) => sineAt(1_000, n), 99, () => -250);
  expect(pushed.slice(0, heard.length)).toEqual(Array.from(heard));
  expect(pushed.length).toBe(16_005);
});

function sineAt(frequencyHz: number, n: number): number {
  return 16_141 * Math.SQRT2 * 10 ** (-10 / 20) * Math.sin((2 * Math.PI * frequencyHz * n) / 8_000);
}
