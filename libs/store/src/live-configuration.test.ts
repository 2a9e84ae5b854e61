import type { Snapshot } from '@tipring/config';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationRepository } from './configuration-repository.ts';
import type { Database } from './database.ts';
import { RevisionLog } from './revision-log.ts';
import { author, ConfigurationBed, office, putting, trunkOf, wallStart } from './testing/configuration-bed.ts';
import { testDatabaseUrl, testSealer } from './testing/test-database.ts';

describe.skipIf(testDatabaseUrl === undefined)('the configuration in force (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ConfigurationBed;
  let database: Database;
  beforeAll(async () => {
    bed = await ConfigurationBed.open();
    ({ database } = bed);
  });
  afterAll(() => bed.close());
  beforeEach(() => bed.clear());
  afterEach(() => bed.clear());

  describe('on trial', () => {
    const trial = { confirmWithinMs: 60_000, why: 'Let us see.' };

    test('a change is in force at once, and stands when it is confirmed', async () => {
      const live = await bed.founded();
      const applied = await live.apply(putting(office), author, trial);
      expect(applied).toMatchObject({ ok: true, value: { revision: 1, confirmBy: new Date(wallStart + 60_000).toISOString() } });
      expect(live.pending).toEqual({ number: 1, confirmBy: new Date(wallStart + 60_000).toISOString(), before: 0 });
      expect(await live.confirm(2, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      expect(await live.confirm(1, author)).toEqual({ ok: true, value: { revision: 1 } });
      expect(live.pending).toBeNull();
      bed.timers.advance(120_000);
      expect(await live.confirm(1, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      expect(live.snapshot.extensions.size).toBe(3);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([{ number: 1, state: 'confirmed' }]);
    });

    test('nothing else is changed meanwhile', async () => {
      const live = await bed.founded();
      await live.apply(putting(office), author, trial);
      const refused = await live.change(putting({ ...office, extensions: {} }), author);
      expect(refused).toMatchObject({ ok: false, problems: [{ code: 'confirmationPending', hint: expect.stringMatching(/Revision 1 .*Confirm it or roll it back/) }] });
      // Nor by another process.
      const other = await bed.resumed();
      expect(await other.change(putting({ ...office, extensions: {} }), author)).toMatchObject({ ok: false, problems: [{ code: 'confirmationPending' }] });
    });

    test('it goes back by itself when nobody confirms it in time', async () => {
      const live = await bed.founded();
      const before = live.snapshot;
      const told: number[] = [];
      live.observe((snapshot) => told.push(snapshot.extensions.size));
      await live.apply(putting(office), author, trial);
      bed.timers.advance(59_999);
      expect(live.pending).not.toBeNull();
      bed.timers.advance(1);
      await expect.poll(() => live.pending).toBeNull();
      expect([live.snapshot.extensions.size, told]).toEqual([before.extensions.size, [3, 0]]);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([
        { number: 2, actor: 'system', restores: 0, state: 'confirmed', why: 'Revision 1 was not confirmed in time.' },
        { number: 1, state: 'rolledBack', rolledBackBy: 2 },
      ]);
      expect(await bed.disagreement(live)).toEqual([]);
      expect((await live.change(putting(office), author)).ok).toBe(true);
    });

    test('it goes back at the start when the time was over while nobody was there', async () => {
      await (await bed.founded()).apply(putting(office), author, trial);
      bed.sleep(60_000);
      const again = await bed.resumed();
      expect([again.pending, again.snapshot.extensions.size]).toEqual([null, 0]);
      expect(await bed.disagreement(again)).toEqual([]);
    });

    test('after a start within the time the rest of it is left', async () => {
      await (await bed.founded()).apply(putting(office), author, trial);
      bed.sleep(40_000);
      const again = await bed.resumed();
      expect(again.pending?.number).toBe(1);
      bed.timers.advance(19_999);
      expect(again.pending?.number).toBe(1);
      bed.timers.advance(1);
      await expect.poll(() => again.pending).toBeNull();
      expect(again.snapshot.extensions.size).toBe(0);
    });

    test('it stands when what it replaced is not allowed any more', async () => {
      const live = await bed.founded(office);
      await live.apply(putting({ ...office, trunks: {}, outboundRoutes: {} }), author, trial);
      await database.batches.query(`UPDATE configuration_revisions SET changes = replace(changes::text, 'sip.carrier.example', 'no host!')::jsonb`);
      bed.timers.advance(60_000);
      await expect.poll(() => live.pending).toBeNull();
      expect([bed.logged, live.snapshot.trunks.size]).toEqual([['rollbackRefused'], 0]);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([{ number: 1, state: 'confirmed' }]);
      expect((await live.change(putting(office), author)).ok).toBe(true);
    });

    test('it is rolled back by hand', async () => {
      const live = await bed.founded();
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
      const live = await bed.founded({ version: 1 }, new Moody(database.orm, testSealer));
      await live.apply(putting(office), author, trial);
      away = true;
      bed.timers.advance(60_000);
      await expect.poll(() => bed.logged).toContain('rollbackWaitsForDatabase');
      expect([live.pending?.number, live.snapshot.extensions.size]).toEqual([1, 3]);
      away = false;
      await expect.poll(() => (bed.timers.advance(2_000), live.pending)).toBeNull();
      expect(await bed.disagreement(live)).toEqual([]);
    });
  });

  describe('going back', () => {
    test('to any revision is a revision; versions count on, and what was removed has its id again', async () => {
      const live = await bed.founded();
      await live.apply(putting(office), author);
      const desk = live.snapshot.extensionByNumber('101')!;
      await live.apply(putting({ ...office, extensions: { ...office.extensions, desk: { number: '111' } } }), author);
      await live.apply(putting({ version: 1 }), author);
      expect(await live.rollback(1, author, 'It was better.')).toMatchObject({ ok: true, value: { revision: 4 } });
      const back = live.snapshot.extensionByNumber('101')!;
      expect(back).toMatchObject({ id: desk.id, createdAt: desk.createdAt, number: '101' });
      expect(back.version).toBeGreaterThan(desk.version);
      expect(await new RevisionLog(database.orm).latest({ limit: 9 })).toMatchObject([{ number: 4, restores: 1, why: 'It was better.' }, { number: 3, state: 'rolledBack', rolledBackBy: 4 }, { number: 2, state: 'rolledBack' }, { number: 1, state: 'confirmed' }]);
      expect(await bed.disagreement(live)).toEqual([]);
      // And forth again.
      await live.rollback(3, author);
      expect(live.snapshot.extensions.size).toBe(0);
      await live.rollback(0, author);
      await live.rollback(2, author);
      expect(live.snapshot.extensionByNumber('111')?.id).toBe(desk.id);
      expect(await bed.disagreement(live)).toEqual([]);
    });

    test('to rows that an earlier version wrote: with what is usual where it knew nothing, without what is no more', async () => {
      const live = await bed.founded(office);
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
      expect(await bed.disagreement(live)).toEqual([]);
    });

    test('to a revision that there is not is refused', async () => {
      const live = await bed.founded();
      expect(await live.rollback(0, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
      await live.apply(putting(office), author);
      for (const number of [1, 2, -1, 0.5]) expect(await live.rollback(number, author)).toMatchObject({ ok: false, problems: [{ code: 'unknownRevision' }] });
    });
  });

  describe('what runs is exactly what was or what is new, and the database has the same', () => {
    const steps = ['settings', 'extensions', 'devices', 'stations', 'lines', 'configuration_objects', 'audit', 'configuration_revisions'] as const;
    const after = { ...office, settings: { calls: { silenceS: 7 } }, extensions: { desk: { number: '111' }, hall: { number: '103' } }, devices: { second: { extension: 'desk' } }, stations: { wall: { extension: 'hall', port: 'SIM-1/6' } }, lines: {}, lineGroups: {}, outboundRoutes: {} };

    test.each(steps.flatMap((table) => (['raises', 'dies'] as const).map((how) => [table, how] as const)))('when the writing of %s %s', async (table, how) => {
      const live = await bed.founded(office);
      const [before, told] = [live.snapshot, [] as Snapshot[]];
      live.observe((snapshot) => told.push(snapshot));
      await failing(table, how, async () => {
        await expect(live.apply(putting(after), author)).rejects.toThrow();
      });
      expect([live.snapshot === before, told]).toEqual([true, []]);
      expect(await bed.disagreement(live)).toEqual([]);
      expect(await live.apply(putting(after), author)).toMatchObject({ ok: true, value: { revision: 1 } });
      expect(await bed.disagreement(live)).toEqual([]);
    });

    test('when the database refuses at COMMIT', async () => {
      const live = await bed.founded(office);
      const before = live.snapshot;
      await failing('extensions', 'raises', async () => {
        await expect(live.apply(putting(after), author)).rejects.toThrow();
      }, 'CONSTRAINT');
      expect(live.snapshot).toBe(before);
      expect(await bed.disagreement(live)).toEqual([]);
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
      const live = await bed.founded(office, new Lossy(database.orm, testSealer));
      expect(await live.apply(putting(after), author)).toMatchObject({ ok: true, value: { revision: 1 } });
      expect(live.snapshot.extensionByNumber('111')?.key).toBe('desk');
      expect(await bed.disagreement(live)).toEqual([]);
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
      const live = await bed.founded(office, new Gone(database.orm, testSealer));
      const told: number[] = [];
      live.observe(({ extensions }) => told.push(extensions.size));
      await expect(live.apply(putting(after), author, { confirmWithinMs: 60_000 })).rejects.toThrow('terminated');
      expect([live.snapshot.extensions.size, told]).toEqual([3, []]);
      await expect(live.change(putting(office), author)).rejects.toThrow('refused');
      away = false;
      await expect.poll(() => (bed.timers.advance(2_000), told)).toEqual([2]);
      expect(live.pending?.number).toBe(1);
      expect(await bed.disagreement(live)).toEqual([]);
    });

    test('when one who is told throws, the others are told all the same', async () => {
      const live = await bed.founded();
      const told: string[] = [];
      live.observe(() => {
        throw new Error('a bug');
      });
      live.observe(() => told.push('second'));
      expect((await live.change(putting(office), author)).ok).toBe(true);
      expect([told, bed.logged]).toEqual([['second'], expect.arrayContaining(['configurationListenerFailed'])]);
      expect(await bed.disagreement(live)).toEqual([]);
    });

    test('when another process was faster', async () => {
      const live = await bed.founded(office);
      const other = await bed.resumed();
      await other.change(putting({ ...office, extensions: { ...office.extensions, desk: { number: '107' } } }), author);
      expect(await live.change(putting({ ...office, extensions: { ...office.extensions, desk: { number: '108' } } }), author)).toMatchObject({ ok: false, problems: [{ code: 'changedMeanwhile' }] });
      expect(await bed.disagreement(other)).toEqual([]);
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
});
