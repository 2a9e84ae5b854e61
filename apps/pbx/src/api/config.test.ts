import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

const any = { 'if-match': '*' };
const yaml = { 'content-type': 'application/yaml' };
const carrier = `
  carrier:
    server: { host: sip.carrier.example }
    peering: { type: registration, username: me, password: hidden-word }
`;

describe.skipIf(testDatabaseUrl === undefined)('the configuration as a document (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await apiBed();
  });
  afterAll(() => bed.close());

  const exported = async (headers: Record<string, string> = {}) => (await bed.request('GET', '/api/v1/config/export', { headers })).body as string;
  const plan = (document: string, headers: Record<string, string> = {}) => bed.request('POST', '/api/v1/config/plans', { body: document, headers: { ...yaml, ...headers } });
  const apply = (id: string, body: object = {}) => bed.request('POST', `/api/v1/config/plans/${id}/application`, { body });
  const revisions = async () => (await bed.request('GET', '/api/v1/config/revisions')).body.items as { number: number; state: string; why: string | null; restores: number | null; confirmBy: string | null }[];
  const withTrunk = async () => `${await exported()}trunks:${carrier}`;
  const trunkKeys = () => [...bed.configuration.snapshot.trunks.values()].map(({ key }) => key);

  test('is exported as YAML, or as JSON to whoever accepts that, and put back without a difference', async () => {
    const text = await exported();
    expect(text).toMatch(/^version: /);
    expect(text).toContain('desk-101');
    const json = (await bed.request('GET', '/api/v1/config/export', { headers: { accept: 'application/json' } })).body;
    expect(Object.keys(json.extensions)).toEqual(['desk-101', 'desk-102', 'desk-103']);
    for (const answer of [await bed.request('PUT', '/api/v1/config', { body: text, headers: yaml }), await bed.request('PUT', '/api/v1/config', { body: json })]) {
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ revision: null, changes: [], credentials: [] })]);
    }
    expect(await exported()).toBe(text);
  });

  test('has a JSON Schema that anybody may read', async () => {
    const { status, body } = await bed.request('GET', '/api/v1/config/schema', { key: null });
    expect([status, Object.keys(body.properties)]).toEqual([200, expect.arrayContaining(['version', 'settings', 'trunks', 'extensions'])]);
  });

  test('is planned, looked at and applied; what was there before is restored by a rollback', async () => {
    const before = await exported();
    const planned = await plan(await withTrunk());
    expect([planned.status, planned.body.changes.length]).toEqual([201, 1]);
    expect(planned.body.changes[0]).toMatchObject({ kind: 'trunk', key: 'carrier', change: 'added', fields: expect.arrayContaining([{ path: '/server/host', after: 'sip.carrier.example' }, expect.objectContaining({ path: '/peering/password', after: '(secret)', isSecret: true })]) as object });
    expect(planned.body.warnings.length).toBeGreaterThan(0);
    expect(trunkKeys()).toEqual([]);
    expect((await bed.request('GET', `/api/v1/config/plans/${planned.body.id}`)).body).toEqual(planned.body);
    const applied = await apply(planned.body.id, { why: 'a second way out' });
    expect([applied.status, applied.body]).toEqual([201, { revision: expect.any(Number) as number, confirmBy: null, credentials: [] }]);
    expect(trunkKeys()).toEqual(['carrier']);
    expect((await apply(planned.body.id)).status).toBe(404);

    const [newest] = await revisions();
    expect(newest).toMatchObject({ number: applied.body.revision, why: 'a second way out', state: 'confirmed' });
    const revision = (await bed.request('GET', `/api/v1/config/revisions/${newest!.number}`)).body;
    expect(revision.changes).toEqual(planned.body.changes);
    expect(JSON.stringify([planned.body, applied.body, revision])).not.toContain('hidden-word');
    expect(await exported()).not.toContain('hidden-word');

    const back = await bed.request('POST', `/api/v1/config/revisions/${newest!.number - 1}/rollback`, { body: { why: 'not yet' } });
    expect([back.status, back.body.revision]).toEqual([201, newest!.number + 1]);
    expect(await exported()).toBe(before);
    expect((await revisions())[0]).toMatchObject({ restores: newest!.number - 1, why: 'not yet' });
    expect((await bed.request('GET', '/api/v1/config/revisions/999')).status).toBe(404);
    expect((await bed.request('POST', '/api/v1/config/revisions/999/rollback', { body: {} })).body.code).toBe('unknownRevision');
  });

  test('a plan names the calls that go over what it changes', async () => {
    const device = bed.configuration.snapshot.deviceByUsername('101')!.id;
    const leg = { id: 'l', endpoint: device, role: 'caller', state: 'answered', reference: '', party: { number: '102' }, isMuted: false, startedAt: 1e12, answeredAt: 1e12 } as const;
    bed.calls.push({ id: 'cal_over', state: 'talking', direction: 'internal', startedAt: 1e12, answeredAt: 1e12, from: { number: '101' }, to: '102', legs: [leg], emergency: null, recovered: false, parked: null, recording: null });
    const { body } = await plan((await exported()).replace(/^( {2}phone-101:\n)/m, '$1    displayName: Another name\n').replace(/( {2}phone-101:\n {4}displayName: Another name\n(?: {4}.*\n)*?) {4}displayName: Phone\n/, '$1'));
    expect(body.callsAffected.map(({ id }: { id: string }) => id)).toEqual(['cal_over']);
    bed.calls.length = 0;
  });

  test('a plan that was overtaken is refused with the way out', async () => {
    const planned = await plan(await withTrunk());
    await bed.request('PATCH', '/api/v1/settings', { body: { guard: { banS: 601 } }, headers: any });
    const refused = await apply(planned.body.id);
    expect([refused.status, refused.body.code, refused.body.hint]).toEqual([409, 'stalePlan', expect.stringContaining('Plan again')]);
    expect(trunkKeys()).toEqual([]);
  });

  test('all that is wrong with a document is told with its place in it, and nothing is changed', async () => {
    const text = await exported();
    const { status, body } = await plan(text.replace(/^(extensions:\n)/m, '$1  broken: { number: x, colour: red }\n'));
    expect([status, body.problems.map(({ code, pointer }: { code: string; pointer: string }) => [code, pointer])]).toEqual([422, expect.arrayContaining([['invalidValue', '/extensions/broken/number'], ['unknownField', '/extensions/broken/colour']])]);
    expect((await plan('a: [1')).body).toMatchObject({ status: 400, code: 'syntax', hint: expect.stringContaining('line 1') as string });
    expect((await bed.request('PUT', '/api/v1/config', { body: { extensions: {} } })).body).toMatchObject({ code: 'missing', pointer: '/version' });
    expect(await exported()).toBe(text);
  });

  test('a device without a password is given one, shown this once', async () => {
    const text = await exported();
    const request = { body: { document: `${text}`.replace(/^(devices:\n)/m, '$1  fresh: { extension: desk-103, username: "103" }\n') } };
    const planned = await bed.request('POST', '/api/v1/config/plans', request);
    expect(JSON.stringify(planned.body)).not.toMatch(/"password":"[^(]/);
    const again = { body: {}, headers: { 'idempotency-key': 'once' } };
    const path = `/api/v1/config/plans/${planned.body.id}/application`;
    const applied = await bed.request('POST', path, again);
    expect(applied.body.credentials).toMatchObject([{ key: 'fresh', username: '103', realm: 'tipring', password: expect.stringMatching(/.{12}/) as string }]);
    expect((await bed.request('POST', path, again)).body).toMatchObject({ revision: applied.body.revision, credentials: null });
    await bed.request('PUT', '/api/v1/config', { body: text, headers: yaml });
  });

  describe('a change on trial', () => {
    const begin = async () => {
      const planned = await plan(await withTrunk());
      return (await apply(planned.body.id, { confirmWithinS: 60 })).body as { revision: number; confirmBy: string };
    };

    test('stands once it is confirmed; until then nothing else is changed', async () => {
      const { revision, confirmBy } = await begin();
      expect(Date.parse(confirmBy)).toBeGreaterThan(Date.now());
      expect((await bed.request('PATCH', '/api/v1/settings', { body: { guard: { banS: 602 } }, headers: any })).body).toMatchObject({ status: 409, code: 'confirmationPending' });
      expect((await bed.request('POST', `/api/v1/config/revisions/${revision}/confirmation`)).body).toEqual({ revision });
      bed.timers.advance(120_000);
      expect(trunkKeys()).toEqual(['carrier']);
      expect((await revisions())[0]).toMatchObject({ number: revision, state: 'confirmed' });
      expect((await bed.request('POST', `/api/v1/config/revisions/${revision}/confirmation`)).body.code).toBe('unknownRevision');
      await bed.request('POST', `/api/v1/config/revisions/${revision - 1}/rollback`, { body: {} });
    });

    test('goes back by itself when nobody confirms it, and before that when somebody asks', async () => {
      const first = await begin();
      bed.timers.advance(61_000);
      await expect.poll(trunkKeys).toEqual([]);
      expect((await revisions())[0]).toMatchObject({ number: first.revision + 1, restores: first.revision - 1 });
      const second = await begin();
      expect((await bed.request('POST', `/api/v1/config/revisions/${second.revision - 1}/rollback`, { body: {} })).status).toBe(201);
      expect(trunkKeys()).toEqual([]);
    });
  });

  test('whoever may only read does not get secrets that he could open', async () => {
    const reader = await bed.keyWith('read');
    expect((await bed.request('GET', '/api/v1/config/export', { key: reader })).status).toBe(200);
    const answer = await bed.request('GET', '/api/v1/config/export', { key: reader, headers: { 'tipring-passphrase': 'mine' } });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });

  test('a passphrase that is soon guessed seals nothing', async () => {
    const { status, body } = await bed.request('GET', '/api/v1/config/export', { headers: { 'tipring-passphrase': 'sesame1' } });
    expect([status, body.code]).toEqual([422, 'invalidValue']);
  });

  test('secrets that a passphrase sealed are opened by it, and by nothing else', async () => {
    await bed.request('PUT', '/api/v1/config', { body: await withTrunk(), headers: yaml });
    const passphrase = { 'tipring-passphrase': 'correct horse' };
    const text = await exported(passphrase);
    expect(await exported(passphrase)).toBe(text);
    const { body } = await plan(text, { 'tipring-passphrase': 'wrong' });
    expect(body).toMatchObject({ status: 422, code: 'sealedElsewhere' });
    expect((await bed.request('GET', '/api/v1/audit?target=configuration')).body.items[0]).toMatchObject({ action: 'export', after: { sealedBy: 'passphrase' } });
    expect((await plan(text, passphrase)).body.changes).toEqual([]);
    expect((await bed.request('POST', '/api/v1/config/plans', { body: { document: text, passphrase: 'correct horse' } })).body.changes).toEqual([]);
  });
});
