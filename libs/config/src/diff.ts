import { type Kind, kindNames, kinds, type RowOf } from './kinds.ts';
import type { SystemSettings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';

/** One difference. A renamed thing is `changed`: identity is the id. */
export type ConfigurationChange =
  | { readonly kind: 'settings'; readonly change: 'changed'; readonly before: SystemSettings; readonly after: SystemSettings }
  | { readonly [Of in Kind]: RowChange<Of> }[Kind];

export type RowChange<Of extends Kind = Kind> =
  | { readonly kind: Of; readonly change: 'added'; readonly id: string; readonly after: RowOf<Of> }
  | { readonly kind: Of; readonly change: 'removed'; readonly id: string; readonly before: RowOf<Of> }
  | { readonly kind: Of; readonly change: 'changed'; readonly id: string; readonly before: RowOf<Of>; readonly after: RowOf<Of> };

/** What is different in `after`: removals first, so that a taken number is free before it is given again; what is referred to before what refers to it. */
export function diff(before: Snapshot, after: Snapshot): readonly ConfigurationChange[] {
  return [
    ...[...kindNames].reverse().flatMap((kind) => removed(kind, before, after)),
    ...(same(before.settings, after.settings) ? [] : [{ kind: 'settings', change: 'changed', before: before.settings, after: after.settings } as const]),
    ...kindNames.flatMap((kind) => addedOrChanged(kind, before, after)),
  ];
}

function removed(kind: Kind, before: Snapshot, after: Snapshot): ConfigurationChange[] {
  const changes: ConfigurationChange[] = [];
  const { rows } = kinds[kind];
  for (const [id, row] of before[rows]) if (!after[rows].has(id)) changes.push({ kind, change: 'removed', id, before: row } as ConfigurationChange);
  return changes;
}

function addedOrChanged(kind: Kind, before: Snapshot, after: Snapshot): ConfigurationChange[] {
  const changes: ConfigurationChange[] = [];
  const { rows } = kinds[kind];
  for (const [id, row] of after[rows]) {
    const old = before[rows].get(id);
    if (old === undefined) changes.push({ kind, change: 'added', id, after: row } as ConfigurationChange);
    else if (!same(old, row)) changes.push({ kind, change: 'changed', id, before: old, after: row } as ConfigurationChange);
  }
  return changes;
}

/** Rows are plain JSON made by one schema each, so their fields come in one order. */
function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
