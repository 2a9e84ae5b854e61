import { z } from 'zod';
import { Destination } from './destination.ts';
import { ExtensionNumber, OwnNumber } from './extension-number.ts';
import { OpaqueId, StableKey, Versioned } from './identity.ts';

/** What a person may set on a parking lot. */
export const ParkingLotSettings = z.strictObject({
  key: StableKey,
  number: OwnNumber.meta({ description: 'A call that is sent there is parked in a free slot; null: it cannot be dialled' }),
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Ground floor'] }),
  slots: z
    .strictObject({ first: ExtensionNumber, last: ExtensionNumber })
    .readonly()
    .meta({ description: 'Numbers; who dials one takes the call that is parked there' }),
  timeoutMs: z.int().min(5_000).max(3_600_000).meta({ description: 'Milliseconds after which a call returns to who parked it' }),
  otherwise: Destination.nullable().meta({ description: 'Where it goes when it is not taken there either; null: it is over' }),
  musicClassId: OpaqueId.nullable().meta({ description: 'What those hear who are parked; null: the site’s' }),
});

/** Where calls wait to be taken at another telephone. */
export const ParkingLot = z.strictObject({ id: OpaqueId, ...ParkingLotSettings.shape, ...Versioned.shape });
export type ParkingLot = Readonly<z.infer<typeof ParkingLot>>;

/** As many digits as the first one has. Empty: it makes no sense, or there are too many. */
export function slotsOf({ slots: { first, last } }: Pick<ParkingLot, 'slots'>): readonly string[] {
  const [from, to] = [BigInt(first), BigInt(last)];
  if (first.length !== last.length || to < from || to - from >= BigInt(MOST_SLOTS)) return [];
  return Array.from({ length: Number(to - from) + 1 }, (_, at) => String(from + BigInt(at)).padStart(first.length, '0'));
}

export const MOST_SLOTS = 1_000;
