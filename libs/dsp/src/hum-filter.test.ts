import { expect, test } from 'vitest';
import { HumFilters } from './hum-filter.ts';
import { addSamples, dbm0, gaussianNoise, seededRandom, silence, sine, speechLike, testDsp } from './test-support.ts';

/** `signal` through channel 3 of four. */
function filtered(signal: ArrayLike<number>, { only = false } = {}) {
  const dsp = testDsp();
  const hum = new HumFilters(dsp, 4);
  if (only) hum.measureOnly(3);
  const audio = dsp.rows(4, 160);
  const input = Int16Array.from(signal, Math.round);
  const heard = new Int16Array(input.length);
  for (let at = 0; at + 160 <= input.length; at += 160) {
    audio.row(3).set(input.subarray(at, at + 160));
    hum.process(0, audio);
    heard.set(audio.row(3), at);
  }
  return { input, heard, reading: hum.read(3) };
}

/** The harmonics of `hz` at these levels. */
function humOf(hz: number, levels: readonly number[], seconds: number): Float64Array {
  return addSamples(...levels.map((level, index) => sine(hz * (index + 1), level, seconds * 8_000, { phase: index * 1.7 })));
}

const buzz = [-38, -45, -33, -50, -40, -56, -46, -58];

for (const hz of [49.8, 50, 50.13, 59.95, 60, 60.4]) {
  test(`hum of ${hz} Hz is measured to 0.1 Hz and 1 dB a harmonic, and removed by 15 dB or more`, () => {
    const levels = hz < 55 ? buzz : buzz.slice(0, 7);
    const { input, heard, reading } = filtered(addSamples(humOf(hz, levels, 8), gaussianNoise(-70, 64_000, seededRandom(1))));
    expect(Math.abs(reading.fundamentalHz! - hz)).toBeLessThan(0.1);
    levels.forEach((level, index) => expect(Math.abs(reading.harmonics[index]!.levelDbm0 - level), `harmonic ${index + 1}`).toBeLessThan(1));
    expect(reading.harmonics.filter(({ removed }) => removed)).toHaveLength(levels.length);
    expect(Math.abs(reading.totalDbm0 - dbm0(input))).toBeLessThan(0.5);
    expect(dbm0(heard, 48_000) - dbm0(input, 48_000)).toBeLessThan(-15);
  });
}

test('a line without hum passes bit-exactly: speech, tones on multiples of 50 Hz, noise', () => {
  const tone = (...hz: readonly number[]): Float64Array => addSamples(...hz.map((f) => sine(f, -13, 64_000)));
  for (const [name, signal] of Object.entries({
    speech: speechLike(-18, 20).noisy,
    'dial tone 350+440': tone(350, 440),
    'dial tone 350+450': tone(350, 450),
    'ring-back 400': tone(400),
    'dial tone 425': tone(425),
    'ring-back 400+450': tone(400, 450),
    'busy 480+620': tone(480, 620),
    '300 Hz': tone(300),
    noise: gaussianNoise(-35, 64_000, seededRandom(4)),
  })) {
    const { input, heard, reading } = filtered(signal);
    expect(heard, name).toEqual(input);
    expect(reading.fundamentalHz, name).toBeNull();
  }
});

test('hum is found between words and removed under them; speech loses less than 0.5 dB', () => {
  const { clean, active, noisy } = speechLike(-16, 30);
  const hum = humOf(50.05, [-50, -56, -48], 30);
  const { heard, reading } = filtered(addSamples(noisy, hum));
  expect(Math.abs(reading.harmonics[0]!.levelDbm0 + 50)).toBeLessThan(1);
  expect(reading.harmonics.map(({ removed }) => removed)).toEqual([true, true, true, false, false, false, false, false]);
  const spoken = (signal: ArrayLike<number>): number => dbm0(Array.from(signal).filter((_, n) => n > 120_000 && active[n]));
  expect(Math.abs(spoken(heard) - spoken(clean))).toBeLessThan(0.5);
  const pause = Array.from({ length: 240_000 }, (_, n) => n).filter((n) => n > 120_000 && !active[n] && !active[n - 1_200]);
  expect(dbm0(pause.map((n) => heard[n]!))).toBeLessThan(-58);
});

test('beside the notches of all harmonics less than 0.5 dB is lost at 7 Hz, and 0.2 dB in the middle and above', () => {
  const hum = humOf(50, buzz.map(() => -45), 8);
  for (const [f, loss] of [[57, 0.5], [143, 0.5], [293, 0.5], [407, 0.5], [175, 0.3], [325, 0.3], [450, 0.2], [700, 0.2], [3_000, 0.1]] as const) {
    const probe = sine(f, -25, 64_000);
    const { heard } = filtered(addSamples(hum, probe));
    const tail = heard.subarray(48_000, 56_000);
    const [c, s] = [0, Math.PI / 2].map((phase) => {
      const reference = sine(f, 0, 8_000, { phase });
      return tail.reduce((sum, value, n) => sum + value * reference[n]!, 0) / reference.reduce((sum, value) => sum + value * value, 0);
    });
    expect(Math.abs(20 * Math.log10(Math.hypot(c!, s!)) + 25), `${f} Hz`).toBeLessThan(loss);
  }
});

test('hum that goes away is let go: the line is bit-exact again', () => {
  const { input, heard, reading } = filtered([...humOf(60, [-40, -40], 6), ...gaussianNoise(-50, 12 * 8_000, seededRandom(2)).map((value) => value * 0.1)]);
  expect(reading.fundamentalHz).toBeNull();
  expect(heard.subarray(-16_000)).toEqual(input.subarray(-16_000));
});

test('direct current is measured and removed', () => {
  const { heard, reading } = filtered(addSamples(silence(80_000).fill(400), sine(1_000, -20, 80_000)));
  expect(reading.offset).toBeCloseTo(400, 0);
  expect(reading.offsetRemoved).toBe(true);
  const mean = heard.subarray(-8_000).reduce((sum, value) => sum + value, 0) / 8_000;
  expect(Math.abs(mean)).toBeLessThan(2);
  expect(dbm0(heard.subarray(-8_000))).toBeCloseTo(-20, 1);
});

test('a line that is only measured is not touched', () => {
  const { input, heard, reading } = filtered(humOf(50, [-30, -40, -35], 6), { only: true });
  expect(heard).toEqual(input);
  expect(reading.fundamentalHz).toBeCloseTo(50, 1);
  expect(reading.harmonics.some(({ removed }) => removed)).toBe(false);
});
