import { expect, test } from 'vitest';
import { ToneGenerators } from './tone-generator.ts';
import { dbm0, rms, rms0Dbm0, testDsp } from './test-support.ts';
import type { Tone } from './tone.ts';

const steady = (...frequenciesHz: readonly number[]): Tone => ({ segments: [{ frequenciesHz, durationMs: null }] });
const bursts = (onMs: number, offMs: number, hz = 425): Tone => ({
  segments: [
    { frequenciesHz: [hz], durationMs: onMs },
    { frequenciesHz: [], durationMs: offMs },
  ],
});

function played(tone: Tone, { level = -10, ms = 2_000, rate = 8_000 } = {}): Int16Array {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1, { rate });
  const audio = dsp.rows(1, (ms * rate) / 1_000);
  generators.play(0, tone, level);
  generators.write(0, audio, 0);
  return audio.row(0);
}

test.each([8_000, 16_000, 48_000])('at %i Hz the frequency is within 0.1 Hz and the level within 0.1 dB', (rate) => {
  for (const frequency of [20, 350, 425, 1_004.3, 2_100, 3_950]) {
    for (const level of [3, -10, -28]) {
      const samples = played(steady(frequency), { level, rate });
      expect(Math.abs(frequencyErrorHz(samples.subarray(rate / 4), frequency, rate))).toBeLessThan(0.1);
      expect(Math.abs(dbm0(samples, rate) - level)).toBeLessThan(0.1);
    }
  }
});

test.each([8_000, 16_000, 48_000])('at %i Hz everything else is 60 dB below the tone', (rate) => {
  for (const frequencies of [[425], [1_000], [3_400], [350, 440], [480, 620], [1_400, 2_060, 2_450, 2_600]]) {
    for (const level of [-3, -10, -20]) {
      expect(strongestElsewhere(played(steady(...frequencies), { level, rate }).subarray(1_000), frequencies, rate)).toBeLessThan(-60);
    }
  }
});

test('the level is that of all frequencies together, and each has the same part of it', () => {
  const samples = played(steady(350, 440, 480, 620), { level: -13 });
  expect(dbm0(samples, 8_000)).toBeCloseTo(-13, 1);
  for (const frequency of [350, 440, 480, 620]) expect(partDbm0(samples.subarray(8_000), frequency)).toBeCloseTo(-19, 1);
});

test('a modulated carrier has its sidebands, and its level is that of all three', () => {
  const tone: Tone = { segments: [{ frequenciesHz: [400], modulation: { frequencyHz: 25, depth: 0.8 }, durationMs: null }] };
  const samples = played(tone, { level: -10 }).subarray(8_000);
  expect(dbm0(samples)).toBeCloseTo(-10, 1);
  const carrier = partDbm0(samples, 400);
  for (const side of [375, 425]) expect(partDbm0(samples, side) - carrier).toBeCloseTo(20 * Math.log10(0.4), 1);
  expect(strongestElsewhere(samples, [375, 400, 425], 8_000)).toBeLessThan(-60);
  // The sidebands are in phase for amplitude, not frequency, modulation: the envelope swings from 0.2 to 1.8 of the carrier.
  const peakOf = (from: number): number => Math.max(...samples.subarray(from, from + 20));
  const peaks = Array.from({ length: 300 }, (_, block) => peakOf(block * 20));
  expect(Math.max(...peaks) / Math.min(...peaks)).toBeGreaterThan(6);
});

test('four frequencies at +3 dBm0 do not fit 16 bits, and are lowered instead of clipped', () => {
  const frequencies = [1_400, 2_060, 2_450, 2_600];
  const samples = played(steady(...frequencies), { level: 3 });
  expect(dbm0(samples, 8_000)).toBeCloseTo(-2.9, 1);
  expect(strongestElsewhere(samples.subarray(1_000), frequencies, 8_000)).toBeLessThan(-60);
});

test.each([8_000, 16_000, 48_000])('at %i Hz a cadence is exact to the sample for half a minute, half amplitude to half amplitude', (rate) => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1, { rate });
  const block = dsp.rows(1, rate / 50);
  generators.play(0, bursts(330, 170, 1_000), -10);
  // Blocks of any length: the cadence does not see them.
  const all: number[] = [];
  for (let index = 0; index < 3_100; index++) {
    const length = (index * 7_919) % (block.samples + 1);
    generators.write(0, block, 0, 0, length);
    all.push(...block.row(0).subarray(0, length));
  }
  const signal = Float64Array.from(all);
  const period = rate / 2;
  for (const index of [0, 1, Math.floor(signal.length / period) - 1]) {
    const on = index * period;
    const off = on + 0.33 * rate;
    const edge = 0.0015 * rate;
    expect(rms(signal, off + edge, on + period)).toBe(0);
    expect(signal[on + 2]).toBeGreaterThan(0);
    expect(dbm0(signal, on + edge, off)).toBeCloseTo(-10, 1);
    // Half of the way through an edge there is half of the amplitude, at both ends.
    expect(rms(signal, on, on + edge)).toBeLessThan(0.75 * rms0Dbm0 * 10 ** (-10 / 20));
    expect(rms(signal, off, off + edge)).toBeGreaterThan(0);
  }
});

test('no edge clicks: what a burst adds beyond 1 kHz of its tone is 40 dB below it', () => {
  const samples = played(bursts(50, 50, 425), { level: -10, ms: 2_100 });
  expect(strongestElsewhere(samples, [425], 8_000, 1_000)).toBeLessThan(-40);
});

test('what changes or stops at any sample does so without a step', () => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1);
  const audio = dsp.rows(1, 8_000);
  // Steeper than the steepest slope of a 1 kHz sine at -10 dBm0 together with its edge no difference of neighbours may be.
  const steepest = 7_220 * 2 * Math.sin(Math.PI / 8) * 2 * 1.3;
  for (let change = 0; change < 60; change++) {
    const from = change * 131;
    if (change % 7 === 3) generators.stop(0);
    else generators.play(0, change % 2 === 0 ? steady(400 + change) : steady(350, 1_000), -10);
    generators.write(0, audio, 0, from, from + (change % 5 === 0 ? 3 : 131));
    if (change % 5 === 0) {
      generators.play(0, steady(777), -10);
      generators.write(0, audio, 0, from + 3, from + 131);
    }
  }
  const row = audio.row(0).subarray(0, 60 * 131);
  expect(row.reduce((most, sample, at) => Math.max(most, Math.abs(sample - (row[at - 1] ?? 0))), 0)).toBeLessThan(steepest);
});

test('a tone begins with the sample it is asked for', () => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1);
  const audio = dsp.rows(1, 160);
  generators.write(0, audio, 0, 0, 77);
  generators.play(0, steady(1_000), -10);
  generators.write(0, audio, 0, 77);
  expect(rms(audio.row(0), 0, 78)).toBe(0);
  expect(audio.row(0)[79]).toBeGreaterThan(0);
});

test('stutter dial tone stutters once and then stays', () => {
  const burst = [{ frequenciesHz: [350, 440], durationMs: 100 }, { frequenciesHz: [], durationMs: 100 }];
  const samples = played({ segments: [...burst, ...burst, ...burst, { frequenciesHz: [350, 440], durationMs: null }], repeatFrom: 6 }, { ms: 10_000 });
  for (const at of [0, 1, 2]) {
    expect(rms(samples, at * 1_600 + 20, at * 1_600 + 800)).toBeGreaterThan(1_000);
    expect(rms(samples, at * 1_600 + 820, at * 1_600 + 1_600)).toBe(0);
  }
  for (let at = 4_820; at + 800 <= 80_000; at += 800) expect(rms(samples, at, at + 800)).toBeGreaterThan(1_000);
});

test('a tone that is heard once ends, and its end is told', () => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 2);
  const audio = dsp.rows(1, 160);
  expect(generators.playing(0)).toBe(false);
  generators.play(0, { segments: [{ frequenciesHz: [440], durationMs: 300 }], repeatFrom: null }, -13);
  const playing: boolean[] = [];
  for (let tick = 0; tick < 20; tick++) {
    generators.write(0, audio, 0);
    playing.push(generators.playing(0));
  }
  expect(playing.indexOf(false)).toBe(15);
  expect(playing.slice(15)).toEqual([false, false, false, false, false]);
  expect(rms(audio.row(0))).toBe(0);
  expect(generators.playing(1)).toBe(false);
});

test('a swept howler moves evenly between its frequencies, and a stepped one changes its level', () => {
  const swept = played({ segments: [{ frequenciesHz: [800], sweepToHz: 3_200, durationMs: 1_000 }] }, { ms: 2_000, level: 3 });
  for (const [ms, hz] of [[250, 1_400], [500, 2_000], [750, 2_600], [1_250, 1_400]] as const) {
    expect(zeroCrossingsHz(swept.subarray(ms * 8 - 160, ms * 8 + 160))).toBeCloseTo(hz, -2);
  }
  const stepped = played({ segments: [-30, -20, -10].map((levelDb) => ({ frequenciesHz: [1_000], levelDb, durationMs: 500 })) }, { level: 3, ms: 1_500 });
  for (const [index, level] of [-27, -17, -7].entries()) expect(dbm0(stepped, index * 4_000 + 100, (index + 1) * 4_000)).toBeCloseTo(level, 1);
});

test('a call-waiting beep is added to the speech of its row, and nothing else is touched', () => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1);
  const audio = dsp.rows(2, 1_600);
  audio.row(0).fill(1_000);
  audio.row(1).fill(32_000);
  generators.play(0, { segments: [{ frequenciesHz: [425], durationMs: 100 }], repeatFrom: null }, -10);
  generators.add(0, audio, 0);
  expect(dbm0(audio.row(0).map((sample) => sample - 1_000), 20, 800)).toBeCloseTo(-10, 1);
  expect([...audio.row(0).subarray(820)].every((sample) => sample === 1_000)).toBe(true);
  generators.play(0, steady(425), 0);
  generators.add(0, audio, 1);
  expect(Math.max(...audio.row(1))).toBe(32_767);
});

test.each<[string, Tone, number]>([
  ['no segment', { segments: [] }, -10],
  ['33 segments', { segments: Array.from({ length: 33 }, () => ({ frequenciesHz: [425], durationMs: 100 })) }, -10],
  ['five frequencies', steady(300, 400, 500, 600, 700), -10],
  ['a frequency beyond half the rate', steady(4_100), -10],
  ['a sideband beyond half the rate', { segments: [{ frequenciesHz: [3_990], modulation: { frequencyHz: 25, depth: 1 }, durationMs: null }] }, -10],
  ['a segment of no duration', { segments: [{ frequenciesHz: [425], durationMs: 0 }] }, -10],
  ['an endless sweep', { segments: [{ frequenciesHz: [425], sweepToHz: 800, durationMs: null }] }, -10],
  ['a repetition of what is not there', { segments: [{ frequenciesHz: [425], durationMs: 100 }], repeatFrom: 1 }, -10],
  ['no level', steady(425), Number.NaN],
])('%s is refused, and what was played goes on', (_, tone, level) => {
  const dsp = testDsp();
  const generators = new ToneGenerators(dsp, 1);
  const audio = dsp.rows(1, 800);
  generators.play(0, steady(1_000), -20);
  generators.write(0, audio, 0);
  expect(() => generators.play(0, tone, level)).toThrow(RangeError);
  generators.write(0, audio, 0);
  expect(dbm0(audio.row(0))).toBeCloseTo(-20, 1);
});

/** Level of one frequency in dBm0; the length must be whole periods. */
function partDbm0(samples: Int16Array, frequency: number, rate = 8_000): number {
  const [re, im] = correlation(samples, frequency, rate);
  return 20 * Math.log10((Math.hypot(re, im) * Math.SQRT2) / samples.length / rms0Dbm0);
}

/** From the turn of the phase between the two halves. */
function frequencyErrorHz(samples: Int16Array, frequency: number, rate: number): number {
  const half = Math.floor(samples.length / 2);
  const [re1, im1] = correlation(samples.subarray(0, half), frequency, rate);
  const [re2, im2] = correlation(samples.subarray(half, 2 * half), frequency, rate, half);
  return Math.atan2(im2 * re1 - re2 * im1, re1 * re2 + im1 * im2) / ((2 * Math.PI * half) / rate);
}

function correlation(samples: Int16Array, frequency: number, rate: number, offset = 0): readonly [number, number] {
  let re = 0;
  let im = 0;
  for (let n = 0; n < samples.length; n++) {
    const angle = (-2 * Math.PI * frequency * (n + offset)) / rate;
    re += samples[n]! * Math.cos(angle);
    im += samples[n]! * Math.sin(angle);
  }
  return [re, im];
}

/** The strongest line that is none of `frequencies` (± `apart` Hz), in dB beside the strongest that is. */
function strongestElsewhere(samples: Int16Array, frequencies: readonly number[], rate: number, apart = (12 * rate) / spectrumSamples): number {
  const re = new Float64Array(spectrumSamples);
  const im = new Float64Array(spectrumSamples);
  // Blackman and Harris's window: its side lobes are 92 dB down, its main lobe is 4 lines wide on either side.
  for (let n = 0; n < spectrumSamples; n++) {
    const turn = (2 * Math.PI * n) / spectrumSamples;
    re[n] = samples[n % samples.length]! * (0.35875 - 0.48829 * Math.cos(turn) + 0.14128 * Math.cos(2 * turn) - 0.01168 * Math.cos(3 * turn));
  }
  fourier(re, im);
  let wanted = 0;
  let elsewhere = 0;
  for (let line = 1; line < spectrumSamples / 2; line++) {
    const power = re[line]! ** 2 + im[line]! ** 2;
    const hz = (line * rate) / spectrumSamples;
    if (frequencies.some((frequency) => Math.abs(frequency - hz) < apart)) wanted = Math.max(wanted, power);
    else if (hz > apart) elsewhere = Math.max(elsewhere, power);
  }
  return 10 * Math.log10(elsewhere / wanted);
}

/** In place, radix 2. */
function fourier(re: Float64Array, im: Float64Array): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j]] = [re[j]!, re[i]!];
  }
  for (let span = 2; span <= size; span *= 2) {
    for (let at = 0; at < span / 2; at++) {
      const cos = Math.cos((-2 * Math.PI * at) / span);
      const sin = Math.sin((-2 * Math.PI * at) / span);
      for (let low = at; low < size; low += span) {
        const high = low + span / 2;
        const r = re[high]! * cos - im[high]! * sin;
        const i = re[high]! * sin + im[high]! * cos;
        re[high] = re[low]! - r;
        im[high] = im[low]! - i;
        re[low]! += r;
        im[low]! += i;
      }
    }
  }
}

function zeroCrossingsHz(samples: Int16Array): number {
  let crossings = 0;
  for (let n = 1; n < samples.length; n++) if (samples[n]! < 0 !== samples[n - 1]! < 0) crossings++;
  return (crossings / 2 / samples.length) * 8_000;
}

const spectrumSamples = 8_192;
