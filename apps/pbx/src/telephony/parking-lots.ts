import { slotsOf } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import type { ParkingLots } from '@tipring/telephony';

/** Lots of the configuration in force, by id. Who parked is called back for half a minute. */
export function parkingLotsOf(configuration: Pick<LiveConfiguration, 'snapshot'>): ParkingLots {
  return {
    lot(id) {
      const lot = configuration.snapshot.parkingLots.get(id);
      if (lot === undefined) return undefined;
      const { timeoutMs, otherwise, musicClassId } = lot;
      return { slots: slotsOf(lot), timeoutMs, returnMs: RETURN_MS, fallback: otherwise === null ? null : { destination: otherwise }, music: musicClassId };
    },
  };
}

const RETURN_MS = 30_000;
