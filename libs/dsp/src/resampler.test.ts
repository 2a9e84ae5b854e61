import { expect, test } from 'vitest';
import { Resamplers, type SampleRate } from './resampler.ts';
import { dbm0, sine, testDsp } from './test-support.ts';

/** `signal` through a resampler in blocks of 20 ms. */
function converted(from: SampleRate, to: SampleRate, signal: ArrayLike<number>): Int16Array {
  const dsp = testDsp();
  const resamplers = new Resamplers(dsp, { channels: 1, from, to });
  const input = dsp.rows(1, from / 50);
  const output = dsp.rows(1, to / 50);
  const result = new Int16Array((signal.length * to) / from);
  for (let block = 0; block * input.samples < signal.length; block++) {
    for (let n = 0; n < input.samples; n++) input.row(0)[n] = Math.round(signal[block * input.samples + n]!);
    expect(resamplers.process(0, input, 0, output, 0)).toBe(output.samples);
    result.set(output.row(0), block * output.samples);
  }
  return result;
}

const pairs = [[8_000, 16_000], [8_000, 48_000], [16_000, 48_000]] as const;

for (const [low, high] of pairs) {
  const settled = low / 50;
  const [down, up] = [(f: number, dbm = -6) => converted(high, low, sine(f, dbm, high / 5, { rate: high })), (f: number) => converted(low, high, sine(f, -6, low / 5, { rate: low }))];

  test(`${low} to ${high} Hz and back: flat within 0.1 dB to 0.45 of the lower rate`, () => {
    for (const part of [0.0125, 0.125, 0.25, 0.375, 0.425, 0.45]) {
      expect(Math.abs(dbm0(up(part * low), settled * (high / low)) + 6), `up at ${part * low} Hz`).toBeLessThan(0.1);
      expect(Math.abs(dbm0(down(part * low), settled) + 6), `down at ${part * low} Hz`).toBeLessThan(0.1);
    }
  });

  test(`${high} to ${low} Hz: what would fold back is 65 dB down from 0.55 of the lower rate`, () => {
    for (let f = 0.55 * low; f < high / 2; f += 0.083 * low) expect(dbm0(down(f, 0), settled), `at ${f} Hz`).toBeLessThan(-65);
  });

  test(`${low} to ${high} Hz: no image above -60 dB, and the delay is as stated`, () => {
    const f = 0.4 * low;
    const heard = up(f).subarray(settled * (high / low));
    const delayed = sine(f, -6, heard.length, { rate: high, phase: (2 * Math.PI * f * (settled - 20)) / low });
    expect(dbm0(heard.map((value, n) => value - delayed[n]!)) - dbm0(heard)).toBeLessThan(-60);
    const back = down(f).subarray(settled);
    const early = sine(f, -6, back.length, { rate: low, phase: (2 * Math.PI * f * (settled - 19)) / low });
    expect(dbm0(back.map((value, n) => value - early[n]!)) - dbm0(back)).toBeLessThan(-60);
  });
}

test('full scale saturates instead of wrapping, and silence follows it', () => {
  const square = Int16Array.from({ length: 8_000 }, (_, n) => (n >= 4_000 ? 0 : Math.floor(n / 10) % 2 === 0 ? 32_767 : -32_768));
  const heard = converted(8_000, 16_000, square);
  for (let half = 4; half < 390; half++) expect(heard[40 + half * 20 + 10], `${half}`).toSatisfy((value: number) => (half % 2 === 0 ? value > 30_000 : value < -30_000));
  expect(Math.max(...heard.subarray(8_100).map(Math.abs))).toBe(0);
});

test('rates that are not carried are refused', () => {
  expect(() => new Resamplers(testDsp(), { channels: 1, from: 8_000, to: 44_100 as SampleRate })).toThrow(RangeError);
});
