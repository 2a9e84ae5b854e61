import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('REST conventions (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await apiBed();
  });
  afterAll(() => bed.close());

  const extension = (number: string) => ({ key: `room-${number}`, number, displayName: `Room ${number}` });

  test('without a key, and with a wrong one, the answer is 401 and says how to sign in (RFC 6750 3)', async () => {
    for (const key of [null, 'tip_wrong']) {
      const answer = await bed.request('GET', '/api/v1/extensions', { key });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.body).toMatchObject({ code: 'unauthenticated', status: 401 });
    }
  });

  test('a key may do what its scopes say and nothing else', async () => {
    const read = await bed.keyWith('read');
    expect((await bed.request('GET', '/api/v1/extensions', { key: read })).status).toBe(200);
    const refused = await bed.request('POST', '/api/v1/extensions', { key: read, body: extension('190') });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    const write = await bed.keyWith('write');
    expect((await bed.request('POST', '/api/v1/calls', { key: write, body: { from: 'x', to: '1' } })).status).toBe(403);
  });

  test('what is created has an opaque id, a Location and an ETag', async () => {
    const answer = await bed.request('POST', '/api/v1/extensions', { body: extension('201') });
    expect(answer.status).toBe(201);
    expect(answer.body.id).toMatch(/^ext_[0-9a-z]{26}$/);
    expect(answer.headers.get('location')).toBe(`/api/v1/extensions/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body.ringTimeoutMs).toBe(30_000);
    expect((await bed.request('GET', `/api/v1/extensions/${answer.body.id}`)).body).toEqual(answer.body);
  });

  test('PATCH is a merge patch: what is not named stays (RFC 7396)', async () => {
    const { body } = await bed.request('POST', '/api/v1/extensions', { body: { ...extension('202'), ringTimeoutMs: 12_000 } });
    const answer = await bed.request('PATCH', `/api/v1/extensions/${body.id}`, { body: { displayName: 'Kitchen' }, headers: { 'if-match': '"1"' } });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ displayName: 'Kitchen', ringTimeoutMs: 12_000, number: '202', version: 2 });
    expect(answer.headers.get('etag')).toBe('"2"');
  });

  test('a change without If-Match is 428, from an old version 412, and nothing is changed (RFC 6585 3)', async () => {
    const { body } = await bed.request('POST', '/api/v1/extensions', { body: extension('203') });
    const path = `/api/v1/extensions/${body.id}`;
    const without = await bed.request('PATCH', path, { body: { displayName: 'X' } });
    expect([without.status, without.body.code]).toEqual([428, 'preconditionRequired']);
    await bed.request('PATCH', path, { body: { displayName: 'Second' }, headers: { 'if-match': '"1"' } });
    const stale = await bed.request('PATCH', path, { body: { displayName: 'Third' }, headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'preconditionFailed']);
    expect((await bed.request('DELETE', path)).status).toBe(428);
    expect((await bed.request('GET', path)).body.displayName).toBe('Second');
    expect((await bed.request('DELETE', path, { headers: { 'if-match': '*' } })).status).toBe(204);
    expect((await bed.request('GET', path)).status).toBe(404);
  });

  test('of twenty changes from the same version at once exactly one wins', async () => {
    const { body } = await bed.request('POST', '/api/v1/extensions', { body: extension('204') });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => bed.request('PATCH', `/api/v1/extensions/${body.id}`, { body: { displayName: `N${n}` }, headers: { 'if-match': '"1"' } })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  test('a POST repeated with its Idempotency-Key is done once and answered twice', async () => {
    const headers = { 'idempotency-key': 'make-205' };
    const first = await bed.request('POST', '/api/v1/extensions', { body: extension('205'), headers });
    const second = await bed.request('POST', '/api/v1/extensions', { body: extension('205'), headers });
    expect([second.status, second.body, second.headers.get('etag'), second.headers.get('location')]).toEqual([201, first.body, first.headers.get('etag'), first.headers.get('location')]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const other = await bed.request('POST', '/api/v1/extensions', { body: extension('206'), headers });
    expect([other.status, other.body.code]).toEqual([422, 'idempotencyKeyReused']);
  });

  test('a POST that was refused may be tried again with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'make-207' };
    expect((await bed.request('POST', '/api/v1/extensions', { body: { ...extension('207'), number: '101' }, headers })).status).toBe(409);
    expect((await bed.request('POST', '/api/v1/extensions', { body: { ...extension('207'), number: '101' }, headers })).status).toBe(409);
    expect((await bed.request('POST', '/api/v1/extensions', { body: extension('207'), headers })).status).toBe(201);
  });

  test('two identical POSTs at once with one Idempotency-Key make one thing', async () => {
    const headers = { 'idempotency-key': 'make-208' };
    const answers = await Promise.all([0, 1, 2].map(() => bed.request('POST', '/api/v1/extensions', { body: extension('208'), headers })));
    const made = answers.filter((answer) => answer.status === 201 && answer.headers.get('idempotency-replayed') === null);
    expect(made.length).toBe(1);
    expect((await bed.request('GET', '/api/v1/extensions?number=208')).body.items.length).toBe(1);
  });

  test('a password is shown once: neither the device nor a repeated POST shows it again', async () => {
    const { items } = (await bed.request('GET', '/api/v1/extensions?number=103')).body;
    const headers = { 'idempotency-key': 'phone' };
    const body = { key: 'phone-103', extensionId: items[0].id, displayName: 'Phone', username: '103' };
    const first = await bed.request('POST', '/api/v1/devices', { body, headers });
    expect(first.body.credentials).toMatchObject({ username: '103', realm: 'tipring', algorithm: 'MD5' });
    const { password } = first.body.credentials;
    expect(password).toMatch(/^[a-z2-9]{20}$/);
    const second = await bed.request('POST', '/api/v1/devices', { body, headers });
    expect([second.status, second.body.credentials]).toEqual([201, null]);
    const shown = JSON.stringify([(await bed.request('GET', `/api/v1/devices/${first.body.id}`)).body, (await bed.request('GET', '/api/v1/audit')).body]);
    expect(shown).not.toContain(password);
    expect(shown).not.toContain('"ha1"');
    expect(JSON.stringify((await bed.database.batches.query('SELECT * FROM idempotency_keys')).rows)).not.toContain(password);
    expect(JSON.stringify((await bed.database.batches.query('SELECT * FROM devices')).rows)).not.toContain(password);
  });

  test('rotation gives a new password at once and needs If-Match', async () => {
    const device = (await bed.request('GET', '/api/v1/devices?username=101')).body.items[0];
    const before = bed.configuration.snapshot.deviceByUsername('101')?.ha1;
    expect((await bed.request('POST', `/api/v1/devices/${device.id}/credentials/rotation`)).status).toBe(428);
    const answer = await bed.request('POST', `/api/v1/devices/${device.id}/credentials/rotation`, { headers: { 'if-match': `"${device.version}"` } });
    expect([answer.status, answer.body.credentials.username]).toEqual([201, '101']);
    expect(bed.configuration.snapshot.deviceByUsername('101')?.ha1).not.toEqual(before);
  });

  test('lists are paged by cursor: each row once, `next` null at the end', async () => {
    const seen: string[] = [];
    let after = '';
    for (let pages = 0; pages < 50; pages += 1) {
      const { body } = await bed.request('GET', `/api/v1/extensions?limit=2${after}`);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map((item: { number: string }) => item.number));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toEqual([...bed.configuration.snapshot.extensions.values()].map((row) => row.number));
    expect((await bed.request('GET', '/api/v1/extensions?after=nonsense')).body.code).toBe('invalidCursor');
  });

  test('what is wrong is told field by field, as application/problem+json with code, pointer and hint (RFC 9457)', async () => {
    const answer = await bed.request('POST', '/api/v1/extensions', { body: { key: 'Not A Key', number: 'abc', displayName: '', colour: 'red' } });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ type: 'urn:tipring:problem:invalidValue', status: 422, code: 'invalidValue' });
    expect(answer.body.problems.map((problem: { pointer: string }) => problem.pointer)).toEqual(expect.arrayContaining(['/key', '/number', '/displayName']));
    const taken = await bed.request('POST', '/api/v1/extensions', { body: { ...extension('299'), number: '101' } });
    expect([taken.status, taken.body.code, taken.body.pointer]).toEqual([409, 'notUnique', '/number']);
    const dangling = await bed.request('POST', '/api/v1/devices', { body: { key: 'x', extensionId: 'ext_00000000000000000000000000', displayName: 'X', username: 'x' } });
    expect([dangling.status, dangling.body.code, dangling.body.pointer]).toEqual([422, 'danglingReference', '/extensionId']);
  });

  test('a body that is no JSON is 400, of another kind 415, too large 413, an unknown path 404: problems all of them', async () => {
    const broken = await bed.request('POST', '/api/v1/extensions', { body: '{"key":', headers: { 'content-type': 'application/json' } });
    expect([broken.status, broken.body.code]).toEqual([400, 'malformedRequest']);
    const xml = await bed.request('POST', '/api/v1/extensions', { body: '<x/>', headers: { 'content-type': 'application/xml' } });
    expect([xml.status, xml.body.code]).toEqual([415, 'unsupportedMediaType']);
    const large = await bed.request('POST', '/api/v1/extensions', { body: { displayName: 'x'.repeat(2 << 20) } });
    expect([large.status, large.body.code]).toEqual([413, 'payloadTooLarge']);
    const nowhere = await bed.request('GET', '/api/v1/nothing');
    expect([nowhere.status, nowhere.body.code]).toEqual([404, 'notFound']);
  });

  test('an extension that still has devices cannot be deleted, and the answer names them', async () => {
    const { items } = (await bed.request('GET', '/api/v1/extensions?number=102')).body;
    const answer = await bed.request('DELETE', `/api/v1/extensions/${items[0].id}`, { headers: { 'if-match': '*' } });
    expect([answer.status, answer.body.code]).toEqual([409, 'inUse']);
    expect(answer.body.hint).toContain('phone-102');
  });

  test('a change takes effect without restart: the snapshot is swapped and those who watch are told', async () => {
    const told: string[] = [];
    const leave = bed.configuration.observe((_snapshot, changes) => told.push(...changes.map((change) => `${change.kind} ${change.change}`)));
    await bed.request('POST', '/api/v1/extensions', { body: extension('210') });
    leave();
    expect(bed.configuration.snapshot.extensionByNumber('210')?.displayName).toBe('Room 210');
    expect(told).toEqual(['extension added']);
  });

  test('every change leaves an audit row with who, what, before and after', async () => {
    const { body } = await bed.request('POST', '/api/v1/extensions', { body: extension('211') });
    const patched = await bed.request('PATCH', `/api/v1/extensions/${body.id}`, { body: { displayName: 'After' }, headers: { 'if-match': '*' } });
    const { items } = (await bed.request('GET', `/api/v1/audit?target=extension:${body.id}`)).body;
    expect(items.map((row: { action: string }) => row.action)).toEqual(['update', 'create']);
    expect(items[0]).toMatchObject({ before: { displayName: 'Room 211' }, after: { displayName: 'After' }, requestId: patched.headers.get('x-request-id') });
    expect(items[0].actor).toMatch(/^key_/);
  });

  test('a key is shown once, stored as a hash, works at once and, revoked, no more', async () => {
    const made = await bed.request('POST', '/api/v1/api-keys', { body: { name: 'dashboard', scopes: ['read'] } });
    expect(made.body.secret).toMatch(/^tip_[\w-]{43}$/);
    expect(JSON.stringify((await bed.database.batches.query('SELECT * FROM api_keys')).rows)).not.toContain(made.body.secret);
    expect((await bed.request('GET', '/api/v1/extensions', { key: made.body.secret })).status).toBe(200);
    expect((await bed.request('DELETE', `/api/v1/api-keys/${made.body.id}`, { headers: { 'if-match': made.headers.get('etag') ?? '' } })).status).toBe(204);
    expect((await bed.request('GET', '/api/v1/extensions', { key: made.body.secret })).status).toBe(401);
  });

  test('a key cannot make a stronger one, nor revoke itself', async () => {
    const weak = await bed.keyWith('read', 'write');
    expect((await bed.request('POST', '/api/v1/api-keys', { key: weak, body: { name: 'x', scopes: ['act'] } })).body.code).toBe('forbidden');
    const own = (await bed.request('GET', '/api/v1/api-keys')).body.items[0];
    const answer = await bed.request('DELETE', `/api/v1/api-keys/${own.id}`, { headers: { 'if-match': '*' } });
    expect([answer.status, answer.body.code]).toEqual([409, 'inUse']);
  });
});
