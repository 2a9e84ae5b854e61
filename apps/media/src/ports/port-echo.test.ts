import { expect, test } from 'vitest';
import { dbm0, speechLike } from '@tipring/dsp/test-support';
import type { PortTreatment } from '@tipring/gateway';
import { PortBed, toneAt } from './testing/port-bed.ts';

/** A far end that speaks into a call on a line of TBR 21 with a card of 600 Ω, which sends 10 dB less back. @returns what it hears, from the second second on */
function heardByWhoSpeaks(treatment: Partial<PortTreatment>): number[] {
  const bed = new PortBed();
  bed.office('S/1', { dialTone: null, impedance: '270+750∥150nF' }, { cable: { gauge: 'AWG 26', km: 0.2 } });
  bed.open('S/1', treatment);
  // A neighbour, with a tail of 64 ms.
  bed.open('S/3');
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.wait(500);
  const link = bed.connect('S/1');
  const { noisy: samples } = speechLike(-15, 4);
  for (let at = 0; at < samples.length; at += 160) {
    link.say(samples.subarray(at, at + 160));
    bed.wait(20);
  }
  bed.unit.close();
  return link.heard.slice(8_000);
}

test('who speaks to a line of another impedance hears of himself less than -45 dBm0 after one second', () => {
  expect(dbm0(heardByWhoSpeaks({}))).toBeLessThan(-45);
});

test('without the canceller he does not', () => {
  expect(dbm0(heardByWhoSpeaks({ echo: null }))).toBeGreaterThan(-32);
});

test.each([32, 128] as const)('a tail of %d ms does as well, beside a neighbour with 64', (tailMs) => {
  expect(dbm0(heardByWhoSpeaks({ echo: { tailMs } }))).toBeLessThan(-45);
});

test('the answer tone of a modem, with phase reversals, opens the way: nothing is cancelled, and gains are fixed', () => {
  const bed = new PortBed();
  const office = bed.office('S/1', { dialTone: null, impedance: '270+750∥150nF' }, { cable: { gauge: 'AWG 26', km: 0.2 } });
  bed.open('S/1', { automaticGain: true, noiseReduction: true });
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.wait(500);
  const link = bed.connect('S/1');
  bed.listen('S/1', { fax: true });
  office.mouth.say(Float64Array.from({ length: 24_000 }, (_, n) => toneAt(2_100, -15, n, 1)[0]! * (Math.floor(n / 3_600) % 2 === 0 ? 1 : -1)));
  bed.wait(3_500);
  expect(bed.of('S/1', 'faxTone').map(({ tone }) => tone)).toEqual(['ced', 'ced-reversed']);
  expect(bed.measure('S/1').echo?.isDisabled).toBe(true);
  // What the modem sends now comes back as the line gives it.
  for (let at = 0; at < 8_000; at += 160) {
    link.say(toneAt(1_800, -15, at, 160));
    bed.wait(20);
  }
  expect(dbm0(link.heard.slice(-4_000))).toBeGreaterThan(-27);
  // The next call is one of people again.
  bed.command('S/1', { do: 'hook', hook: 'on' });
  bed.command('S/1', { do: 'hook', hook: 'off' });
  expect(bed.measure('S/1').echo?.isDisabled).toBe(false);
  bed.unit.close();
});

test('a port that carries data suppresses nothing of what the canceller leaves', () => {
  expect(dbm0(heardByWhoSpeaks({ audio: 'data' }))).toBeGreaterThan(dbm0(heardByWhoSpeaks({})) + 3);
});

test('the answer tone of a fax at the far end is told too, as the far end’s', () => {
  const bed = new PortBed();
  bed.office('S/1', { dialTone: null }, { cable: { gauge: 'AWG 26', km: 0.2 } });
  bed.open('S/1');
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.wait(500);
  const link = bed.connect('S/1');
  bed.listen('S/1', { fax: true });
  for (let at = 0; at < 16_000; at += 160) {
    link.say(toneAt(2_100, -15, at, 160));
    bed.wait(20);
  }
  expect(bed.of('S/1', 'faxTone')).toMatchObject([{ tone: 'ced', side: 'far' }]);
  bed.unit.close();
});
