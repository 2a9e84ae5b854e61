import { expect, test } from 'vitest';
import { NoiseReductions } from './noise-reduction.ts';
import { addSamples, dbm0, gaussianNoise, seededRandom, sine, speechLike, testDsp } from './test-support.ts';

/** `signal` through channel 2 of four; what comes out is `delay` later. */
function reduced(signal: ArrayLike<number>, { mostDb = 12, enabled = true } = {}) {
  const dsp = testDsp();
  const reductions = new NoiseReductions(dsp, 4);
  if (enabled) reductions.enable(2, mostDb);
  const audio = dsp.rows(4, 160);
  const input = Int16Array.from(signal, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
  const heard = new Int16Array(input.length);
  for (let at = 0; at + 160 <= input.length; at += 160) {
    audio.row(2).set(input.subarray(at, at + 160));
    reductions.process(0, audio);
    heard.set(audio.row(2), at);
  }
  return { input, heard, noiseDbm0: reductions.noiseDbm0(2) };
}

const delay = 64;

for (const mostDb of [6, 12, 18]) {
  test(`steady noise of any level is reduced by ${mostDb} dB when that is asked for`, () => {
    for (const level of [-35, -50, -62]) {
      const { input, heard, noiseDbm0 } = reduced(gaussianNoise(level, 40_000, seededRandom(3)), { mostDb });
      expect(Math.abs(dbm0(input, 16_000) - dbm0(heard, 16_000) - mostDb), `${level} dBm0`).toBeLessThan(1);
      expect(Math.abs(noiseDbm0 - level), `${level} dBm0`).toBeLessThan(1.5);
    }
  });
}

for (const [snr, loss, distance] of [[15, 0.4, 16], [20, 0.2, 20], [30, 0.1, 30]] as const) {
  test(`speech ${snr} dB above the noise: pauses 11 dB quieter, speech at most ${loss} dB, error ${distance} dB below it`, () => {
    const { clean, active } = speechLike(-20, 12, { noiseDbm0: -200 });
    const { heard } = reduced(addSamples(clean, gaussianNoise(-20 - snr, clean.length, seededRandom(9))));
    const spoken = Array.from({ length: clean.length - delay }, (_, n) => n).filter((n) => n > 24_000 && active[n]);
    const pauses = Array.from({ length: clean.length - delay }, (_, n) => n).filter((n) => n > 24_000 && !active[n] && !active[n - 400] && !active[n + 100]);
    expect(dbm0(pauses.map((n) => heard[n + delay]!))).toBeLessThan(-20 - snr - 11);
    // What there is of the speech itself in what is heard, and what is heard besides.
    const [cross, power] = spoken.reduce(([c, p], n) => [c + heard[n + delay]! * clean[n]!, p + clean[n]! ** 2], [0, 0]);
    expect(Math.abs(20 * Math.log10(cross / power))).toBeLessThan(loss);
    expect(dbm0(spoken.map((n) => heard[n + delay]! - clean[n]!))).toBeLessThan(-20 - distance);
  });
}

test('no musical noise: the peaks of single bands stand out no more than 3 dB further than in the noise itself', () => {
  const { input, heard } = reduced(gaussianNoise(-45, 120_000, seededRandom(6)));
  const crest = (signal: Int16Array): number => {
    const powers: number[] = [];
    for (let at = 24_000; at + 128 <= signal.length; at += 128) {
      for (let bin = 6; bin < 54; bin += 4) {
        let [re, im] = [0, 0];
        for (let n = 0; n < 128; n++) {
          const weighted = signal[at + n]! * (1 - Math.cos((2 * Math.PI * n) / 128));
          re += weighted * Math.cos((2 * Math.PI * bin * n) / 128);
          im += weighted * Math.sin((2 * Math.PI * bin * n) / 128);
        }
        powers.push(re * re + im * im);
      }
    }
    powers.sort((a, b) => a - b);
    return 10 * Math.log10(powers[Math.floor(powers.length * 0.999)]! / (powers.reduce((sum, power) => sum + power, 0) / powers.length));
  };
  expect(crest(heard) - crest(input)).toBeLessThan(3);
});

test('without noise nothing happens to speech: error 30 dB below it', () => {
  const { clean } = speechLike(-20, 6, { noiseDbm0: -200 });
  const { heard } = reduced(clean);
  const error = Float64Array.from({ length: clean.length - delay }, (_, n) => heard[n + delay]! - clean[n]!);
  expect(dbm0(error, 8_000) - dbm0(clean, 8_000)).toBeLessThan(-30);
});

test('dial tone, ring-back and busy tone are no noise: less than 0.5 dB is lost of them in ten seconds', () => {
  for (const [a, b, level] of [[350, 440, -13], [400, 450, -19], [425, 425, -25], [480, 620, -24]] as const) {
    const { input, heard } = reduced(addSamples(sine(a, level - 3, 80_000), sine(b, level - 3, 80_000, { phase: 1 }), gaussianNoise(-60, 80_000, seededRandom(4))));
    expect(Math.abs(dbm0(heard, 64_000) - dbm0(input, 64_000)), `${a}+${b} Hz`).toBeLessThan(0.5);
  }
});

test('noise that becomes 10 dB louder is followed within three seconds', () => {
  const random = seededRandom(8);
  const { heard } = reduced([...gaussianNoise(-60, 32_000, random), ...gaussianNoise(-50, 40_000, random)]);
  expect(dbm0(heard, 32_000 + 24_000)).toBeLessThan(-60);
});

test('a channel that is off passes bit-exactly and without delay, while its neighbours are reduced', () => {
  const dsp = testDsp();
  const reductions = new NoiseReductions(dsp, 4);
  reductions.enable(0);
  const audio = dsp.rows(4, 160);
  const fax = sine(2_100, -12, 160);
  for (let tick = 0; tick < 10; tick++) {
    audio.row(0).set(fax);
    audio.row(1).set(fax);
    reductions.process(0, audio);
    expect(audio.row(1)).toEqual(Int16Array.from(fax));
  }
  const { input, heard } = reduced(fax, { enabled: false });
  expect(heard).toEqual(input);
});
