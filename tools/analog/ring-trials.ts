import type { OutsideCall } from '@tipring/cards';
import { type Region, type RingCadence, type CallerIdScheme, valuesOf } from '@tipring/line';
import type { Party } from '@tipring/telephony';
import { AnalogOffice, lineId, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, ringOf } from '../testbed/country-line.ts';

/** Somebody outside calls. */
export interface RingTrial {
  readonly region: Region;
  readonly cadence: RingCadence;
  /** How the exchange tells who calls; null: it does not, and the line does not wait for it. */
  readonly callerId: CallerIdScheme | null;
  readonly caller: OutsideCall;
  /** Of data; `mdmf` when absent. */
  readonly format?: 'sdmf' | 'mdmf';
}

export interface RingResult {
  readonly name: string;
  /** From the beginning of the first real ring to the offer; null: none. */
  readonly offeredMs: number | null;
  /** When by that clock the ring ends that is the last before it must have been offered. */
  readonly limitMs: number;
  readonly from: Party | null;
  /** As the called phone was told. */
  readonly shown: Party | null;
}

/** Every cadence of a country, callers unknown: offered within the first ring. */
export function bareRings(region: Region): readonly RingTrial[] {
  const cadences = region.ringing === undefined ? [ringOf(region)] : [...valuesOf(region.ringing.cadence), ...valuesOf(region.ringing.distinctive).flat()];
  return cadences.map((cadence) => ({ region, cadence, callerId: null, caller: {} }));
}

/** With caller ID by every scheme of a country: offered before the second ring ends. */
export function toldRings(region: Region, caller: OutsideCall): readonly RingTrial[] {
  return valuesOf(region.callerId).filter(({ by }) => by === 'fsk' || by === 'dtmf').map((callerId) => ({ region, cadence: ringOf(region), callerId, caller }));
}

/** Through 3 km of cable, each on a line of its own. */
export function runRings(trials: readonly RingTrial[], atOnce = 32): RingResult[] {
  const results: RingResult[] = [];
  for (let from = 0; from < trials.length; from += atOnce) results.push(...runOffice(trials.slice(from, from + atOnce)));
  return results;
}

function runOffice(trials: readonly RingTrial[]): RingResult[] {
  const office = new AnalogOffice(trials.map(portOf));
  office.phone.answersAfterMs = null;
  trials.forEach(({ caller }, index) => office.act({ on: 'line', port: office.idOf(index + 1), do: 'call', ...caller }));
  const ringAt: (number | null)[] = trials.map(() => null);
  for (let ms = 0; ms < 25_000 && office.controller.offers.length < trials.length; ms += 20) {
    trials.forEach((_, index) => {
      if (office.exchangeLine(index + 1).call.at === 'ringing') ringAt[index] ??= office.timers.now();
    });
    office.pass(20);
  }
  office.pass(1_000);
  const results = trials.map((trial, index): RingResult => {
    const offers = office.controller.offers.filter(({ endpoint }) => endpoint === lineId(index + 1));
    const began = ringAt[index];
    const shown = office.phone.callTo(String(2_001 + index))?.request?.from ?? null;
    const offeredMs = offers.length === 1 ? offers[0]!.at - (began ?? offers[0]!.at) : null;
    return { name: nameOf(trial), offeredMs, limitMs: limitOf(trial), from: offers[0]?.from ?? null, shown };
  });
  office.close();
  return results;
}

function portOf({ region, cadence, callerId, format = 'mdmf' }: RingTrial): OfficePort {
  const ordinary = countryLine(region, { number: '5550100', ring: cadence, callerId, cable: { gauge: '0.5 mm', km: 3 } });
  const plug = ordinary.callerId.by === 'fsk' ? { ...ordinary, callerId: { ...ordinary.callerId, format } } : ordinary;
  return { kind: 'line', region: region.code, plug, overrides: callerId === null ? { callerId: { modems: [] } } : {} };
}

/** A ring may be several bursts: it ends before the longest pause. */
function limitOf({ cadence, callerId }: RingTrial): number {
  const cycle = cadence.reduce((sum, ms) => sum + ms, 0);
  const ring = cycle - Math.max(...cadence.filter((_, index) => index % 2 === 1));
  return callerId === null ? ring : cycle + ring;
}

function nameOf({ region, cadence, callerId }: RingTrial): string {
  const how = callerId === null ? 'no caller ID' : callerId.by === 'fsk' ? `${callerId.standard} ${callerId.modulation} ${callerId.place}` : callerId.by === 'dtmf' ? `DTMF ${callerId.start}…${callerId.end} ${callerId.place}` : callerId.by;
  return `${region.code} ${cadence.join('/')}, ${how}`;
}
