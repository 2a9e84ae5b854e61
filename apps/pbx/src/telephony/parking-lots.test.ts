import { buildSnapshot, emptyRows, firstSettings, type ParkingLot } from '@tipring/config';
import { expect, test } from 'vitest';
import { parkingLotsOf } from './parking-lots.ts';

test('a lot of the configuration is one of the exchange', () => {
  const at = new Date(0).toISOString();
  const lot: ParkingLot = {
    id: `plt_${'0'.repeat(20)}`, key: 'ground', number: '790', displayName: 'Ground floor', slots: { first: '791', last: '793' }, timeoutMs: 60_000, otherwise: null, musicClassId: null,
    version: 1, createdAt: at, updatedAt: at,
  };
  const built = buildSnapshot({ ...emptyRows(firstSettings('tipring', at)), parkingLots: [lot] });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const lots = parkingLotsOf({ snapshot: built.value });
  expect(lots.lot(lot.id)).toEqual({ slots: ['791', '792', '793'], timeoutMs: 60_000, returnMs: 30_000, fallback: null, music: null });
  expect(lots.lot('none')).toBeUndefined();
});
