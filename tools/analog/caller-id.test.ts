import type { DisplayPlan, ShownCaller } from '@tipring/cards';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import type { Party } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { regionNamed } from '../testbed/country-line.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { runRings, toldRings } from './ring-trials.ts';

/* From a line to an IP phone: ring-trials.ts. From an IP phone to a telephone's display, decoded from what is on its wires. */

test('by data before, after and between rings and by DTMF: private callers are anonymous, unavailable ones only without a number', () => {
  const countries = ['US', 'GB', 'DE', 'DK', 'BR', 'CN', 'NL', 'JP'];
  for (const absent of ['private', 'unavailable'] as const) {
    const results = runRings(countries.flatMap((code) => toldRings(regionNamed(code), { number: { absent }, name: { absent } })));
    expect(results.filter(({ shown }) => shown === null || shown.number !== '' || (shown.anonymous === true) !== (absent === 'private'))).toEqual([]);
  }
});

test('data of the single format has a number and no name', () => {
  const trials = ['US', 'DE', 'GB'].flatMap((code) => toldRings(regionNamed(code), { number: { shown: '5551234' }, name: { shown: 'ANNA' } })).map((trial) => ({ ...trial, format: 'sdmf' as const }));
  expect(runRings(trials).map(({ shown }) => shown)).toEqual(trials.map(() => ({ number: '5551234' })));
});

const displays: Readonly<Record<string, DisplayPlan>> = {
  US: { fsk: 'bell-202', dtmf: null, callWaiting: true },
  GB: { fsk: 'v23', dtmf: null, callWaiting: true },
  DE: { fsk: 'v23', dtmf: null, callWaiting: true },
  BR: { fsk: null, dtmf: dtmfCallerIdPlans['BR']!, callWaiting: false },
  DK: { fsk: null, dtmf: dtmfCallerIdPlans['DK']!, callWaiting: false },
  CN: { fsk: 'bell-202', dtmf: null, callWaiting: true },
};
const stations = Object.entries(displays).map(([region, display]): OfficePort => ({ kind: 'station', region, plug: { name: region, wire: { cable: { gauge: '0.5 mm', km: 3 } }, display } }));

function call(office: AnalogOffice, n: number, from: Party): void {
  office.controller.exchange.offer(office.ledger.offer(office.phone.offer(String(1_000 + n), from, anyMedia)));
}

/** What the telephones of an office show when somebody calls them from an IP phone. */
function shownTo(from: Party): (ShownCaller | null)[] {
  const office = new AnalogOffice(stations);
  stations.forEach((_, index) => call(office, index + 1, from));
  office.pass(9_000);
  const shown = stations.map((_, index) => office.telephone(index + 1).callers[0] ?? null);
  expect(stations.map((_, index) => office.telephone(index + 1).rings)).not.toContain(0);
  office.close();
  return shown;
}

test('an IP phone that calls is shown by telephones of six countries, through 3 km', () => {
  const shown = shownTo({ number: '201', name: 'Anna Lind' });
  expect(shown.map((caller) => caller?.number)).toEqual(stations.map(() => ({ shown: '201' })));
  expect(shown.filter((caller) => caller?.by === 'fsk').map((caller) => caller?.name)).toEqual(shown.filter((caller) => caller?.by === 'fsk').map(() => ({ shown: 'Anna Lind' })));
  expect(shown.map((caller) => caller?.by)).toEqual(stations.map(({ region }) => (displays[region]!.fsk === null ? 'dtmf' : 'fsk')));
});

test('who hides his number is shown as private, who has none as unavailable', () => {
  expect(shownTo({ number: '201', name: 'Anna Lind', anonymous: true }).map((caller) => caller?.number)).toEqual(stations.map(() => ({ absent: 'private' })));
  expect(shownTo({ number: '' }).map((caller) => caller?.number)).toEqual(stations.map(() => ({ absent: 'unavailable' })));
});

test('a second caller is shown to who is talking (type II)', () => {
  const talkers = stations.filter(({ region }) => displays[region]!.callWaiting);
  const office = new AnalogOffice(talkers);
  talkers.forEach((_, index) => call(office, index + 1, { number: '201', name: 'Anna Lind' }));
  office.pass(3_000);
  talkers.forEach((_, index) => office.act({ on: 'telephone', port: office.idOf(index + 1), do: 'lift' }));
  office.pass(3_000);
  talkers.forEach((_, index) => call(office, index + 1, { number: '202', name: 'Bo Ek' }));
  office.pass(6_000);
  const shown = talkers.map((_, index) => office.telephone(index + 1).callers[0]);
  expect(shown.map((caller) => [caller?.waiting, caller?.number, caller?.name])).toEqual(talkers.map(() => [true, { shown: '202' }, { shown: 'Bo Ek' }]));
  office.close();
});
