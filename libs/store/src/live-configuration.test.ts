import { FakeTimers } from '@tipring/clock';
import { buildSnapshot, type ConfigurationRows, diff, type DocumentTools, emptyRows, firstSettings, rowsFrom, type Snapshot } from '@tipring/config';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationRepository } from './configuration-repository.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { newId } from './new-id.ts';
import { RevisionLog } from './revision-log.ts';
import { KeySealer } from './sealing/key-sealer.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl, testSealer } from './testing/test-database.ts';

const author = { actor: 'key_1', requestId: 'req_1' };

describe.skipIf(testDatabaseUrl === undefined)('the configuration in force (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let database: Database;
  let timers: FakeTimers;
  let started: number;
  let opened: LiveConfiguration[];
  beforeAll(async () => {
    clone = await createTestDatabase();
    database = await openDatabase(clone.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(database);
    await clone.drop();
  });
  beforeEach(async () => {
    await database.batches.query('TRUNCATE configuration_revisions, configuration_objects, extensions, devices, stations, lines, settings, audit');
    timers = new FakeTimers();
    started = timers.now();
    opened = [];
  });
  afterEach(() => opened.forEach((live) => live.close()));

  describe('every change is a revision', () => {
    test('with who, when and why, and what was different, of which no secret is told', async () => {
      const live = await founded();
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
      const live = await founded(office);
      expect(await live.apply((now) => ({ ok: true, value: rowsOf(office, now) }), author)).toMatchObject({ ok: true, value: { revision: null } });
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toEqual([]);
    });

    test('nowhere in the database does a secret lie plain, and all come back', async () => {
      const live = await founded();
      await live.apply(putting(office), author);
      await live.apply(putting({ ...office, trunks: {}, outboundRoutes: {}, pinSets: {}, devices: {} }), author);
      const tables = ['settings', 'devices', 'configuration_objects', 'audit', 'configuration_revisions'];
      const dump = (await Promise.all(tables.map(async (table) => JSON.stringify((await database.batches.query(`SELECT * FROM ${table}`)).rows)))).join('\n');
      expect(dump).not.toMatch(/hunter2|47110815|a{32}|b{64}/);
      expect(dump).toMatch(/hidden|\(secret\)/);
      await live.rollback(1, author);
      expect(trunkOf(live.snapshot)).toMatchObject({ peering: { password: 'hunter2' } });
      expect([...live.snapshot.pinSets.values()][0]?.pins).toEqual([{ label: 'Ann', pin: '47110815' }]);
      await agrees(live);
    });

    test('what refers to each other changes in one go: numbers and user names are exchanged, a device leaves an extension that goes', async () => {
      const live = await founded(office);
      const extensions = { lab: { number: '103' }, hall: { number: '102' } };
      const devices = { phone: { extension: 'lab', username: 'second' }, second: { extension: 'hall', username: 'phone' } };
      expect(await live.apply(putting({ ...office, extensions, devices, stations: {} }), author)).toMatchObject({ ok: true });
      expect([live.snapshot.extensionByNumber('102')?.key, live.snapshot.deviceByUsername('phone')?.key]).toEqual(['hall', 'second']);
      await agrees(live);
    });
  });

  describe('on trial', () => {
    const trial = { confirmWithinMs: 60_000, why: 'Let us see.' };

    test('a change is in force at once, and stands when it is confirmed', async () => {
      const live = await founded();
      const applied = await live.apply(putting(office), author, trial);
      expect(applied).toMatchObject({ ok: true, value: { revision: 1, confirmBy: new Date(wallStart + 60_000).toISOString() } });
      expect(live.pending).toEqual({ number: 1, confirmBy: new Date(wallStart + 60_000).toISOString(), before: 0 });
      expect(await live.confirm(2, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      expect(await live.confirm(1, author)).toEqual({ ok: true, value: { revision: 1 } });
      expect(live.pending).toBeNull();
      timers.advance(120_000);
      expect(await live.confirm(1, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      expect(live.snapshot.extensions.size).toBe(3);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([{ number: 1, state: 'confirmed' }]);
    });

    test('nothing else is changed meanwhile', async () => {
      const live = await founded();
      await live.apply(putting(office), author, trial);
      const refused = await live.change(putting({ ...office, extensions: {} }), author);
      expect(refused).toMatchObject({ ok: false, problems: [{ code: 'confirmationPending', hint: expect.stringMatching(/Revision 1 .*Confirm it or roll it back/) }] });
      // Nor by another process.
      const other = await resumed();
      expect(await other.change(putting({ ...office, extensions: {} }), author)).toMatchObject({ ok: false, problems: [{ code: 'confirmationPending' }] });
    });

    test('it goes back by itself when nobody confirms it in time', async () => {
      const live = await founded();
      const before = live.snapshot;
      const told: number[] = [];
      live.observe((snapshot) => told.push(snapshot.extensions.size));
      await live.apply(putting(office), author, trial);
      timers.advance(59_999);
      expect(live.pending).not.toBeNull();
      timers.advance(1);
      await expect.poll(() => live.pending).toBeNull();
      expect([live.snapshot.extensions.size, told]).toEqual([before.extensions.size, [3, 0]]);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([
        { number: 2, actor: 'system', restores: 0, state: 'confirmed', why: 'Revision 1 was not confirmed in time.' },
        { number: 1, state: 'rolledBack', rolledBackBy: 2 },
      ]);
      await agrees(live);
      expect((await live.change(putting(office), author)).ok).toBe(true);
    });

    test('it goes back at the start when the time was over while nobody was there', async () => {
      await (await founded()).apply(putting(office), author, trial);
      started -= 60_000;
      const again = await resumed();
      expect([again.pending, again.snapshot.extensions.size]).toEqual([null, 0]);
      await agrees(again);
    });

    test('after a start within the time the rest of it is left', async () => {
      await (await founded()).apply(putting(office), author, trial);
      started -= 40_000;
      const again = await resumed();
      expect(again.pending?.number).toBe(1);
      timers.advance(19_999);
      expect(again.pending?.number).toBe(1);
      timers.advance(1);
      await expect.poll(() => again.pending).toBeNull();
      expect(again.snapshot.extensions.size).toBe(0);
    });

    test('it is rolled back by hand', async () => {
      const live = await founded();
      await live.apply(putting(office), author, trial);
      expect(await live.rollback(live.pending!.before, author, 'No.')).toMatchObject({ ok: true, value: { revision: 2 } });
      expect([live.pending, live.snapshot.extensions.size]).toEqual([null, 0]);
      expect((await live.change(putting(office), author)).ok).toBe(true);
    });

    test('while the database is away it stays in force, and goes back when both can', async () => {
      let away = false;
      class Moody extends ConfigurationRepository {
        override changesAfter(number: number) {
          return away ? Promise.reject(new Error('connection refused')) : super.changesAfter(number);
        }
      }
      const live = await founded({ version: 1 }, new Moody(database.orm, testSealer));
      await live.apply(putting(office), author, trial);
      away = true;
      timers.advance(60_000);
      await expect.poll(() => logged).toContain('rollbackWaitsForDatabase');
      expect([live.pending?.number, live.snapshot.extensions.size]).toEqual([1, 3]);
      away = false;
      await expect.poll(() => (timers.advance(2_000), live.pending)).toBeNull();
      await agrees(live);
    });
  });

  describe('going back', () => {
    test('to any revision is a revision; versions count on, and what was removed has its id again', async () => {
      const live = await founded();
      await live.apply(putting(office), author);
      const desk = live.snapshot.extensionByNumber('101')!;
      await live.apply(putting({ ...office, extensions: { ...office.extensions, desk: { number: '111' } } }), author);
      await live.apply(putting({ version: 1 }), author);
      expect(await live.rollback(1, author, 'It was better.')).toMatchObject({ ok: true, value: { revision: 4 } });
      const back = live.snapshot.extensionByNumber('101')!;
      expect(back).toMatchObject({ id: desk.id, createdAt: desk.createdAt, number: '101' });
      expect(back.version).toBeGreaterThan(desk.version);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([{ number: 4, restores: 1, why: 'It was better.' }, { number: 3, state: 'rolledBack', rolledBackBy: 4 }, { number: 2, state: 'rolledBack' }, { number: 1, state: 'confirmed' }]);
      await agrees(live);
      // And forth again.
      await live.rollback(3, author);
      expect(live.snapshot.extensions.size).toBe(0);
      await live.rollback(0, author);
      await live.rollback(2, author);
      expect(live.snapshot.extensionByNumber('111')?.id).toBe(desk.id);
      await agrees(live);
    });

    test('to rows that an earlier version wrote: with what is usual where it knew nothing, without what is no more', async () => {
      const live = await founded(office);
      await live.apply(putting({ ...office, trunks: {}, outboundRoutes: {}, lineGroups: {}, lines: {}, settings: { calls: { silenceS: 7 } } }), author);
      const [{ changes }] = (await database.batches.query('SELECT changes FROM configuration_revisions')).rows as [{ changes: { kind: string; before: Record<string, unknown> }[] }];
      for (const { kind, before } of changes) {
        if (kind === 'trunk') before['colour'] = 'red';
        if (kind === 'trunk') delete before['health'];
        if (kind === 'settings') delete before['fraud'];
      }
      await database.batches.query('UPDATE configuration_revisions SET changes = $1', [JSON.stringify(changes)]);
      expect(await live.rollback(0, author)).toMatchObject({ ok: true });
      expect(trunkOf(live.snapshot)).toMatchObject({ key: 'carrier', health: { ringMs: 20_000 }, peering: { password: 'hunter2' } });
      expect(live.snapshot.settings).toMatchObject({ calls: { silenceS: 60 }, fraud: { concurrent: 10 } });
      await agrees(live);
    });

    test('to a revision that there is not is refused', async () => {
      const live = await founded();
      expect(await live.rollback(0, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      await live.apply(putting(office), author);
      for (const number of [1, 2, -1, 0.5]) expect(await live.rollback(number, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
    });
  });

  describe('what runs is exactly what was or what is new, and the database has the same', () => {
    const steps = ['settings', 'extensions', 'devices', 'stations', 'lines', 'configuration_objects', 'audit', 'configuration_revisions'] as const;
    const after = { ...office, settings: { calls: { silenceS: 7 } }, extensions: { desk: { number: '111' }, hall: { number: '103' } }, devices: { second: { extension: 'desk' } }, stations: { wall: { extension: 'hall', port: 'SIM-1/6' } }, lines: {}, lineGroups: {}, outboundRoutes: {} };

    test.each(steps.flatMap((table) => (['raises', 'dies'] as const).map((how) => [table, how] as const)))('when the writing of %s %s', async (table, how) => {
      const live = await founded(office);
      const [before, told] = [live.snapshot, [] as Snapshot[]];
      live.observe((snapshot) => told.push(snapshot));
      await failing(table, how, async () => {
        await expect(live.apply(putting(after), author)).rejects.toThrow();
      });
      expect([live.snapshot === before, told]).toEqual([true, []]);
      await agrees(live);
      expect(await live.apply(putting(after), author)).toMatchObject({ ok: true, value: { revision: 1 } });
      await agrees(live);
    });

    test('when the database refuses at COMMIT', async () => {
      const live = await founded(office);
      const before = live.snapshot;
      await failing('extensions', 'raises', async () => {
        await expect(live.apply(putting(after), author)).rejects.toThrow();
      }, 'CONSTRAINT');
      expect(live.snapshot).toBe(before);
      await agrees(live);
    });

    test('when the connection is lost behind COMMIT', async () => {
      let lose = true;
      class Lossy extends ConfigurationRepository {
        override async write(...given: Parameters<ConfigurationRepository['write']>) {
          const number = await super.write(...given);
          if (lose) throw new Error('Connection terminated unexpectedly');
          return number;
        }
      }
      const live = await founded(office, new Lossy(database.orm, testSealer));
      expect(await live.apply(putting(after), author)).toMatchObject({ ok: true, value: { revision: 1 } });
      expect(live.snapshot.extensionByNumber('111')?.key).toBe('desk');
      await agrees(live);
      lose = false;
      expect((await live.change(putting(office), author)).ok).toBe(true);
    });

    test('when it is lost there and the database stays away: what was written is taken up as soon as it can be asked, and before anything else', async () => {
      let away = true;
      class Gone extends ConfigurationRepository {
        override async write(...given: Parameters<ConfigurationRepository['write']>) {
          const number = await super.write(...given);
          if (away) throw new Error('Connection terminated unexpectedly');
          return number;
        }
        override numberOf(id: string) {
          return away ? Promise.reject(new Error('connection refused')) : super.numberOf(id);
        }
      }
      const live = await founded(office, new Gone(database.orm, testSealer));
      const told: number[] = [];
      live.observe(({ extensions }) => told.push(extensions.size));
      await expect(live.apply(putting(after), author, { confirmWithinMs: 60_000 })).rejects.toThrow('terminated');
      expect([live.snapshot.extensions.size, told]).toEqual([3, []]);
      await expect(live.change(putting(office), author)).rejects.toThrow('refused');
      away = false;
      await expect.poll(() => (timers.advance(2_000), told)).toEqual([2]);
      expect(live.pending?.number).toBe(1);
      await agrees(live);
    });

    test('when one who is told throws, the others are told all the same', async () => {
      const live = await founded();
      const told: string[] = [];
      live.observe(() => {
        throw new Error('a bug');
      });
      live.observe(() => told.push('second'));
      expect((await live.change(putting(office), author)).ok).toBe(true);
      expect([told, logged]).toEqual([['second'], expect.arrayContaining(['configurationListenerFailed'])]);
      await agrees(live);
    });

    test('when another process was faster', async () => {
      const live = await founded(office);
      const other = await resumed();
      await other.change(putting({ ...office, extensions: { ...office.extensions, desk: { number: '107' } } }), author);
      expect(await live.change(putting({ ...office, extensions: { ...office.extensions, desk: { number: '108' } } }), author)).toMatchObject({ ok: false, problems: [{ code: 'changedMeanwhile' }] });
      await agrees(other);
    });

    /** While `work` runs, a trigger at that table makes trouble. */
    async function failing(table: (typeof steps)[number], how: 'raises' | 'dies', work: () => Promise<void>, kind: 'CONSTRAINT' | '' = ''): Promise<void> {
      const trouble = how === 'raises' ? `RAISE EXCEPTION 'injected'` : `PERFORM pg_terminate_backend(pg_backend_pid())`;
      await database.batches.query(`CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${trouble}; RETURN NULL; END $$`);
      await database.batches.query(`CREATE ${kind} TRIGGER trouble AFTER INSERT OR UPDATE OR DELETE ON ${table} ${kind === '' ? 'FOR EACH STATEMENT' : 'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW'} EXECUTE FUNCTION trouble()`);
      try {
        await work();
      } finally {
        await database.batches.query(`DROP TRIGGER trouble ON ${table}`);
      }
    }
  });

  test('a thousand objects are written in one transaction of few statements', async () => {
    const live = await founded();
    const extensions = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`desk-${at}`, { number: String(1_000 + at) }]));
    const devices = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`phone-${at}`, { extension: `desk-${at}` }]));
    const [[before]] = [(await database.batches.query('SELECT pg_current_xact_id()::text AS id')).rows as [{ id: string }]];
    expect(await live.apply(putting({ version: 1, extensions, devices }), author)).toMatchObject({ ok: true, value: { revision: 1 } });
    const written = (await database.batches.query(`SELECT DISTINCT xmin::text FROM extensions UNION SELECT xmin::text FROM devices UNION SELECT xmin::text FROM audit WHERE action <> 'found' UNION SELECT xmin::text FROM configuration_revisions`)).rows as { xmin: string }[];
    expect(written).toHaveLength(1);
    expect(Number(written[0]?.xmin)).toBeGreaterThan(Number(before?.id));
    await agrees(live);
  });

  test('secrets that an earlier version left plain are sealed at the start', async () => {
    const live = await founded(office);
    await database.batches.query(`UPDATE devices SET ha1 = '{"MD5": "${'c'.repeat(32)}", "SHA-256": "${'d'.repeat(64)}"}'`);
    const repository = new ConfigurationRepository(database.orm, testSealer);
    expect((await repository.load())?.devices[0]?.ha1.MD5).toBe('c'.repeat(32));
    expect([await repository.sealPlain(), await repository.sealPlain()]).toEqual([2, 0]);
    expect(JSON.stringify((await database.batches.query('SELECT * FROM devices')).rows)).not.toMatch(/c{32}/);
    expect((await repository.load())?.devices[0]?.ha1.MD5).toBe('c'.repeat(32));
    expect(live.snapshot.devices.size).toBe(2);
  });

  test('with another key the configuration is not loaded, and says why', async () => {
    await founded(office);
    await expect(new ConfigurationRepository(database.orm, new KeySealer(new Uint8Array(32), 'rest')).load()).rejects.toThrow('secrets.key');
  });

  const wallStart = Date.parse('2026-11-23T12:00:00.000Z');
  let logged: string[] = [];

  async function founded(document: object = { version: 1 }, repository = new ConfigurationRepository(database.orm, testSealer)): Promise<LiveConfiguration> {
    const empty = buildSnapshot(emptyRows(firstSettings('tipring', '2026-11-22T18:00:00.000Z')));
    await repository.found(rowsOf(document, empty.ok ? empty.value : never()), author);
    return resumed(repository);
  }

  /** As at a start. */
  async function resumed(repository = new ConfigurationRepository(database.orm, testSealer)): Promise<LiveConfiguration> {
    const built = buildSnapshot((await repository.load())!);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    logged = [];
    const live = new LiveConfiguration(repository, built.value, { timers, wallClock: () => wallStart + timers.now() - started, log: (_level, event) => logged.push(event) });
    opened.push(live);
    await live.resume();
    return live;
  }

  /** What runs is what a start would load. */
  async function agrees(live: LiveConfiguration): Promise<void> {
    const built = buildSnapshot((await new ConfigurationRepository(database.orm, testSealer).load())!);
    expect(built.ok ? diff(live.snapshot, built.value) : built.problems).toEqual([]);
  }
});

const office = {
  version: 1,
  pinSets: { staff: { pins: [{ label: 'Ann', pin: '47110815' }] } },
  extensions: { desk: { number: '101' }, lab: { number: '102' }, hall: { number: '103' } },
  devices: { phone: { extension: 'desk' }, second: { extension: 'lab' } },
  stations: { wall: { extension: 'desk', port: 'SIM-1/5' } },
  lines: { main: { port: 'SIM-1/1' } },
  lineGroups: { lines: { lines: ['main'] } },
  trunks: { carrier: { server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'hunter2' } } },
  outboundRoutes: { outside: { pinSet: 'staff', attempts: [{ via: { trunk: 'carrier' } }] } },
};

const tools: DocumentTools = {
  newId, now: '2026-11-23T12:00:00.000Z', sealer: testSealer, newPassword: () => 'made',
  digestSecrets: () => ({ MD5: 'a'.repeat(32), 'SHA-256': 'b'.repeat(64) }),
};

function rowsOf(document: object, now: Snapshot): ConfigurationRows {
  const read = rowsFrom(document, now, tools);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value.rows;
}

function putting(document: object): (now: Snapshot) => { readonly ok: true; readonly value: ConfigurationRows } {
  return (now) => ({ ok: true, value: rowsOf(document, now) });
}

function trunkOf(snapshot: Snapshot) {
  return [...snapshot.trunks.values()][0];
}

function never(): never {
  throw new Error('nothing but settings is always right');
}
