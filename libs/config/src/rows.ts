import { type Kind, kindNames, kinds, type RowOf } from './kinds.ts';
import type { SystemSettings } from './settings.ts';

/** All that is configured, as rows. */
export type ConfigurationRows = { readonly settings: SystemSettings } & { readonly [Of in Kind as (typeof kinds)[Of]['rows']]: readonly RowOf<Of>[] };

/** Rows of nothing but settings. */
export function emptyRows(settings: SystemSettings): ConfigurationRows {
  return { settings, ...Object.fromEntries(kindNames.map((kind) => [kinds[kind].rows, []])) } as unknown as ConfigurationRows;
}
