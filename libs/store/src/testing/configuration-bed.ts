import { FakeTimers } from '@tipring/clock';
import { buildSnapshot, type ConfigurationChange, type ConfigurationProblem, type ConfigurationRows, diff, type DocumentTools, emptyRows, firstSettings, rowsFrom, type Snapshot, type Trunk } from '@tipring/config';
import { ConfigurationRepository } from '../configuration-repository.ts';
import { closeDatabase, type Database, openDatabase } from '../database.ts';
import { LiveConfiguration } from '../live-configuration.ts';
import { newId } from '../new-id.ts';
import { createTestDatabase, silent, type TestDatabase, testSealer } from './test-database.ts';

/** A configuration in force over a real database, with time that stands still. */
export class ConfigurationBed {
  readonly database: Database;
  readonly #clone: TestDatabase;
  timers = new FakeTimers();
  /** What was logged since the last start. */
  logged: string[] = [];
  #started = 0;
  #opened: LiveConfiguration[] = [];

  private constructor(clone: TestDatabase, database: Database) {
    this.#clone = clone;
    this.database = database;
  }

  static async open(): Promise<ConfigurationBed> {
    const clone = await createTestDatabase();
    return new ConfigurationBed(clone, await openDatabase(clone.url, silent));
  }

  async close(): Promise<void> {
    await closeDatabase(this.database);
    await this.#clone.drop();
  }

  /** Nothing is left of what was. */
  async clear(): Promise<void> {
    this.#opened.forEach((live) => live.close());
    this.#opened = [];
    await this.database.batches.query('TRUNCATE configuration_revisions, configuration_objects, extensions, devices, stations, lines, settings, audit');
    this.timers = new FakeTimers();
    this.#started = this.timers.now();
  }

  /** Time passes in which no process is there. */
  sleep(ms: number): void {
    this.#started -= ms;
  }

  async founded(document: object = { version: 1 }, repository = this.repository()): Promise<LiveConfiguration> {
    const empty = buildSnapshot(emptyRows(firstSettings('tipring', '2026-11-22T18:00:00.000Z')));
    if (!empty.ok) throw new Error(JSON.stringify(empty.problems));
    await repository.found(rowsOf(document, empty.value), author);
    return this.resumed(repository);
  }

  /** As at a start. */
  async resumed(repository = this.repository()): Promise<LiveConfiguration> {
    const built = buildSnapshot((await repository.load())!);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    this.logged = [];
    const { timers } = this;
    const live = new LiveConfiguration(repository, built.value, { timers, wallClock: () => wallStart + timers.now() - this.#started, log: (_level, event) => this.logged.push(event) });
    this.#opened.push(live);
    await live.resume();
    return live;
  }

  repository(): ConfigurationRepository {
    return new ConfigurationRepository(this.database.orm, testSealer);
  }

  /** How what runs differs from what a start would load. */
  async disagreement(live: LiveConfiguration): Promise<readonly (ConfigurationChange | ConfigurationProblem)[]> {
    const built = buildSnapshot((await this.repository().load())!);
    return built.ok ? diff(live.snapshot, built.value) : built.problems;
  }
}

export const author = { actor: 'key_1', requestId: 'req_1' };
export const wallStart = Date.parse('2026-11-23T12:00:00.000Z');

export const office = {
  version: 1,
  pinSets: { staff: { pins: [{ label: 'Ann', pin: '47110815' }] } },
  extensions: { desk: { number: '101' }, lab: { number: '102' }, hall: { number: '103' } },
  devices: { phone: { extension: 'desk' }, second: { extension: 'lab' } },
  stations: { wall: { extension: 'desk', port: 'SIM-1/5' } },
  lines: { main: { port: 'SIM-1/1' } },
  lineGroups: { lines: { lines: ['main'] } },
  trunks: { carrier: { server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'hunter2' } } },
  outboundRoutes: { outside: { pinSet: 'staff', attempts: [{ via: { trunk: 'carrier' } }] } },
};

const tools: DocumentTools = {
  newId, now: '2026-11-23T12:00:00.000Z', sealer: testSealer, newPassword: () => 'made',
  digestSecrets: () => ({ MD5: 'a'.repeat(32), 'SHA-256': 'b'.repeat(64) }),
};

export function rowsOf(document: object, now: Snapshot): ConfigurationRows {
  const read = rowsFrom(document, now, tools);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value.rows;
}

/** What a document means, as an edit. */
export function putting(document: object): (now: Snapshot) => { readonly ok: true; readonly value: ConfigurationRows } {
  return (now) => ({ ok: true, value: rowsOf(document, now) });
}

export function trunkOf(snapshot: Snapshot): Trunk | undefined {
  return [...snapshot.trunks.values()][0];
}
