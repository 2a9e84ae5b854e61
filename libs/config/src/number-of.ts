import { type Destination, destinationKinds } from './destination.ts';
import { kinds } from './kinds.ts';
import type { Snapshot } from './snapshot.ts';

/** The internal number by which it is dialled; null: it has none. */
export function numberOf(destination: Destination, snapshot: Snapshot): string | null {
  if (destination.type === 'number') return destination.number;
  if (!('id' in destination)) return null;
  const row = snapshot[kinds[destinationKinds[destination.type]].rows].get(destination.id);
  return row !== undefined && 'number' in row ? (row.number ?? null) : null;
}
