import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWavHeader } from '@tipring/gateway';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDatabase, type Database, openDatabase } from '../database.ts';
import { createTestDatabase, silent, type TestDatabase, testDatabaseUrl } from '../testing/test-database.ts';
import { MessageStore, type MessageStoreSettings } from './message-store.ts';
import type { NewMessage } from './voicemail-message.ts';

describe.skipIf(testDatabaseUrl === undefined)('voicemail messages (TIPRING_TEST_DATABASE_URL)', () => {
  let database: TestDatabase;
  let open: Database;
  let folder: string;
  let now: number;
  const stores: MessageStore[] = [];
  const pools = new Map<MessageStore, object>();
  const killed = new Set<object>();
  const never = new Promise(() => undefined);

  beforeAll(async () => {
    database = await createTestDatabase();
    open = await openDatabase(database.url, silent);
  });
  afterAll(async () => {
    await closeDatabase(open);
    await database.drop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tipring-messages-'));
    mkdirSync(join(folder, 'sounds'));
    now = 1_800_000_000_000;
    await open.batches.query('TRUNCATE voicemail_messages, voicemail_greetings, outbox');
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    rmSync(folder, { recursive: true });
  });

  async function started(overrides: Partial<MessageStoreSettings> = {}): Promise<MessageStore> {
    const { pool = open.batches, ...rest } = overrides;
    const living = { query: (statement: string) => (killed.has(living) ? never : pool.query(statement)) };
    const store = await MessageStore.open({ folder: join(folder, 'journal'), sounds: join(folder, 'sounds'), pool: living as unknown as pg.Pool, wallClock: () => now, log: silent, ...rest });
    pools.set(store, living);
    stores.push(store);
    return store;
  }
  /** kill -9: nothing of the process is asked any more; what the files say is all there is. */
  function kill(store: MessageStore): void {
    killed.add(pools.get(store)!);
    stores.splice(stores.indexOf(store), 1);
  }
  /** As the gateway writes it: nobody has said how long it is. */
  function spoken(id: string, seconds: number): void {
    writeFileSync(join(folder, 'sounds', `${id}.wav`), Buffer.concat([writeWavHeader(8_000, 0), Buffer.alloc(seconds * 16_000, 1)]));
  }
  function left(store: MessageStore, id: string, box = 'vmb_1', isUrgent = false): void {
    store.begin(begun(id, box));
    spoken(id, 1);
    store.finish(id, { ms: 1_000, shortestMs: 0, isUrgent });
    now += 1_000;
  }
  const mailed = async () => (await open.batches.query<{ id: string }>(`SELECT payload->>'id' AS id FROM outbox WHERE kind = 'voicemailMessage' ORDER BY id`)).rows.map((row) => row.id);

  test('a message that was left is in its box at once, in PostgreSQL soon, and told of once', async () => {
    const store = await started();
    const changed: string[] = [];
    store.observe((box) => changed.push(box));
    left(store, 'm1');
    const [message] = store.messagesOf('vmb_1');
    expect(message).toMatchObject({ id: 'm1', box: 'vmb_1', file: 'm1.wav', from: { number: '101', name: 'Zoë 📞' }, ms: 1_000, isHeard: false, isUrgent: false });
    expect(await store.flush()).toBe(true);
    store.mark('m1', 'heard');
    expect(await store.flush()).toBe(true);
    expect(await mailed()).toEqual(['m1']);
    expect(changed).toEqual(['vmb_1', 'vmb_1']);
    const next = await started({ folder: join(folder, 'another journal') });
    expect(next.messagesOf('vmb_1')).toEqual([{ ...message, isHeard: true, changedAt: now, revision: 2 }]);
  });

  test('urgent ones are heard first, then the other new ones, then those that were heard', async () => {
    const store = await started();
    for (const id of ['m1', 'm2', 'm3']) left(store, id);
    left(store, 'm4', 'vmb_1', true);
    store.mark('m1', 'heard');
    expect(store.messagesOf('vmb_1').map(({ id }) => id)).toEqual(['m4', 'm2', 'm3', 'm1']);
    expect(store.counts('vmb_1')).toEqual({ new: 3, heard: 1, urgent: 1 });
    expect(store.counts('vmb_2')).toEqual({ new: 0, heard: 0, urgent: 0 });
  });

  test('while PostgreSQL is away all goes on, and nothing of it is lost, also by kill -9', async () => {
    const away = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none', connectionTimeoutMillis: 200 });
    const store = await started();
    left(store, 'known');
    await store.flush();
    kill(store);
    // The rows are read when it is there, the changes come when it is not.
    const refusing = { query: (text: string | object) => (typeof text === 'string' ? open.batches.query(text) : away.query(text as { text: string })) };
    const lonely = await started({ pool: refusing as unknown as pg.Pool });
    left(lonely, 'm1');
    left(lonely, 'm2');
    lonely.mark('m1', 'heard');
    lonely.remove('known');
    expect(await lonely.flush()).toBe(false);
    expect(lonely.messagesOf('vmb_1').map(({ id }) => id)).toEqual(['m2', 'm1']);
    expect(lonely.backlog).toBeGreaterThanOrEqual(4);
    kill(lonely);

    const next = await started();
    expect(next.messagesOf('vmb_1').map(({ id, isHeard }) => `${id} ${isHeard ? 'heard' : 'new'}`)).toEqual(['m2 new', 'm1 heard']);
    expect(await next.flush()).toBe(true);
    expect(await mailed()).toEqual(['known', 'm1', 'm2']);
    await away.end();
  });

  test('what was spoken until kill -9 is a message, as long as its file', async () => {
    const first = await started();
    for (const id of ['m1', 'm2', 'm3', 'm4']) first.begin(begun(id));
    spoken('m1', 7);
    spoken('m3', 2);
    spoken('m4', 1);
    first.finish('m4', { ms: 900, shortestMs: 0, isUrgent: true });
    kill(first);
    const next = await started();
    expect(next.messagesOf('vmb_1').map(({ id }) => id)).toEqual(['m4']);
    // m3's call lives on: whoever adopts it finishes it. Of m2 nothing was spoken.
    expect(next.closeAbandoned(({ id }) => id === 'm3')).toBe(2);
    expect(next.messagesOf('vmb_1').map(({ id, ms }) => [id, ms])).toEqual([['m4', 900], ['m1', 7_000]]);
    next.finish('m3', { ms: null, shortestMs: 1_500, isUrgent: false });
    expect(next.find('m3')).toMatchObject({ ms: 2_000 });
    await next.flush();
    kill(next);
    const last = await started();
    expect(last.closeAbandoned(() => false)).toBe(0);
    expect(last.messagesOf('vmb_1').length).toBe(3);
  });

  test('a message that is removed goes with its file, and does not come back by what was written before', async () => {
    const first = await started({ limits: { segmentBytes: 200 } });
    first.begin(begun('held'));
    left(first, 'm1');
    await first.flush();
    first.remove('m1');
    first.remove('m1');
    await first.flush();
    await expect.poll(() => existsSync(join(folder, 'sounds/m1.wav'))).toBe(false);
    kill(first);
    const next = await started();
    expect(next.messagesOf('vmb_1')).toEqual([]);
    await next.flush();
    kill(next);
    expect((await started()).messagesOf('vmb_1')).toEqual([]);
    expect(await mailed()).toEqual(['m1']);
  });

  test('what the caller thought better of is nowhere', async () => {
    const store = await started();
    store.begin(begun('m1'));
    spoken('m1', 3);
    store.discard('m1');
    store.finish('m1', { ms: 3_000, shortestMs: 0, isUrgent: false });
    await expect.poll(() => existsSync(join(folder, 'sounds/m1.wav'))).toBe(false);
    kill(store);
    const next = await started();
    expect(next.closeAbandoned(() => false)).toBe(0);
    expect(next.messagesOf('vmb_1')).toEqual([]);
  });

  test('a forwarded message is another one, which stays when the first goes', async () => {
    const store = await started();
    left(store, 'm1');
    store.mark('m1', 'heard');
    store.forward('m1', 'vmb_2', { number: '105' });
    const [copy] = store.messagesOf('vmb_2');
    expect(copy).toMatchObject({ box: 'vmb_2', isHeard: false, ms: 1_000, from: { number: '101' }, forwardedBy: '105' });
    await store.flush();
    store.remove('m1');
    await expect.poll(() => existsSync(join(folder, 'sounds/m1.wav'))).toBe(false);
    expect(readFileSync(join(folder, 'sounds', copy!.file)).length).toBe(16_044);
    store.forward('m1', 'vmb_2', { number: '105' });
    expect(store.messagesOf('vmb_2').length).toBe(1);
    await store.flush();
    expect(await mailed()).toEqual(['m1', copy!.id]);
  });

  test('a message that is told of twice is there once, and one that is too short is none', async () => {
    const store = await started();
    for (let time = 0; time < 2; time += 1) {
      store.begin(begun('m1'));
      spoken('m1', 2);
      store.finish('m1', { ms: null, shortestMs: 2_000, isUrgent: false });
    }
    store.begin(begun('m2'));
    store.count('vmb_1', (count) => expect(count).toBe(2));
    spoken('m2', 1);
    store.finish('m2', { ms: null, shortestMs: 2_000, isUrgent: false });
    store.count('vmb_1', (count) => expect(count).toBe(1));
    store.list('vmb_1', (messages) => expect(messages.map(({ id }) => id)).toEqual(['m1']));
    await expect.poll(() => existsSync(join(folder, 'sounds/m2.wav'))).toBe(false);
    expect.assertions(4);
  });

  test('greetings are those recorded last, also after kill -9, and the files of the former go', async () => {
    const store = await started();
    for (const id of ['g1', 'g2', 'n1']) spoken(id, 1);
    store.keepGreeting('vmb_1', 'busy', 'g1.wav');
    await store.flush();
    store.keepGreeting('vmb_1', 'busy', 'g2.wav');
    store.keepGreeting('vmb_1', 'name', 'n1.wav');
    store.keepGreeting('vmb_1', 'name', null);
    await expect.poll(() => ['g1', 'n1'].some((id) => existsSync(join(folder, 'sounds', `${id}.wav`)))).toBe(false);
    kill(store);
    const next = await started();
    expect(next.greetings('vmb_1')).toEqual({ unavailable: null, busy: 'g2.wav', name: null });
    await next.flush();
    kill(next);
    expect((await started({ folder: join(folder, 'another journal') })).greetings('vmb_1')).toEqual({ unavailable: null, busy: 'g2.wav', name: null });
  });

  test('what was heard goes when its box keeps it no longer', async () => {
    const store = await started();
    for (const id of ['m1', 'm2']) left(store, id, 'vmb_1');
    left(store, 'm3', 'vmb_2');
    store.mark('m1', 'heard');
    store.mark('m3', 'heard');
    now += 86_400_000;
    const keepMs = (box: string) => (box === 'vmb_1' ? 86_400_000 : null);
    expect(store.removeExpired(keepMs)).toBe(0);
    now += 1;
    expect(store.removeExpired(keepMs)).toBe(1);
    expect([...store.messagesOf('vmb_1'), ...store.messagesOf('vmb_2')].map(({ id }) => id)).toEqual(['m2', 'm3']);
  });
});

function begun(id: string, box = 'vmb_1'): NewMessage {
  return { id, box, file: `${id}.wav`, from: { number: '101', name: 'Zoë 📞' }, at: 1_800_000_000_000 };
}
