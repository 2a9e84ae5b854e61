import type { WireAct } from '@tipring/cards';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { Dice } from '../testbed/random.ts';

/** What looks like ringing and is none, done to line `n` of an office; it is over within `overMs`. */
export const disturbances: Readonly<Record<string, { readonly overMs: number; disturb(office: AnalogOffice, n: number, dice: Dice): void }>> = {
  'spikes': {
    overMs: 2_000,
    disturb(office, n, dice) {
      for (let spike = 0; spike < 1 + dice.between(0, 5); spike++) office.timers.start(dice.between(0, 2_000), () => wire(office, n, { do: 'spike', voltsRms: dice.between(50, 1_500), ms: Math.round(dice.between(1, 60)) }));
    },
  },
  'lightning': { overMs: 1_000, disturb: (office, n) => wire(office, n, { do: 'lightning' }) },
  // Of a pair in the same cable: a part of its voltage, in its cadence.
  'the ringing of a neighbour': {
    overMs: 12_000,
    disturb(office, n, dice) {
      const [voltsRms, hz] = [dice.between(2, 14), dice.pick([16.7, 20, 25, 50])];
      for (let burst = 0; burst < 3; burst++) office.timers.start(burst * 5_000, () => wire(office, n, { do: 'ringBleed', voltsRms, hz, ms: 1_500 }));
    },
  },
  'induction of a railway': { overMs: 6_000, disturb: (office, n, dice) => wire(office, n, { do: 'ringBleed', voltsRms: dice.between(5, 30), hz: dice.pick([50, 60]), ms: Math.round(dice.between(100, 400)) }) },
  'a parallel telephone that dials pulses': {
    overMs: 9_000,
    disturb(office, n, dice) {
      let at = 500;
      wire(office, n, { do: 'parallelSet', hook: 'off' });
      const [breakMs, makeMs] = dice.pick([[60, 40], [66, 33], [33, 17]] as const);
      for (let digit = 0; digit < 4; digit++, at += 700) {
        for (let pulse = 0; pulse < 1 + Math.floor(dice.between(0, 9)); pulse++, at += breakMs + makeMs) {
          office.timers.start(at, () => wire(office, n, { do: 'parallelSet', hook: 'on' }));
          office.timers.start(at + breakMs, () => wire(office, n, { do: 'parallelSet', hook: 'off' }));
        }
      }
      office.timers.start(at + 500, () => wire(office, n, { do: 'parallelSet', hook: 'on' }));
    },
  },
  'a message-waiting lamp': {
    overMs: 8_000,
    disturb(office, n, dice) {
      const port = office.idOf(n);
      office.act({ on: 'line', port, do: 'lamp', lamp: dice.pick(['on', 'blinks']) });
      office.timers.start(7_000, () => office.act({ on: 'line', port, do: 'lamp', lamp: 'off' }));
    },
  },
  'reversals and breaks of the exchange': {
    overMs: 8_000,
    disturb(office, n, dice) {
      const port = office.idOf(n);
      for (let change = 0; change < 3; change++) {
        const at = change * 2_500;
        const isBreak = dice.next() < 0.5;
        office.timers.start(at, () => office.act({ on: 'line', port, ...(isBreak ? { do: 'battery', battery: 'off' } : { do: 'polarity', polarity: 'reversed' }) }));
        office.timers.start(at + dice.between(20, 900), () => office.act({ on: 'line', port, ...(isBreak ? { do: 'battery', battery: 'on' } : { do: 'polarity', polarity: 'normal' }) }));
      }
    },
  },
  'its own hanging up': {
    overMs: 4_000,
    disturb(office, n) {
      const call = office.controller.exchange.offer(office.ledger.offer(office.phone.offer(`9${String(n).padStart(2, '0')}5551234`, { number: '2001' }, anyMedia)));
      office.timers.start(1_000, () => void office.controller.exchange.hangUp(call));
    },
  },
};

export interface GhostResult {
  readonly disturbances: number;
  /** Calls that were offered though nobody had called. */
  readonly offers: readonly string[];
  /** Lines on which a real call came through afterwards, of all. */
  readonly rung: number;
  readonly lines: number;
  readonly incidents: number;
}

/** `rounds` disturbances on a line of each of these countries; afterwards each is really called. */
export function runGhosts(countries: readonly string[], rounds: number, seed = 1): GhostResult {
  const office = new AnalogOffice(countries.map((code): OfficePort => ({ kind: 'line', region: code, plug: countryLine(regionNamed(code), { number: '5550100', cable: { gauge: '0.5 mm', km: 2 } }) })));
  const dice = new Dice(seed);
  const names = Object.keys(disturbances);
  const offers: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const done = countries.map((_, index) => names[(round + index) % names.length]!);
    done.forEach((name, index) => disturbances[name]!.disturb(office, index + 1, dice));
    const before = office.controller.offers.length;
    office.pass(Math.max(...done.map((name) => disturbances[name]!.overMs)) + 3_500);
    for (const { endpoint } of office.controller.offers.slice(before)) {
      const index = Number(endpoint.slice(-3)) - 1;
      offers.push(`${countries[index]}: ${done[index]}`);
    }
  }
  office.pass(8_000);
  const before = office.controller.offers.length;
  countries.forEach((_, index) => office.tryAct({ on: 'line', port: office.idOf(index + 1), do: 'call' }));
  office.pass(12_000);
  const rung = new Set(office.controller.offers.slice(before).map(({ endpoint }) => endpoint)).size;
  const incidents = office.controller.incidents.filter((text) => text.includes('ghostRing')).length;
  office.close();
  return { disturbances: rounds * countries.length, offers, rung, lines: countries.length, incidents };
}

type Bare<Act> = Act extends unknown ? Omit<Act, 'on' | 'port'> : never;

function wire(office: AnalogOffice, n: number, act: Bare<WireAct>): void {
  office.act({ on: 'wire', port: office.idOf(n), ...act } as WireAct);
}
