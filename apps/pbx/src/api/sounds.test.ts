import { once } from 'node:events';
import { connect } from 'node:net';
import { writeWavHeader } from '@tipring/gateway';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('recordings of one’s own (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await apiBed();
  });
  afterAll(() => bed.close());

  const wav = (seconds: number) => Buffer.concat([writeWavHeader(8_000, 16_000 * seconds), Buffer.alloc(16_000 * seconds)]);
  const at = (file: string) => `${bed.api.url}/api/v1/sounds/${encodeURIComponent(file)}`;
  const put = (file: string, body: Uint8Array<ArrayBuffer>, key = bed.key, type = 'audio/wav') => fetch(at(file), { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-type': type }, body });

  test('one is uploaded, listed, heard, replaced and deleted', async () => {
    const answer = await put('uploads/hold/guitar.wav', wav(2));
    expect([answer.status, await answer.json()]).toEqual([200, { file: 'uploads/hold/guitar.wav', octets: 32_044, durationMs: 2_000, modifiedAt: expect.any(String) }]);
    await put('uploads/en/common.goodbye.wav', wav(1));
    const { body } = await bed.request('GET', '/api/v1/sounds');
    expect(body.items.map(({ file }: { file: string }) => file)).toEqual(['uploads/en/common.goodbye.wav', 'uploads/hold/guitar.wav']);
    const heard = await fetch(at('uploads/hold/guitar.wav'), { headers: { authorization: `Bearer ${bed.key}` } });
    expect((await heard.arrayBuffer()).byteLength).toBe(32_044);
    expect(await (await put('uploads/hold/guitar.wav', wav(3))).json()).toMatchObject({ durationMs: 3_000 });
    const remove = () => bed.request('DELETE', `/api/v1/sounds/${encodeURIComponent('uploads/en/common.goodbye.wav')}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  });

  test('what is no WAV, or not below uploads, is refused, and nothing is written', async () => {
    const junk = await put('uploads/junk.wav', Buffer.from('ID3 something else'));
    expect([junk.status, (await junk.json() as { code: string }).code]).toEqual([422, 'notAWav']);
    // As on a CD: the gateway plays none of that rate.
    const disc = await put('uploads/disc.wav', Buffer.concat([writeWavHeader(44_100, 88_200), Buffer.alloc(88_200)]));
    expect([disc.status, await disc.json()]).toEqual([422, expect.objectContaining({ code: 'notAWav', hint: expect.stringContaining('44100 Hz') })]);
    for (const file of ['prompts/en/common.goodbye.wav', '../secrets.wav', 'uploads/../../x.wav', 'uploads/.hidden.wav', 'uploads/x.mp3']) expect((await put(file, wav(1))).status, file).toBe(422);
    expect((await put('uploads/x.wav', wav(1), await bed.keyWith('read'))).status).toBe(403);
    expect((await bed.request('GET', '/api/v1/sounds')).body.items.length).toBe(1);
  });

  test('whoever has no key is refused before his recording is taken in', async () => {
    const { hostname, port } = new URL(bed.api.url);
    const socket = connect(Number(port), hostname);
    socket.write(`PUT /api/v1/sounds/uploads%2Fx.wav HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: audio/wav\r\nContent-Length: 30000000\r\n\r\n`);
    // Of the body nothing is sent.
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
    expect(String(answer)).toContain('"code":"unauthenticated"');
  });

  test('one that is played somewhere cannot be deleted', async () => {
    await bed.request('POST', '/api/v1/music-classes', { body: { key: 'own', displayName: 'Own', files: ['uploads/hold/guitar.wav'], order: 'listed' } });
    const answer = await bed.request('DELETE', `/api/v1/sounds/${encodeURIComponent('uploads/hold/guitar.wav')}`);
    expect([answer.status, answer.body.code, answer.body.hint]).toEqual([409, 'inUse', expect.stringContaining('music class own')]);
  });
});
