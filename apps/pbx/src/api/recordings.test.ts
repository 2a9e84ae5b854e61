import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('recordings by REST (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await apiBed();
    mkdirSync(join(bed.sounds, 'recordings'), { recursive: true });
    for (const [id, call, hour] of [['c1-1.1', 'c1', 9], ['c1-2.1', 'c1', 10], ['c2-1.1', 'c2', 10]] as const) {
      await bed.database.batches.query(`INSERT INTO recordings (id, call_id, file, started_at, duration_ms) VALUES ($1, $2, $3, $4, 4200)`, [id, call, `recordings/${id}.wav`, new Date(Date.UTC(2026, 10, 23, hour))]);
      writeFileSync(join(bed.sounds, 'recordings', `${id}.wav`), `RIFF of ${id}`);
    }
  });
  afterAll(() => bed.close());

  const ids = async (query: string) => (await bed.request('GET', `/api/v1/recordings${query}`)).body.items.map(({ id }: { id: string }) => id);

  test('are listed newest first, of a call, of a time, page by page', async () => {
    expect(await ids('')).toEqual(['c2-1.1', 'c1-2.1', 'c1-1.1']);
    expect(await ids('?callId=c1')).toEqual(['c1-2.1', 'c1-1.1']);
    expect(await ids('?until=2026-11-23T10:00:00.000Z')).toEqual(['c1-1.1']);
    const { body } = await bed.request('GET', '/api/v1/recordings?limit=2&since=2026-11-23T09:00:00.000Z');
    expect(await ids(`?after=${body.next}`)).toEqual(['c1-1.1']);
    expect(body.items[0]).toEqual({ id: 'c2-1.1', callId: 'c2', startedAt: '2026-11-23T10:00:00.000Z', durationMs: 4_200 });
  });

  test('can be heard and deleted, which is audited', async () => {
    const audio = await fetch(`${bed.api.url}/api/v1/recordings/c1-1.1/audio`, { headers: { authorization: `Bearer ${bed.key}` } });
    expect([audio.status, audio.headers.get('content-type'), await audio.text()]).toEqual([200, 'audio/wav', 'RIFF of c1-1.1']);
    expect((await bed.request('DELETE', '/api/v1/recordings/c1-1.1')).status).toBe(204);
    expect(existsSync(join(bed.sounds, 'recordings/c1-1.1.wav'))).toBe(false);
    for (const path of ['', '/audio']) expect((await bed.request('GET', `/api/v1/recordings/c1-1.1${path}`)).status).toBe(404);
    expect((await bed.request('GET', '/api/v1/audit?target=recording:c1-1.1')).body.items).toMatchObject([{ action: 'delete', before: { callId: 'c1' } }]);
  });
});
