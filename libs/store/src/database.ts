import { migrations } from '@tipring/migrations';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { StoreLog } from './log.ts';
import { apiKeySchema, auditSchema, idempotencySchema, secretSchema } from './schema/access.ts';
import { lineSchema, stationSchema } from './schema/analog.ts';
import { deviceSchema, extensionSchema, settingsSchema } from './schema/configuration.ts';
import { objectSchema } from './schema/object.ts';
import { callLadderSchema, callRecordSchema, drillSchema, eventSchema, outboxSchema, registrationSchema } from './schema/happenings.ts';
import { recordingSchema, voicemailGreetingSchema, voicemailMessageSchema, webhookDeliverySchema } from './schema/messages.ts';
import { revisionSchema } from './schema/revision.ts';

/** Both ways into the one database: TypeORM for what people change, a small pool of plain statements for what is written in batches. */
export interface Database {
  readonly orm: DataSource;
  readonly batches: pg.Pool;
}

/** Opens without connecting the batch pool. Rejects when PostgreSQL cannot be reached: the caller decides whether to wait. */
export async function openDatabase(url: string, log: StoreLog): Promise<Database> {
  const lost = (error: unknown) => log('warn', 'databaseConnectionLost', { reason: error instanceof Error ? error.message : String(error) });
  const orm = dataSource(url, lost);
  const batches = new pg.Pool({ connectionString: url, max: 3, connectionTimeoutMillis: 3_000, query_timeout: 15_000, application_name: 'tipring-batches' });
  // Without this a restart of PostgreSQL ends the process.
  batches.on('error', lost);
  await orm.initialize();
  return { orm, batches };
}

/** Brings the schema up to date; several processes may do so at once, the lock lets one after the other. Returns the names that ran. */
export async function migrate(database: Database): Promise<readonly string[]> {
  const lock = await database.batches.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    const ran = await database.orm.runMigrations({ transaction: 'each' });
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
    return ran.map((migration) => migration.name);
  } finally {
    lock.release();
  }
}

export async function closeDatabase(database: Database): Promise<void> {
  await Promise.all([database.batches.end(), database.orm.isInitialized ? database.orm.destroy() : undefined]);
}

function dataSource(url: string, lost: (error: unknown) => void): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [extensionSchema, deviceSchema, stationSchema, lineSchema, objectSchema, settingsSchema, revisionSchema, apiKeySchema, auditSchema, idempotencySchema, secretSchema, registrationSchema, callRecordSchema, callLadderSchema, eventSchema, outboxSchema, drillSchema, voicemailMessageSchema, voicemailGreetingSchema, recordingSchema, webhookDeliverySchema],
    migrations: [...migrations],
    synchronize: false,
    installExtensions: false,
    poolErrorHandler: lost,
    // The server gives up first: else what was begun is still open when the connection is given to somebody else.
    extra: { max: 6, connectionTimeoutMillis: 3_000, statement_timeout: 14_000, query_timeout: 15_000 },
    applicationName: 'tipring',
  });
}

const migrationLock = 0x7199_1216;
