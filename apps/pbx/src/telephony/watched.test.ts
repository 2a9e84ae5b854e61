import { buildSnapshot, type ParkingLot } from '@tipring/config';
import { expect, test } from 'vitest';
import { demoOffice } from '../demo-office.ts';
import { watchedIn } from './watched.ts';

const now = '2026-11-22T18:00:00.000Z';

test('everything that has a state can be watched: extensions with all their telephones, each port and trunk by itself, each slot of a parking lot', () => {
  const { rows } = demoOffice('tipring', now, { simulated: true });
  const lot: ParkingLot = {
    id: `plt_${'0'.repeat(20)}`, key: 'ground', number: '790', displayName: 'Ground floor', slots: { first: '791', last: '793' }, timeoutMs: 60_000, otherwise: null, musicClassId: null,
    version: 1, createdAt: now, updatedAt: now,
  };
  const built = buildSnapshot({ ...rows, parkingLots: [...rows.parkingLots, lot] });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const snapshot = built.value;
  const watched = watchedIn(snapshot);
  const of = (kind: string) => watched.filter((entity) => entity.kind === kind);
  expect(['extension', 'station', 'line', 'trunk'].map((kind) => of(kind).length)).toEqual([snapshot.extensions.size, snapshot.stations.size, snapshot.lines.size, snapshot.trunks.size]);
  expect(of('parkingSlot').filter(({ id }) => id.startsWith(lot.id))).toMatchObject([
    { id: `${lot.id}/791`, number: '791', key: 'ground-791', name: 'Ground floor, 791' }, { number: '792' }, { number: '793' },
  ]);
  const desk = snapshot.extensionByNumber('101');
  expect(of('extension').find(({ number }) => number === '101')?.endpoints).toEqual([...snapshot.devicesOf(desk?.id ?? ''), ...snapshot.stationsOf(desk?.id ?? '')].map(({ id }) => id));
  expect(new Set(watched.map(({ id }) => id)).size).toBe(watched.length);
});
