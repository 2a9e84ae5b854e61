import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallLadders } from './call-ladders.ts';
import { Housekeeping } from './housekeeping.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl } from './testing/test-database.ts';

describe.skipIf(testDatabaseUrl === undefined)('ladders of calls (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    clone = await createTestDatabase();
    pool = new pg.Pool({ connectionString: clone.url });
  });
  afterAll(async () => {
    await pool.end();
    await clone.drop();
  });

  const bytes = Uint8Array.from({ length: 3_000 }, (_, index) => index % 256);
  const ladder = (id: string, over: { isWanted?: boolean; endedAt?: number } = {}) => ({ id, endedAt: Date.UTC(2026, 10, 20), isWanted: true, pack: () => bytes, ...over });

  test('each is there at once, byte by byte, before it is written and after', async () => {
    const ladders = new CallLadders({ pool, log: silent, batchRows: 3 });
    for (let n = 0; n < 10; n += 1) ladders.keep(ladder(`cal_${n}`));
    expect(await ladders.read('cal_7')).toEqual(bytes);
    expect(await ladders.flush()).toBe(true);
    expect(ladders.backlog).toBe(0);
    for (let n = 0; n < 10; n += 1) expect(new Uint8Array((await ladders.read(`cal_${n}`))!)).toEqual(bytes);
    expect(await ladders.read('cal_10')).toBeUndefined();
    await ladders.close();
  });

  test('when there is no room, those of ordinary calls are left out first, and are not even packed', () => {
    const away = new CallLadders({ pool, log: silent, queueBytes: 10_000, intervalMs: 60_000 });
    let packed = 0;
    const pack = (): Uint8Array => (packed++, bytes);
    for (let n = 0; n < 10; n += 1) away.keep({ ...ladder(`ord_${n}`, { isWanted: false }), pack });
    expect([away.backlog, packed]).toEqual([2, 2]);
    for (let n = 0; n < 10; n += 1) away.keep({ ...ladder(`bad_${n}`), pack });
    expect([away.backlog, packed, away.leftOut]).toEqual([4, 4, 16]);
  });

  test('while PostgreSQL does not answer they wait, and are written when it does', async () => {
    const said: string[] = [];
    let isThere = false;
    const flaky = { query: (...query: Parameters<pg.Pool['query']>) => (isThere ? pool.query(...query) : Promise.reject(new Error('away'))) } as unknown as pg.Pool;
    const ladders = new CallLadders({ pool: flaky, log: (_level, event) => said.push(event), intervalMs: 60_000 });
    ladders.keep(ladder('cal_waits'));
    expect(await ladders.flush()).toBe(false);
    expect([ladders.backlog, said]).toEqual([1, ['laddersWait']]);
    isThere = true;
    await ladders.close();
    expect(ladders.backlog).toBe(0);
    expect(await ladders.read('cal_waits')).toBeDefined();
  });

  test('housekeeping removes those of calls that are long over', async () => {
    const ladders = new CallLadders({ pool, log: silent });
    ladders.keep(ladder('cal_old', { endedAt: Date.UTC(2026, 9, 1) }));
    ladders.keep(ladder('cal_new'));
    await ladders.close();
    const housekeeping = new Housekeeping(clone.url, silent);
    expect(await housekeeping.removeLaddersBefore(new Date(Date.UTC(2026, 9, 2)))).toBe(1);
    expect([await ladders.read('cal_old'), (await ladders.read('cal_new'))?.length]).toEqual([undefined, 3_000]);
    await housekeeping.close();
  });
});
