import { mkdtempSync, readdirSync, rmSync, statSync, appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallBegun, CallRecord } from '@tipring/telephony';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CallRecordRepository } from '../call-record-repository.ts';
import { closeDatabase, openDatabase, type Database } from '../database.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl } from '../testing/test-database.ts';
import { RecordJournal, type RecordJournalSettings } from './record-journal.ts';

describe.skipIf(testDatabaseUrl === undefined)('the record journal (TIPRING_TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  let open: Database;
  let folder: string;
  const journals: RecordJournal[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    open = await openDatabase(database.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(open);
    await database.drop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tipring-journal-'));
    await open.batches.query('TRUNCATE call_records, recordings, outbox');
  });
  afterEach(async () => {
    for (const journal of journals.splice(0)) await journal.close();
    rmSync(folder, { recursive: true });
  });

  function journal(overrides: Partial<RecordJournalSettings> = {}): RecordJournal {
    const made = new RecordJournal({ folder, pool: open.batches, wallClock: () => 1_800_000_009_000, log: silent, ...overrides });
    journals.push(made);
    return made;
  }
  /** kill -9: nothing of the process is asked any more; what the files say is all there is. */
  function kill(killed: RecordJournal): void {
    journals.splice(journals.indexOf(killed), 1);
  }
  const stored = async () => (await open.batches.query<{ id: string }>('SELECT id FROM call_records ORDER BY id')).rows.map((row) => row.id);

  test('a record arrives in PostgreSQL as it was written, with its outbox row', async () => {
    const writer = journal();
    const original = record('c1');
    writer.begun(begun('c1'));
    writer.ended(original);
    expect(await writer.flush()).toBe(true);
    const repository = new CallRecordRepository(open.orm);
    const { story, ...summary } = original;
    expect(await repository.byId('c1')).toEqual(summary);
    expect(await repository.storyOf('c1')).toEqual(story);
    expect((await open.batches.query('SELECT kind, payload FROM outbox')).rows).toEqual([{ kind: 'callRecord', payload: { id: 'c1' } }]);
    expect((await open.batches.query('SELECT id, call_id, file, duration_ms FROM recordings')).rows).toEqual([{ id: 'c1-1.1', call_id: 'c1', file: 'recordings/c1.1.wav', duration_ms: 3_000 }]);
    expect(writer.backlog).toBe(0);
  });

  test('calls outside of the last day are told in their order, with how routing came to each', async () => {
    const writer = journal();
    const explanation = { decision: { is: 'routed', class: 'national' } };
    for (const [id, direction, startedAt] of [['late', 'outbound', 3_000], ['old', 'outbound', 1_000], ['inside', 'internal', 2_500], ['early', 'outbound', 2_000]] as const) {
      const whole = record(id);
      writer.begun(begun(id));
      writer.ended({ ...whole, direction, startedAt: 1_800_000_000_000 + startedAt, story: id === 'late' ? whole.story : [...whole.story, { at: 0, type: 'routed', text: 'ways', data: { explanation } }] });
    }
    expect(await writer.flush()).toBe(true);
    const repository = new CallRecordRepository(open.orm);
    const told = async (limit: number) => (await repository.outsideSince(1_800_000_002_000, limit)).map((call) => [call.id, call.startedAt - 1_800_000_000_000, call.explanation]);
    expect(await told(10)).toEqual([['early', 2_000, explanation], ['late', 3_000, null]]);
    expect(await told(1)).toEqual([['late', 3_000, null]]);
  });

  test('records written before a kill and not saved are saved by the next process', async () => {
    const dead = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none', connectionTimeoutMillis: 200 });
    const killed = journal({ pool: dead });
    for (const id of ['c1', 'c2', 'c3']) killed.ended(record(id));
    kill(killed);
    const next = journal();
    expect(next.backlog).toBe(3);
    await next.flush();
    expect(await stored()).toEqual(['c1', 'c2', 'c3']);
    await dead.end();
  });

  test('a kill between the commit and the end of the file makes neither a second record nor a second outbox row', async () => {
    const killed = journal();
    killed.ended(record('c1'));
    await killed.flush();
    kill(killed);
    const next = journal();
    await next.flush();
    expect(await stored()).toEqual(['c1']);
    expect((await open.batches.query('SELECT 1 FROM outbox')).rowCount).toBe(1);
  });

  test('an attempt that was begun when the process was killed gets a record that says so', async () => {
    const killed = journal();
    killed.begun(begun('lost'));
    killed.begun(begun('alive'));
    kill(killed);
    const next = journal();
    next.begun(begun('new'));
    expect(next.closeAbandoned((id) => id === 'alive')).toBe(1);
    await next.flush();
    expect(await stored()).toEqual(['lost']);
    const lost = await new CallRecordRepository(open.orm).byId('lost');
    expect(lost).toMatchObject({ recovered: true, cause: 'temporaryFailure', from: { number: '101' }, to: '102', startedAt: 1_800_000_000_000 });
    expect(lost?.evidence.text).toBe('the controller was killed before the call ended');
    // The adopted call ends later, in its own words.
    next.ended(record('alive'));
    await next.flush();
    expect(await stored()).toEqual(['alive', 'lost']);
  });

  test('a line cut off by a power failure is not there, the lines before it are', async () => {
    const killed = journal({ pool: new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }) });
    killed.ended(record('c1'));
    kill(killed);
    const file = readdirSync(folder).find((name) => name.endsWith('.log')) ?? '';
    appendFileSync(join(folder, file), 'E c2 {"id":"c2","star');
    const next = journal();
    await next.flush();
    expect(await stored()).toEqual(['c1']);
  });

  test('while PostgreSQL is away memory holds no more than its bound and the files hold all; afterwards all are there', async () => {
    let away = true;
    const pool = { query: (...statement: unknown[]) => (away ? Promise.reject(new Error('connection refused')) : open.batches.query(...(statement as [string]))) } as unknown as pg.Pool;
    const writer = journal({ pool, limits: { memoryBytes: 20_000, segmentBytes: 50_000, intervalMs: 1, batchRows: 50 } });
    for (let count = 0; count < 1_000; count += 1) {
      writer.begun(begun(`c${count}`));
      writer.ended(record(`c${count}`));
    }
    expect(writer.backlog).toBe(1_000);
    expect(writer.segments).toBeGreaterThan(10);
    expect(await writer.flush()).toBe(false);
    away = false;
    expect(await writer.flush()).toBe(true);
    expect((await stored()).length).toBe(1_000);
    expect((await open.batches.query('SELECT 1 FROM outbox')).rowCount).toBe(1_000);
    expect(writer.segments).toBe(1);
  });

  test('a record that PostgreSQL will never take does not hold up the others', async () => {
    const writer = journal();
    writer.ended(record('c1'));
    writer.ended({ ...record('bad'), cause: null as never });
    writer.ended({ ...record('c2'), from: { number: '1\u00002', name: 'Zo\uD800e' } });
    expect(await writer.flush()).toBe(true);
    expect(await stored()).toEqual(['c1', 'c2']);
    expect(readFileSync(join(folder, 'unacceptable.log'), 'utf8')).toContain('"bad"');
    expect((await new CallRecordRepository(open.orm).byId('c2'))?.from).toEqual({ number: '1\uFFFD2', name: 'Zo\uFFFDe' });
  });

  test('one call of many hours does not keep the files of all the calls meanwhile', async () => {
    const killed = journal({ limits: { segmentBytes: 5_000 } });
    killed.begun(begun('long'));
    for (let count = 0; count < 200; count += 1) {
      killed.begun(begun(`c${count}`));
      killed.ended(record(`c${count}`));
      if (count % 20 === 0) await killed.flush();
    }
    await killed.flush();
    killed.begun(begun('last'));
    killed.ended(record('last'));
    await killed.flush();
    expect(killed.segments).toBeLessThan(8);
    kill(killed);
    const next = journal();
    expect(next.closeAbandoned(() => false)).toBe(1);
    await next.flush();
    expect(await stored()).toContain('long');
  });

  test('the file is for its owner only', () => {
    journal().begun(begun('c1'));
    const file = readdirSync(folder)[0] ?? '';
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });
});

function begun(id: string): CallBegun {
  return { id, startedAt: 1_800_000_000_000, from: { number: '101', name: 'Zoë' }, to: '102', endpoint: 'dev_1', reference: 'a84b4c76e66710@pc33' };
}

function record(id: string): CallRecord {
  const evidence = { kind: 'sipRequest', text: 'BYE' };
  return {
    id,
    direction: 'internal',
    startedAt: 1_800_000_000_000,
    answeredAt: 1_800_000_002_000,
    endedAt: 1_800_000_005_000,
    from: { number: '101', name: 'Zoë "Z" 📞' },
    to: '102',
    legs: [{ id: `${id}-a`, endpoint: 'dev_1', role: 'caller', reference: 'x', startedAt: 1_800_000_000_000, answeredAt: 1_800_000_002_000, endedAt: 1_800_000_005_000, cause: 'normalClearing', evidence, quality: null }],
    attempts: [{ name: 'trunk carrier', endpoints: ['trk_1'], number: '+492215551234', startedAt: 1_800_000_000_000, answeredAt: 1_800_000_002_000, endedAt: 1_800_000_005_000, cause: 'normalClearing', evidence, legs: [`${id}-b`] }],
    emergency: null,
    cause: 'normalClearing',
    evidence,
    answeredBy: 'dev_2',
    story: [{ at: 1_800_000_000_000, type: 'offered', text: '101 dialled 102' }],
    recovered: false,
    segments: [{ startedAt: 1_800_000_002_000, endedAt: 1_800_000_005_000, is: 'talking', legs: [`${id}-a`], recordings: [{ file: `recordings/${id}.1.wav`, ms: 3_000 }] }],
    continues: ['cal_before'],
    continuedIn: 'cal_after',
  };
}
