import { expect, test } from 'vitest';
import { Concealment } from './concealment.ts';
import type { AudioRows } from './dsp.ts';
import { dbm0, gaussianNoise, rms, seededRandom, sine, testDsp } from './test-support.ts';

const rates = [8_000, 16_000] as const;

for (const rate of rates) {
  const ms = rate / 1_000;

  test(`${rate} Hz: without loss the signal is only delayed by 3.75 ms (G.711 I.2.2)`, () => {
    const signal = Int16Array.from(gaussianNoise(-15, 100 * ms, seededRandom(1)));
    const heard = play(signal, rate, []);
    expect(heard.subarray(3.75 * ms)).toEqual(signal.subarray(0, -3.75 * ms));
  });

  for (const period of [41, 57, 80, 93, 119]) {
    test(`${rate} Hz: 20 ms of a voice of ${Math.round(8_000 / period)} Hz are continued without a seam (I.2.3 to I.2.5, I.2.7)`, () => {
      const signal = voice((period * rate) / 8_000, 400 * ms, rate);
      const heard = play(signal, rate, [[10, 12]]);
      // Unfaded for 10 ms: what is made up is what would have come, but for the quarter of a period that was blended.
      const error = Float64Array.from(heard, (value, n) => (n >= 3.75 * ms ? value - signal[n - 3.75 * ms]! : 0));
      expect(rms(error, 100 * ms, 110 * ms)).toBeLessThan(0.12 * rms(signal));
      // No click anywhere: no step is larger than the signal's own largest.
      expect(largestStep(heard, 90 * ms, 150 * ms)).toBeLessThan(1.15 * largestStep(signal, 0, signal.length));
      // 10 to 20 ms: a fade from 1 to 0.8.
      expect(dbm0(heard, 112 * ms, 120 * ms) - dbm0(signal)).toBeGreaterThan(-2.5);
      // And as if nothing had been, soon after.
      expect(heard.subarray(135 * ms, 200 * ms)).toEqual(signal.subarray(131.25 * ms, 196.25 * ms));
    });
  }

  test(`${rate} Hz: the level falls by a fifth every 10 ms after the first, to silence at 60 ms (I.2.6)`, () => {
    const heard = play(Int16Array.from(sine(400, -10, 400 * ms, { rate })), rate, [[10, 18]]);
    for (const [from, factor] of [[5, 1], [15, 0.9], [25, 0.7], [35, 0.5], [45, 0.3], [55, 0.1]] as const) {
      // The middle of each 10 ms as it is put out, 3.75 ms later.
      const at = (100 + from + 3.75 - 2.5) * ms;
      expect(dbm0(heard, at, at + 5 * ms), `${from} ms`).toBeCloseTo(-10 + 20 * Math.log10(factor), factor > 0.2 ? 0 : -1);
    }
    expect(heard.subarray(165 * ms, 180 * ms).every((value) => value === 0)).toBe(true);
  });

  test(`${rate} Hz: noise keeps its level, and has no gap, over single lost packets`, () => {
    const signal = Int16Array.from(gaussianNoise(-20, 4_000 * ms, seededRandom(2)));
    const losses = Array.from({ length: 40 }, (_, index) => [index * 10 + 5, index * 10 + 6] as const);
    const heard = play(signal, rate, losses);
    for (const [from] of losses) {
      const level = dbm0(heard, (from * 10 + 4) * ms, (from * 10 + 14) * ms);
      expect(level).toBeGreaterThan(-24);
      expect(level).toBeLessThan(-16);
    }
  });
}

test('blocks of any length conceal as those of 10 ms do, and what was made up is counted', () => {
  const signal = voice(77, 2_400, 8_000);
  const whole = play(signal, 8_000, [[10, 14]]);
  const dsp = testDsp();
  const concealment = new Concealment(dsp, 8_000);
  const audio = dsp.rows(1, 2_400);
  audio.row(0).set(signal);
  const each = (from: number, to: number, step: number, task: (address: number, count: number) => void): void => {
    for (let at = from; at < to; at += step) task(audio.address + 2 * at, Math.min(step, to - at));
  };
  each(0, 800, 37, (address, count) => concealment.received(address, count));
  each(800, 1_120, 53, (address, count) => concealment.missing(address, count));
  concealment.received(audio.address + 2 * 1_120, 1_280);
  expect(audio.row(0)).toEqual(whole);
  expect(concealment.concealed).toBe(320);
});

test('whatever it hears, it recovers: full-scale square waves and noise leave nothing behind', () => {
  const dsp = testDsp();
  const concealment = new Concealment(dsp, 8_000);
  const audio = dsp.rows(1, 160);
  const random = seededRandom(3);
  for (let round = 0; round < 200; round++) {
    audio.row(0).set(Int16Array.from({ length: 160 }, (_, n) => (round % 2 === 0 ? (n % 50 < 25 ? 32_767 : -32_768) : random() * 65_535 - 32_768)));
    if (random() < 0.3) concealment.missing(audio.address, 160);
    else concealment.received(audio.address, 160);
  }
  for (let round = 0; round < 3; round++) {
    audio.row(0).fill(0);
    concealment.received(audio.address, 160);
  }
  expect(audio.row(0).every((value) => value === 0)).toBe(true);
});

/** Packets of 10 ms; those from … to − 1 of each pair are lost. */
function play(signal: Int16Array, rate: 8_000 | 16_000, lost: readonly (readonly [number, number])[]): Int16Array {
  const dsp = testDsp();
  const concealment = new Concealment(dsp, rate);
  const audio: AudioRows = dsp.rows(1, signal.length);
  audio.row(0).set(signal);
  const packet = rate / 100;
  for (let number = 0; number * packet < signal.length; number++) {
    const address = audio.address + number * packet * 2;
    if (lost.some(([from, to]) => number >= from && number < to)) concealment.missing(address, packet);
    else concealment.received(address, packet);
  }
  return audio.row(0).slice();
}

/** Harmonics of a pulse train of that period, at about −15 dBm0. */
function voice(period: number, samples: number, rate: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let harmonic = 1; harmonic * (rate / period) < 3_000; harmonic++) sum += Math.cos((2 * Math.PI * harmonic * n) / period + harmonic * harmonic) / harmonic;
    return 3_000 * sum;
  });
}

function largestStep(signal: ArrayLike<number>, from: number, to: number): number {
  let largest = 0;
  for (let n = from + 1; n < to; n++) largest = Math.max(largest, Math.abs(signal[n]! - signal[n - 1]!));
  return largest;
}
