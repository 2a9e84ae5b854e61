import { expect, test } from 'vitest';
import type { Leg, Offer } from '@tipring/telephony';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { anyMedia } from '../testbed/office-controller.ts';

/* A telephone is asked for digits before its call goes on: what it hears, and what the call is told. */

const regions = ['US', 'DE', 'GB'] as const;
const stations = regions.map((region): OfficePort => ({ kind: 'station', region, plug: { name: region, wire: { cable: { gauge: '0.5 mm', km: 3 } }, display: null } }));
/** Special dial tone; the United Kingdom plays two frequencies and one in turn. */
const asked: Readonly<Record<string, readonly number[]>> = { US: [350, 440], DE: [400, 425], GB: [350, 440] };

test.each([['dtmf'], ['pulse']] as const)('six digits by %s are told to the call, each once, and the tone that asks for them ends with the first; then what is refused is heard', (by) => {
  const office = new AnalogOffice(stations);
  const digits = regions.map(() => '');
  const legs: Leg[] = [];
  office.controller.exchange.offer = (offer: Offer) => {
    const index = Number(offer.from.number) - 1_001;
    legs[index] = offer.accept(`leg-${index}`, `context-${index}`, (event) => {
      if (event.type === 'digit') digits[index] += event.digit;
    });
    return `call-${index}`;
  };
  const each = (what: (n: number, index: number) => void): void => regions.forEach((_, index) => what(index + 1, index));
  const heard = (): number[][] => regions.map((_, index) => office.telephone(index + 1).hears.filter(({ dbm0 }) => dbm0 > -35).map(({ hz }) => Math.round(hz)).sort((a, b) => a - b));
  each((n) => office.act({ on: 'telephone', port: office.idOf(n), do: 'lift' }));
  office.pass(1_000);
  each((n) => office.act({ on: 'telephone', port: office.idOf(n), do: 'dial', digits: '9555' }));
  office.pass(9_000);
  each((_, index) => {
    legs[index]!.send({ type: 'progress', media: anyMedia });
    legs[index]!.send({ type: 'sound', sound: 'askPin' });
  });
  office.pass(2_500);
  heard().forEach((hz, index) => expect(near(hz, asked[regions[index]!]!), `${regions[index]} hears ${hz}`).toBe(true));
  each((n) => office.act({ on: 'telephone', port: office.idOf(n), do: 'dial', digits: '4', by }));
  office.pass(2_000);
  expect(heard()).toEqual([[], [], []]);
  each((n) => office.act({ on: 'telephone', port: office.idOf(n), do: 'dial', digits: '72913', by }));
  office.pass(12_000);
  expect(digits).toEqual(['472913', '472913', '472913']);
  each((_, index) => legs[index]!.send({ type: 'sound', sound: 'refused' }));
  const refused = regions.map(() => new Set<number>());
  for (let ms = 0; ms < 1_500; ms += 20) {
    office.pass(20);
    heard().forEach((hz, index) => hz.forEach((one) => refused[index]!.add(one)));
  }
  [[480, 620], [425], [400]].forEach((hz, index) => expect(near([...refused[index]!].sort((a, b) => a - b), hz), `${regions[index]} hears ${[...refused[index]!]}`).toBe(true));
  each((n) => office.act({ on: 'telephone', port: office.idOf(n), do: 'hangUp' }));
  office.pass(3_000);
  each((n) => expect(office.station(n).state).toBe('idle'));
  expect([office.controller.bugs, office.controller.listeners]).toEqual([[], 0]);
  office.close();
});

/** Where a tone begins or ends it is broader. */
const edgeHz = 15;

function near(heard: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((hz) => heard.some((one) => Math.abs(one - hz) <= edgeHz)) && heard.every((one) => wanted.some((hz) => Math.abs(one - hz) <= edgeHz));
}
