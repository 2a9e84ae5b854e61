import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import { PortBed, type TestLink, toneAt } from './testing/port-bed.ts';

const hz = 1_000;

const tone = toneAt(hz, -12, 0, 160);

/** Says a tone by the clock of the network: a packet every 20 ms, late by what `lateMs` says, never before its predecessor. */
function sendTone(bed: PortBed, link: TestLink, seconds: number, lateMs: () => number = () => 0): void {
  const end = bed.timers.now() + seconds * 1_000;
  link.remembers = false;
  let notBefore = 0;
  const say = (): void => {
    // Twenty periods: each packet goes on where the one before it ended.
    notBefore = Math.max(notBefore, bed.timers.now() + lateMs());
    if (notBefore > bed.timers.now()) bed.timers.start(notBefore - bed.timers.now(), () => link.say(tone));
    else link.say(tone);
    if (bed.timers.now() + 20 < end) bed.timers.start(20, say);
  };
  say();
}

/** The most by which what the exchange hears is no sine of one frequency: G.711 alone is below -17 dB, where a sample is left out or made up it is some -5. */
function worstResidueDb(bed: PortBed, port: string, seconds: number): number {
  const office = bed.office(port, { dialTone: null, impedance: '600' });
  bed.command(port, { do: 'hook', hook: 'off' });
  let worst = -Infinity;
  bed.wait(3_000);
  for (let ms = 0; ms < seconds * 1_000; ms += 100) {
    bed.wait(100);
    const heard = office.ear.samples(100);
    // Of a sine each sample follows from the two before it.
    let residue = 0;
    let power = 0;
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8_000);
    for (let n = 2; n < heard.length; n++) {
      residue = Math.max(residue, (heard[n]! - coefficient * heard[n - 1]! + heard[n - 2]!) ** 2);
      power += heard[n]! ** 2;
    }
    worst = Math.max(worst, 10 * Math.log10(residue / (power / heard.length)));
  }
  return worst;
}

test('a card that is 50 ppm fast, 50 slow or 200 fast takes ten minutes of packets and neither slips nor runs dry', () => {
  const ppms = { fast: 50, slow: -50, wild: 200 };
  const bed = new PortBed(Object.entries(ppms).map(([serial, ppm]) => ({ serial, ports: ['fxo'], ppm })));
  for (const serial of Object.keys(ppms)) {
    const port = `${serial}/1`;
    bed.open(port, { echo: null, humFilter: false });
    sendTone(bed, bed.connect(port), 600);
  }
  bed.wait(590_000);
  for (const [serial, ppm] of Object.entries(ppms)) {
    const { buffer } = bed.measure(`${serial}/1`);
    expect([serial, buffer!.underruns, buffer!.overruns]).toEqual([serial, 0, 0]);
    // The card's clock is fast where the packets are slow. Virtual time goes by whole milliseconds, so it is not known better.
    expect(Math.abs(buffer!.driftPpm + ppm)).toBeLessThan(20);
    expect(buffer!.delayMs).toBeGreaterThan(30);
    expect(buffer!.delayMs).toBeLessThan(60);
  }
  bed.unit.close();
});

test('what a fast card says is a tone without a click', () => {
  const bed = new PortBed([{ serial: 'S', ports: ['fxo'], ppm: 200 }]);
  bed.open('S/1');
  sendTone(bed, bed.connect('S/1'), 60);
  expect(worstResidueDb(bed, 'S/1', 50)).toBeLessThan(-15);
  bed.unit.close();
});

test('and a sample too few would be heard', () => {
  const bed = new PortBed([{ serial: 'S', ports: ['fxo'] }]);
  bed.open('S/1');
  const link = bed.connect('S/1');
  let at = 0;
  const say = (): void => {
    link.say(toneAt(hz, -12, at < 40_000 ? at : at + 1, 160));
    at += 160;
    bed.timers.start(20, say);
  };
  say();
  expect(worstResidueDb(bed, 'S/1', 5)).toBeGreaterThan(-10);
  bed.unit.close();
});

test('a packet that does not come is concealed, and counted', () => {
  const bed = new PortBed([{ serial: 'S', ports: ['fxo'] }]);
  bed.open('S/1');
  const link = bed.connect('S/1');
  sendTone(bed, link, 8);
  bed.timers.start(5_000, () => link.skip());
  const office = bed.office('S/1', { dialTone: null, impedance: '600' });
  bed.command('S/1', { do: 'hook', hook: 'off' });
  for (bed.wait(4_900); bed.timers.now() < 5_500; ) {
    bed.wait(20);
    expect(office.ear.toneDbm0(hz, 20)).toBeGreaterThan(-20);
  }
  expect(bed.measure('S/1').buffer!.underruns).toBe(1);
  bed.unit.close();
});

test('jitter of 30 ms: the delay grows to what it takes, and then nothing is missing', () => {
  const random = seededRandom(5);
  const bed = new PortBed([{ serial: 'S', ports: ['fxo'], ppm: 50 }]);
  bed.open('S/1');
  sendTone(bed, bed.connect('S/1'), 120, () => (random() < 0.2 ? 30 * random() : 2 * random()));
  bed.wait(40_000);
  const before = bed.measure('S/1').buffer!;
  bed.wait(70_000);
  const after = bed.measure('S/1').buffer!;
  expect(before.delayMs).toBeGreaterThan(50);
  expect(after.delayMs).toBeLessThan(100);
  expect(after.underruns - before.underruns).toBeLessThanOrEqual(1);
  bed.unit.close();
});

test('two cards with clocks of their own, patched: neither slips', () => {
  const bed = new PortBed([{ serial: 'fast', ports: ['fxo'], ppm: 60 }, { serial: 'slow', ports: ['fxo'], ppm: -60 }]);
  bed.open('fast/1');
  bed.open('slow/1');
  bed.obey({ do: 'patchPorts', ports: ['fast/1', 'slow/1'] });
  bed.wait(120_000);
  for (const port of ['fast/1', 'slow/1']) {
    const { buffer } = bed.measure(port);
    expect([port, buffer!.underruns, buffer!.overruns]).toEqual([port, 0, 0]);
    expect(buffer!.delayMs).toBeLessThan(60);
  }
  bed.unit.close();
});

test('a far end that stops and begins again is no underrun', () => {
  const bed = new PortBed([{ serial: 'S', ports: ['fxo'] }]);
  bed.open('S/1');
  const link = bed.connect('S/1');
  for (let n = 0; n < 5; n++) {
    sendTone(bed, link, 3);
    bed.wait(6_000);
  }
  expect(bed.measure('S/1').buffer!.underruns).toBe(0);
  bed.unit.close();
});
