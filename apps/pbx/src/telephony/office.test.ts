import { buildSnapshot, type ConfigurationRows } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import { expect, test } from 'vitest';
import { demoOffice } from '../first-start.ts';
import { OfficeAccounts, OfficeRoutes } from './office.ts';

test('a number rings all enabled devices of its extension together, as long as the extension says', () => {
  const rows = office();
  const first = rows.extensions[0]!;
  rows.devices[1] = { ...rows.devices[1]!, extensionId: first.id };
  rows.devices[2] = { ...rows.devices[2]!, extensionId: first.id, enabled: false };
  const outcome = new OfficeRoutes(live(rows)).resolve(dialled('101'));
  expect(outcome).toEqual({ ok: true, route: { direction: 'internal', attempts: [{ endpoints: [rows.devices[0]!.id, rows.devices[1]!.id], number: '101', timeoutMs: 30_000 }] } });
});

test('a number that nobody has is unallocated; one without a device that is enabled is absent', () => {
  const rows = office();
  rows.devices = rows.devices.map((device) => ({ ...device, enabled: device.username !== '101' }));
  const routes = new OfficeRoutes(live(rows));
  expect(routes.resolve(dialled('999'))).toMatchObject({ ok: false, cause: 'unallocatedNumber' });
  expect(routes.resolve(dialled('101'))).toMatchObject({ ok: false, cause: 'subscriberAbsent' });
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
  const { rows } = demoOffice('tipring', '2026-11-22T18:00:00.000Z');
  return { settings: rows.settings, extensions: [...rows.extensions], devices: [...rows.devices], stations: [...rows.stations], lines: [...rows.lines] };
}

function live(rows: ConfigurationRows): LiveConfiguration {
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return { snapshot: built.value } as LiveConfiguration;
}

function dialled(number: string) {
  return { endpoint: 'dev_1', from: { number: '105' }, number };
}
