import type { Kind, RowOf } from '@tipring/config';
import { EntitySchema } from 'typeorm';
import { rowOfNow } from './older-rows.ts';

/** A row of any kind that has no table of its own: what its schema says stands in `value`, but for what all rows have. */
export interface ObjectRow {
  id: string;
  kind: string;
  key: string;
  value: Record<string, unknown>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const objectSchema = new EntitySchema<ObjectRow>({
  name: 'configurationObject',
  tableName: 'configuration_objects',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'configuration_objects_pk' },
    kind: { type: 'text' },
    key: { type: 'text' },
    value: { type: 'jsonb' },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
  },
  // Two may change names in one transaction.
  uniques: [{ name: 'configuration_objects_key_unique', columns: ['kind', 'key'], deferrable: 'INITIALLY DEFERRED' }],
});

/** Kinds that are rows of `configuration_objects`. */
export type ObjectKind = Exclude<Kind, 'extension' | 'device' | 'station' | 'line'>;

export function objectToRow(kind: ObjectKind, object: RowOf<ObjectKind>): ObjectRow {
  const { id, key, version, createdAt, updatedAt, ...value } = object;
  return { id, kind, key, value, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

export function objectFromRow({ id, kind, key, value, version, createdAt, updatedAt }: ObjectRow): RowOf<ObjectKind> {
  const row = { id, key, ...value, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return rowOfNow(kind as ObjectKind, row);
}
