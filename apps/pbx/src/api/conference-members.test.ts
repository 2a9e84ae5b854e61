import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('conferences that people are in, over the API (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let id: string;
  const ask = (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => bed.request(method, `/api/v1/conferences/${id}${path}`, body === undefined ? {} : { body });

  beforeAll(async () => {
    bed = await apiBed();
    const made = await bed.request('POST', '/api/v1/conferences', { body: {
      key: 'monday', displayName: 'Monday', number: '830', pin: null, moderatorPin: null, mostParties: 10, announces: 'nothing', startsMuted: false, waitsForModerator: false, endsWithModerator: false, record: 'onDemand', musicClassId: null, language: null,
    } });
    id = made.body.id;
  });
  afterAll(() => bed.close());

  /** Comes into it, as its call would. */
  const enters = (leg: string, number: string): void => bed.conferences.application(id, [])!.ask({ ask: 'enter', leg, party: { number, name: `Desk ${number}` }, role: 'participant', name: null, at: 1_800_000_000_000 }, () => {});

  test('who is in it is listed page by page; nobody is no error, an unknown one is', async () => {
    expect((await ask('GET', '/members')).body).toEqual({ items: [], next: null });
    expect((await bed.request('GET', '/api/v1/conferences/cnf_none/members')).status).toBe(404);
    for (const [leg, number] of [['cal_1.2', '101'], ['cal_2.2', '102'], ['cal_3.2', '103']] as const) enters(leg, number);
    const first = (await ask('GET', '/members?limit=2')).body;
    expect(first.items).toMatchObject([{ leg: 'cal_1.2', number: '101', name: 'Desk 101', role: 'participant', isMuted: false, isWaiting: false, since: '2027-01-15T08:00:00.000Z' }, { leg: 'cal_2.2' }]);
    expect((await ask('GET', `/members?limit=2&after=${first.next}`)).body.items).toMatchObject([{ leg: 'cal_3.2' }]);
  });

  test('a member is muted, heard again and removed', async () => {
    expect(await ask('PATCH', '/members/cal_1.2', { isMuted: true })).toMatchObject({ status: 200, body: { leg: 'cal_1.2', isMuted: true } });
    expect(await ask('PATCH', '/members/cal_1.2', { isMuted: false })).toMatchObject({ status: 200, body: { isMuted: false } });
    expect((await ask('PATCH', '/members/cal_9.2', { isMuted: true })).status).toBe(404);
    expect((await ask('DELETE', '/members/cal_2.2')).status).toBe(204);
    expect((await ask('DELETE', '/members/cal_9.2')).status).toBe(404);
  });

  test('it is recorded while somebody is in it', async () => {
    expect((await ask('GET', '/recording')).body).toEqual({ isRecorded: false });
    expect(await ask('PUT', '/recording', { isRecorded: true })).toMatchObject({ status: 200, body: { isRecorded: true } });
    expect((await ask('GET', '/recording')).body).toEqual({ isRecorded: true });
    for (const leg of ['cal_1.2', 'cal_2.2', 'cal_3.2']) bed.conferences.application(id, [])!.ask({ ask: 'leave', leg }, () => {});
    expect((await ask('PUT', '/recording', { isRecorded: true })).status).toBe(409);
  });
});
