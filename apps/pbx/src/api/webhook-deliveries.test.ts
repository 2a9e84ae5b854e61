import { WebhookDeliveries } from '@tipring/store';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('deliveries of webhooks (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let path: string;
  let id: string;
  beforeAll(async () => {
    bed = await apiBed();
    const made = await bed.request('POST', '/api/v1/webhooks', { body: { key: 'crm', displayName: 'CRM', url: 'https://crm.example.org/hook', secret: 'a secret of some length', events: ['call.*'] } });
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).not.toContain('a secret');
    id = made.body.id;
    path = `/api/v1/webhooks/${id}/deliveries`;
    const deliveries = new WebhookDeliveries(bed.database.batches);
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      await deliveries.create({ sequence, at: 1_800_000_000_000, type: 'call.ended', data: { id: `c${sequence}` } }, [{ id: `d${sequence}`, webhookId: id }]);
      await deliveries.attempted(`d${sequence}`, { at: 1_800_000_001_000, status: sequence === 2 ? null : 200, ms: 12, reason: sequence === 2 ? 'connect ECONNREFUSED' : null }, sequence === 2 ? 'dead' : 'delivered');
    }
  });
  afterAll(() => bed.close());

  test('are listed newest first, page by page, and by what became of them', async () => {
    const first = await bed.request('GET', `${path}?limit=2`);
    expect(first.body.items.map((one: { id: string }) => one.id)).toEqual(['d3', 'd2']);
    expect((await bed.request('GET', `${path}?limit=2&after=${first.body.next}`)).body.items.map((one: { id: string }) => one.id)).toEqual(['d1']);
    expect((await bed.request('GET', `${path}?state=dead`)).body.items).toEqual([(await bed.request('GET', `${path}/d2`)).body]);
    expect((await bed.request('GET', `${path}/d2`)).body).toMatchObject({
      state: 'dead', event: { sequence: 2, at: '2027-01-15T08:00:00.000Z', type: 'call.ended', data: { id: 'c2' } }, attempts: [{ at: '2027-01-15T08:00:01.000Z', status: null, ms: 12, reason: 'connect ECONNREFUSED' }],
    });
  });

  test('are sent again when somebody asks, by a key that may act', async () => {
    const again = await bed.request('POST', `${path}/d2/redelivery`);
    expect([again.status, again.body.state, again.body.attempts.length]).toEqual([202, 'waiting', 1]);
    expect((await bed.database.batches.query(`SELECT payload FROM outbox WHERE kind = 'webhookDelivery'`)).rows).toEqual([{ payload: { id: 'd2' } }]);
  });

  test('of another webhook are not found', async () => {
    expect((await bed.request('GET', '/api/v1/webhooks/whk_none/deliveries')).status).toBe(404);
    expect((await bed.request('GET', `/api/v1/webhooks/whk_none/deliveries/d2`)).status).toBe(404);
    expect((await bed.request('POST', `${path}/d9/redelivery`)).status).toBe(404);
  });
});
