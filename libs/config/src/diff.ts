import type { Device } from './device.ts';
import type { Extension } from './extension.ts';
import type { Line } from './line.ts';
import type { SystemSettings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import type { Station } from './station.ts';

/** One difference. A renamed thing is `changed`: identity is the id. */
export type ConfigurationChange =
  | { readonly kind: 'settings'; readonly change: 'changed'; readonly before: SystemSettings; readonly after: SystemSettings }
  | RowChange<'extension', Extension>
  | RowChange<'device', Device>
  | RowChange<'station', Station>
  | RowChange<'line', Line>;

type RowChange<Kind, Row> =
  | { readonly kind: Kind; readonly change: 'added'; readonly id: string; readonly after: Row }
  | { readonly kind: Kind; readonly change: 'removed'; readonly id: string; readonly before: Row }
  | { readonly kind: Kind; readonly change: 'changed'; readonly id: string; readonly before: Row; readonly after: Row };

/** What is different in `after`: removals first, so that a taken number is free before it is given again. */
export function diff(before: Snapshot, after: Snapshot): readonly ConfigurationChange[] {
  return [
    ...removed('line', before.lines, after.lines),
    ...removed('station', before.stations, after.stations),
    ...removed('device', before.devices, after.devices),
    ...removed('extension', before.extensions, after.extensions),
    ...(same(before.settings, after.settings) ? [] : [{ kind: 'settings', change: 'changed', before: before.settings, after: after.settings } as const]),
    ...addedOrChanged('extension', before.extensions, after.extensions),
    ...addedOrChanged('device', before.devices, after.devices),
    ...addedOrChanged('station', before.stations, after.stations),
    ...addedOrChanged('line', before.lines, after.lines),
  ];
}

function removed<Kind extends string, Row>(kind: Kind, before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): RowChange<Kind, Row>[] {
  const changes: RowChange<Kind, Row>[] = [];
  for (const [id, row] of before) if (!after.has(id)) changes.push({ kind, change: 'removed', id, before: row });
  return changes;
}

function addedOrChanged<Kind extends string, Row>(kind: Kind, before: ReadonlyMap<string, Row>, after: ReadonlyMap<string, Row>): RowChange<Kind, Row>[] {
  const changes: RowChange<Kind, Row>[] = [];
  for (const [id, row] of after) {
    const old = before.get(id);
    if (old === undefined) changes.push({ kind, change: 'added', id, after: row });
    else if (!same(old, row)) changes.push({ kind, change: 'changed', id, before: old, after: row });
  }
  return changes;
}

/** Rows are plain JSON made by one schema each, so their fields come in one order. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
