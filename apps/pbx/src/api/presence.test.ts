import type { Subscriber } from '@tipring/sip-endpoint';
import { testDatabaseUrl } from '@tipring/store/testing';
import type { CallView, LegView } from '@tipring/telephony';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('presence over the API (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let device: string;
  let extension: string;
  const get = async (path: string) => (await bed.request('GET', `/api/v1/presence${path}`)).body;

  beforeAll(async () => {
    bed = await apiBed();
    const { snapshot } = bed.configuration;
    extension = snapshot.extensionByNumber('101')!.id;
    device = snapshot.deviceByUsername('101')!.id;
  });
  afterAll(() => bed.close());

  const rings = (state: LegView['state']): CallView => ({
    id: 'cal_1', state: 'ringing', direction: 'inbound', startedAt: 1_800_000_000_000, answeredAt: null, from: { number: '+4922155', name: 'Carla' }, to: '101', recovered: false, emergency: null, parked: null, recording: null,
    legs: [
      { id: 'cal_1.1', endpoint: 'trk_x', role: 'caller', state: 'trying', party: { number: '+4922155', name: 'Carla' }, isMuted: false, reference: '', startedAt: 0, answeredAt: null },
      { id: 'cal_1.2', endpoint: device, role: 'called', state, party: { number: '101' }, isMuted: false, reference: '', startedAt: 0, answeredAt: null },
    ],
  });

  test('what an extension does is found by its number, key or id', async () => {
    bed.tell({ type: 'call.ringing', at: 1_800_000_000_000, call: rings('ringing') });
    const found = await get('/101');
    expect(found).toMatchObject({ id: extension, kind: 'extension', key: 'desk-101', number: '101', name: 'Desk 101', state: 'ringing', isReachable: true, messages: null });
    expect(found.dialogs).toMatchObject([{ callId: 'cal_1', direction: 'recipient', state: 'early', remote: { number: '+4922155', name: 'Carla', anonymous: false } }]);
    expect([await get('/desk-101'), await get(`/${extension}`)]).toEqual([found, found]);
    expect((await bed.request('GET', '/api/v1/presence/999')).status).toBe(404);
  });

  test('all of them, by kind and state, page by page', async () => {
    expect((await get('?kind=extension')).items.map(({ number, state }: { number: string; state: string }) => `${number} ${state}`)).toEqual(['101 ringing', '102 idle', '103 idle']);
    expect((await get('?state=ringing')).items).toHaveLength(1);
    const first = await get('?limit=2');
    expect((await get(`?limit=2&after=${first.next}`)).items.map(({ number }: { number: string }) => number)).toEqual(['103']);
    expect((await bed.request('GET', '/api/v1/presence?state=away')).status).toBe(422);
  });

  test('idle and not reachable are told apart', async () => {
    bed.presence.reach(bed.configuration.snapshot.deviceByUsername('102')!.id, false, 'not registered');
    expect(await get('/102')).toMatchObject({ state: 'idle', isReachable: false, reachability: 'not registered' });
  });

  test('who watches it, what he was told, and whether that still holds', async () => {
    const revision = bed.presence.view(extension)!.revision;
    const subscriber: Subscriber = {
      id: 'a', watcher: device, resource: extension, uri: 'sip:101@pbx', package: 'dialog', peer: 'udp:192.0.2.7:5060', since: 1_800_000_000_000, expiresAt: 1_800_000_600_000, isBehind: false,
      told: { at: 1_800_000_001_000, version: 3, isAnswered: true, what: { revision, state: 'ringing', isReachable: true, dialogs: [{ id: 'cal_1-1', state: 'early' }], messages: null } },
    };
    bed.subscribers.push(subscriber, { ...subscriber, id: 'b', watcher: 'dev_gone', told: null });
    const { items, next } = await get('/101/subscribers');
    expect(next).toBeNull();
    expect(items).toMatchObject([
      { id: 'a', deviceId: device, username: '101', package: 'dialog', peer: 'udp:192.0.2.7:5060', told: { version: 3, state: 'ringing', dialogs: [{ state: 'early' }], isAnswered: true }, isCurrent: true },
      { id: 'b', username: null, told: null, isCurrent: false },
    ]);
    bed.tell({ type: 'call.answered', at: 1_800_000_002_000, call: rings('answered') });
    expect((await get('/101/subscribers?limit=1')).items).toMatchObject([{ id: 'a', isCurrent: false }]);
  });
});
