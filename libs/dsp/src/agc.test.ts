import { expect, test } from 'vitest';
import { AutomaticGains, type AutomaticGainSettings } from './agc.ts';
import { addSamples, dbm0, gaussianNoise, seededRandom, silence, sine, speechLike, testDsp } from './test-support.ts';

/** `signal` through channel 1 of four; the gain after each block too. */
function levelled(signal: ArrayLike<number>, settings: AutomaticGainSettings | null = {}) {
  const dsp = testDsp();
  const agc = new AutomaticGains(dsp, 4);
  if (settings !== null) agc.enable(1, settings);
  const audio = dsp.rows(4, 160);
  const heard = new Int16Array(signal.length);
  const gains: number[] = [];
  for (let at = 0; at + 160 <= signal.length; at += 160) {
    for (let n = 0; n < 160; n++) audio.row(1)[n] = Math.max(-32_768, Math.min(32_767, Math.round(signal[at + n]!)));
    agc.process(0, audio);
    heard.set(audio.row(1), at);
    gains.push(agc.gainDb(1));
  }
  return { heard, gains };
}

const spokenLevel = (heard: ArrayLike<number>, active: readonly boolean[], from: number): number => dbm0(Array.from(heard).filter((_, n) => n >= from && active[n]));

for (const level of [-28, -22, -18, -12, -8]) {
  test(`speech of ${level} dBm0 is brought to the target of -18 dBm0 within 2 dB in four seconds`, () => {
    const { noisy, active } = speechLike(level, 10);
    expect(Math.abs(spokenLevel(levelled(noisy).heard, active, 32_000) + 18)).toBeLessThan(2);
  });
}

test('no more gain than allowed, however weak the speech', () => {
  const { noisy, active } = speechLike(-40, 8);
  const { heard, gains } = levelled(noisy, { mostGainDb: 9 });
  expect(Math.max(...gains)).toBeCloseTo(9, 3);
  expect(spokenLevel(heard, active, 32_000)).toBeCloseTo(-31, 0);
});

test('silence and noise do not move the gain, so noise is not pumped', () => {
  const { noisy } = speechLike(-24, 6, { noiseDbm0: -55 });
  const random = seededRandom(5);
  const { gains } = levelled([...noisy, ...gaussianNoise(-55, 160_000, random), ...silence(80_000)]);
  const after = gains.slice(301);
  expect(gains[300]).toBeGreaterThan(3);
  expect(Math.max(...after) - Math.min(...after)).toBe(0);
  // Noise alone, from the start, up to a very bad line.
  for (const level of [-70, -55, -40]) expect(Math.max(...levelled(gaussianNoise(level, 80_000, random)).gains.slice(25).map(Math.abs)), `${level} dBm0`).toBeLessThan(0.1);
});

test('the gain falls and rises no faster than told, and never jumps within a block', () => {
  const { noisy } = speechLike(-10, 6);
  const { gains } = levelled([...noisy, ...speechLike(-34, 6, { noiseDbm0: -70, seed: 2 }).noisy], { attackDbPerSecond: 20, releaseDbPerSecond: 6 });
  for (let block = 1; block < gains.length; block++) {
    expect(gains[block]! - gains[block - 1]!).toBeLessThan(6 / 50 + 1e-4);
    expect(gains[block]! - gains[block - 1]!).toBeGreaterThan(-20 / 50 - 1e-4);
  }
  expect(Math.min(...gains)).toBeLessThan(-6);
  expect(gains.at(-1)).toBeGreaterThan(8);
});

test('a shout after weak speech is limited, not clipped', () => {
  const weak = speechLike(-32, 6).noisy;
  const shout = speechLike(0, 2, { seed: 3 }).noisy;
  const { heard, gains } = levelled([...weak, ...shout]);
  expect(gains[299]).toBeGreaterThan(10);
  expect(Math.max(...heard.map(Math.abs))).toBeLessThanOrEqual(32_700);
});

test('a channel that is off passes bit-exactly, full scale too', () => {
  const signal = addSamples(sine(700, 3, 1_600), gaussianNoise(-20, 1_600, seededRandom(2))).map((value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
  expect(levelled(signal, null).heard).toEqual(Int16Array.from(signal));
});

test('switched off in a call it is back at 0 dB after a block, bit-exactly after two', () => {
  const dsp = testDsp();
  const agc = new AutomaticGains(dsp, 1);
  const audio = dsp.rows(4, 160);
  const { noisy } = speechLike(-30, 4);
  agc.enable(0);
  for (let at = 0; at < noisy.length; at += 160) {
    audio.row(0).set(noisy.subarray(at, at + 160));
    agc.process(0, audio);
  }
  expect(agc.gainDb(0)).toBeGreaterThan(6);
  agc.disable(0);
  agc.process(0, audio);
  audio.row(0).set(noisy.subarray(0, 160));
  const before = audio.row(0).slice();
  agc.process(0, audio);
  expect(audio.row(0)).toEqual(before);
});
