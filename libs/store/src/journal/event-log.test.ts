import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDatabase, openDatabase, type Database } from '../database.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl } from '../testing/test-database.ts';
import { EventLog } from './event-log.ts';

describe.skipIf(testDatabaseUrl === undefined)('the event log (TIPRING_TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  let open: Database;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    open = await openDatabase(database.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(open);
    await database.drop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tipring-events-'));
    await open.batches.query('TRUNCATE events');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const log = async (overrides: Partial<ConstructorParameters<typeof EventLog>[0]> = {}) =>
    new EventLog({ folder, pool: open.batches, wallClock: () => 1_800_000_000_000, log: silent, floor: await EventLog.floor(open.batches), ...overrides });

  test('numbers rise by one and go on after an orderly restart', async () => {
    const first = await log();
    expect([first.append('a', {}), first.append('b', {})]).toEqual([1, 2]);
    await first.close();
    const second = await log();
    expect(second.append('c', {})).toBe(3);
    await second.close();
  });

  test('after a kill no number is given twice, and what was told is in the replay', async () => {
    const killed = await log({ pool: new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' }) });
    const told = [killed.append('a', { n: 1 }), killed.append('b', { n: 2 })];
    // What is in the file is not lost; the last ten milliseconds may be.
    expect(await killed.flush()).toBe(false);
    const next = await log();
    const after = next.append('c', { n: 3 });
    expect(after).toBeGreaterThan(Math.max(...told));
    await next.flush();
    expect((await next.after(0, 10)).map((event) => [event.type, JSON.parse(event.json)])).toEqual([['a', { n: 1 }], ['b', { n: 2 }], ['c', { n: 3 }]]);
    await next.close();
  });

  test('a lost folder does not make old numbers again', async () => {
    const first = await log();
    first.append('a', {});
    await first.close();
    rmSync(folder, { recursive: true });
    const second = await log();
    expect(second.append('b', {})).toBe(2);
    await second.close();
  });

  test('replay joins PostgreSQL and memory without a gap or a repetition', async () => {
    const events = await log({ ringSize: 10 });
    for (let count = 1; count <= 95; count += 1) events.append('tick', { count });
    await events.flush();
    for (let count = 96; count <= 100; count += 1) events.append('tick', { count });
    const replay: number[] = [];
    for (let last = 0; last < 100; ) {
      const page = await events.after(last, 7);
      replay.push(...page.map((event) => event.sequence));
      last = page.at(-1)?.sequence ?? 100;
    }
    expect(replay).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect((await events.after(98, 10)).map((event) => event.sequence)).toEqual([99, 100]);
    await events.close();
  });

  test('a listener hears each event from then on, until it leaves', async () => {
    const events = await log();
    const heard: string[] = [];
    const leave = events.observe((event) => heard.push(event.type));
    events.append('a', {});
    leave();
    events.append('b', {});
    expect(heard).toEqual(['a']);
    await events.close();
  });
});
