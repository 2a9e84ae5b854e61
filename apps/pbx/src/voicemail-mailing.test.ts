import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWavHeader } from '@tipring/gateway';
import { closeDatabase, type Database, MessageStore, openDatabase } from '@tipring/store';
import { createTestDatabase, type TestDatabase, testDatabaseUrl } from '@tipring/store/testing';
import type { Snapshot } from '@tipring/config';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LateOffice } from './late-office.ts';
import { startLateWork } from './late-work.ts';
import { voicemailMailing } from './voicemail-mailing.ts';

/** A server for mail as there are others: it asks for a password, and keeps what it is given. */
class MailServer {
  readonly mails: { readonly to: readonly string[]; readonly text: string }[] = [];
  /** Of the next recipient: the code it is refused with. */
  refuses: number[] = [];
  port = 0;
  readonly #server = new SMTPServer({
    authOptional: false, allowInsecureAuth: true, disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) => (username === 'pbx' && password === 'secret' ? done(null, { user: username }) : done(new Error('Invalid username or password'))),
    onRcptTo: (_address, _session, done) => {
      const code = this.refuses.shift();
      done(code === undefined ? null : Object.assign(new Error('not now'), { responseCode: code }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        this.mails.push({ to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString() });
        done(null);
      });
    },
  });

  async open(): Promise<void> {
    this.#server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.server.address() as { port: number }).port;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

describe.skipIf(testDatabaseUrl === undefined)('mail of voicemail (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let database: Database;
  let folder: string;
  let messages: MessageStore;
  let server: MailServer;
  const recording = Buffer.concat([writeWavHeader(8_000, 16_000), Buffer.alloc(16_000, 7)]);

  beforeAll(async () => {
    clone = await createTestDatabase();
    database = await openDatabase(clone.url, () => undefined);
  });
  afterAll(async () => {
    await closeDatabase(database);
    await clone.drop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tipring-mail-'));
    mkdirSync(join(folder, 'sounds'));
    messages = await MessageStore.open({ folder: join(folder, 'journal'), sounds: join(folder, 'sounds'), pool: database.batches, wallClock: Date.now, log: () => undefined });
    server = new MailServer();
    await server.open();
  });
  afterEach(async () => {
    await messages.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  function left(id: string, box = 'vmb_1'): void {
    messages.begin({ id, box, file: `${id}.wav`, from: { number: '+4922155512', name: 'Zoë\r\nBcc: all@example.org' }, at: Date.parse('2026-11-23T14:05:00Z') });
    writeFileSync(join(folder, 'sounds', `${id}.wav`), recording);
    messages.finish(id, { ms: 1_000, shortestMs: 0, isUrgent: true });
  }

  const mail = () => ({ host: '127.0.0.1', port: server.port, security: 'none' as const, credentials: { username: 'pbx', password: 'secret' }, from: 'pbx@example.org' });
  const box = { name: 'Ann', language: 'de', to: ['ann@example.org'], attaches: true, deletes: false };

  test('a message that was left reaches its owner with the recording, and is taken out of the box where that is wanted', async () => {
    const snapshot = {
      settings: { site: { timeZone: 'Europe/Berlin' }, voice: { language: 'de' }, mail: mail(), recording: { keepDays: null } },
      webhooks: new Map(),
      voicemailBoxes: new Map([['vmb_1', { id: 'vmb_1', displayName: 'Ann', language: null, mail: { to: ['ann@example.org', 'desk@example.org'], attaches: true, deletes: true } }], ['vmb_2', { id: 'vmb_2', displayName: 'Bob', language: null, mail: null }]]),
    } as unknown as Snapshot;
    const lateWork = startLateWork({ databaseUrl: clone.url, redisUrl: undefined, soundsFolder: join(folder, 'sounds') }, { configuration: { snapshot, observe: () => () => undefined }, messages, log: pino({ level: 'silent' }) });
    left('m1');
    left('m2', 'vmb_2');
    await expect.poll(() => server.mails.length).toBe(1);
    const [{ to, text }] = server.mails as [{ to: readonly string[]; text: string }];
    expect(to).toEqual(['ann@example.org', 'desk@example.org']);
    expect(text).toMatch(/^Message-ID: <m1@example.org>$/im);
    expect(text.replaceAll(/\r\n\s/g, '')).not.toMatch(/^Bcc:/im);
    expect(text.replaceAll(/=\r\n/g, '')).toContain('Montag, 23. November 2026');
    // The recording itself, to the byte.
    const attached = text.slice(text.indexOf('\r\n\r\n', text.indexOf('audio/wav'))).split('--')[0]!;
    expect(Buffer.from(attached.replaceAll(/\s/g, ''), 'base64').equals(recording)).toBe(true);
    await expect.poll(() => messages.find('m1')).toBeUndefined();
    expect(messages.messagesOf('vmb_2').length).toBe(1);
    await lateWork.close();
  });

  test('a server that is away, or does not take it yet, is asked again; one that never will is not', async () => {
    const office: LateOffice = { timeZone: 'Europe/Berlin', mail: mail(), mailedBoxes: { vmb_1: box }, recordingsKeepDays: null, webhooks: [] };
    const logged: string[] = [];
    const task = (changed: Partial<LateOffice> = {}) => voicemailMailing({ office: () => ({ ...office, ...changed }), sounds: join(folder, 'sounds'), find: (id) => Promise.resolve(messages.find(id)), delivered: () => logged.push('delivered'), log: (_level, event) => logged.push(event) });
    const run = (changed: Partial<LateOffice> = {}, isLast = false) => task(changed).run({ id: 'm1' }, { isLast }).then(() => 'sent', (error: Error) => error.constructor.name);
    left('m1');
    server.refuses = [451];
    expect(await run()).toBe('Error');
    server.refuses = [550];
    expect(await run()).toBe('GivenUp');
    expect(await run({ mail: { ...mail(), credentials: { username: 'pbx', password: 'wrong' } } })).toBe('Error');
    expect(await run({ mail: { ...mail(), port: 1 } }, true)).toBe('Error');
    expect(logged).toEqual(['mailGivenUp']);
    server.refuses = [550];
    expect(await run({ mailedBoxes: { vmb_1: { ...box, to: ['gone@example.org', 'ann@example.org'] } } })).toBe('sent');
    expect(logged).toEqual(['mailGivenUp', 'mailRefused']);
    expect(server.mails.map(({ to }) => to)).toEqual([['ann@example.org']]);
    messages.remove('m1');
    expect(await run()).toBe('sent');
    expect(server.mails.length).toBe(1);
  });

  test('what was not attached stays in the box', async () => {
    left('m1');
    const deleting = { ...box, deletes: true };
    let now = deleting;
    const delivered: string[] = [];
    const task = voicemailMailing({ office: () => ({ timeZone: 'Europe/Berlin', mail: mail(), mailedBoxes: { vmb_1: now }, recordingsKeepDays: null, webhooks: [] }), sounds: join(folder, 'sounds'), find: (id) => Promise.resolve(messages.find(id)), delivered: (id) => delivered.push(id), log: () => undefined });
    const run = () => task.run({ id: 'm1' }, { isLast: false });
    now = { ...deleting, attaches: false };
    await run();
    now = deleting;
    truncateSync(join(folder, 'sounds/m1.wav'), 15 << 20);
    await run();
    expect([server.mails.length, delivered]).toEqual([2, []]);
    truncateSync(join(folder, 'sounds/m1.wav'), recording.length);
    await run();
    expect([server.mails.length, delivered]).toEqual([3, ['m1']]);
  });

  test('a mail without its recording says why', async () => {
    left('m1');
    const office: LateOffice = { timeZone: 'Europe/Berlin', mail: mail(), mailedBoxes: { vmb_1: { ...box, language: 'en' } }, recordingsKeepDays: null, webhooks: [] };
    rmSync(join(folder, 'sounds/m1.wav'));
    await voicemailMailing({ office: () => office, sounds: join(folder, 'sounds'), find: (id) => Promise.resolve(messages.find(id)), delivered: () => undefined, log: () => undefined }).run({ id: 'm1' }, { isLast: false });
    expect(server.mails[0]?.text).toContain('The recording is not there any more.');
    expect(server.mails[0]?.text).not.toContain('audio/wav');
  });
});
