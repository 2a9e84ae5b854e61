import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('messages by REST (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let box: string;
  beforeAll(async () => {
    bed = await apiBed();
    box = (await bed.request('POST', '/api/v1/voicemail-boxes', { body: { key: 'front', displayName: 'Front', number: '290' } })).body.id;
  });
  afterAll(() => bed.close());

  function leave(id: string, from: string, isUrgent = false): void {
    const file = `voicemail/${box}/${id}.wav`;
    bed.messages.begin({ id, box, file, from: { number: from }, at: Date.UTC(2026, 10, 23, 9, 0, 0) });
    mkdirSync(dirname(join(bed.sounds, file)), { recursive: true });
    writeFileSync(join(bed.sounds, file), `RIFF of ${id}`);
    bed.messages.finish(id, { ms: 4_200, shortestMs: 1_000, isUrgent });
  }

  test('messages are listed as they are listened to, heard, marked and deleted', async () => {
    leave('msg-1', '102');
    leave('msg-2', '103', true);
    const path = `/api/v1/voicemail-boxes/${box}/messages`;
    const { body } = await bed.request('GET', path);
    expect(body.items.map(({ id, isHeard, isUrgent, durationMs, from }: Record<string, unknown>) => [id, isHeard, isUrgent, durationMs, (from as { number: string }).number])).toEqual([
      ['msg-2', false, true, 4_200, '103'], ['msg-1', false, false, 4_200, '102'],
    ]);
    expect((await bed.request('GET', `${path}?limit=1`)).body.items[0].id).toBe('msg-2');
    expect((await bed.request('PATCH', `${path}/msg-1`, { body: { isHeard: true } })).body).toMatchObject({ id: 'msg-1', isHeard: true });
    expect((await bed.request('GET', `${path}?isHeard=true`)).body.items.map(({ id }: { id: string }) => id)).toEqual(['msg-1']);
    expect(bed.messages.counts(box)).toEqual({ new: 1, heard: 1, urgent: 1 });
    expect((await bed.request('DELETE', `${path}/msg-1`)).status).toBe(204);
    expect((await bed.request('GET', `${path}/msg-1`)).status).toBe(404);
  });

  test('its recording can be fetched, but for one whose file is gone', async () => {
    leave('msg-3', '104');
    const audio = `/api/v1/voicemail-boxes/${box}/messages/msg-3/audio`;
    const answer = await fetch(`${bed.api.url}${audio}`, { headers: { authorization: `Bearer ${bed.key}` } });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'audio/wav', 'RIFF of msg-3']);
    bed.messages.begin({ id: 'msg-4', box, file: 'voicemail/nowhere.wav', from: { number: '1' }, at: 0 });
    bed.messages.finish('msg-4', { ms: 2_000, shortestMs: 0, isUrgent: false });
    expect((await bed.request('GET', `/api/v1/voicemail-boxes/${box}/messages/msg-4/audio`)).status).toBe(404);
  });

  test('a message is found in its own box alone, and by who may read', async () => {
    const other = (await bed.request('POST', '/api/v1/voicemail-boxes', { body: { key: 'other', displayName: 'Other' } })).body.id;
    expect((await bed.request('GET', `/api/v1/voicemail-boxes/${other}/messages/msg-3`)).status).toBe(404);
    expect((await bed.request('GET', '/api/v1/voicemail-boxes/vmb_nobody/messages')).status).toBe(404);
    expect((await bed.request('DELETE', `/api/v1/voicemail-boxes/${box}/messages/msg-3`, { key: await bed.keyWith('read') })).status).toBe(403);
  });
});
