import { createHash } from 'node:crypto';
import type { Sealer } from '@tipring/config';
import { migrations } from '@tipring/migrations';
import pg from 'pg';
import { closeDatabase, migrate, openDatabase } from '../database.ts';
import type { StoreLog } from '../log.ts';
import { KeySealer } from '../sealing/key-sealer.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Superuser URL of a PostgreSQL for tests; `npm test` sets it. Tests that need it skip when it is not set. */
export const testDatabaseUrl: string | undefined = process.env['TIPRING_TEST_DATABASE_URL'];

/**
 * A migrated, empty database of its own: cloned from a template that the first caller migrates (11–26 ms a clone).
 * The template is named after the migrations, so a changed migration makes a new one.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  if (testDatabaseUrl === undefined) throw new Error('TIPRING_TEST_DATABASE_URL is not set');
  const admin = new pg.Client(testDatabaseUrl);
  await admin.connect();
  const name = `tipring_test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  try {
    const template = await migratedTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await admin.end();
  }
  return { url: urlOf(name), drop: () => dropDatabase(name) };
}

/** Of one key, for all tests. */
export const testSealer: Sealer = new KeySealer(new Uint8Array(32).fill(7), 'rest');

/** For tests that do not care what the library says. */
export const silent: StoreLog = () => undefined;

async function migratedTemplate(admin: pg.Client): Promise<string> {
  const statements = (await Promise.all(migrations.map(migrationText))).join();
  const template = `tipring_template_${createHash('sha256').update(statements).digest('hex').slice(0, 12)}`;
  await admin.query('SELECT pg_advisory_lock(77120)');
  try {
    const known = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
    if (known.rowCount === 1) return template;
    await admin.query(`DROP DATABASE IF EXISTS ${template}`);
    await admin.query(`CREATE DATABASE ${template}`);
    const database = await openDatabase(urlOf(template), silent);
    await migrate(database);
    await closeDatabase(database);
    await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
    return template;
  } finally {
    await admin.query('SELECT pg_advisory_unlock(77120)');
  }
}

/** What the migration would run, told by a query runner that only listens. */
async function migrationText(migration: (typeof migrations)[number]): Promise<string> {
  const heard: string[] = [];
  const runner = { query: (statement: string) => (heard.push(statement), Promise.resolve()) };
  await new migration().up(runner as never);
  return heard.join();
}

async function dropDatabase(name: string): Promise<void> {
  const admin = new pg.Client(testDatabaseUrl);
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
}

function urlOf(name: string): string {
  const url = new URL(testDatabaseUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}
