import { type Kind, kinds, type RowOf } from '@tipring/config';
import { EntitySchema } from 'typeorm';

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

/** jsonb does not keep the order of fields; the schema puts it back (a diff compares in that order). What it refuses the snapshot's own check will tell. */
export function objectFromRow({ id, kind, key, value, version, createdAt, updatedAt }: ObjectRow): RowOf<ObjectKind> {
  const row = { id, key, ...value, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  const read = kinds[kind as ObjectKind].schema.safeParse(row);
  return read.success ? read.data : (row as unknown as RowOf<ObjectKind>);
}
