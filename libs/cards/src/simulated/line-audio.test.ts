import { expect, test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import { dbm0 } from '@tipring/dsp/test-support';
import { PortRecorder } from '../port-recorder.ts';
import { insertionLossDb } from '../twin/cable.ts';
import { real } from '../twin/complex.ts';
import type { LineSettings } from '../twin/line.ts';
import type { ImpedanceName } from '../twin/impedance.ts';
import { officeLine, shortLine, telephoneLine } from './line-bed.ts';
import { SimulatedCards } from './simulated-cards.ts';

/** A call on an FXO port, of an exchange that says nothing. */
function call(line: LineSettings, { card = '600', exchange = '600' }: { readonly card?: ImpedanceName; readonly exchange?: ImpedanceName } = {}) {
  const made = officeLine({ line, settings: { dialTone: null, impedance: exchange } });
  made.port.port.configure({ impedance: card }, () => {});
  made.bed.obey(made.port, { do: 'hook', hook: 'off' });
  made.bed.wait(500);
  made.port.forget();
  return made;
}

/** Sines of 500 to 2500 Hz, equally strong, together of -10 dBm0, for two seconds. */
const comb = Array.from({ length: 16_000 }, (_, n) => {
  let sum = 0;
  for (let k = 0; k <= 40; k++) sum += Math.sin((2 * Math.PI * (500 + 50 * k) * n) / 8_000 + k * k);
  return (sum * 16_141 * 10 ** (-10 / 20)) / Math.sqrt(41 / 2);
});

test.each<[ImpedanceName, number]>([['600', 10.2], ['270+750∥150nF', 35.1]])('a card of %s on a TBR 21 line of 200 m hears itself %d dB weaker, ±1 dB', (card, erl) => {
  const { bed, port } = call({ cable: { gauge: 'AWG 26', km: 0.2 } }, { card, exchange: '270+750∥150nF' });
  port.mouth.say(comb);
  bed.wait(1_500);
  expect(Math.abs(-10 - dbm0(port.heard.slice(4_000)) - erl)).toBeLessThan(1);
});

test.each([2, 5])('%d km of AWG 26 lose at 1004 Hz what the cable loses, both ways', (km) => {
  const { bed, port, office } = call({ cable: { gauge: 'AWG 26', km } });
  office.mouth.play({ segments: [{ frequenciesHz: [1_004], durationMs: null }] }, -10);
  port.sendTone(1_604);
  bed.wait(1_000);
  const loss = (hz: number): number => insertionLossDb({ gauge: 'AWG 26', km }, real(600), real(600), hz);
  expect(Math.abs(port.toneDbm0(1_004) + 10 + loss(1_004))).toBeLessThan(0.2);
  expect(Math.abs(office.ear.toneDbm0(1_604) + 10 + loss(1_604))).toBeLessThan(0.2);
});

test('noise and hum are as strong as they were set, and hum has the odd harmonics of a ground loop', () => {
  const noisy = call({ ...shortLine, disturbance: { noiseDbm0: -45, hum: null } });
  noisy.bed.wait(2_000);
  expect(dbm0(noisy.port.heard)).toBeCloseTo(-45, 0);
  const humming = call({ ...shortLine, disturbance: { noiseDbm0: null, hum: { hz: 50, levelDbm0: -35 } } });
  humming.bed.wait(2_000);
  expect(dbm0(humming.port.heard)).toBeCloseTo(-35, 0);
  expect(humming.port.toneDbm0(150)).toBeCloseTo(-35 - 7, 0);
});

test('too much gain clips', () => {
  const { bed, port, office } = call(shortLine);
  port.port.configure({ receiveGainDb: 12 }, () => {});
  office.mouth.play({ segments: [{ frequenciesHz: [1_000], durationMs: null }] }, 0);
  bed.wait(500);
  expect(Math.max(...port.heard)).toBe(32_124);
  expect(port.toneDbm0(3_000)).toBeGreaterThan(-20);
});

test('with less current than its least the port sends nothing any more', () => {
  for (const [km, heard] of [[10, true], [16, false]] as const) {
    const { bed, port, office } = call({ cable: { gauge: 'AWG 26', km } });
    port.sendTone(500);
    bed.wait(500);
    expect(office.ear.toneDbm0(500) > -60).toBe(heard);
  }
});

test('a spike is heard in a call', () => {
  const { bed, line, port } = call(shortLine);
  line.induce(10, null, 5);
  bed.wait(100);
  expect(port.heard.filter((sample) => Math.abs(sample) > 1_000).length).toBeGreaterThan(10);
  port.forget();
  bed.wait(100);
  expect(port.heard.every((sample) => sample === 0)).toBe(true);
});

test('a parallel telephone makes the other side 3.5 dB fainter', () => {
  const { bed, line, port, office } = call(shortLine);
  office.mouth.play({ segments: [{ frequenciesHz: [1_000], durationMs: null }] }, -10);
  bed.wait(500);
  const alone = port.toneDbm0(1_000);
  line.parallelSet('off');
  bed.wait(500);
  expect(port.toneDbm0(1_000) - alone).toBeCloseTo(-3.5, 0);
});

test('nothing is heard from a line whose loop is open', () => {
  const { bed, port, telephone } = telephoneLine();
  telephone.lift();
  telephone.mouth.play({ segments: [{ frequenciesHz: [1_000], durationMs: null }] }, -10);
  bed.wait(500);
  expect(port.toneDbm0(1_000)).toBeGreaterThan(-12);
  bed.obey(port, { do: 'openLoop', ms: 1_000 });
  bed.wait(500);
  expect(port.toneDbm0(1_000)).toBeLessThan(-60);
});

test('a card whose clock is 5000 ppm too fast has 5 blocks of 1000 more than one that is right', () => {
  const timers = new FakeTimers();
  const cards = new SimulatedCards(timers, [{ serial: 'right', ports: ['fxo'] }, { serial: 'fast', ports: ['fxo'], ppm: 5_000 }]);
  const [right, fast] = ['right', 'fast'].map((card) => new PortRecorder(cards.port({ card, port: 1 })!)) as [PortRecorder, PortRecorder];
  for (const recorder of [right, fast]) void recorder.open();
  timers.advance(20_000);
  expect([right.blocks, fast.blocks]).toEqual([1_000, 1_005]);
});
