import { buildSnapshot, firstSettings } from '@tipring/config';
import { migrations } from '@tipring/migrations';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigurationRepository } from './configuration-repository.ts';
import { closeDatabase, migrate, openDatabase, type Database } from './database.ts';
import { createTestDatabase, silent, testSealer, type TestDatabase, testDatabaseUrl } from './testing/test-database.ts';

describe.skipIf(testDatabaseUrl === undefined)('the database (TIPRING_TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  let open: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    open = await openDatabase(database.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(open);
    await database.drop();
  });

  test('the entity schemas say exactly what the migrations made', async () => {
    const drift = await open.orm.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map((query) => query.query)).toEqual([]);
  });

  test('a column that only the schema knows is noticed as drift', async () => {
    await open.batches.query('ALTER TABLE outbox DROP COLUMN kind');
    const drift = await open.orm.driver.createSchemaBuilder().log();
    await open.batches.query('ALTER TABLE outbox ADD COLUMN kind text NOT NULL');
    expect(drift.upQueries.map((query) => query.query).join()).toContain('"kind"');
  });

  test('two processes that migrate at once run each migration once', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('DROP SCHEMA public CASCADE');
    await client.query('CREATE SCHEMA public');
    await client.end();
    const other = await openDatabase(database.url, silent);
    const ran = await Promise.all([migrate(open), migrate(other)]);
    await closeDatabase(other);
    expect(ran.flat().sort()).toEqual(migrations.map((migration) => migration.name).sort());
  });

  test('a database of the former version is brought up to date, and what it holds is read as before', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('DROP SCHEMA public CASCADE');
    await client.query('CREATE SCHEMA public');
    const former = new DataSource({ type: 'postgres', url: database.url, migrations: [migrations[0]], installExtensions: false });
    await former.initialize();
    await former.runMigrations();
    await former.destroy();
    await client.query(`INSERT INTO extensions VALUES ('ext_00000000000000000000000001', 'desk', '101', 'Desk', 30000, 4, now(), now())`);
    const { sip, guard } = firstSettings('office', '2026-11-22T18:00:00.000Z');
    await client.query(`INSERT INTO settings VALUES ('system', $1, 2, now(), now())`, [{ sip, guard }]);
    await client.end();

    expect(await migrate(open)).toEqual(migrations.slice(1).map((migration) => migration.name));
    const rows = (await new ConfigurationRepository(open.orm, testSealer).load())!;
    expect(buildSnapshot(rows)).toMatchObject({ ok: true });
    expect(rows).toMatchObject({ settings: { sip: { realm: 'office' } }, extensions: [{ number: '101', version: 4 }], stations: [], lines: [] });
    expect((await open.orm.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  test('lines that had a prefix for calling out are groups and routes afterwards, and the office is where they are', async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query('DROP SCHEMA public CASCADE');
    await client.query('CREATE SCHEMA public');
    const former = new DataSource({ type: 'postgres', url: database.url, migrations: migrations.slice(0, migrations.findIndex(({ name }) => name.startsWith('OutsidePrefixes'))), installExtensions: false });
    await former.initialize();
    await former.runMigrations({ transaction: 'each' });
    await former.destroy();
    const { sip, guard } = firstSettings('office', '2026-11-22T18:00:00.000Z');
    await client.query(`INSERT INTO settings VALUES ('system', $1, 2, now(), now())`, [{ sip, guard }]);
    for (const [n, key, prefix] of [[1, 'b', '0'], [2, 'a', '0'], [3, 'c', '*9#'], [4, 'd', null]] as const) {
      await client.query(`INSERT INTO lines (id, key, display_name, card, port, region, is_enabled, is_commissioned, inbound, outbound, overrides, version, created_at, updated_at)
        VALUES ('lin_0000000000000000000000000${n}', '${key}', 'Line', 'SIM-1', ${n}, 'DE', true, true, NULL, $1, '{}', 1, now(), now())`, [prefix === null ? null : JSON.stringify({ prefix })]);
    }
    await client.end();
    await migrate(open);

    const built = buildSnapshot((await new ConfigurationRepository(open.orm, testSealer).load())!);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    const { lineGroups, outboundRoutes, settings } = built.value;
    expect([...lineGroups.values()].map(({ key, lines, hunt }) => [key, lines.map((id) => id.at(-1)), hunt])).toEqual([['lines-0', ['2', '1'], 'linear'], ['lines-star9hash', ['3'], 'linear']]);
    expect([...outboundRoutes.values()].map(({ key, match, attempts }) => [key, match.prefix, attempts.map(({ via }) => lineGroups.get(via.id)?.key)])).toEqual([['outside-0', '0', ['lines-0']], ['outside-star9hash', '*9#', ['lines-star9hash']]]);
    expect(settings.site).toMatchObject({ country: 'DE', outsidePrefix: '0' });
  });

  test('an idle connection that the server ends does not end the process', async () => {
    const lost: string[] = [];
    const watched = await openDatabase(database.url, (_level, event) => lost.push(event));
    await watched.batches.query('SELECT 1');
    await open.batches.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tipring-batches' AND pid <> pg_backend_pid()");
    await expect.poll(() => lost).toContain('databaseConnectionLost');
    expect((await watched.batches.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await closeDatabase(watched);
  });
});
