import { buildSnapshot, type ConfigurationRows } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { OfficeAccounts } from './office-accounts.ts';

test('an account is a device with the number and name of its extension, as they are now', () => {
  const { rows } = demoOffice('tipring', '2026-11-22T18:00:00.000Z', { simulated: false });
  const configuration = { snapshot: snapshotOf(rows) } as { snapshot: LiveConfiguration['snapshot'] };
  const accounts = new OfficeAccounts(configuration as LiveConfiguration);
  expect(accounts.byUsername('101')).toMatchObject({ extension: '101', displayName: 'Desk 101', enabled: true });
  configuration.snapshot = snapshotOf({ ...rows, extensions: rows.extensions.map((row) => (row.number === '101' ? { ...row, displayName: 'Kitchen' } : row)) });
  expect(accounts.byUsername('101')?.displayName).toBe('Kitchen');
  expect(accounts.byUsername('nobody')).toBeUndefined();
});

function snapshotOf(rows: ConfigurationRows): LiveConfiguration['snapshot'] {
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.value;
}
