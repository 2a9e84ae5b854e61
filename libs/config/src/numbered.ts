import type { Destination } from './destination.ts';
import { slotsOf } from './parking-lot.ts';
import type { ConfigurationRows } from './rows.ts';

/** What an internal number reaches. `slot`: of a parking lot, the call that is parked there. */
export interface Numbered {
  readonly destination: Destination;
  readonly slot: string | null;
}

/** Something that has an internal number. */
export interface NumberedRow extends Numbered {
  readonly number: string;
  readonly key: string;
  /** Its kind: ring group. */
  readonly words: string;
  /** Of the number in `ConfigurationRows`. */
  readonly pointer: string;
}

/** Everything that can be dialled inside, extensions first. */
export function* numberedRows(rows: ConfigurationRows, isSound: (row: object) => boolean): Generator<NumberedRow> {
  for (const [name, type, words] of dialled) {
    for (const [at, row] of rows[name].entries()) {
      if (isSound(row) && row.number !== null) yield { number: row.number, destination: { type, id: row.id }, slot: null, key: row.key, words, pointer: `/${name}/${at}/number` };
    }
  }
  for (const [at, row] of rows.parkingLots.entries()) {
    if (!isSound(row)) continue;
    for (const slot of slotsOf(row)) yield { number: slot, destination: { type: 'parkingLot', id: row.id }, slot, key: row.key, words: 'parking lot', pointer: `/parkingLots/${at}/slots` };
  }
}

const dialled = [
  ['extensions', 'extension', 'extension'], ['ringGroups', 'ringGroup', 'ring group'], ['queues', 'queue', 'queue'], ['voicemailBoxes', 'voicemail', 'voicemail box'], ['ivrs', 'ivr', 'menu'],
  ['conferences', 'conference', 'conference'], ['parkingLots', 'parkingLot', 'parking lot'], ['pagingZones', 'paging', 'paging zone'], ['directories', 'directory', 'directory'],
] as const;
