import { expect, test } from 'vitest';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';

/** What a telephone hears, loud enough to be meant. */
function hears(office: AnalogOffice, n: number): number[] {
  return office.telephone(n).hears.filter(({ dbm0 }) => dbm0 > -40).map(({ hz }) => Math.round(hz)).sort((a, b) => a - b);
}

test('somebody talks on the only line, and somebody else calls for help: the one hears congestion tone and then that his call is over, the other the emergency service, which hears him alone', () => {
  const outside = countryLine(regionNamed('US'), { number: '5550100', policy: { is: 'answered', afterRings: 1, supervision: 'reversal' }, partyTone: { frequencyHz: 1_000 } });
  const telephone = (name: string): OfficePort => ({ kind: 'station', region: 'US', plug: { name, wire: { cable: { gauge: '0.5 mm', km: 1 } }, display: null } });
  const office = new AnalogOffice([{ kind: 'line', region: 'US', plug: outside }, telephone('talker'), telephone('in need')]);
  const act = (n: number, what: { readonly do: 'lift' } | { readonly do: 'hangUp' } | { readonly do: 'dial'; readonly digits: string } | { readonly do: 'speak'; readonly tone: { readonly frequencyHz: number } }) => office.act({ on: 'telephone', port: office.idOf(n), ...what });
  for (const n of [2, 3]) act(n, { do: 'lift' });
  office.pass(1_000);
  act(2, { do: 'dial', digits: '9015551234#' });
  expect(office.until(() => office.station(2).state === 'talking', 40_000)).not.toBeNull();
  act(2, { do: 'speak', tone: { frequencyHz: 700 } });
  office.pass(1_000);
  expect([hears(office, 2), office.exchangeLine(1).hears.map(({ hz }) => Math.round(hz))]).toEqual([[1_000], [700]]);

  act(3, { do: 'hangUp' });
  office.pass(2_000);
  act(3, { do: 'lift' });
  office.pass(1_000);
  act(3, { do: 'dial', digits: '112' });
  expect(office.until(() => office.line(1).state !== 'up', 2_000)).not.toBeNull();
  // In place of his call, while it is still his.
  expect(office.until(() => hears(office, 2).join() === '480,620', 1_000)).not.toBeNull();
  expect(office.station(2).state).toBe('talking');
  expect(office.until(() => office.station(2).state === 'toned', 3_000)).not.toBeNull();
  act(3, { do: 'speak', tone: { frequencyHz: 1_300 } });
  expect(office.until(() => office.exchangeLine(1).call.at === 'answered', 15_000)).not.toBeNull();
  office.pass(1_500);
  expect(office.exchangeLine(1).digits).toBe('112');
  expect([hears(office, 3), office.exchangeLine(1).hears.map(({ hz }) => Math.round(hz))]).toEqual([[1_000], [1_300]]);
  expect(hears(office, 2)).not.toContain(1_000);

  act(2, { do: 'hangUp' });
  act(3, { do: 'hangUp' });
  office.pass(6_000);
  expect(office.records.map(({ to, cause }) => [to, cause])).toEqual([['9015551234', 'preempted'], ['112', 'normalClearing']]);
  expect([office.line(1).state, office.isSeized(1), office.ledger.wrong, office.ledger.late, office.controller.bugs]).toEqual(['idle', false, [], [], []]);
  office.close();
});
