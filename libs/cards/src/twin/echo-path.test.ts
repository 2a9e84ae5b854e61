import { expect, test } from 'vitest';
import { cables, echoReturnLossDb as independentErlDb, terminations } from '@tipring/dsp/test-support';
import { magnitude } from './complex.ts';
import { echoReturnLossDb, impulseResponses, resistance, scattering, type VoicePath } from './echo-path.ts';
import { type ImpedanceName, impedanceAt, impedances } from './impedance.ts';

const named = (name: ImpedanceName) => (hz: number) => impedanceAt(impedances[name], hz);

function line(near: ImpedanceName, far: ImpedanceName, km: number): VoicePath {
  return { cable: { gauge: 'AWG 26', km }, near: named(near), far: named(far) };
}

/** Of the impulse response, by the same mean. */
function erlOfTaps(taps: Float64Array): number {
  let power = 0;
  let points = 0;
  for (let hz = 500; hz <= 2_500; hz += 50, points++) power += responseAt(taps, hz) ** 2;
  return -10 * Math.log10(power / points);
}

function responseAt(taps: Float64Array, hz: number): number {
  let re = 0;
  let im = 0;
  taps.forEach((tap, n) => {
    re += tap * Math.cos((2 * Math.PI * hz * n) / 8_000);
    im -= tap * Math.sin((2 * Math.PI * hz * n) / 8_000);
  });
  return Math.hypot(re, im);
}

test('a TBR 21 line with a 600 ohm card has an echo return loss of 10.2 dB, with the matching profile of 35.1 dB, ±1 dB', () => {
  expect(Math.abs(echoReturnLossDb(line('600', '270+750∥150nF', 0.2)) - 10.2)).toBeLessThan(1);
  expect(Math.abs(echoReturnLossDb(line('270+750∥150nF', '270+750∥150nF', 0.2)) - 35.1)).toBeLessThan(1);
});

test('the impulse response is the echo return loss that was computed', () => {
  for (const [near, far, km] of [['600', '270+750∥150nF', 0.2], ['600', '900+2.16µF', 2], ['370+620∥310nF', '600', 4]] as const) {
    const path = line(near, far, km);
    expect(erlOfTaps(impulseResponses(path).nearEcho)).toBeCloseTo(echoReturnLossDb(path), 1);
  }
});

test('an independent reckoning of the same line comes to the same loss', () => {
  const mine = echoReturnLossDb(line('600', '900+2.16µF', 2));
  expect(mine).toBeCloseTo(independentErlDb({ card: terminations.ohms600, cable: cables.awg26, km: 2, exchange: terminations.ohms900 }), 2);
});

test('between equal impedances without cable all arrives and nothing comes back', () => {
  const path: VoicePath = { cable: { gauge: 'AWG 26', km: 0 }, near: resistance(600), far: resistance(600) };
  const { nearEcho, nearToFar, farToNear } = scattering(path, 1_000);
  expect([magnitude(nearEcho), magnitude(nearToFar), magnitude(farToNear)].map((size) => Math.round(size * 1e9) / 1e9)).toEqual([0, 1, 1]);
  const taps = impulseResponses(path).nearToFar;
  for (const hz of [300, 1_000, 3_000]) expect(Math.abs(20 * Math.log10(responseAt(taps, hz)))).toBeLessThan(0.15);
});

test('a parallel set off hook halves what arrives: 3.5 dB, and echoes', () => {
  const path: VoicePath = { cable: { gauge: 'AWG 26', km: 0 }, near: resistance(600), far: resistance(600), across: resistance(600) };
  const { nearEcho, nearToFar } = scattering(path, 1_000);
  expect(20 * Math.log10(magnitude(nearToFar))).toBeCloseTo(-3.52, 2);
  expect(magnitude(nearEcho)).toBeCloseTo(1 / 3, 6);
});
