import { expect, test } from 'vitest';
import { Gains } from './gain.ts';
import { dbm0, sine, testDsp } from './test-support.ts';

test('each channel has its own gain, and a slide ends at its target', () => {
  const dsp = testDsp();
  const gains = new Gains(dsp, 4);
  const audio = dsp.rows(4, 800);
  for (let channel = 0; channel < 4; channel++) audio.row(channel).set(sine(1_004, -20, 800));
  gains.set(0, 6);
  gains.set(1, -13.5);
  gains.slide(2, 12);
  gains.process(0, audio);
  expect(dbm0(audio.row(0))).toBeCloseTo(-14, 1);
  expect(dbm0(audio.row(1))).toBeCloseTo(-33.5, 1);
  expect(dbm0(audio.row(2), 160)).toBeCloseTo(-8, 1);
  expect(dbm0(audio.row(3))).toBeCloseTo(-20, 1);
});

test('samples that do not fit are saturated and counted', () => {
  const dsp = testDsp();
  const gains = new Gains(dsp, 4);
  const audio = dsp.rows(4, 160);
  audio.row(1).fill(20_000, 0, 7);
  audio.row(1).fill(-20_000, 7, 10);
  gains.set(1, 6);
  gains.process(0, audio);
  expect(gains.clipped(1)).toBe(10);
  expect(gains.clipped(0)).toBe(0);
  expect([audio.row(1)[0], audio.row(1)[9]]).toEqual([32_767, -32_768]);
});
