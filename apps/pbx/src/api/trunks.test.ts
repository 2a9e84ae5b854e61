import { testDatabaseUrl } from '@tipring/store/testing';
import type { CallView, LegView } from '@tipring/telephony';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('trunks and routing (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let trunk: string;
  let line: string;
  beforeAll(async () => {
    bed = await apiBed();
    const peering = { type: 'registration', username: 'me', password: 'secret' };
    trunk = (await bed.request('POST', '/api/v1/trunks', { body: { key: 'carrier', displayName: 'Carrier', server: { host: 'sip.carrier.example' }, peering } })).body.id;
    line = (await bed.request('POST', '/api/v1/lines', { body: { key: 'main', displayName: 'Main', port: { card: 'SIM-1', port: 1 }, region: 'DE', number: '+493012345' } })).body.id;
    await bed.request('PATCH', `/api/v1/lines/${line}`, { body: { isCommissioned: true }, headers: { 'if-match': '*' } });
  });
  afterAll(() => bed.close());

  test('a trunk that nothing runs has no state; one that runs says since when and why', async () => {
    expect((await bed.request('GET', `/api/v1/trunks/${trunk}/status`)).body).toMatchObject({ key: 'carrier', state: null, since: null });
    bed.trunks.push({
      id: trunk, state: 'degraded', since: start, why: 'One of two servers is silent.', registration: { state: 'registered', expiresAt: start + 60_000, lastStatus: 200, text: '200 OK' },
      options: { lastAnsweredAt: start, roundTripMs: 12.5, unanswered: 0 }, servers: [{ transport: 'udp', address: '192.0.2.1', port: 5060, state: 'silent', text: 'nothing for 6 s' }],
      calls: { inbound: 1, outbound: 2 }, outcomes: { attempts: 3, answered: 2, failed: 1, lastFailure: '503 Service Unavailable' },
    });
    expect((await bed.request('GET', `/api/v1/trunks/${trunk}/status`)).body).toMatchObject({
      state: 'degraded', since: '2027-01-15T08:00:00.000Z', why: 'One of two servers is silent.', registration: { expiresAt: '2027-01-15T08:01:00.000Z' }, outcomes: { failed: 1 },
    });
    expect((await bed.request('GET', '/api/v1/trunks/trk_none/status')).status).toBe(404);
  });

  describe('routing is asked', () => {
    const explain = (body: object) => bed.request('POST', '/api/v1/routing/explain', { body });

    test('for an extension by number, key or id, in the name of its phone', async () => {
      const { id, key } = bed.configuration.snapshot.extensionByNumber('101')!;
      const phone = bed.configuration.snapshot.devicesOf(id)[0]!.id;
      for (const extension of ['101', key, id]) {
        const { status, body } = await explain({ from: { extension }, to: '95551234', at: '2026-12-24T18:00:00+01:00' });
        expect([status, body.explanation]).toEqual([200, expect.objectContaining({ endpoint: phone, from: { number: '101', name: 'Desk 101' }, number: '95551234', at: '2026-12-24T17:00:00.000Z' })]);
      }
    });

    test('for a call that comes in by a trunk, or by a line that has a number of its own', async () => {
      expect((await explain({ from: { trunk: 'carrier' }, callerNumber: '+4930999', to: '+493012345' })).body.explanation).toMatchObject({ endpoint: trunk, from: { number: '+4930999' }, number: '+493012345' });
      expect((await explain({ from: { line: 'main' } })).body.explanation).toMatchObject({ endpoint: line, from: { number: '', anonymous: true }, number: '+493012345' });
    });

    test('with trunks and lines taken to be in some state: what it says is what calls do', async () => {
      for (const id of [trunk, line]) bed.states.set(id, { state: 'ready', text: 'It waits for calls.', idleSince: null, usedMs: 0, isEmergency: false });
      const attempts = [{ via: { type: 'trunk', id: trunk } }, { via: { type: 'line', id: line } }];
      await bed.request('PATCH', '/api/v1/settings', { body: { site: { country: 'DE', timeZone: 'Europe/Berlin' } }, headers: { 'if-match': '*' } });
      await bed.request('POST', '/api/v1/outbound-routes', { body: { key: 'outside', displayName: 'Outside', match: { prefix: '9' }, attempts } });
      const asked = { from: { extension: '101' }, to: '9030901820' };
      const usual = (await explain(asked)).body;
      expect([usual.ok, usual.attempts.map(({ endpoints }: { endpoints: string[] }) => endpoints)]).toEqual([true, [[trunk], [line]]]);
      expect(usual.explanation.decision).toMatchObject({ is: 'routed', direction: 'outbound', e164: '+4930901820' });
      const down = (await explain({ ...asked, states: { carrier: 'down', [line]: 'busy' } })).body;
      expect(down.explanation.candidates.map(({ key, state }: { key: string; state: string }) => [key, state])).toEqual(expect.arrayContaining([['carrier', 'down'], ['main', 'busy']]));
      expect((await explain({ ...asked, states: { other: 'down' } })).body).toMatchObject({ code: 'danglingReference', pointer: '/states/other' });
    });

    test('about a number that nobody may call, with the rule that says so', async () => {
      await bed.request('POST', '/api/v1/blocklists', { body: { key: 'never', displayName: 'Never', direction: 'outbound', numbers: ['+49900x.'] } });
      const { body } = await explain({ from: { extension: '101' }, to: '90900123456' });
      expect([body.ok, body.attempts, body.explanation.decision.is]).toEqual([false, [], 'refused']);
      expect(body.explanation.steps).toContainEqual(expect.objectContaining({ what: expect.objectContaining({ kind: 'blocklist', key: 'never' }) as object, verdict: 'refused' }));
    });

    test('and refuses who cannot call', async () => {
      expect((await explain({ from: { extension: '999' }, to: '1' })).body).toMatchObject({ code: 'danglingReference', pointer: '/from/extension' });
      expect((await explain({ from: { extension: '103' }, to: '1' })).body).toMatchObject({ code: 'contradiction', hint: expect.stringContaining('neither a phone') as string });
      expect((await explain({ from: { extension: '101' } })).body).toMatchObject({ code: 'invalidValue', pointer: '/to' });
    });

    test('with a PIN by nobody who may only read: he could try them all', async () => {
      const key = await bed.keyWith('read');
      const ask = (body: object) => bed.request('POST', '/api/v1/routing/explain', { body: { from: { extension: '101' }, to: '9030901820', ...body }, key });
      expect((await ask({})).status).toBe(200);
      expect((await ask({ pin: '1234' })).body).toMatchObject({ status: 403, code: 'forbidden' });
    });
  });

  describe('a drill', () => {
    const drills = () => `/api/v1/trunks/${trunk}/drills`;
    const leg = (endpoint: string, state: LegView['state']): LegView => ({ id: endpoint, endpoint, role: 'called', state, reference: '', party: { number: '102' }, isMuted: false, startedAt: Date.now(), answeredAt: null });
    const begin = async (body: object) => {
      const { body: drill } = await bed.request('POST', drills(), { body });
      const call = bed.calls.find(({ id }) => id === drill.callId)!;
      return { drill, call, with: (legs: readonly LegView[]): CallView => ({ ...call, legs }), ended: async () => (await bed.request('GET', `${drills()}/${drill.id}`)).body };
    };
    const attempt = (name: string, endpoint: string) => ({ name, endpoints: [endpoint], number: '5551234' });
    const rerouting = () => ({ from: attempt('trunk carrier', trunk), cause: 'recoveryOnTimerExpiry' as const, evidence: { kind: 'sipTimer', text: 'nothing was answered for 2 s' }, to: attempt('line main', line), afterMs: 2_003 });

    test('is passed when another way rings after the trunk has failed, and its call is hung up then', async () => {
      const { drill, call, with: withLegs, ended } = await begin({ number: '95551234', from: '101', impairment: 'blackHole' });
      expect(drill).toMatchObject({ state: 'going', number: '95551234', impairment: 'blackHole', result: null });
      expect(bed.drillCalls.at(-1)).toMatchObject({ trunkId: trunk, impairment: 'blackHole', party: { number: '101' } });
      bed.tell({ type: 'call.rerouted', at: Date.now(), call: withLegs([leg(trunk, 'released')]), rerouting: rerouting() });
      expect(bed.calls).toContain(call);
      bed.tell({ type: 'call.ringing', at: Date.now(), call: withLegs([leg(trunk, 'released'), leg(line, 'ringing')]) });
      expect(bed.calls).not.toContain(call);
      bed.tell({ type: 'call.ended', at: Date.now(), call: withLegs([]), cause: 'normalClearing' });
      await expect.poll(async () => (await ended()).state).toBe('passed');
      expect((await ended()).result).toMatchObject({
        passed: true,
        attempts: [
          { name: 'trunk carrier', outcome: 'failed', afterMs: 2_003, cause: 'recoveryOnTimerExpiry', text: 'nothing was answered for 2 s' },
          { name: 'line main', endpoints: [line], outcome: 'gotThrough', cause: null, text: 'rang' },
        ],
      });
      expect((await bed.request('GET', '/api/v1/incidents?type=drill.ended')).body.items[0]).toMatchObject({ data: { drillId: drill.id, passed: true } });
    });

    test('sees early media, of which no event tells', async () => {
      const { call, with: withLegs, ended } = await begin({ number: '95551234' });
      bed.tell({ type: 'call.rerouted', at: Date.now(), call: withLegs([leg(trunk, 'released')]), rerouting: rerouting() });
      bed.calls[bed.calls.indexOf(call)] = withLegs([leg(line, 'early')]);
      bed.timers.advance(100);
      expect(bed.calls.find(({ id }) => id === call.id)).toBeUndefined();
      bed.tell({ type: 'call.ended', at: Date.now(), call: withLegs([leg(line, 'released')]), cause: 'normalClearing' });
      await expect.poll(async () => (await ended()).state).toBe('passed');
    });

    test('fails when no other way gets through, and when the trunk itself did', async () => {
      const none = await begin({ number: '95551234' });
      bed.tell({ type: 'call.ended', at: Date.now(), call: none.with([]), cause: 'noCircuit' });
      await expect.poll(async () => (await none.ended()).state).toBe('failed');
      const itself = await begin({ number: '95551234' });
      bed.tell({ type: 'call.ringing', at: Date.now(), call: itself.with([leg(trunk, 'ringing')]) });
      bed.tell({ type: 'call.ended', at: Date.now(), call: itself.with([]), cause: 'normalClearing' });
      await expect.poll(async () => (await itself.ended()).result?.text).toContain('proves nothing');
    });

    test('whose call is over at once goes on until its result is written', async () => {
      const path = drills();
      const told = bed.calls.length;
      const posted = bed.request('POST', path, { body: { number: '95551234' } });
      await expect.poll(() => bed.calls.length).toBe(told + 1);
      const call = bed.calls.at(-1)!;
      bed.tell({ type: 'call.ended', at: Date.now(), call, cause: 'noCircuit' });
      const { body } = await posted;
      expect(body.state).toBe('going');
      await expect.poll(async () => (await bed.request('GET', `${path}/${body.id}`)).body.state).toBe('failed');
    });

    test('that cannot begin is refused; a restart leaves one interrupted; the newest is listed first', async () => {
      expect((await bed.request('POST', drills(), { body: { number: '911' } })).body).toMatchObject({ code: 'callFailed', hint: 'Not on the way.' });
      expect((await bed.request('POST', drills(), { body: { number: '1', from: 'nobody' } })).body).toMatchObject({ code: 'danglingReference', pointer: '/from' });
      await bed.kept.began({ id: 'drl_zzz', trunkId: trunk, callId: 'cal_gone', asked: { number: '1', extensionId: 'x', impairment: 'refuse503', by: 'key' }, startedAt: start });
      const { items } = (await bed.request('GET', `${drills()}?limit=2`)).body;
      expect(items.map(({ state }: { state: string }) => state)).toEqual(['interrupted', 'failed']);
    });
  });

  test('a schedule says whether it is open at some instant, and why', async () => {
    const week = [{ days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '08:00', to: '17:00' }];
    const holidays = [{ name: 'Christmas', from: '2026-12-25', to: '2026-12-26', everyYear: true, hours: [] }];
    const { id } = (await bed.request('POST', '/api/v1/schedules', { body: { key: 'office', displayName: 'Office', timeZone: 'Europe/Berlin', week, holidays } })).body;
    const at = async (instant: string) => (await bed.request('GET', `/api/v1/schedules/${id}/state?at=${instant}`)).body;
    expect(await at('2026-12-24T07:00:00Z')).toMatchObject({ key: 'office', state: 'open', at: '2026-12-24T07:00:00.000Z' });
    expect(await at('2026-12-24T16:00:00Z')).toMatchObject({ state: 'closed' });
    expect(await at('2026-12-25T08:00:00Z')).toMatchObject({ state: 'closed', why: 'Christmas' });
  });

  test('incidents are told in sentences, the newest first, page by page', async () => {
    bed.events.append('call.started', {});
    bed.events.append('trunk.down', { trunkId: trunk, key: 'carrier', from: 'up', why: 'Two OPTIONS were not answered.' });
    bed.events.append('incident.failOver', { callId: 'c', from: { name: 'trunk carrier' }, to: { name: 'line main' }, evidence: { text: '503' } });
    const first = (await bed.request('GET', '/api/v1/incidents?limit=1')).body;
    expect(first.items).toMatchObject([{ type: 'incident.failOver', text: 'A call left trunk carrier for line main: 503' }]);
    expect((await bed.request('GET', `/api/v1/incidents?limit=1&after=${first.next}`)).body.items).toMatchObject([{ type: 'trunk.down', text: 'Trunk carrier is down: Two OPTIONS were not answered.' }]);
  });
});

const start = 1_800_000_000_000;
