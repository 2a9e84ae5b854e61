import { type Kind, kinds } from '@tipring/config';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';
import { pathOf } from './configured-controller.ts';
import { configuredKinds } from './configured-kinds.ts';

const named = { key: 'one', displayName: 'One' };
const any = { 'if-match': '*' };

describe.skipIf(testDatabaseUrl === undefined)('what is configured (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let line: string;
  let extension: string;
  beforeAll(async () => {
    bed = await apiBed();
    extension = bed.configuration.snapshot.extensionByNumber('101')!.id;
    line = (await bed.request('POST', '/api/v1/lines', { body: { key: 'main', displayName: 'Main', port: { card: 'SIM-1', port: 4 }, region: 'DE' } })).body.id;
  });
  afterAll(() => bed.close());

  const least = (kind: Kind): object =>
    ({
      permission: named,
      pinSet: { ...named, pins: [{ label: 'Ann', pin: '1234' }] },
      schedule: { ...named, timeZone: 'Europe/Berlin' },
      blocklist: named,
      emergencyLocation: { ...named, address: 'Main street 1' },
      extension: { ...named, number: '177' },
      musicClass: { ...named, files: ['uploads/hold/guitar.wav'] },
      prompt: { ...named, spoken: { en: { text: 'We are closed.' } } },
      voicemailBox: named,
      ringGroup: { ...named, members: [{ target: { type: 'extension', id: extension } }] },
      queue: named,
      ivr: { ...named, choices: [{ digits: '1', label: 'Sales', destination: { type: 'extension', id: extension } }] },
      conference: named,
      parkingLot: { ...named, slots: { first: '701', last: '709' } },
      pagingZone: { ...named, extensions: [extension] },
      directory: named,
      device: {},
      station: { ...named, extensionId: extension, port: { card: 'SIM-1', port: 5 }, region: 'DE' },
      line: { ...named, port: { card: 'SIM-1', port: 1 }, region: 'DE' },
      lineGroup: { ...named, lines: [line] },
      trunk: { ...named, server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'secret' } },
      inboundRoute: { ...named, destination: { type: 'extension', id: extension } },
      outboundRoute: { ...named, match: { prefix: '9' }, attempts: [{ via: { type: 'line', id: line } }] },
      webhook: { ...named, url: 'https://crm.example.org/hook', secret: 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQ=' },
    })[kind];

  describe.each(Object.keys(configuredKinds) as (keyof typeof configuredKinds)[])('%s', (kind) => {
    const path = `/api/v1/${pathOf(kind)}`;

    test('is made of the least that can be said, listed, found by key, changed, and deleted', async () => {
      const made = await bed.request('POST', path, { body: least(kind) });
      expect([made.status, made.body]).toEqual([201, expect.objectContaining({ key: 'one', displayName: 'One', version: 1, id: expect.stringMatching(new RegExp(`^${kinds[kind].prefix}_`)) as string })]);
      const one = `${path}/${made.body.id}`;
      expect(made.headers.get('location')).toBe(one);
      expect((await bed.request('GET', one)).body).toEqual(made.body);
      expect((await bed.request('GET', `${path}?key=one`)).body.items).toEqual([made.body]);
      const etag = made.headers.get('etag') ?? '';
      expect((await bed.request('PATCH', one, { body: { displayName: 'Two' } })).status).toBe(428);
      const changed = await bed.request('PATCH', one, { body: { displayName: 'Two' }, headers: { 'if-match': etag } });
      expect(changed.body).toEqual({ ...made.body, displayName: 'Two', version: 2, updatedAt: changed.body.updatedAt });
      expect((await bed.request('PATCH', one, { body: { displayName: 'Three' }, headers: { 'if-match': etag } })).status).toBe(412);
      expect((await bed.request('PATCH', one, { body: { displayName: null }, headers: any })).body).toMatchObject({ code: 'invalidValue', pointer: '/displayName' });
      expect((await bed.request('POST', path, { body: { ...least(kind), colour: 'red' } })).status).toBe(422);
      expect((await bed.request('DELETE', one, { headers: { 'if-match': changed.headers.get('etag') ?? '' } })).status).toBe(204);
      expect((await bed.request('GET', one)).status).toBe(404);
    });

    test('made twice with one Idempotency-Key is made once', async () => {
      const again = { body: least(kind), headers: { 'idempotency-key': `make-${kind}` } };
      const [first, second] = [await bed.request('POST', path, again), await bed.request('POST', path, again)];
      expect([second.status, second.body]).toEqual([201, first.body]);
      await bed.request('DELETE', `${path}/${first.body.id}`, { headers: any });
    });
  });

  test('a list is paged by key', async () => {
    for (const key of ['c', 'a', 'b']) await bed.request('POST', '/api/v1/blocklists', { body: { ...named, key } });
    const first = (await bed.request('GET', '/api/v1/blocklists?limit=2')).body;
    const second = (await bed.request('GET', `/api/v1/blocklists?limit=2&after=${first.next}`)).body;
    expect([...first.items, ...second.items].map((row: { key: string }) => row.key)).toEqual(['a', 'b', 'c']);
    expect(second.next).toBeNull();
  });

  describe('a trunk’s password', () => {
    const path = '/api/v1/trunks';

    test('is told to nobody, not even in the audit, stays when it is not said and can be changed alone', async () => {
      const made = await bed.request('POST', path, { body: { ...least('trunk'), key: 'registering', peering: { type: 'registration', username: 'me', password: 'hidden-1' } } });
      expect(made.body.peering).toEqual({ type: 'registration', username: 'me', authenticationName: null, expiresS: 600, isPasswordSet: true });
      const kept = () => bed.configuration.snapshot.trunks.get(made.body.id)!.peering;
      await bed.request('PATCH', `${path}/${made.body.id}`, { body: { peering: { username: 'you' } }, headers: any });
      expect(kept()).toMatchObject({ username: 'you', password: 'hidden-1' });
      await bed.request('PATCH', `${path}/${made.body.id}`, { body: { peering: { password: 'hidden-2' } }, headers: any });
      expect(kept()).toMatchObject({ username: 'you', password: 'hidden-2' });
      const told = JSON.stringify([(await bed.request('GET', path)).body, (await bed.request('GET', '/api/v1/audit')).body]);
      expect(told).not.toContain('hidden-');
    });

    test('goes with the way of peering it belonged to', async () => {
      const made = await bed.request('POST', path, { body: { ...least('trunk'), key: 'static' } });
      const patched = await bed.request('PATCH', `${path}/${made.body.id}`, { body: { peering: { type: 'address', credentials: { username: 'a', password: 'b' } } }, headers: any });
      expect(patched.body.peering).toEqual({ type: 'address', sources: [], credentials: { username: 'a', isPasswordSet: true } });
    });
  });

  test('null puts a setting of a trunk back to what holds when nothing is said', async () => {
    const made = await bed.request('POST', '/api/v1/trunks', { body: { ...least('trunk'), key: 'limited', limits: { total: 4 }, health: { ringMs: 9_000 }, outboundProxy: { host: '192.0.2.1' } } });
    expect(made.body).toMatchObject({ limits: { total: 4, inbound: null, outbound: null }, health: { ringMs: 9_000, responseMs: 2_000 }, outboundProxy: { host: '192.0.2.1', port: null, transport: null } });
    const patched = await bed.request('PATCH', `/api/v1/trunks/${made.body.id}`, { body: { limits: null, health: { ringMs: null, responseMs: 1_000 }, outboundProxy: null }, headers: any });
    expect(patched.body).toMatchObject({ limits: { total: null, inbound: null, outbound: null }, health: { ringMs: 20_000, responseMs: 1_000 }, outboundProxy: null });
  });

  test('of PINs only the labels are told; one that is left out stays under its label', async () => {
    const made = await bed.request('POST', '/api/v1/pin-sets', { body: { ...named, key: 'doors', pins: [{ label: 'Ann', pin: '1234' }, { label: 'Bob', pin: '9876' }] } });
    expect(made.body.pins).toEqual([{ label: 'Ann' }, { label: 'Bob' }]);
    const path = `/api/v1/pin-sets/${made.body.id}`;
    const patched = await bed.request('PATCH', path, { body: { pins: [{ label: 'Ann' }, { label: 'Cid', pin: '5555' }] }, headers: any });
    expect(patched.body.pins).toEqual([{ label: 'Ann' }, { label: 'Cid' }]);
    expect(bed.configuration.snapshot.pinSets.get(made.body.id)?.pins).toEqual([{ label: 'Ann', pin: '1234' }, { label: 'Cid', pin: '5555' }]);
    expect((await bed.request('PATCH', path, { body: { pins: [{ label: 'Dan' }] }, headers: any })).body).toMatchObject({ code: 'invalidValue', pointer: '/pins/0/pin' });
    expect(JSON.stringify((await bed.request('GET', '/api/v1/audit')).body)).not.toContain('9876');
  });

  test('of a box and a conference is told whether there are PINs; null takes one away, and what is left out stays', async () => {
    const box = (await bed.request('POST', '/api/v1/voicemail-boxes', { body: { ...named, key: 'ann', pin: '471108', number: '851' } })).body;
    expect(box).toMatchObject({ isPinSet: true, number: '851', longestMs: 180_000, mail: null });
    expect(box).not.toHaveProperty('pin');
    const kept = () => bed.configuration.snapshot.voicemailBoxes.get(box.id)!.pin;
    await bed.request('PATCH', `/api/v1/voicemail-boxes/${box.id}`, { body: { saysWhen: false, mail: { to: ['ann@example.org'] } }, headers: any });
    expect(kept()).toBe('471108');
    expect((await bed.request('PATCH', `/api/v1/voicemail-boxes/${box.id}`, { body: { pin: null }, headers: any })).body).toMatchObject({ isPinSet: false, mail: { to: ['ann@example.org'], attaches: true, deletes: false } });
    const room = (await bed.request('POST', '/api/v1/conferences', { body: { ...named, key: 'room', pin: '471109', moderatorPin: '471110' } })).body;
    expect([room.isPinSet, room.isModeratorPinSet, (await bed.request('GET', '/api/v1/conferences')).body.items[0].isPinSet]).toEqual([true, true, true]);
    expect(JSON.stringify([(await bed.request('GET', '/api/v1/audit')).body, (await bed.request('GET', '/api/v1/voicemail-boxes')).body, room])).not.toMatch(/47110[89]|471110/);
  });

  test('an extension is forwarded by a patch, to what there is; the rest of it stays', async () => {
    const box = (await bed.request('POST', '/api/v1/voicemail-boxes', { body: { ...named, key: 'bob' } })).body.id;
    const path = `/api/v1/extensions/${extension}`;
    const { body } = await bed.request('PATCH', path, { body: { forwarding: { busy: { type: 'voicemail', id: box } }, followMe: { steps: [{ target: { type: 'number', number: '91' }, afterMs: 5_000, ringMs: 20_000 }] } }, headers: any });
    expect(body).toMatchObject({ number: '101', forwarding: { always: null, busy: { type: 'voicemail', id: box }, noAnswer: null }, followMe: { isEnabled: true }, isDoNotDisturb: false, isCallWaiting: true });
    expect((await bed.request('DELETE', `/api/v1/voicemail-boxes/${box}`, { headers: any })).body).toMatchObject({ code: 'inUse', hint: expect.stringContaining('extension desk-101') as string });
    expect((await bed.request('PATCH', path, { body: { forwarding: null }, headers: any })).body.forwarding).toEqual({ always: null, busy: null, noAnswer: null, unreachable: null });
    expect((await bed.request('PATCH', path, { body: { forwarding: { busy: { type: 'queue', id: 'que_0mzq3v8k1r9c5t7w2x4y' } } }, headers: any })).body).toMatchObject({ code: 'danglingReference', pointer: '/forwarding/busy/id' });
  });

  test('a number that something else has is refused, whatever that is', async () => {
    const made = await bed.request('POST', '/api/v1/queues', { body: { ...named, key: 'second', number: '101' } });
    expect(made.body).toMatchObject({ code: 'notUnique', pointer: '/number', hint: 'The extension desk-101 has the number 101; choose a different one.' });
  });

  test('the mail server’s password is told to nobody, stays when it is left out, and not with another server', async () => {
    const mail = { host: 'mail.example', port: 587, security: 'startTls', credentials: { username: 'me', password: 'hidden-mail' }, from: 'pbx@example.org' };
    const patch = (body: object) => bed.request('PATCH', '/api/v1/settings', { body, headers: any });
    expect((await patch({ mail })).body.mail).toEqual({ ...mail, credentials: { username: 'me', isPasswordSet: true } });
    const kept = () => bed.configuration.snapshot.settings.mail?.credentials?.password;
    await patch({ mail: { ...mail, port: 25, credentials: { username: 'you' } }, featureCodes: { park: '*77' }, recording: { keepDays: 30 } });
    expect([kept(), bed.configuration.snapshot.settings.featureCodes.park, bed.configuration.snapshot.settings.recording]).toEqual(['hidden-mail', '*77', { calls: 'asExtensionsSay', keepDays: 30 }]);
    expect((await patch({ mail: { ...mail, host: 'elsewhere.example', credentials: { username: 'me' } } })).body).toMatchObject({ code: 'invalidValue', pointer: '/mail/credentials/password' });
    expect(JSON.stringify([(await bed.request('GET', '/api/v1/settings')).body, (await bed.request('GET', '/api/v1/audit')).body])).not.toContain('hidden-mail');
    await patch({ mail: null });
    expect(bed.configuration.snapshot.settings.mail).toBeNull();
  });

  test('what others refer to is not deleted, and they are named', async () => {
    const group = (await bed.request('POST', '/api/v1/line-groups', { body: { ...named, key: 'lines', lines: [line] } })).body;
    await bed.request('POST', '/api/v1/outbound-routes', { body: { ...named, key: 'out', attempts: [{ via: { type: 'lineGroup', id: group.id } }] } });
    expect((await bed.request('DELETE', `/api/v1/lines/${line}`, { headers: any })).body).toMatchObject({ code: 'inUse', hint: expect.stringContaining('line group lines') as string });
    expect((await bed.request('DELETE', `/api/v1/line-groups/${group.id}`, { headers: any })).body).toMatchObject({ code: 'inUse', hint: expect.stringContaining('outbound route out') as string });
    const location = (await bed.request('POST', '/api/v1/emergency-locations', { body: { ...named, address: 'Here' } })).body.id;
    expect((await bed.request('PATCH', '/api/v1/settings', { body: { emergency: { locationId: location } }, headers: any })).body.emergency.locationId).toBe(location);
    expect((await bed.request('DELETE', `/api/v1/emergency-locations/${location}`, { headers: any })).body.hint).toContain('the settings');
  });

  test('a reference that points nowhere is refused with its place', async () => {
    const answer = await bed.request('POST', '/api/v1/inbound-routes', { body: { ...named, key: 'nowhere', destination: { type: 'extension', id: 'ext_0mzq3v8k1r9c5t7w2x4y' } } });
    expect(answer.body).toMatchObject({ code: 'danglingReference', pointer: '/destination/id' });
  });

  test('site, emergency and fraud settings are changed field by field; null is no limit', async () => {
    const { body } = await bed.request('PATCH', '/api/v1/settings', { body: { site: { country: 'DE', timeZone: 'Europe/Berlin', outsidePrefix: '0' }, fraud: { concurrent: null }, emergency: { path: 'trunkFirst' } }, headers: any });
    expect(body).toMatchObject({ site: { country: 'DE', outsidePrefix: '0', mainNumber: null }, fraud: { concurrent: null, callsPerHour: 120 }, emergency: { path: 'trunkFirst', preempts: true } });
    expect((await bed.request('PATCH', '/api/v1/settings', { body: { site: { timeZone: 'Mars/Base' } }, headers: any })).body).toMatchObject({ code: 'invalidValue', pointer: '/site/timeZone' });
  });
});
