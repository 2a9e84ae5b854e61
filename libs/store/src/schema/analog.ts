import { Line, Station } from '@tipring/config';
import { EntitySchema } from 'typeorm';

/** What stations and lines have in common as rows. */
interface PortOwnerRow {
  id: string;
  key: string;
  displayName: string;
  card: string;
  port: number;
  region: string;
  isEnabled: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface StationRow extends PortOwnerRow {
  extensionId: string;
  kind: string;
  overrides: Station['overrides'];
}

export interface LineRow extends PortOwnerRow {
  number: string | null;
  isCommissioned: boolean;
  inbound: Line['inbound'];
  /** Of earlier versions, which had no outbound routes. */
  outbound: null;
  overrides: Line['overrides'];
}

const common = {
  key: { type: 'text' },
  displayName: { type: 'text', name: 'display_name' },
  card: { type: 'text' },
  port: { type: 'integer' },
  region: { type: 'text' },
  isEnabled: { type: 'boolean', name: 'is_enabled' },
  overrides: { type: 'jsonb' },
  version: { type: 'integer' },
  createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
  updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
} as const;

export const stationSchema = new EntitySchema<StationRow>({
  name: 'station',
  tableName: 'stations',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'stations_pk' },
    ...common,
    extensionId: { type: 'text', name: 'extension_id' },
    kind: { type: 'text' },
  },
  // Two may change places in one transaction.
  uniques: [
    { name: 'stations_key_unique', columns: ['key'], deferrable: 'INITIALLY DEFERRED' },
    { name: 'stations_port_unique', columns: ['card', 'port'], deferrable: 'INITIALLY DEFERRED' },
  ],
  indices: [{ name: 'stations_extension_index', columns: ['extensionId'] }],
  foreignKeys: [{ name: 'stations_extension_fk', target: 'extension', columnNames: ['extensionId'], referencedColumnNames: ['id'] }],
});

export const lineSchema = new EntitySchema<LineRow>({
  name: 'line',
  tableName: 'lines',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'lines_pk' },
    ...common,
    number: { type: 'text', nullable: true },
    isCommissioned: { type: 'boolean', name: 'is_commissioned' },
    inbound: { type: 'jsonb', nullable: true },
    outbound: { type: 'jsonb', nullable: true },
  },
  uniques: [
    { name: 'lines_key_unique', columns: ['key'], deferrable: 'INITIALLY DEFERRED' },
    { name: 'lines_port_unique', columns: ['card', 'port'], deferrable: 'INITIALLY DEFERRED' },
  ],
});

export function stationToRow({ port, ...station }: Station): StationRow {
  return { ...station, ...port, createdAt: new Date(station.createdAt), updatedAt: new Date(station.updatedAt) };
}

export function stationFromRow(row: StationRow): Station {
  return inOrder(Station, { ...own(row), extensionId: row.extensionId, kind: row.kind as Station['kind'], overrides: row.overrides });
}

export function lineToRow({ port, ...line }: Line): LineRow {
  return { ...line, number: line.number ?? null, outbound: null, ...port, createdAt: new Date(line.createdAt), updatedAt: new Date(line.updatedAt) };
}

export function lineFromRow(row: LineRow): Line {
  const { number, isCommissioned, inbound, overrides } = row;
  return inOrder(Line, { ...own(row), ...(number === null ? {} : { number }), isCommissioned, inbound, overrides });
}

function own({ id, key, displayName, card, port, region, isEnabled, version, createdAt, updatedAt }: PortOwnerRow) {
  return { id, key, displayName, port: { card, port }, region, isEnabled, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** jsonb does not keep the order of fields; the schema puts it back (a diff compares in that order). What it refuses the snapshot's own check will tell. */
function inOrder<Row>(schema: { safeParse(value: unknown): { readonly success: true; readonly data: Row } | { readonly success: false } }, row: Row): Row {
  const read = schema.safeParse(row);
  return read.success ? read.data : row;
}
