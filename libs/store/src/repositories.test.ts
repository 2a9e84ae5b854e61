import { buildSnapshot, emptyRows, type ConfigurationRows, type Device, type Extension, firstSettings, type Line, rowsOf, type Snapshot, type Station, usualExtension } from '@tipring/config';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiKeys } from './api-keys.ts';
import { AuditLog } from './audit-log.ts';
import { ConfigurationRepository } from './configuration-repository.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { Housekeeping } from './housekeeping.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { newId } from './new-id.ts';
import { Outbox } from './outbox.ts';
import { RegistrationLog } from './registration-log.ts';
import { SecretVault } from './secret-vault.ts';
import { createTestDatabase, silent, testSealer, type TestDatabase, testDatabaseUrl } from './testing/test-database.ts';

const author = { actor: 'key_1', requestId: 'req_1' };

describe.skipIf(testDatabaseUrl === undefined)('what is kept (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    clone = await createTestDatabase();
    database = await openDatabase(clone.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(database);
    await clone.drop();
  });
  beforeEach(() => database.batches.query('TRUNCATE configuration_revisions, extensions, devices, stations, lines, settings, audit, api_keys, idempotency_keys, registrations, outbox, secrets, events'));

  describe('configuration', () => {
    test('comes back as it was written, to the field', async () => {
      const repository = new ConfigurationRepository(database.orm, testSealer);
      const rows = office();
      expect(await repository.load()).toBeNull();
      expect(await repository.found(rows, author)).toBe(true);
      const loaded = await repository.load();
      expect(loaded).toEqual(rows);
      // The order of fields too: a difference compares in it.
      expect(JSON.stringify(loaded)).toBe(JSON.stringify(rows));
    });

    test('of two processes that found it at once one is first', async () => {
      const repository = new ConfigurationRepository(database.orm, testSealer);
      const founded = await Promise.all([repository.found(office(), author), repository.found(office(), author)]);
      expect(founded.sort()).toEqual([false, true]);
    });

    test('a change is written with its audit row, which holds no secret', async () => {
      const live = await founded();
      const changed = await live.change((now) => ({ ok: true, value: renamed(now, 'Kitchen') }), author);
      expect(changed.ok && live.snapshot.extensionByNumber('101')?.displayName).toBe('Kitchen');
      expect((await new ConfigurationRepository(database.orm, testSealer).load())?.extensions[0]?.displayName).toBe('Kitchen');
      const [entry] = await new AuditLog(database.orm).latest({ limit: 1 });
      expect(entry).toMatchObject({ actor: 'key_1', requestId: 'req_1', action: 'update', before: { displayName: 'Desk' }, after: { displayName: 'Kitchen' } });
      await live.change((now) => ({ ok: true, value: { ...rowsOf(now), devices: [...now.devices.values()].map((row) => ({ ...row, ha1: { MD5: 'c'.repeat(32), 'SHA-256': 'd'.repeat(64) }, version: 2 })) } }), author);
      expect(JSON.stringify((await database.batches.query('SELECT * FROM audit')).rows)).not.toMatch(/c{32}|d{64}|a{32}/);
    });

    test('acts that nobody waits for stand in the audit in their order, also behind one that was not written', async () => {
      const audit = new AuditLog(database.orm);
      const refused = expect(audit.record(author, 'refused', 'call:\u0000', null, null)).rejects.toThrow();
      await Promise.all(Array.from({ length: 30 }, (_, n) => audit.record(author, `act ${n}`, 'call:1', null, null)));
      await refused;
      expect((await audit.latest({ limit: 50 })).map((entry) => entry.action)).toEqual(Array.from({ length: 30 }, (_, n) => `act ${29 - n}`));
    });

    test('what another process changed meanwhile is not overwritten', async () => {
      const live = await founded();
      await database.batches.query('UPDATE extensions SET version = 7');
      const outcome = await live.change((now) => ({ ok: true, value: renamed(now, 'Mine') }), author);
      expect(outcome.ok ? '' : outcome.problems[0]?.code).toBe('changedMeanwhile');
      expect(live.snapshot.extensionByNumber('101')?.displayName).toBe('Desk');
    });

    test('a refused change leaves snapshot and database as they were, and the next one goes on', async () => {
      const live = await founded();
      const refused = await live.change((now) => ({ ok: true, value: { ...rowsOf(now), extensions: [] } }), author);
      expect(refused.ok ? '' : refused.problems[0]?.code).toBe('danglingReference');
      await expect(live.change(() => { throw new Error('the editor’s own refusal'); }, author)).rejects.toThrow('refusal');
      expect((await live.change((now) => ({ ok: true, value: renamed(now, 'Next') }), author)).ok).toBe(true);
    });

    test('stations and lines come back as they were, and two may change their ports in one go', async () => {
      const live = await founded();
      const extensionId = live.snapshot.extensionByNumber('101')!.id;
      const stations = [analogStation(1, extensionId), analogStation(2, extensionId)];
      expect((await live.change((now) => ({ ok: true, value: { ...rowsOf(now), stations, lines: [analogLine] } }), author)).ok).toBe(true);
      const repository = new ConfigurationRepository(database.orm, testSealer);
      const loaded = (await repository.load())!;
      expect([loaded.stations, loaded.lines]).toEqual([stations, [analogLine]]);
      // The order of fields too, which jsonb does not keep.
      expect(JSON.stringify(loaded.lines)).toBe(JSON.stringify([analogLine]));

      const swapped = stations.map((station) => ({ ...station, port: { ...station.port, port: 11 - station.port.port }, version: 2 }));
      expect((await live.change((now) => ({ ok: true, value: { ...rowsOf(now), stations: swapped } }), author)).ok).toBe(true);
      expect((await repository.load())!.stations).toEqual(swapped);
      const moved = await live.change((now) => ({ ok: true, value: { ...rowsOf(now), stations: [], lines: [{ ...analogLine, port: { card: 'SIM-1', port: 5 }, version: 2 }] } }), author);
      expect(moved.ok && live.snapshot.lineAt({ card: 'SIM-1', port: 5 })?.key).toBe('main');
      expect((await new AuditLog(database.orm).latest({ limit: 3 })).map(({ action, target }) => `${action} ${target.split(':')[0]}`)).toEqual(['update line', 'delete station', 'delete station']);
    });

    test('a port that another process gave away meanwhile is not given away twice', async () => {
      const live = await founded();
      const extensionId = live.snapshot.extensionByNumber('101')!.id;
      const other = new LiveConfiguration(new ConfigurationRepository(database.orm, testSealer), live.snapshot);
      const outcomes = [];
      for (const [n, one] of [live, other].entries()) {
        const station = { ...analogStation(n, extensionId), port: { card: 'SIM-1', port: 5 } };
        outcomes.push(await one.change((now) => ({ ok: true, value: { ...rowsOf(now), stations: [station] } }), author));
      }
      expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.problems[0]?.code))).toEqual(['done', 'changedMeanwhile']);
    });
  });

  describe('registrations', () => {
    const binding = (aor: string, expiresAtEpochMs: number) => ({ aor, expiresAtEpochMs, contact: `sip:${aor}@10.0.0.1` });

    test('of many changes of one phone the last is written; who signed off is gone; who expired is not loaded', async () => {
      const log = new RegistrationLog(database.batches, silent);
      const held = new Map([['dev_1', [binding('dev_1', 2_000)]], ['dev_2', [binding('dev_2', 500)]]]);
      log.follow((aor) => held.get(aor) ?? []);
      for (let count = 0; count < 100; count += 1) log.changed('dev_1', 'refreshed');
      log.changed('dev_2', 'added');
      log.changed('dev_3', 'removed');
      expect(log.backlog).toBe(3);
      await log.flush();
      expect(await log.load(1_000)).toEqual([binding('dev_1', 2_000)]);
      held.delete('dev_1');
      log.changed('dev_1', 'removed');
      await log.flush();
      expect(await log.load(1_000)).toEqual([]);
    });

    test('while PostgreSQL is away they wait, and are written as they are when it is back', async () => {
      let away = true;
      const pool = { query: (...statement: unknown[]) => (away ? Promise.reject(new Error('connection refused')) : database.batches.query(...(statement as [string]))) };
      const log = new RegistrationLog(pool as never, silent);
      let expires = 2_000;
      log.follow((aor) => [binding(aor, expires)]);
      log.changed('dev_1', 'added');
      await log.flush();
      expect(log.backlog).toBe(1);
      away = false;
      expires = 3_000;
      await log.flush();
      expect(await log.load(1_000)).toEqual([binding('dev_1', 3_000)]);
    });
  });

  describe('the outbox', () => {
    const fill = (count: number) => database.batches.query(`INSERT INTO outbox (kind, payload, created_at) SELECT 'callRecord', jsonb_build_object('n', n), now() FROM generate_series(1, $1) n`, [count]);

    test('hands over in order and forgets what was taken', async () => {
      await fill(5);
      const taken: unknown[] = [];
      const outbox = new Outbox(database.batches);
      expect(await outbox.relay(3, async (messages) => void taken.push(...messages.map((message) => message.payload)))).toBe(3);
      expect(taken).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      expect(await outbox.waiting()).toBe(2);
    });

    test('keeps what was not taken', async () => {
      await fill(2);
      const outbox = new Outbox(database.batches);
      await expect(outbox.relay(10, () => Promise.reject(new Error('the queue is away')))).rejects.toThrow('away');
      expect(await outbox.waiting()).toBe(2);
    });

    test('two relays at once take different messages', async () => {
      await fill(20);
      const outbox = new Outbox(database.batches);
      const taken: string[] = [];
      const take = () => outbox.relay(10, async (messages) => void taken.push(...messages.map((message) => message.id)));
      await Promise.all([take(), take()]);
      expect(new Set(taken).size).toBe(20);
    });
  });

  test('an idempotency key is claimed once; a claim that was never finished may be taken over after a minute', async () => {
    const keys = new IdempotencyKeys(database.orm);
    expect(await keys.claim('key_1', 'k', 'f')).toEqual({ state: 'new' });
    expect(await keys.claim('key_1', 'k', 'f')).toEqual({ state: 'inProgress' });
    expect(await keys.claim('key_1', 'k', 'other')).toEqual({ state: 'different' });
    expect(await keys.claim('key_2', 'k', 'f')).toEqual({ state: 'new' });
    await database.batches.query(`UPDATE idempotency_keys SET created_at = now() - interval '2 minutes'`);
    expect(await keys.claim('key_1', 'k', 'f')).toEqual({ state: 'new' });
    await keys.finish('key_1', 'k', { status: 201, headers: { etag: '"1"' }, body: { id: 'x' } });
    expect(await keys.claim('key_1', 'k', 'f')).toEqual({ state: 'done', answer: { status: 201, headers: { etag: '"1"' }, body: { id: 'x' } } });
  });

  test('housekeeping removes what is past its time and nothing else', async () => {
    const old = `now() - interval '3 days'`;
    await database.batches.query(`INSERT INTO events (sequence, at, type, data) VALUES (1, ${old}, 'call.ended', '{}'), (2, now(), 'call.ended', '{}'), (3, ${old}, 'trunk.down', '{}'), (4, now() - interval '9 days', 'trunk.down', '{}')`);
    await database.batches.query(`INSERT INTO idempotency_keys (actor, key, fingerprint, created_at) VALUES ('a', 'old', 'f', ${old}), ('a', 'new', 'f', now())`);
    const housekeeping = new Housekeeping(clone.url, silent);
    const yesterday = new Date(Date.now() - 86_400_000);
    expect([await housekeeping.removeEventsBefore(yesterday, new Date(Date.now() - 8 * 86_400_000)), await housekeeping.removeIdempotencyKeysBefore(yesterday)]).toEqual([2, 1]);
    expect((await database.batches.query('SELECT sequence FROM events ORDER BY sequence')).rows).toEqual([{ sequence: '2' }, { sequence: '3' }]);
    expect((await database.batches.query('SELECT key FROM idempotency_keys')).rows).toEqual([{ key: 'new' }]);
    await housekeeping.close();
  });

  test('recordings go with their files when their time is over, and stay when a file cannot be removed', async () => {
    await database.batches.query('TRUNCATE recordings');
    await database.batches.query(`INSERT INTO recordings (id, call_id, file, started_at, duration_ms) SELECT 'r' || n, 'c1', 'recordings/' || n, now() - n * interval '1 day', 1000 FROM generate_series(0, 700) AS n`);
    const housekeeping = new Housekeeping(clone.url, silent);
    const files: string[] = [];
    const left = async () => (await database.batches.query('SELECT 1 FROM recordings')).rowCount;
    const before = new Date(Date.now() - 30.5 * 86_400_000);
    await expect(housekeeping.removeRecordingsBefore(before, () => Promise.reject(new Error('read-only')))).rejects.toThrow('read-only');
    expect(await left()).toBe(701);
    expect(await housekeeping.removeRecordingsBefore(before, async (some) => void files.push(...some))).toBe(670);
    expect([await left(), files.length, files.includes('recordings/30')]).toEqual([31, 670, false]);
    await housekeeping.close();
  });

  test('an API key is kept as a hash, and is known again after a restart', async () => {
    const keys = new ApiKeys(database.orm);
    const { key, secret } = await keys.create('first', ['read'], author);
    const again = new ApiKeys(database.orm);
    await again.load();
    expect(again.authenticate(secret)).toEqual(key);
    expect(again.authenticate(`${secret}x`)).toBeUndefined();
    expect(JSON.stringify((await database.batches.query('SELECT * FROM api_keys')).rows)).not.toContain(secret);
    expect(await again.revoke(key.id, author)).toBe(true);
    expect(again.authenticate(secret)).toBeUndefined();
  });

  test('a secret is made once, also by two processes at once', async () => {
    const vault = new SecretVault(database.orm);
    let made = 0;
    const values = await Promise.all([0, 1, 2].map(() => vault.ensure('nonce', () => `s${(made += 1)}`)));
    expect(new Set(values).size).toBe(1);
  });

  async function founded(): Promise<LiveConfiguration> {
    const repository = new ConfigurationRepository(database.orm, testSealer);
    await repository.found(office(), author);
    const built = buildSnapshot((await repository.load())!);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    return new LiveConfiguration(repository, built.value);
  }
});

test('ids made later sort later, and a hundred thousand of them are different', () => {
  const first = newId('ext');
  expect(first).toMatch(/^ext_[0-9a-hjkmnp-tv-z]{26}$/);
  const many = new Set(Array.from({ length: 100_000 }, () => newId('ext')));
  expect(many.size).toBe(100_000);
  const times = [...many].map((id) => id.slice(0, 14));
  expect(times).toEqual(times.toSorted());
});

function renamed(now: Snapshot, displayName: string): ConfigurationRows {
  return { ...rowsOf(now), extensions: [...now.extensions.values()].map((row) => ({ ...row, displayName, version: row.version + 1 })) };
}

function office(): ConfigurationRows {
  const at = '2026-11-22T18:00:00.000Z';
  const extension: Extension = { id: 'ext_00000000000000000000000001', key: 'desk', number: '101', displayName: 'Desk', ...usualExtension, version: 1, createdAt: at, updatedAt: at };
  const device: Device = {
    id: 'dev_00000000000000000000000001', key: 'phone', extensionId: extension.id, displayName: 'Phone', username: '101', algorithm: 'SHA-256', enabled: false,
    ha1: { MD5: 'a'.repeat(32), 'SHA-256': 'b'.repeat(64) }, version: 3, createdAt: at, updatedAt: at,
  };
  return { ...emptyRows(firstSettings('tipring', at)), extensions: [extension], devices: [device] };
}

const analogAt = '2026-11-22T18:00:00.000Z';

function analogStation(n: number, extensionId: string): Station {
  return {
    id: `sta_0000000000000000000000000${n}`, key: `wall-${n}`, displayName: 'Wall telephone', extensionId, port: { card: 'SIM-1', port: 4 + n }, region: 'DE', kind: 'fax', isEnabled: false,
    overrides: { dialing: { byPulse: false }, ringing: { cadence: [1_000, 4_000] } }, version: 1, createdAt: analogAt, updatedAt: analogAt,
  };
}

const analogLine: Line = {
  id: 'lin_00000000000000000000000001', key: 'main', displayName: 'Main number', port: { card: 'SIM-1', port: 1 }, region: 'US', isEnabled: true, isCommissioned: false,
  inbound: { type: 'number', number: '101' },
  overrides: { disconnect: { battery: { denialMs: 350 }, polarity: 'off' }, gains: { receiveDb: -1.5, sendDb: 0 }, echo: 'off', learnedTones: [{ id: 'odd', tone: { segments: [{ frequenciesHz: [440, 480], durationMs: 250 }], repeatFrom: null } }] },
  version: 3, createdAt: analogAt, updatedAt: analogAt,
};
