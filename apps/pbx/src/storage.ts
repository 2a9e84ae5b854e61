import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSnapshot } from '@tipring/config';
import {
  ApiKeys, AuditLog, CallLadders, CallRecordRepository, closeDatabase, ConfigurationRepository, type Database, EventLog, IdempotencyKeys, keyFrom, KeySealer, LiveConfiguration, MessageStore, migrate,
  openDatabase, RecordJournal, RegistrationLog, RevisionLog, SecretVault, type StoreLog,
} from '@tipring/store';
import type { Logger } from 'pino';
import type { Environment } from './environment.ts';
import { wantedEvents } from './late-office.ts';
import { completeFirstStart, foundOffice } from './first-start.ts';

/** Everything that is kept, opened. */
export interface Storage {
  readonly database: Database;
  readonly configuration: LiveConfiguration;
  readonly revisions: RevisionLog;
  /** Seals the secrets of exports, and opens those that this system sealed. */
  readonly exportSealer: KeySealer;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditLog;
  readonly idempotency: IdempotencyKeys;
  readonly records: CallRecordRepository;
  readonly journal: RecordJournal;
  readonly ladders: CallLadders;
  readonly events: EventLog;
  /** What is in the voicemail boxes. */
  readonly messages: MessageStore;
  readonly registrations: RegistrationLog;
  readonly nonceSecret: string;
  /** Of it the users are made by which carriers call us. */
  readonly trunkSecret: string;
  readonly isFirstStart: boolean;
  /** Writes what waits, as far as PostgreSQL takes it within `patienceMs`; the rest stays in the files. */
  close(patienceMs: number): Promise<void>;
}

/** Waits for PostgreSQL as long as it takes: without a configuration there is no PBX. */
export async function openStorage(environment: Environment, apiUrl: string, log: Logger): Promise<Storage> {
  const say: StoreLog = (level, event, details) => log[level](details, event);
  const database = await connected(environment.databaseUrl, say);
  const ran = await migrate(database);
  if (ran.length > 0) log.info({ migrations: ran }, 'schemaUpdated');

  const apiKeys = new ApiKeys(database.orm);
  const registrations = new RegistrationLog(database.batches, say);
  const folder = (name: string) => join(environment.dataFolder, 'journal', name);
  mkdirSync(environment.dataFolder, { recursive: true, mode: 0o700 });
  const key = await keyFrom(join(environment.dataFolder, 'secrets.key'));
  const repository = new ConfigurationRepository(database.orm, new KeySealer(key, 'rest'));
  const [known, nonceSecret, trunkSecret, floor] = await Promise.all([
    repository.load(),
    new SecretVault(database.orm).ensure('sipNonce', () => randomBytes(32).toString('base64url')),
    new SecretVault(database.orm).ensure('trunkContacts', () => randomBytes(32).toString('base64url')),
    EventLog.floor(database.batches),
    apiKeys.load(),
  ]);
  const rows = known ?? (await foundOffice(repository, apiKeys, { ...environment, apiUrl }));
  if (known !== null) completeFirstStart(environment);
  const sealed = await repository.sealPlain();
  if (sealed > 0) log.info({ rows: sealed }, 'secretsSealed');
  const built = buildSnapshot(rows);
  if (!built.ok) throw new Error(`The stored configuration is not valid: ${JSON.stringify(built.problems)}`);

  const wallClock = Date.now;
  const configuration = new LiveConfiguration(repository, built.value, { log: say });
  await configuration.resume();
  const journal = new RecordJournal({ folder: folder('records'), pool: database.batches, wallClock, log: say });
  const events = new EventLog({ folder: folder('events'), pool: database.batches, wallClock, log: say, floor, wanted: () => wantedEvents(configuration.snapshot) });
  const ladders = new CallLadders({ pool: database.batches, log: say });
  const messages = await MessageStore.open({ folder: folder('messages'), sounds: environment.soundsFolder, pool: database.batches, wallClock, log: say });
  return {
    database,
    configuration,
    revisions: new RevisionLog(database.orm),
    exportSealer: new KeySealer(key, 'export'),
    apiKeys,
    audit: new AuditLog(database.orm),
    idempotency: new IdempotencyKeys(database.orm),
    records: new CallRecordRepository(database.orm),
    journal,
    ladders,
    events,
    messages,
    registrations,
    nonceSecret,
    trunkSecret,
    isFirstStart: known === null,
    async close(patienceMs) {
      configuration.close();
      const written = Promise.all([journal.close(), ladders.close(), events.close(), messages.close(), registrations.flush()]);
      await Promise.race([written, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
      await Promise.race([closeDatabase(database), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    },
  };
}

async function connected(url: string, log: StoreLog): Promise<Database> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await openDatabase(url, log);
    } catch (error) {
      // Refused credentials or an unknown database do not get better by waiting.
      if (typeof error === 'object' && error !== null && 'code' in error && ['28P01', '28000', '3D000'].includes(String(error.code))) throw error;
      if (attempt % 20 === 0) log('warn', 'waitingForDatabase', { reason: String(error) });
      await new Promise((resolve) => setTimeout(resolve, Math.min(50 * (attempt + 1), 500)));
    }
  }
}
