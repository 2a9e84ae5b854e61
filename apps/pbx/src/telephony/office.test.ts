import { buildSnapshot, type ConfigurationRows, type Line, type Station } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { OfficeAccounts } from './office-accounts.ts';
import { OfficeRoutes } from './office-routes.ts';

test('a number rings all enabled devices of its extension together, as long as the extension says', () => {
  const rows = office();
  const first = rows.extensions[0]!;
  rows.devices[1] = { ...rows.devices[1]!, extensionId: first.id };
  rows.devices[2] = { ...rows.devices[2]!, extensionId: first.id, enabled: false };
  const outcome = new OfficeRoutes(live(rows), () => ['911']).resolve(dialled('101'));
  expect(outcome).toEqual({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [rows.devices[0]!.id, rows.devices[1]!.id], number: '101', timeoutMs: 30_000 }] } });
});

test('a number that nobody has is unallocated; one without a device that is enabled is absent', () => {
  const rows = office();
  rows.devices = rows.devices.map((device) => ({ ...device, enabled: device.username !== '101' }));
  const routes = new OfficeRoutes(live(rows), () => ['911']);
  expect(routes.resolve(dialled('999'))).toMatchObject({ ok: false, cause: 'unallocatedNumber' });
  expect(routes.resolve(dialled('101'))).toMatchObject({ ok: false, cause: 'subscriberAbsent' });
});

test('stations of an extension ring with its devices; a call from a line is inbound', () => {
  const rows = office();
  const first = rows.extensions[0]!;
  rows.stations.push(station('sta_on', first.id, 5), { ...station('sta_off', first.id, 6), isEnabled: false });
  rows.lines.push(line('lin_1', 1));
  const routes = new OfficeRoutes(live(rows), () => ['911']);
  expect(routes.resolve(dialled('101'))).toMatchObject({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [rows.devices[0]!.id, idOf('sta_on')] }] } });
  expect(routes.resolve({ ...dialled('101'), endpoint: idOf('lin_1') })).toMatchObject({ ok: true, route: { direction: 'inbound' } });
});

test('a number behind the prefix of lines tries them one after the other, without the prefix; the longest prefix decides', () => {
  const rows = office();
  rows.lines.push(line('lin_1', 1), line('lin_2', 2), { ...line('lin_3', 3), isEnabled: false }, { ...line('lin_4', 4), isCommissioned: false }, { ...line('lin_5', 5), outbound: { prefix: '99' } });
  const routes = new OfficeRoutes(live(rows), () => ['911']);
  const attempts = (number: string, endpoint = 'dev_1') => {
    const outcome = routes.resolve({ ...dialled(number), endpoint });
    return outcome.ok ? outcome.route.attempts.map((attempt) => [...attempt.endpoints, attempt.number].join(' ')) : outcome.cause;
  };
  expect(attempts('95551234')).toEqual([`${idOf('lin_1')} 5551234`, `${idOf('lin_2')} 5551234`]);
  expect(attempts('9951234')).toEqual([`${idOf('lin_5')} 51234`]);
  expect(attempts('95551234', idOf('lin_1'))).toEqual([`${idOf('lin_2')} 5551234`]);
  expect(attempts('9951234', idOf('lin_5'))).toBe('noRouteToDestination');
  expect(attempts('9')).toBe('invalidNumberFormat');
  expect(attempts('85551234')).toBe('unallocatedNumber');
});

test('lines that nobody has commissioned make no calls, and the refusal says what to do', () => {
  const rows = office();
  rows.lines.push({ ...line('lin_1', 1), isCommissioned: false });
  expect(new OfficeRoutes(live(rows), () => ['911']).resolve(dialled('95551234'))).toMatchObject({ ok: false, cause: 'noRouteToDestination', evidence: { text: expect.stringContaining('commissioned') } });
});

test('an emergency number goes out over every line, behind the prefix too, and before an extension of that number', () => {
  const rows = office();
  rows.lines.push({ ...line('lin_1', 1), isCommissioned: false }, line('lin_2', 2), { ...line('lin_3', 3), isEnabled: false });
  rows.extensions[0] = { ...rows.extensions[0]!, number: '911' };
  const routes = new OfficeRoutes(live(rows), (region) => (region === 'US' ? ['911'] : []));
  const wanted = { ok: true, route: { direction: 'outbound', attempts: [{ endpoints: [idOf('lin_2')], number: '911' }, { endpoints: [idOf('lin_1')], number: '911' }] } };
  expect(routes.resolve(dialled('911'))).toMatchObject(wanted);
  expect(routes.resolve(dialled('9911'))).toMatchObject(wanted);
  expect(routes.resolve({ ...dialled('911'), endpoint: idOf('lin_2') })).toMatchObject({ ok: true, route: { direction: 'inbound' } });
  rows.lines.length = 0;
  rows.stations.push(station('sta_on', rows.extensions[1]!.id, 5));
  expect(new OfficeRoutes(live(rows), () => ['911']).resolve(dialled('911'))).toMatchObject({ ok: false, cause: 'noRouteToDestination' });
});

test('an account has the number and name of its extension and the hash of its own algorithm', () => {
  const rows = office();
  rows.devices[0] = { ...rows.devices[0]!, algorithm: 'SHA-256' };
  const account = new OfficeAccounts(live(rows)).byUsername('101');
  expect(account).toEqual({ deviceId: rows.devices[0].id, username: '101', extension: '101', displayName: 'Desk 101', enabled: true, algorithm: 'SHA-256', ha1: rows.devices[0].ha1['SHA-256'] });
});

test('the accounts of a changed configuration are the changed ones', () => {
  const rows = office();
  const configuration = { ...live(rows) } as { snapshot: LiveConfiguration['snapshot'] };
  const accounts = new OfficeAccounts(configuration as LiveConfiguration);
  expect(accounts.byUsername('101')?.displayName).toBe('Desk 101');
  rows.extensions[0] = { ...rows.extensions[0]!, displayName: 'Kitchen' };
  configuration.snapshot = live(rows).snapshot;
  expect(accounts.byUsername('101')?.displayName).toBe('Kitchen');
  expect(accounts.byUsername('nobody')).toBeUndefined();
});

type Mutable = { -readonly [Field in keyof ConfigurationRows]: ConfigurationRows[Field] extends readonly (infer Row)[] ? Row[] : ConfigurationRows[Field] };

function office(): Mutable {
  const { rows } = demoOffice('tipring', '2026-11-22T18:00:00.000Z', { simulated: false });
  return { ...(structuredClone(rows) as Mutable), extensions: [...rows.extensions], devices: [...rows.devices], stations: [...rows.stations], lines: [...rows.lines] };
}

function idOf(short: string): string {
  return `${short.replace('_on', '_1').replace('_off', '_0')}${'0'.repeat(20)}`;
}

const versioned = { version: 1, createdAt: '2026-11-22T18:00:00.000Z', updatedAt: '2026-11-22T18:00:00.000Z' };

function station(id: string, extensionId: string, port: number): Station {
  return { id: idOf(id), key: id.replace('_', '-'), displayName: id, extensionId, port: { card: 'SIM-1', port }, region: 'US', kind: 'telephone', isEnabled: true, overrides: {}, ...versioned };
}

function line(id: string, port: number): Line {
  return { id: idOf(id), key: id.replace('_', '-'), displayName: id, port: { card: 'SIM-1', port }, region: 'US', isEnabled: true, isCommissioned: true, inbound: null, outbound: { prefix: '9' }, overrides: {}, ...versioned };
}

function live(rows: ConfigurationRows): LiveConfiguration {
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return { snapshot: built.value } as LiveConfiguration;
}

function dialled(number: string) {
  return { endpoint: 'dev_1', from: { number: '105' }, number };
}
