import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeDatabase, type Database, openDatabase } from '../database.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl } from '../testing/test-database.ts';
import { RecordJournal } from './record-journal.ts';

describe.skipIf(testDatabaseUrl === undefined)('kill -9 (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let database: Database;
  const folder = mkdtempSync(join(tmpdir(), 'tipring-kill-'));
  beforeAll(async () => {
    clone = await createTestDatabase();
    database = await openDatabase(clone.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(database);
    await clone.drop();
    rmSync(folder, { recursive: true });
  });

  test('at any point loses no attempt: what was begun has a record, what was ended has its own', async () => {
    const begun = new Set<string>();
    const ended = new Set<string>();
    for (const lines of [30, 400, 1_500]) {
      const writer = spawn(process.execPath, ['--conditions=@tipring/source', join(import.meta.dirname, '../testing/journal-writer.ts'), folder, clone.url], { stdio: ['ignore', 'pipe', 'inherit'] });
      await killAfter(writer, lines, (line) => (line.startsWith('B') ? begun : ended).add(line.slice(2)));
    }
    const journal = new RecordJournal({ folder, pool: database.batches, wallClock: Date.now, log: silent });
    journal.closeAbandoned(() => false);
    expect(await journal.flush()).toBe(true);
    await journal.close();

    const rows = (await database.batches.query<{ id: string; recovered: boolean }>('SELECT id, recovered FROM call_records')).rows;
    const recovered = new Map(rows.map((row) => [row.id, row.recovered]));
    expect([...begun].filter((id) => !recovered.has(id))).toEqual([]);
    expect([...ended].filter((id) => recovered.get(id) !== false)).toEqual([]);
    expect((await database.batches.query('SELECT 1 FROM outbox')).rowCount).toBe(rows.length);
    expect([...recovered.values()].filter(Boolean).length).toBeGreaterThan(0);
  });
});

/** Reads what the child says it has done, and kills it in the middle. */
async function killAfter(child: ChildProcess, lines: number, heard: (line: string) => void): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout! })) {
    heard(line);
    if ((count += 1) === lines) child.kill('SIGKILL');
  }
  await gone;
}
