import { type ConfigurationChange, type ConfigurationRows, emptyRows, type Kind, kindNames, kinds, type RowOf } from '@tipring/config';
import type { DataSource, EntityManager, EntitySchema, FindOptionsWhere, QueryDeepPartialEntity } from 'typeorm';
import { type Author, auditEntry, withoutSecrets } from './audit-log.ts';
import { auditSchema } from './schema/access.ts';
import { lineFromRow, lineSchema, lineToRow, stationFromRow, stationSchema, stationToRow } from './schema/analog.ts';
import { deviceFromRow, deviceSchema, deviceToRow, extensionFromRow, extensionSchema, extensionToRow, settingsFromRow, settingsSchema, settingsToRow } from './schema/configuration.ts';
import { type ObjectKind, objectFromRow, type ObjectRow, objectSchema, objectToRow } from './schema/object.ts';

export class ConfigurationRepository {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** null: nothing was ever written, this is the first start. */
  async load(): Promise<ConfigurationRows | null> {
    const [settings, extensions, devices, stations, lines, objects] = await Promise.all([
      this.#orm.getRepository(settingsSchema).findOneBy({ name: 'system' }),
      this.#orm.getRepository(extensionSchema).find(),
      this.#orm.getRepository(deviceSchema).find(),
      this.#orm.getRepository(stationSchema).find(),
      this.#orm.getRepository(lineSchema).find(),
      this.#orm.getRepository(objectSchema).find(),
    ]);
    if (settings === null) return null;
    const byKind = Map.groupBy(objects, ({ kind }) => kind);
    const ofKind = objectKinds.map((kind) => [kinds[kind].rows, (byKind.get(kind) ?? []).map(objectFromRow)]);
    return {
      ...emptyRows(settingsFromRow(settings)),
      ...Object.fromEntries(ofKind),
      extensions: extensions.map(extensionFromRow),
      devices: devices.map(deviceFromRow),
      stations: stations.map(stationFromRow),
      lines: lines.map(lineFromRow),
    };
  }

  /** The first configuration, in one piece. False: another process was first. */
  async found(rows: ConfigurationRows, author: Author): Promise<boolean> {
    return this.#orm.transaction(async (manager) => {
      const row = settingsToRow(rows.settings);
      const settled = await manager.createQueryBuilder().insert().into(settingsSchema).values(row).orIgnore().returning('name').execute();
      if ((settled.raw as unknown[]).length === 0) return false;
      await manager.insert(extensionSchema, rows.extensions.map(extensionToRow));
      await manager.insert(deviceSchema, rows.devices.map(deviceToRow));
      await manager.insert(stationSchema, rows.stations.map(stationToRow));
      await manager.insert(lineSchema, rows.lines.map(lineToRow));
      for (const kind of objectKinds) await manager.insert(objectSchema, rows[kinds[kind].rows].map((row) => objectToRow(kind, row)) as QueryDeepPartialEntity<ObjectRow>[]);
      const { extensions, devices, stations, lines } = rows;
      await manager.insert(auditSchema, auditEntry(author, 'found', 'configuration', null, { extensions: extensions.length, devices: devices.length, stations: stations.length, lines: lines.length }));
      return true;
    });
  }

  /** All of it with its audit rows, or nothing: false when a row is not in the version the change was made from. */
  async write(changes: readonly ConfigurationChange[], author: Author): Promise<boolean> {
    try {
      await this.#orm.transaction(async (manager) => {
        for (const change of changes) {
          if (!(await writeOne(manager, change))) throw new ChangedMeanwhile();
          await manager.insert(auditSchema, auditOf(change, author));
        }
      });
      return true;
    } catch (error) {
      if (error instanceof ChangedMeanwhile || isUniqueViolation(error)) return false;
      throw error;
    }
  }
}

/** Leaves the transaction; never leaves this file. */
class ChangedMeanwhile extends Error {}

async function writeOne(manager: EntityManager, change: ConfigurationChange): Promise<boolean> {
  switch (change.kind) {
    case 'settings': {
      const outcome = await manager.update(settingsSchema, { name: 'system', version: change.before.version }, settingsToRow(change.after));
      return outcome.affected === 1;
    }
    case 'extension': return writeRow(manager, extensionSchema, change, extensionToRow);
    case 'device': return writeRow(manager, deviceSchema, change, deviceToRow);
    case 'station': return writeRow(manager, stationSchema, change, stationToRow);
    case 'line': return writeRow(manager, lineSchema, change, lineToRow);
    default: return writeRow(manager, objectSchema, change as WrittenChange<RowOf<ObjectKind>>, (row) => objectToRow(change.kind, row));
  }
}

type WrittenChange<Row> =
  | { readonly change: 'added'; readonly after: Row }
  | { readonly change: 'removed'; readonly id: string; readonly before: Row }
  | { readonly change: 'changed'; readonly id: string; readonly before: Row; readonly after: Row };

async function writeRow<Row extends { readonly version: number }, Stored extends { id: string; version: number }>(
  manager: EntityManager,
  schema: EntitySchema<Stored>,
  change: WrittenChange<Row>,
  toRow: (row: Row) => Stored,
): Promise<boolean> {
  if (change.change === 'added') return Boolean(await manager.insert(schema, toRow(change.after) as QueryDeepPartialEntity<Stored>));
  const asItWas = { id: change.id, version: change.before.version } as FindOptionsWhere<Stored>;
  const outcome = change.change === 'removed' ? await manager.delete(schema, asItWas) : await manager.update(schema, asItWas, toRow(change.after) as QueryDeepPartialEntity<Stored>);
  return outcome.affected === 1;
}

function auditOf(change: ConfigurationChange, author: Author) {
  const target = change.kind === 'settings' ? 'settings' : `${change.kind}:${change.id}`;
  const before = change.change === 'added' ? null : withoutSecrets(change.before);
  const after = change.change === 'removed' ? null : withoutSecrets(change.after);
  const action = { added: 'create', changed: 'update', removed: 'delete' }[change.change];
  return auditEntry(author, action, target, before, after);
}

/** PostgreSQL error code 23505: another process gave the key, number or user name away first. */
function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

const ownTable: ReadonlySet<Kind> = new Set(['extension', 'device', 'station', 'line']);
const objectKinds = kindNames.filter((kind): kind is ObjectKind => !ownTable.has(kind));
