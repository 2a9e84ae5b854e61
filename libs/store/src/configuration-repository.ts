import { type ConfigurationChange, type ConfigurationRows, emptyRows, type Kind, kindNames, kinds, type ObjectDifference, type RowOf, type Sealer } from '@tipring/config';
import type { DataSource, EntityManager, EntitySchema } from 'typeorm';
import { type Author, auditEntry, withoutSecrets } from './audit-log.ts';
import { deleteRows, insertRows, updateRows } from './bulk-rows.ts';
import { auditSchema } from './schema/access.ts';
import { lineFromRow, lineSchema, lineToRow, stationFromRow, stationSchema, stationToRow } from './schema/analog.ts';
import { deviceFromRow, deviceSchema, deviceToRow, extensionFromRow, extensionSchema, extensionToRow, settingsFromRow, settingsSchema, settingsToRow } from './schema/configuration.ts';
import { type ObjectKind, objectFromRow, objectSchema, objectToRow } from './schema/object.ts';
import { rowOfNow, settingsOfNow } from './schema/older-rows.ts';
import { revisionSchema } from './schema/revision.ts';
import { SecretsAtRest } from './sealing/secrets-at-rest.ts';

/** What is written of a revision beside its changes. */
export interface RevisionEntry {
  /** Tells afterwards whether it was written, when the connection was lost meanwhile. */
  readonly id: string;
  readonly at: Date;
  readonly why: string | null;
  readonly confirmBy: Date | null;
  /** A rollback to this one; 0: to what was before the first. */
  readonly restores: number | null;
  /** For a rollback that nobody asked for: the revision that must still wait for its confirmation. */
  readonly onlyIfPending: number | null;
  readonly objects: readonly ObjectDifference[];
}

/** The configuration in the database. Secrets lie there sealed. */
export class ConfigurationRepository {
  readonly #orm: DataSource;
  readonly #atRest: SecretsAtRest;

  constructor(orm: DataSource, sealer: Sealer) {
    this.#orm = orm;
    this.#atRest = new SecretsAtRest(sealer);
  }

  /** null: nothing was ever written, this is the first start. Rejects when secrets were sealed with another key. */
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
    const byKind = Map.groupBy(objects, ({ kind }) => kind as ObjectKind);
    const ofKind = objectKinds.map((kind) => [kinds[kind].rows, (byKind.get(kind) ?? []).map((row) => objectFromRow({ ...row, value: this.#atRest.opened(kind, row.value) }))]);
    return {
      ...emptyRows(this.#atRest.opened('settings', settingsFromRow(settings))),
      ...Object.fromEntries(ofKind),
      extensions: extensions.map(extensionFromRow),
      devices: devices.map((row) => deviceFromRow(this.#atRest.opened('device', row))),
      stations: stations.map(stationFromRow),
      lines: lines.map(lineFromRow),
    };
  }

  /** Seals what an earlier version left plain. Returns how many rows those were. */
  async sealPlain(): Promise<number> {
    return this.#orm.transaction(async (manager) => {
      const devices = (await manager.find(deviceSchema)).filter((row) => this.#atRest.isPlain('device', row));
      const objects = (await manager.find(objectSchema)).filter(({ kind, value }) => this.#atRest.isPlain(kind as Kind, value));
      const ofDevices = await updateRows(manager, deviceSchema, devices.map((row) => [this.#atRest.sealed('device', row), row.version]));
      const ofObjects = await updateRows(manager, objectSchema, objects.map((row) => [{ ...row, value: this.#atRest.sealed(row.kind as Kind, row.value) }, row.version]));
      return ofDevices + ofObjects;
    });
  }

  /** The first configuration, in one piece; it is no revision. False: another process was first. */
  async found(rows: ConfigurationRows, author: Author): Promise<boolean> {
    return this.#orm.transaction(async (manager) => {
      const row = settingsToRow(this.#atRest.sealed('settings', rows.settings));
      const settled = await manager.createQueryBuilder().insert().into(settingsSchema).values(row).orIgnore().returning('name').execute();
      if ((settled.raw as unknown[]).length === 0) return false;
      for (const kind of kindNames) await tableOf(kind).insert(manager, rows[kinds[kind].rows].map((one) => this.#atRest.sealed(kind, one)));
      const { extensions, devices, stations, lines } = rows;
      await manager.insert(auditSchema, auditEntry(author, 'found', 'configuration', null, { extensions: extensions.length, devices: devices.length, stations: stations.length, lines: lines.length }));
      return true;
    });
  }

  /**
   * All of it with its audit rows and its revision, or nothing. Returns the revision’s number; null when a row is not in the version the change was
   * made from, or another process waits for a confirmation. When it rejects it may have been written all the same: ask `numberOf`.
   */
  async write(changes: readonly ConfigurationChange[], author: Author, revision: RevisionEntry): Promise<number | null> {
    try {
      return await this.#orm.transaction(async (manager) => {
        await takeTurn(manager);
        const pending = await manager.findOne(revisionSchema, { where: { state: 'applied' }, select: { number: true } });
        const isExpected = revision.onlyIfPending === null ? pending === null || revision.restores !== null : pending?.number === revision.onlyIfPending;
        if (!isExpected) throw new ChangedMeanwhile();
        await this.#writeRows(manager, changes);
        await insertRows(manager, auditSchema, changes.map((change) => ({ ...auditOf(change, author), at: revision.at })) as never);
        return this.#writeRevision(manager, changes, author, revision);
      });
    } catch (error) {
      if (error instanceof ChangedMeanwhile || isUniqueViolation(error)) return null;
      throw error;
    }
  }

  /** Whether that revision was written, told for certain: not before whoever might still be writing it has come to an end. */
  async numberOf(revisionId: string): Promise<number | null> {
    return this.#orm.transaction(async (manager) => {
      await takeTurn(manager);
      return (await manager.findOne(revisionSchema, { where: { id: revisionId }, select: { number: true } }))?.number ?? null;
    });
  }

  /** It stands. False: it did not wait for that. */
  async confirm(number: number, author: Author): Promise<boolean> {
    return this.#orm.transaction(async (manager) => {
      await takeTurn(manager);
      const outcome = await manager.update(revisionSchema, { number, state: 'applied' }, { state: 'confirmed' });
      if (outcome.affected !== 1) return false;
      await manager.insert(auditSchema, auditEntry(author, 'confirm', `revision:${number}`, null, null));
      return true;
    });
  }

  /** Its changes were nothing any more, so that it has no counterpart: it counts as rolled back by itself. False: it did not wait for a confirmation. */
  async withdraw(number: number): Promise<boolean> {
    return (await this.#orm.getRepository(revisionSchema).update({ number, state: 'applied' }, { state: 'rolledBack' })).affected === 1;
  }

  /** The revision that waits for its confirmation. */
  async pending(): Promise<{ readonly number: number; readonly confirmBy: string } | null> {
    const row = await this.#orm.getRepository(revisionSchema).findOneBy({ state: 'applied' });
    return row === null ? null : { number: row.number, confirmBy: (row.confirmBy ?? row.at).toISOString() };
  }

  /** The number of the newest revision; 0: there is none. */
  async latestNumber(): Promise<number> {
    return (await this.#orm.getRepository(revisionSchema).maximum('number')) ?? 0;
  }

  /** What was changed after that revision, the newest first, with secrets. */
  async changesAfter(number: number): Promise<readonly ConfigurationChange[]> {
    const rows = await this.#orm
      .getRepository(revisionSchema)
      .createQueryBuilder('revision')
      .select(['revision.number', 'revision.changes'])
      .where('revision.number > :number', { number })
      .orderBy('revision.number', 'DESC')
      .getMany();
    return rows.flatMap(({ changes }) => changes.toReversed().map((change) => this.#openedChange(change)));
  }

  /**
   * What is new before what is gone: that which was referred to may go when nothing refers to it any more. Keys, numbers and user names are unique
   * when all is done, not at each step.
   */
  async #writeRows(manager: EntityManager, changes: readonly ConfigurationChange[]): Promise<void> {
    const byKind = Map.groupBy(changes, ({ kind }) => kind);
    for (const change of byKind.get('settings') ?? []) {
      if (change.kind !== 'settings') continue;
      const outcome = await manager.update(settingsSchema, { name: 'system', version: change.before.version }, settingsToRow(this.#atRest.sealed('settings', change.after)));
      if (outcome.affected !== 1) throw new ChangedMeanwhile();
    }
    const ofKind = (kind: Kind) => (byKind.get(kind) ?? []) as readonly AnyChange[];
    for (const kind of kindNames) {
      const added = ofKind(kind).flatMap((change) => (change.change === 'added' ? [this.#atRest.sealed(kind, change.after)] : []));
      const changed = ofKind(kind).flatMap((change) => (change.change === 'changed' ? [[this.#atRest.sealed(kind, change.after), change.before.version] as const] : []));
      await tableOf(kind).insert(manager, added);
      if ((await tableOf(kind).update(manager, changed)) !== changed.length) throw new ChangedMeanwhile();
    }
    for (const kind of kindNames.toReversed()) {
      const removed = ofKind(kind).flatMap((change) => (change.change === 'removed' ? [change.before] : []));
      if ((await tableOf(kind).remove(manager, removed)) !== removed.length) throw new ChangedMeanwhile();
    }
  }

  async #writeRevision(manager: EntityManager, changes: readonly ConfigurationChange[], author: Author, { id, at, why, confirmBy, restores, objects }: RevisionEntry): Promise<number> {
    const number = ((await manager.maximum(revisionSchema, 'number')) ?? 0) + 1;
    const counts = { added: 0, changed: 0, removed: 0 };
    for (const { change } of changes) counts[change] += 1;
    const { actor, requestId } = author;
    const state = confirmBy === null ? 'confirmed' : 'applied';
    await insertRows(manager, revisionSchema, [{ number, id, at, actor, requestId, why, restores, rolledBackBy: null, confirmBy, state, counts, objects, changes: changes.map((change) => this.#sealedChange(change)) }]);
    if (restores !== null) {
      await manager.createQueryBuilder().update(revisionSchema).set({ state: 'rolledBack', rolledBackBy: number }).where(`number > :restores AND number < :number AND state <> 'rolledBack'`, { restores, number }).execute();
    }
    return number;
  }

  #sealedChange(change: ConfigurationChange): ConfigurationChange {
    return withRows(change, (row) => this.#atRest.sealed(change.kind, row));
  }

  #openedChange(change: ConfigurationChange): ConfigurationChange {
    return withRows(change, (row) => (change.kind === 'settings' ? settingsOfNow(this.#atRest.opened('settings', row)) : rowOfNow(change.kind, this.#atRest.opened(change.kind, row))));
  }
}

/** Leaves the transaction; never leaves this file. */
class ChangedMeanwhile extends Error {}

/** Of all processes one writes at a time, until its transaction has come to an end: so revisions have no gaps. */
async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [writeLock]);
}

interface AnyRow {
  readonly id: string;
  readonly version: number;
}

type AnyChange =
  | { readonly change: 'added'; readonly after: AnyRow }
  | { readonly change: 'removed'; readonly before: AnyRow }
  | { readonly change: 'changed'; readonly before: AnyRow; readonly after: AnyRow };

interface Table {
  insert(manager: EntityManager, rows: readonly AnyRow[]): Promise<void>;
  update(manager: EntityManager, rows: readonly (readonly [row: AnyRow, from: number])[]): Promise<number>;
  remove(manager: EntityManager, rows: readonly AnyRow[]): Promise<number>;
}

function table<Row, Stored extends { id: string; version: number }>(schema: EntitySchema<Stored>, toRow: (row: Row) => Stored): Table {
  const stored = (row: AnyRow) => toRow(row as Row);
  return {
    insert: (manager, rows) => insertRows(manager, schema, rows.map(stored)),
    update: (manager, rows) => updateRows(manager, schema, rows.map(([row, from]) => [stored(row), from])),
    remove: (manager, rows) => deleteRows(manager, schema, rows),
  };
}

function tableOf(kind: Kind): Table {
  switch (kind) {
    case 'extension': return table(extensionSchema, extensionToRow);
    case 'device': return table(deviceSchema, deviceToRow);
    case 'station': return table(stationSchema, stationToRow);
    case 'line': return table(lineSchema, lineToRow);
    default: return table(objectSchema, (row: RowOf<ObjectKind>) => objectToRow(kind, row));
  }
}

function withRows(change: ConfigurationChange, put: (row: object) => object): ConfigurationChange {
  return {
    ...change,
    ...('before' in change ? { before: put(change.before) } : {}),
    ...('after' in change ? { after: put(change.after) } : {}),
  } as ConfigurationChange;
}

function auditOf(change: ConfigurationChange, author: Author) {
  const target = change.kind === 'settings' ? 'settings' : `${change.kind}:${change.id}`;
  const before = change.change === 'added' ? null : withoutSecrets(change.kind, change.before);
  const after = change.change === 'removed' ? null : withoutSecrets(change.kind, change.after);
  const action = { added: 'create', changed: 'update', removed: 'delete' }[change.change];
  return auditEntry(author, action, target, before, after);
}

/** PostgreSQL error code 23505: another process gave the key, number or user name away first. */
function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}

const ownTable: ReadonlySet<Kind> = new Set(['extension', 'device', 'station', 'line']);
const objectKinds = kindNames.filter((kind): kind is ObjectKind => !ownTable.has(kind));
const writeLock = 0x7199_1217;
