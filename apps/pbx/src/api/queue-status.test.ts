import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('queues as they stand (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let id: string;
  beforeAll(async () => {
    bed = await apiBed();
    const [extensionId] = ['101'].map((number) => bed.configuration.snapshot.extensionByNumber(number)?.id);
    const made = await bed.request('POST', '/api/v1/queues', { body: { key: 'support', number: '800', displayName: 'Support', agents: [{ extensionId, startsLoggedIn: true }] } });
    expect([made.status, made.body]).toMatchObject([201, {}]);
    ({ id } = made.body);
  });
  afterAll(() => bed.close());

  test('who waits, who answers, and today’s figures', async () => {
    const { status, body } = await bed.request('GET', `/api/v1/queues/${id}/status`);
    expect([status, body]).toEqual([
      200,
      {
        waiting: [],
        agents: [{ extensionId: bed.configuration.snapshot.extensionByNumber('101')?.id, presence: 'loggedIn', is: 'idle', callsToday: 0 }],
        today: { offered: 0, answered: 0, abandoned: 0, overflowed: 0, meanWaitMs: null, longestWaitMs: 0 },
      },
    ]);
    expect((await bed.request('GET', '/api/v1/queues/que_none/status')).status).toBe(404);
  });

  test('an agent takes a break, goes home and comes back', async () => {
    for (const presence of ['paused', 'loggedOut', 'loggedIn']) {
      const { status, body } = await bed.request('PUT', `/api/v1/queues/${id}/agents/101`, { body: { presence } });
      expect([status, body.agents[0].presence]).toEqual([200, presence]);
    }
    expect((await bed.request('PUT', `/api/v1/queues/${id}/agents/102`, { body: { presence: 'loggedIn' } })).status).toBe(404);
    expect((await bed.request('PUT', `/api/v1/queues/${id}/agents/101`, { body: { presence: 'asleep' } })).status).toBe(422);
    const key = await bed.keyWith('read');
    expect((await bed.request('PUT', `/api/v1/queues/${id}/agents/101`, { body: { presence: 'paused' }, key })).status).toBe(403);
  });
});
