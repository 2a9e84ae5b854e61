import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Jobs, startJobs } from '@tipring/jobs';
import { closeDatabase, type Database, EventLog, Housekeeping, openDatabase, WebhookDeliveries, type WebhookDelivery } from '@tipring/store';
import { createTestDatabase, type TestDatabase, testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LateOffice, ToldWebhook } from './late-office.ts';
import { sendAgainLater, sendLater, webhookSending, type WebhookSendingPorts, webhookTask } from './webhook-sending.ts';

/** Who is told, and does not always answer as one would like. */
class Receiver {
  readonly got: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  /** What the next requests are answered; 200 when there is nothing. */
  answers: number[] = [];
  port = 0;
  #server: Server | undefined;

  async open(): Promise<void> {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.got.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        const status = this.answers.shift() ?? 200;
        response.writeHead(status, status === 302 ? { location: `http://127.0.0.1:${this.port}/elsewhere` } : {}).end();
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as { port: number }).port;
  }

  close(): Promise<void> {
    this.#server?.closeAllConnections();
    return new Promise((resolve) => this.#server?.close(() => resolve()));
  }
}

describe.skipIf(testDatabaseUrl === undefined)('webhooks (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let database: Database;
  let housekeeping: Housekeeping;
  let receiver: Receiver;
  let now: number;
  let webhooks: ToldWebhook[];
  /** No number twice, in all of these tests. */
  let floor = 0;
  const running: Jobs[] = [];

  beforeAll(async () => {
    clone = await createTestDatabase();
    database = await openDatabase(clone.url, () => undefined);
    housekeeping = new Housekeeping(clone.url, () => undefined);
  });
  afterAll(async () => {
    await housekeeping.close();
    await closeDatabase(database);
    await clone.drop();
  });
  beforeEach(async () => {
    await database.batches.query('TRUNCATE events, outbox, webhook_deliveries');
    receiver = new Receiver();
    await receiver.open();
    now = Date.parse('2026-11-23T12:00:00Z');
    webhooks = [webhook()];
  });
  afterEach(async () => {
    for (const jobs of running.splice(0)) await jobs.close();
    await receiver.close();
  });

  const webhook = (changes: Partial<ToldWebhook> = {}): ToldWebhook => ({ id: 'whk_1', key: 'crm', url: `http://127.0.0.1:${receiver.port}/hook`, secret: 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQ=', events: ['call.*'], since: 0, ...changes });
  const ports = (): WebhookSendingPorts => ({ office: () => ({ timeZone: 'UTC', mail: null, mailedBoxes: {}, recordingsKeepDays: null, webhooks }) satisfies LateOffice, deliveries: housekeeping.deliveries, log: () => undefined, now: () => (now += 10) });

  async function withJobs(): Promise<Jobs> {
    const jobs = await startJobs({
      databaseUrl: clone.url, outbox: housekeeping.outbox, relayMs: 20, housekeeping: [], log: () => undefined,
      followers: { event: (message, later) => sendLater(message, later, ports()), webhookDelivery: sendAgainLater },
      // As it is, but for its patience.
      tasks: { [webhookTask]: { ...webhookSending(ports()), attempts: 3, waitMs: () => 1 } },
    });
    running.push(jobs);
    return jobs;
  }
  async function delivery(id = 'whk_1', state: WebhookDelivery['state'] | undefined = undefined): Promise<WebhookDelivery | undefined> {
    return (await new WebhookDeliveries(database.batches).latest(id, { limit: 1, state }))[0];
  }
  async function happened(...events: readonly (readonly [type: string, data: object])[]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'tipring-webhooks-'));
    const log = new EventLog({ folder, pool: database.batches, wallClock: () => now, log: () => undefined, floor: (floor += 10), wanted: () => ['call.%', 'trunk.down'] });
    for (const [type, data] of events) log.append(type, data);
    await log.close();
    rmSync(folder, { recursive: true });
  }

  test('a password in the URL is sent as one, and stands in no delivery', async () => {
    webhooks = [webhook({ url: `http://ann:p%40ss@127.0.0.1:${receiver.port}/hook` })];
    receiver.answers = [500];
    await withJobs();
    await happened(['call.ended', { id: 'c1' }]);
    await expect.poll(async () => (await delivery())?.attempts.map(({ status }) => status)).toEqual([500, 200]);
    expect(receiver.got.map(({ headers }) => headers.authorization)).toEqual(Array.from({ length: 2 }, () => `Basic ${Buffer.from('ann:p@ss').toString('base64')}`));
    expect(JSON.stringify(await delivery())).not.toContain('p%40ss');
  });

  test('who wants an event is sent it, signed, and nothing else', async () => {
    webhooks.push(webhook({ id: 'whk_2', events: ['*'], since: now + 1 }));
    await withJobs();
    await happened(['call.ended', { id: 'c1', text: 'Zoë' }], ['trunk.down', {}], ['device.registered', {}]);
    await expect.poll(async () => (await delivery('whk_1', 'delivered'))?.event.type).toBe('call.ended');
    const [{ headers, body }] = receiver.got as [{ headers: IncomingHttpHeaders; body: string }];
    expect(receiver.got.length).toBe(1);
    expect(JSON.parse(body)).toEqual({ sequence: floor + 1, at: Date.parse('2026-11-23T12:00:00Z'), type: 'call.ended', data: { id: 'c1', text: 'Zoë' } });
    // By the letter of standardwebhooks.com, not by our own function.
    const signature = createHmac('sha256', Buffer.from('c2VjcmV0IHNlY3JldCBzZWNyZXQ=', 'base64')).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
    expect(await delivery()).toMatchObject({ id: headers['webhook-id'], attempts: [{ status: 200, reason: null }] });
    expect(await delivery('whk_2')).toBeUndefined();
  });

  test('what is not taken is tried again, then dead, and sent again when somebody asks', async () => {
    await withJobs();
    receiver.answers = [500, 302, 404];
    await happened(['call.ended', { id: 'c1' }]);
    await expect.poll(async () => (await delivery())?.state).toBe('dead');
    const dead = (await delivery())!;
    expect(dead.attempts.map(({ status, reason }) => [status, reason])).toEqual([[500, 'answered 500'], [302, 'answered 302'], [404, 'answered 404']]);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1);

    const deliveries = new WebhookDeliveries(database.batches);
    expect(await deliveries.sendAgain('whk_other', dead.id)).toBeUndefined();
    webhooks = [webhook({ secret: 'another one of sixteen' })];
    expect((await deliveries.sendAgain('whk_1', dead.id))?.state).toBe('waiting');
    await expect.poll(async () => (await delivery())?.state).toBe('delivered');
    expect((await delivery())!.attempts.length).toBe(4);
    expect(receiver.got.length).toBe(4);
  });

  test('one that is gone for good is dead at once, and so is what was for a webhook that is no more', async () => {
    await withJobs();
    receiver.answers = [410];
    await happened(['call.ended', {}]);
    await expect.poll(async () => (await delivery())?.state).toBe('dead');
    expect(receiver.got.length).toBe(1);
    const { id } = (await delivery())!;
    webhooks = [];
    await new WebhookDeliveries(database.batches).sendAgain('whk_1', id);
    await expect.poll(async () => (await delivery())?.attempts.at(-1)?.reason).toBe('the webhook is gone or disabled');
    expect((await delivery())?.state).toBe('dead');
  });

  test('one who does not answer rests after three attempts, but for who asks', async () => {
    webhooks = [webhook({ url: 'http://127.0.0.1:1/' })];
    const task = webhookSending(ports());
    const event = (sequence: number) => ({ sequence, at: 1, type: 'call.ended', data: {} });
    const reasons: (string | null | undefined)[] = [];
    for (const id of ['d1', 'd2', 'd3', 'd4']) {
      await housekeeping.deliveries.create(event(1), [{ id, webhookId: 'whk_1' }]);
      await task.run({ id }, { isLast: false }).catch(() => undefined);
      reasons.push((await housekeeping.deliveries.find(id))?.attempts[0]?.reason);
    }
    expect(reasons.map((reason) => reason?.startsWith('not tried'))).toEqual([false, false, false, true]);
    webhooks = [webhook()];
    await task.run({ id: 'd4' }, { isLast: false }).catch(() => undefined);
    expect(receiver.got.length).toBe(0);
    await task.run({ id: 'd4', isAsked: true }, { isLast: false });
    expect((await housekeeping.deliveries.find('d4'))?.state).toBe('delivered');
    await task.run({ id: 'd3' }, { isLast: false });
    expect(receiver.got.length).toBe(2);
    now += 1;
  });
});
