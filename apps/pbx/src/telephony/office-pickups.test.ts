import { buildSnapshot } from '@tipring/config';
import type { Account } from '@tipring/sip-endpoint';
import type { CallView, LegView } from '@tipring/telephony';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { OfficePickups } from './office-pickups.ts';

test('a device takes what is of its own extension, and what rings in a pickup group of both; nothing else', () => {
  const { rows } = demoOffice('tipring', '2026-11-22T18:00:00.000Z', { simulated: true });
  const groups: Record<string, string[]> = { '101': ['sales'], '102': ['sales', 'front'], '103': ['back'] };
  const built = buildSnapshot({ ...rows, extensions: rows.extensions.map((extension) => ({ ...extension, callPickupGroups: groups[extension.number] ?? [] })) });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const snapshot = built.value;
  const deviceOf = (number: string) => [...snapshot.devicesOf(snapshot.extensionByNumber(number)!.id)][0]!;
  const legs: LegView[] = [];
  const leg = (id: string, endpoint: string, state: LegView['state'], role: LegView['role'] = 'called') =>
    legs.push({ id, endpoint, role, state, party: { number: '' }, isMuted: false, reference: '', startedAt: 0, answeredAt: state === 'answered' ? 1 : null });
  leg('ringing', deviceOf('101').id, 'ringing');
  leg('answered', deviceOf('101').id, 'answered');
  leg('calling', deviceOf('101').id, 'trying', 'caller');
  leg('gone', deviceOf('101').id, 'released');
  leg('trunk', rows.trunks[0]?.id ?? 'trk', 'ringing');
  const call = { legs } as unknown as CallView;
  const pickups = new OfficePickups({ configuration: { snapshot }, exchange: { calls: () => [call] } });
  const of = (extension: string): Account => ({ deviceId: deviceOf(extension).id, username: extension, extension, displayName: '', enabled: true, algorithm: 'MD5', ha1: '' });
  const takes = (extension: string, isEarlyOnly = false) => ['ringing', 'answered', 'calling', 'gone', 'trunk', 'none'].filter((id) => pickups.mayTake(of(extension), id, isEarlyOnly));
  expect([takes('101'), takes('101', true)]).toEqual([['ringing', 'answered', 'calling'], ['ringing']]);
  expect(takes('102')).toEqual(['ringing']);
  expect(takes('103')).toEqual([]);
});
