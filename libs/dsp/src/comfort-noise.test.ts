import { expect, test } from 'vitest';
import { ComfortNoise, NoiseProfile } from './comfort-noise.ts';
import { gaussianNoise, rms, seededRandom, sine, testDsp } from './test-support.ts';

test('the first byte is the level below a full-scale square wave in decibels (RFC 3389 3.1)', () => {
  for (const dbov of [6, 20, 41, 65, 70]) {
    const square = Float64Array.from({ length: 3_200 }, (_, n) => (n % 16 < 8 ? 1 : -1) * 32_767 * 10 ** (-dbov / 20));
    expect(described(square, 0), `${dbov}`).toEqual([dbov]);
  }
  expect(described(new Float64Array(1_600), 10)).toEqual([127]);
  // A full-scale sine is 3.01 dB below it.
  expect(described(Float64Array.from({ length: 1_600 }, (_, n) => 32_767 * Math.sin(n)), 0)).toEqual([3]);
});

test('coefficients are k = 258 · (N − 127) / 32768, the first one −r(1)/r(0) (RFC 3389 3.2)', () => {
  // Noise through 1/(1 − 0.8 z⁻¹): its one coefficient is −0.8, the others 0.
  const [, first = 0, ...others] = described(coloured([-0.8]), 4);
  expect((258 * (first - 127)) / 32_768).toBeCloseTo(-0.8, 1);
  for (const other of others) expect(Math.abs(other - 127)).toBeLessThan(8);
});

for (const [name, predictor] of [['white', []], ['dull', [-0.9]], ['bright', [0.6]], ['humming', [-1.6, 0.8]]] as const) {
  test(`noise made from a description has the level and the spectrum of ${name} noise`, () => {
    const original = coloured(predictor);
    const made = noiseLike(described(original, 10), 16_000);
    expect(20 * Math.log10(rms(made) / rms(original))).toBeGreaterThan(-1);
    expect(20 * Math.log10(rms(made) / rms(original))).toBeLessThan(1);
    for (const [from, to] of [[100, 600], [600, 1_200], [1_200, 2_000], [2_000, 3_000], [3_000, 3_900]] as const) {
      expect(Math.abs(bandDb(made, from, to) - bandDb(original, from, to)), `${from}–${to} Hz`).toBeLessThan(2.5);
    }
  });
}

test('another description is reached within 40 ms without a step', () => {
  const dsp = testDsp();
  const noise = new ComfortNoise(dsp, 5);
  const audio = dsp.rows(1, 4_000);
  noise.follow(Uint8Array.of(30));
  noise.fill(audio.address, 2_000);
  noise.follow(Uint8Array.of(60));
  noise.fill(audio.address + 4_000, 2_000);
  const level = (from: number, to: number): number => 20 * Math.log10(rms(audio.row(0), from, to) / 32_767);
  expect(level(0, 2_000)).toBeCloseTo(-30, 0);
  expect(level(2_000, 2_020)).toBeGreaterThan(-36);
  expect(level(2_320, 4_000)).toBeCloseTo(-60, 0);
});

test('no bytes, all bytes, too many bytes: the noise stays within its level, and goes when it is told to', () => {
  const dsp = testDsp();
  const noise = new ComfortNoise(dsp, 9);
  const audio = dsp.rows(1, 160);
  noise.follow(new Uint8Array(0));
  noise.fill(audio.address, 160);
  expect(rms(audio.row(0))).toBe(0);
  const random = seededRandom(33);
  for (let round = 0; round < 500; round++) {
    noise.follow(Uint8Array.from({ length: Math.floor(random() * 40) }, () => (round % 3 === 0 ? 255 : random() * 256)));
    noise.fill(audio.address, 160);
  }
  noise.follow(Uint8Array.of(127));
  for (let round = 0; round < 20; round++) noise.fill(audio.address, 160);
  expect(rms(audio.row(0))).toBeLessThan(1);
  noise.follow(Uint8Array.of(40));
  for (let round = 0; round < 5; round++) noise.fill(audio.address, 160);
  expect(20 * Math.log10(rms(audio.row(0)) / 32_767)).toBeCloseTo(-40, -1);
});

test('a tone in the background does not make the recursion ring: the level holds', () => {
  const made = noiseLike(described(sine(1_000, -30, 3_200), 10), 16_000);
  expect(Math.abs(20 * Math.log10(rms(made) / rms(sine(1_000, -30, 3_200))))).toBeLessThan(6);
});

function described(signal: ArrayLike<number>, order: number): number[] {
  const dsp = testDsp();
  const profile = new NoiseProfile(dsp);
  const audio = dsp.rows(1, signal.length);
  audio.row(0).set(Int16Array.from(signal, Math.round));
  for (let at = 0; at < signal.length; at += 160) profile.listen(audio.address + 2 * at, 160);
  const payload = new Uint8Array(11);
  return Array.from(payload.subarray(0, profile.describe(payload, order)));
}

function noiseLike(description: readonly number[], samples: number): Int16Array {
  const dsp = testDsp();
  const noise = new ComfortNoise(dsp, 1);
  const audio = dsp.rows(1, samples);
  noise.follow(Uint8Array.from(description));
  noise.fill(audio.address, samples);
  return audio.row(0);
}

/** Noise through 1/(1 + a₁z⁻¹ + …). */
function coloured(predictor: readonly number[]): Float64Array {
  const out = gaussianNoise(-45, 16_000, seededRandom(4));
  for (let n = 0; n < out.length; n++) for (const [index, a] of predictor.entries()) out[n]! -= a * (out[n - 1 - index] ?? 0);
  return out;
}

/** Power within a band in dB, by a sum over frequencies 25 Hz apart. */
function bandDb(signal: ArrayLike<number>, fromHz: number, toHz: number): number {
  let power = 0;
  for (let frequency = fromHz; frequency < toHz; frequency += 25) {
    for (let block = 0; block + 800 <= signal.length; block += 800) {
      let re = 0;
      let im = 0;
      for (let n = 0; n < 800; n++) {
        const window = Math.sin((Math.PI * (n + 0.5)) / 800);
        re += window * signal[block + n]! * Math.cos((2 * Math.PI * frequency * n) / 8_000);
        im += window * signal[block + n]! * Math.sin((2 * Math.PI * frequency * n) / 8_000);
      }
      power += re * re + im * im;
    }
  }
  return 10 * Math.log10(power);
}
