import { demoPlan } from '@tipring/cards';
import { demoCarrier } from '@tipring/carrier-control';
import { buildSnapshot, emptyRows, firstSettings, planOf } from '@tipring/config';
import { emergencyNumbersOf } from '@tipring/line';
import { expect, test } from 'vitest';
import { demoOffice } from './demo-office.ts';

const now = '2026-11-24T10:00:00.000Z';

test('the demo office has 20 phones, and all that is plugged into the simulated card: each telephone by its name, each line by its number', () => {
  const { rows, devices } = demoOffice('tipring', now, { simulated: true });
  expect(devices.map(({ extension }) => extension)).toEqual(Array.from({ length: 20 }, (_, index) => String((index < 10 ? 101 : 131) + index)));
  const [card] = demoPlan().cards;
  const telephones = card!.ports.flatMap((port, index) => (port?.kind === 'fxs' ? [[index + 1, port.telephone!.name] as const] : []));
  expect(rows.stations.map(({ port, displayName }) => [port.port, displayName]).sort(byPort)).toEqual(telephones);
  const lines = card!.ports.flatMap((port, index) => (port?.kind === 'fxo' ? [[index + 1, `+1${port.line!.number}`] as const] : []));
  expect(rows.lines.map(({ port, number }) => [port.port, number]).sort(byPort)).toEqual(lines);
});

test('its trunk is the customer of the simulated carrier, at the port it is started with', () => {
  const [trunk] = demoOffice('tipring', now, { simulated: true, carrierPort: 6123 }).rows.trunks;
  const { host, domain, username, password, numbers } = demoCarrier;
  expect(trunk).toMatchObject({ server: { host, port: 6123 }, domain, peering: { type: 'registration', username, password }, identity: { number: numbers[0] } });
  expect(demoOffice('tipring', now, { simulated: true }).rows.trunks[0]!.server.port).toBe(demoCarrier.port);
});

test('without the simulation there are phones, and nothing leads outside', () => {
  const { rows } = demoOffice('tipring', now, { simulated: false });
  expect([rows.extensions.length, rows.devices.length, rows.stations.length, rows.lines.length, rows.trunks.length, rows.outboundRoutes.length]).toEqual([20, 20, 0, 0, 0, 0]);
  expect(buildSnapshot(rows).ok).toBe(true);
});

function byPort(a: readonly unknown[], b: readonly unknown[]): number {
  return Number(a[0]) - Number(b[0]);
}

test('there is nothing to warn of in it', () => {
  const empty = buildSnapshot(emptyRows(firstSettings('tipring', now)));
  const office = buildSnapshot(demoOffice('tipring', now, { simulated: true }).rows);
  if (!empty.ok || !office.ok) throw new Error('not sound');
  expect(planOf(empty.value, office.value, { now, emergencyNumbers: emergencyNumbersOf }).warnings).toEqual([]);
});
