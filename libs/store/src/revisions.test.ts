import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationRepository } from './configuration-repository.ts';
import type { Database } from './database.ts';
import { RevisionLog } from './revision-log.ts';
import { KeySealer } from './sealing/key-sealer.ts';
import { author, ConfigurationBed, office, putting, rowsOf, trunkOf } from './testing/configuration-bed.ts';
import { testDatabaseUrl, testSealer } from './testing/test-database.ts';

describe.skipIf(testDatabaseUrl === undefined)('every change is a revision (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ConfigurationBed;
  let database: Database;
  beforeAll(async () => {
    bed = await ConfigurationBed.open();
    ({ database } = bed);
  });
  afterAll(() => bed.close());
  beforeEach(() => bed.clear());
  afterEach(() => bed.clear());

  test('with who, when and why, and what was different, of which no secret is told', async () => {
    const live = await bed.founded();
    const applied = await live.apply(putting(office), author, { why: 'We open.' });
    expect(applied).toMatchObject({ ok: true, value: { revision: 1, confirmBy: null } });
    await live.change(putting({ ...office, extensions: { ...office.extensions, desk: { number: '199' } } }), author);

    const log = new RevisionLog(database.orm);
    expect(await log.latest({ limit: 9 })).toMatchObject([
      { number: 2, why: null, state: 'confirmed', counts: { added: 0, changed: 1, removed: 0 } },
      { number: 1, why: 'We open.', actor: 'key_1', requestId: 'req_1', state: 'confirmed', restores: null, counts: { changed: 0, removed: 0 } },
    ]);
    expect(await log.latest({ limit: 9, before: 2 })).toHaveLength(1);
    expect((await log.byNumber(2))?.objects).toEqual([{ kind: 'extension', id: expect.any(String), key: 'desk', displayName: 'Desk', change: 'changed', fields: [{ path: '/number', before: '101', after: '199' }] }]);
    expect((await log.byNumber(1))?.objects.find(({ kind }) => kind === 'trunk')?.fields).toContainEqual({ path: '/peering/password', after: '(secret)', isSecret: true });
    expect(await log.byNumber(3)).toBeUndefined();
  });

  test('unless nothing is different', async () => {
    const live = await bed.founded(office);
    expect(await live.apply((now) => ({ ok: true, value: rowsOf(office, now) }), author)).toMatchObject({ ok: true, value: { revision: null } });
    expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toEqual([]);
  });

  test('nowhere in the database does a secret lie plain, and all come back', async () => {
    const live = await bed.founded();
    await live.apply(putting(office), author);
    await live.apply(putting({ ...office, trunks: {}, outboundRoutes: {}, pinSets: {}, devices: {} }), author);
    const tables = ['settings', 'devices', 'configuration_objects', 'audit', 'configuration_revisions'];
    const dump = (await Promise.all(tables.map(async (table) => JSON.stringify((await database.batches.query(`SELECT * FROM ${table}`)).rows)))).join('\n');
    expect(dump).not.toMatch(/hunter2|47110815|a{32}|b{64}/);
    expect(dump).toMatch(/hidden|\(secret\)/);
    await live.rollback(1, author);
    expect(trunkOf(live.snapshot)).toMatchObject({ peering: { password: 'hunter2' } });
    expect([...live.snapshot.pinSets.values()][0]?.pins).toEqual([{ label: 'Ann', pin: '47110815' }]);
    expect(await bed.disagreement(live)).toEqual([]);
  });

  test('what refers to each other changes in one go: numbers and user names are exchanged, a device leaves an extension that goes', async () => {
    const live = await bed.founded(office);
    const extensions = { lab: { number: '103' }, hall: { number: '102' } };
    const devices = { phone: { extension: 'lab', username: 'second' }, second: { extension: 'hall', username: 'phone' } };
    expect(await live.apply(putting({ ...office, extensions, devices, stations: {} }), author)).toMatchObject({ ok: true });
    expect([live.snapshot.extensionByNumber('102')?.key, live.snapshot.deviceByUsername('phone')?.key]).toEqual(['hall', 'second']);
    expect(await bed.disagreement(live)).toEqual([]);
  });

  test('a thousand objects are written in one transaction of few statements', async () => {
    const live = await bed.founded();
    const extensions = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`desk-${at}`, { number: String(1_000 + at) }]));
    const devices = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`phone-${at}`, { extension: `desk-${at}` }]));
    const [[before]] = [(await database.batches.query('SELECT pg_current_xact_id()::text AS id')).rows as [{ id: string }]];
    expect(await live.apply(putting({ version: 1, extensions, devices }), author)).toMatchObject({ ok: true, value: { revision: 1 } });
    const written = (await database.batches.query(`SELECT DISTINCT xmin::text FROM extensions UNION SELECT xmin::text FROM devices UNION SELECT xmin::text FROM audit WHERE action <> 'found' UNION SELECT xmin::text FROM configuration_revisions`)).rows as { xmin: string }[];
    expect(written).toHaveLength(1);
    expect(Number(written[0]?.xmin)).toBeGreaterThan(Number(before?.id));
    expect(await bed.disagreement(live)).toEqual([]);
  });

  test('secrets that an earlier version left plain are sealed at the start', async () => {
    const live = await bed.founded(office);
    await database.batches.query(`UPDATE devices SET ha1 = '{"MD5": "${'c'.repeat(32)}", "SHA-256": "${'d'.repeat(64)}"}'`);
    const repository = new ConfigurationRepository(database.orm, testSealer);
    expect((await repository.load())?.devices[0]?.ha1.MD5).toBe('c'.repeat(32));
    expect([await repository.sealPlain(), await repository.sealPlain()]).toEqual([2, 0]);
    expect(JSON.stringify((await database.batches.query('SELECT * FROM devices')).rows)).not.toMatch(/c{32}/);
    expect((await repository.load())?.devices[0]?.ha1.MD5).toBe('c'.repeat(32));
    expect(live.snapshot.devices.size).toBe(2);
  });

  test('what people are connected to comes back to the field, its secrets sealed meanwhile', async () => {
    const full = {
      ...office,
      settings: { voice: { language: 'de', musicClass: 'guitar' }, recording: { calls: 'outside', keepDays: 90 }, featureCodes: { park: null }, mail: { host: 'mail.example', credentials: { username: 'me', password: 'hunter-mail' }, from: 'pbx@example.org' } },
      musicClasses: { guitar: { files: ['uploads/hold/guitar.wav'] } },
      prompts: { closed: { spoken: { de: { text: 'Geschlossen.' }, en: { file: 'closed.wav' } } } },
      voicemailBoxes: { box: { number: '801', pin: '90817263', operator: { queue: 'support' }, mail: { to: ['ann@example.org'] } } },
      extensions: {
        ...office.extensions,
        desk: { number: '101', voicemailBox: 'box', forwarding: { busy: { ivr: 'menu' } }, followMe: { steps: [{ target: { number: '91' }, afterMs: 0, ringMs: 20_000 }] }, callers: { blocked: ['+49x.'] }, wakeUps: [{ time: '07:00', on: '2026-12-24' }], record: 'always' },
      },
      ringGroups: { sales: { number: '600', members: [{ target: { extension: 'desk' } }], otherwise: { voicemail: 'box' } } },
      queues: { support: { agents: [{ extension: 'desk' }] } },
      ivrs: { menu: { choices: [{ digits: '1', label: 'Sales', destination: { ringGroup: 'sales' } }] } },
      conferences: { room: { pin: '90817264', moderatorPin: '90817265' } },
      parkingLots: { lot: { slots: { first: '701', last: '709' } } },
      pagingZones: { hall: { extensions: ['desk'], multicast: [{ address: '239.255.10.1', port: 5_004 }] } },
      directories: { people: { extensions: ['desk'] } },
    };
    const live = await bed.founded();
    expect(await live.apply(putting(full), author)).toMatchObject({ ok: true });
    expect(await bed.disagreement(live)).toEqual([]);
    const dump = (await Promise.all(['settings', 'extensions', 'configuration_objects', 'audit', 'configuration_revisions'].map(async (table) => JSON.stringify((await database.batches.query(`SELECT * FROM ${table}`)).rows)))).join('\n');
    expect(dump).not.toMatch(/hunter-mail|9081726/);
    await live.apply(putting(office), author);
    await live.rollback(1, author);
    expect([live.snapshot.settings.mail?.credentials?.password, [...live.snapshot.voicemailBoxes.values()][0]?.pin, [...live.snapshot.conferences.values()][0]?.moderatorPin]).toEqual(['hunter-mail', '90817263', '90817265']);
    expect(await bed.disagreement(live)).toEqual([]);
  });

  test('rows of an earlier version, which knew nothing of all this, mean what is usual', async () => {
    const live = await bed.founded(office);
    await database.batches.query(`UPDATE extensions SET features = NULL`);
    await database.batches.query(`UPDATE settings SET value = (value - '{featureCodes,voice,recording,mail}'::text[])`);
    expect(await bed.disagreement(live)).toEqual([]);
    // A later one may know more codes than this.
    await database.batches.query(`UPDATE settings SET value = jsonb_set(value, '{featureCodes}', '{"park": "*77"}')`);
    const loaded = await new ConfigurationRepository(database.orm, testSealer).load();
    expect(loaded?.settings.featureCodes).toEqual({ ...live.snapshot.settings.featureCodes, park: '*77' });
  });

  test('with another key the configuration is not loaded, and says why', async () => {
    await bed.founded(office);
    await expect(new ConfigurationRepository(database.orm, new KeySealer(new Uint8Array(32), 'rest')).load()).rejects.toThrow('secrets.key');
  });
});
