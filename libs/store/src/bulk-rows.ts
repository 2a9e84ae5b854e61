import type { EntityManager, EntitySchema } from 'typeorm';

/*
 * Many rows in one statement: they go as one JSON parameter, and PostgreSQL makes records of it. A thousand inserts of their own take
 * a hundred times as long.
 */

/** Fails as a whole, as any insert. */
export async function insertRows<Row extends object>(manager: EntityManager, schema: EntitySchema<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(schema, rows[0]!);
  const names = columns.map(({ name }) => name).join(', ');
  await manager.query(`INSERT INTO ${tableOf(schema)} (${names}) SELECT ${names} FROM jsonb_to_recordset($1::jsonb) AS given (${typed(columns)})`, [JSON.stringify(recordsOf(rows, columns))]);
}

/** Each row in place of the one that has its id and the version it was made from. Returns how many there were. */
export async function updateRows<Row extends { id: string }>(manager: EntityManager, schema: EntitySchema<Row>, rows: readonly (readonly [row: Row, from: number])[]): Promise<number> {
  if (rows.length === 0) return 0;
  const columns = columnsOf(schema, rows[0]![0]);
  const sets = columns.filter(({ name }) => name !== 'id').map(({ name }) => `${name} = given.${name}`);
  const records = recordsOf(rows.map(([row]) => row), columns).map((record, at) => ({ ...record, from_version: rows[at]![1] }));
  const statement = `UPDATE ${tableOf(schema)} AS standing SET ${sets.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS given (${typed(columns)}, from_version integer) WHERE standing.id = given.id AND standing.version = given.from_version`;
  return affected(await manager.query(statement, [JSON.stringify(records)]));
}

/** Those of these ids that have these versions. Returns how many there were. */
export async function deleteRows<Row extends { id: string }>(manager: EntityManager, schema: EntitySchema<Row>, rows: readonly { readonly id: string; readonly version: number }[]): Promise<number> {
  if (rows.length === 0) return 0;
  const statement = `DELETE FROM ${tableOf(schema)} AS standing USING jsonb_to_recordset($1::jsonb) AS given (id text, version integer) WHERE standing.id = given.id AND standing.version = given.version`;
  return affected(await manager.query(statement, [JSON.stringify(rows.map(({ id, version }) => ({ id, version })))]));
}

interface Column {
  readonly property: string;
  readonly name: string;
  readonly type: string;
}

function columnsOf<Row extends object>({ options }: EntitySchema<Row>, row: Row): readonly Column[] {
  const columns = Object.entries(options.columns) as [string, { name?: string; type: unknown; generated?: unknown }][];
  return columns.flatMap(([property, { name = property, type, generated }]) => (generated === undefined && property in row ? [{ property, name, type: String(type) }] : []));
}

function recordsOf<Row extends object>(rows: readonly Row[], columns: readonly Column[]): readonly Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ property, name }) => [name, (row as Record<string, unknown>)[property]])));
}

function typed(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(', ');
}

function tableOf<Row>({ options }: EntitySchema<Row>): string {
  return options.tableName ?? options.name;
}

/** TypeORM answers an UPDATE or DELETE of ours with the rows it returns and how many it touched. */
function affected(outcome: unknown): number {
  return Number((outcome as readonly [unknown, number])[1]);
}
