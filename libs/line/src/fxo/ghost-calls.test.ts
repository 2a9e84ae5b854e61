import { expect, test } from 'vitest';
import { ringSettings } from '../ring/ring-settings.ts';
import { mulberry32 } from '../testing/mulberry32.ts';
import { FxoBed } from './fxo-bed.ts';

/** As many cards see them (nothing is measured), and as those do that measure. */
const disturbances: Readonly<Record<string, (bed: FxoBed, random: () => number) => void>> = {
  'spikes on the line': (bed, random) => {
    for (let spike = 0; spike < 1 + 5 * random(); spike++) pulse(bed, 1 + 60 * random(), 50 + 3_000 * random());
  },
  'lightning': (bed, random) => {
    for (let stroke = 0; stroke < 4 + 20 * random(); stroke++) pulse(bed, 5 + 115 * random(), 20 + 480 * random(), random() < 0.5 ? undefined : 5 + 1_000 * random());
  },
  'pulses of a parallel telephone, 10 a second': (bed, random) => {
    for (let digit = 0; digit < 7; digit++) {
      for (let count = 0; count < 1 + 9 * random(); count++) pulse(bed, 60, 40);
      bed.advance(700);
    }
  },
  'pulses of a parallel telephone, 20 a second': (bed, random) => {
    for (let digit = 0; digit < 10; digit++) {
      for (let count = 0; count < 1 + 9 * random(); count++) pulse(bed, 33, 17);
      bed.advance(500);
    }
  },
  'pulses that the card runs together and measures': (bed, random) => {
    for (let digit = 0; digit < 7; digit++) pulse(bed, 100 + 900 * random(), 700, 10);
  },
  'pulses that the card runs together, of a telephone it has seen': (bed, random) => {
    bed.say({ type: 'inUse' });
    for (let digit = 0; digit < 7; digit++) pulse(bed, 100 + 900 * random(), 700);
    bed.say({ type: 'inUseEnded' });
    for (let tinkle = 0; tinkle < 3; tinkle++) pulse(bed, 20 + 600 * random(), 20 * random(), 20 + 10 * random());
  },
  'tinkle of its own hang-up': (bed, random) => {
    bed.dial('5551234');
    bed.advance(300);
    bed.say({ type: 'release', cause: 'normalClearing' });
    for (let tinkle = 0; tinkle < 3; tinkle++) pulse(bed, 20 + 500 * random(), 100 * random(), 15 + 20 * random());
  },
  'message-waiting lamp': (bed, random) => {
    const half = 200 + 350 * random();
    for (let blink = 0; blink < 60; blink++) pulse(bed, half, half, random() < 0.5 ? undefined : Math.round(500 / half));
  },
  'stutter of message waiting': (bed, random) => {
    for (let pair = 0; pair < 10; pair++) pulse(bed, 80 + 60 * random(), 80 + 60 * random());
  },
  'induction from mains and railways': (bed, random) => {
    bed.say({ type: 'ringBegins', frequencyHz: random() < 0.5 ? 50 : 16.7, volts: 2 + 15 * random() });
    bed.advance(5_000 * random());
    bed.say({ type: 'ringEnds' });
  },
};

const lines = {
  'the United States': ringSettings([[2000, 4000], [800, 400, 800, 4000], [300, 200, 1000, 200, 300, 4000]]),
  'the United Kingdom': ringSettings([[400, 200, 400, 2000]]),
  'Germany': ringSettings([[1000, 4000]], 'pulse'),
  'Japan': ringSettings([[1000, 2000]]),
};

test.each(Object.entries(lines))('200 spikes, bleeds, tinkles and message-waiting voltages on a line in %s: no call is offered', (_country, ring) => {
  const names = Object.keys(disturbances);
  for (let seed = 1; seed <= 200; seed++) {
    const name = names[seed % names.length]!;
    const bed = FxoBed.idle({ ring });
    disturbances[name]!(bed, mulberry32(seed));
    bed.advance(20_000);
    expect({ name, seed, offers: bed.did.filter((did) => did.startsWith('offer')), at: bed.at }).toEqual({ name, seed, offers: [], at: 'idle' });
  }
});

test.each(Object.entries(lines))('after each of them a genuine ring on a line in %s is offered', (_country, ring) => {
  for (const [name, disturb] of Object.entries(disturbances)) {
    const bed = FxoBed.idle({ ring });
    disturb(bed, mulberry32(7));
    bed.advance(8_000);
    const [on = 0, off = 0] = ring.cadences[0]!;
    bed.burst(on, 25);
    bed.advance(off);
    bed.burst(on, 25);
    bed.advance(2_000);
    bed.burst(on, 25);
    expect({ name, offers: bed.did.filter((did) => did.startsWith('offer')).length }).toEqual({ name, offers: 1 });
  }
});

function pulse(bed: FxoBed, onMs: number, offMs: number, frequencyHz?: number): void {
  bed.burst(onMs, frequencyHz);
  bed.advance(offMs);
}
