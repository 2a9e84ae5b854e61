import type { ConfigurationChange } from './diff.ts';
import { kindNames, kinds } from './kinds.ts';
import type { ConfigurationRows } from './rows.ts';
import { rowsOf, type Snapshot } from './snapshot.ts';

interface AnyRow {
  readonly id: string;
  readonly version: number;
  readonly updatedAt: string;
}

/**
 * The rows as they were before these changes, the newest first. Versions count on: what was read in between must not pass for what is here again. `now`: ISO 8601.
 */
export function undone(current: Snapshot, newestFirst: readonly ConfigurationChange[], now: string): ConfigurationRows {
  const rows = rowsOf(current);
  let { settings } = rows;
  const byKind = new Map(kindNames.map((kind) => [kind, new Map<string, AnyRow>((rows[kinds[kind].rows] as readonly AnyRow[]).map((row) => [row.id, row]))]));
  for (const change of newestFirst) {
    if (change.kind === 'settings') settings = change.before;
    else if (change.change === 'added') byKind.get(change.kind)?.delete(change.id);
    else byKind.get(change.kind)?.set(change.id, change.before);
  }
  const back = kindNames.map((kind) => {
    const standing = current[kinds[kind].rows] as ReadonlyMap<string, AnyRow>;
    return [kinds[kind].rows, [...(byKind.get(kind)?.values() ?? [])].map((row) => restored(row, standing.get(row.id), now))] as const;
  });
  return { settings: restored(settings, current.settings, now), ...Object.fromEntries(back) } as unknown as ConfigurationRows;
}

function restored<Row extends Pick<AnyRow, 'version' | 'updatedAt'>>(row: Row, current: Row | undefined, now: string): Row {
  if (row === current) return row;
  if (current !== undefined && withoutVersion(row) === withoutVersion(current)) return current;
  return { ...row, version: (current ?? row).version + 1, updatedAt: now };
}

/** Rows are plain JSON made by one schema each, so their fields come in one order. */
function withoutVersion(row: object): string {
  return JSON.stringify({ ...row, version: 0, updatedAt: '' });
}
