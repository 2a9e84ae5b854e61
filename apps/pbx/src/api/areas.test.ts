import type { CallRecord } from '@tipring/telephony';
import { RecordJournal } from '@tipring/store';
import { silent, testDatabaseUrl } from '@tipring/store/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('the API (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  beforeAll(async () => {
    bed = await apiBed();
  });
  afterAll(() => bed.close());

  describe('calls', () => {
    test('are originated from a device in the name of its extension, shown, and hung up', async () => {
      const device = (await bed.request('GET', '/api/v1/devices?username=101')).body.items[0];
      const made = await bed.request('POST', '/api/v1/calls', { body: { from: device.id, to: '102' } });
      expect([made.status, made.body.from]).toEqual([201, { number: '101', name: 'Desk 101' }]);
      expect(made.body.startedAt).toBe('2027-01-15T08:00:00.000Z');
      expect((await bed.request('GET', `/api/v1/calls/${made.body.id}`)).body).toEqual(made.body);
      expect((await bed.request('GET', '/api/v1/calls?number=102')).body.items.length).toBe(1);
      expect((await bed.request('DELETE', `/api/v1/calls/${made.body.id}`)).status).toBe(204);
      expect((await bed.request('DELETE', `/api/v1/calls/${made.body.id}`)).status).toBe(404);
      await expect.poll(async () => (await bed.request('GET', `/api/v1/audit?target=call:${made.body.id}`)).body.items.map((row: { action: string }) => row.action)).toEqual(['hangUp', 'originate']);
    });

    test('from a device that is not there are refused', async () => {
      const answer = await bed.request('POST', '/api/v1/calls', { body: { from: 'dev_nobody', to: '102' } });
      expect([answer.status, answer.body.code, answer.body.pointer]).toEqual([422, 'danglingReference', '/from']);
    });
  });

  describe('call records', () => {
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tipring-records-'));
      const journal = new RecordJournal({ folder, pool: bed.database.batches, wallClock: Date.now, log: silent });
      for (let n = 1; n <= 5; n += 1) journal.ended(record(n));
      await journal.close();
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test('are listed newest first, page by page', async () => {
      const first = (await bed.request('GET', '/api/v1/call-records?limit=2')).body;
      const second = (await bed.request('GET', `/api/v1/call-records?limit=2&after=${first.next}`)).body;
      const third = (await bed.request('GET', `/api/v1/call-records?limit=2&after=${second.next}`)).body;
      expect([...first.items, ...second.items, ...third.items].map((item: { id: string }) => item.id)).toEqual(['cal_5', 'cal_4', 'cal_3', 'cal_2', 'cal_1']);
      expect(third.next).toBeNull();
    });

    test.each([
      ['time', `since=${encodeURIComponent(new Date(start + 2_000).toISOString())}&until=${encodeURIComponent(new Date(start + 4_000).toISOString())}`, ['cal_3', 'cal_2']],
      ['number, caller’s or dialled', 'number=102', ['cal_5', 'cal_4', 'cal_3', 'cal_2', 'cal_1']],
      ['caller', 'from=5', ['cal_5']],
      ['dialled number', 'to=101', []],
      ['cause', 'cause=userBusy', ['cal_4', 'cal_2']],
    ])('are filtered by %s', async (_what, query, ids) => {
      expect((await bed.request('GET', `/api/v1/call-records?${query}`)).body.items.map((item: { id: string }) => item.id)).toEqual(ids);
    });

    test('one has its legs, causes, evidence and media quality; its story is told apart', async () => {
      const { body } = await bed.request('GET', '/api/v1/call-records/cal_1');
      expect(body).toMatchObject({ cause: 'normalClearing', causeCode: 16, durationMs: 500, evidence: { text: 'BYE' }, legs: [{ quality: { mos: 4.3 } }], emergency: null });
      expect(body).toMatchObject({ attempts: [{ name: 'trunk carrier', number: '+49221555', answeredAt: null, endedAt: expect.stringMatching(/T.*\.\d{3}Z$/) as string, cause: 'temporaryFailure', evidence: { text: '503' } }] });
      expect(body.story).toBeUndefined();
      const story = (await bed.request('GET', '/api/v1/call-records/cal_1/story')).body;
      expect(story).toMatchObject({ callId: 'cal_1', summary: 'Nothing was wrong with this call.', ladder: { isKept: false, messages: 0 }, timeline: [{ at: new Date(start).toISOString(), kind: 'call', type: 'offered', text: '1 dialled 102' }] });
      expect((await bed.request('GET', '/api/v1/call-records/cal_1/pcap')).status).toBe(404);
      expect((await bed.request('GET', '/api/v1/call-records/cal_9')).status).toBe(404);
      expect((await bed.request('GET', '/api/v1/call-records/cal_9/story')).status).toBe(404);
    });

    test('one with SIP has its ladder in its story, and as a capture file: at once, and when it is stored', async () => {
      const flow = { id: 'f', transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address: '198.51.100.7', port: 5062 } } as const;
      const { stories } = bed;
      stories.ladders.received(Buffer.from('INVITE sip:102@pbx SIP/2.0\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nAuthorization: Digest response="0123"\r\n\r\n'), flow, start + 1_000);
      stories.ladders.sent(Buffer.from('SIP/2.0 486 Busy Here\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n'), { flow }, start + 1_010);
      const followed = stories.following({ begun: () => undefined, ended: () => undefined });
      followed.ended(record(2));
      const look = async () => {
        const { body } = await bed.request('GET', '/api/v1/call-records/cal_2/story');
        expect(body.timeline.map((entry: { kind: string; type: string }) => `${entry.kind} ${entry.type}`)).toEqual(['sip INVITE', 'sip 486', 'call offered']);
        expect(body.timeline[0].message).toMatchObject({ direction: 'received', remote: '198.51.100.7:5062', headers: [{ name: 'Authorization', value: 'Digest response="xxxx"' }] });
        const capture = await bed.request('GET', '/api/v1/call-records/cal_2/pcap');
        expect([capture.status, capture.headers.get('content-type')]).toEqual([200, 'application/vnd.tcpdump.pcap']);
      };
      await look();
      bed.timers.advance(3_000);
      expect(stories.ladders.size).toBe(0);
      await look();
    });
  });

  describe('events', () => {
    test('are replayed after a number and go on live, each once and in order', async () => {
      const before = bed.events.last;
      // More than memory holds, so that the replay comes from both.
      for (let n = 0; n < 150; n += 1) bed.events.append('test.tick', { n });
      await bed.events.flush();
      const stream = await listen(`/api/v1/events?after=${before}`);
      await stream.until((events) => events.length >= 150);
      for (let n = 150; n < 160; n += 1) bed.events.append('test.tick', { n });
      await stream.until((events) => events.length >= 160);
      expect(stream.events.map((event) => event.data.data.n)).toEqual(Array.from({ length: 160 }, (_, n) => n));
      expect(stream.events[0]).toMatchObject({ id: before + 1, event: 'test.tick', data: { sequence: before + 1, type: 'test.tick' } });
      stream.close();
    });

    test('go on after Last-Event-ID, which is stronger than `after`', async () => {
      const first = bed.events.append('test.a', {});
      bed.events.append('test.b', {});
      const stream = await listen('/api/v1/events?after=0', { 'last-event-id': String(first) });
      await stream.until((events) => events.length === 1);
      expect(stream.events[0]?.event).toBe('test.b');
      stream.close();
    });

    test('can be chosen by type', async () => {
      const stream = await listen(`/api/v1/events?after=${bed.events.last}&types=call.*,other.one`);
      for (const type of ['call.started', 'test.x', 'other.one', 'other.two', 'call.ended']) bed.events.append(type, {});
      await stream.until((events) => events.length === 3);
      expect(stream.events.map((event) => event.event)).toEqual(['call.started', 'other.one', 'call.ended']);
      stream.close();
    });

    test('do not reach a reader without a key', async () => {
      expect((await bed.request('GET', '/api/v1/events', { key: null })).status).toBe(401);
    });
  });

  test('registrations are shown with device, extension and address', async () => {
    const device = bed.configuration.snapshot.deviceByUsername('101')!;
    bed.registrations.push({ deviceId: device.id, aor: 'sip:101@192.168.1.10', contact: 'sip:101@10.0.0.7', transport: 'udp', address: '10.0.0.7', port: 5060, q: 1, since: start, expiresAt: start + 1_000, userAgent: 'phone/1' });
    const { items } = (await bed.request('GET', `/api/v1/registrations?deviceId=${device.id}`)).body;
    expect(items).toMatchObject([{ username: '101', aor: 'sip:101@192.168.1.10', extensionId: device.extensionId, address: '10.0.0.7', expiresAt: new Date(start + 1_000).toISOString() }]);
  });

  test('a blocked source is shown with the reason and let in again', async () => {
    bed.blocks.push({ source: '192.0.2.1:5060', reason: '20 failures in 3 s', since: start, until: start + 1_000, refused: 7 });
    expect((await bed.request('GET', '/api/v1/security/blocks')).body.items).toMatchObject([{ source: '192.0.2.1:5060', reason: '20 failures in 3 s', refused: 7 }]);
    expect((await bed.request('DELETE', `/api/v1/security/blocks/${encodeURIComponent('192.0.2.1:5060')}`)).status).toBe(204);
    expect((await bed.request('DELETE', '/api/v1/security/blocks/192.0.2.1:5060')).status).toBe(404);
  });

  test('those who could not sign in are shown, the latest first, page by page, and only to who has a key', async () => {
    const failure = { source: '192.0.2.1', port: 5060, transport: 'udp', user: '101', kind: 'wrongPassword', method: 'REGISTER', count: 3, first: start, last: start } as const;
    bed.failures.push(failure, { ...failure, user: '102', last: start + 5 }, { ...failure, user: '103' });
    const first = (await bed.request('GET', '/api/v1/security/failures?limit=2')).body;
    expect(first.items).toMatchObject([{ user: '102', last: new Date(start + 5).toISOString() }, { user: '101', kind: 'wrongPassword', source: '192.0.2.1', count: 3 }]);
    expect((await bed.request('GET', `/api/v1/security/failures?limit=2&after=${first.next}`)).body.items).toMatchObject([{ user: '103' }]);
    expect((await bed.request('GET', '/api/v1/security/failures?user=103')).body.items.length).toBe(1);
    expect((await bed.request('GET', '/api/v1/security/failures', { key: null })).status).toBe(401);
  });

  describe('settings', () => {
    const path = '/api/v1/settings';

    test('are changed with the version they were read in, field by field, and audited', async () => {
      const before = await bed.request('GET', path);
      expect(before.body).toMatchObject({ sip: { realm: 'tipring', minExpiresS: 30 }, guard: { failuresToBan: 20 }, calls: { silenceS: 60 } });
      expect((await bed.request('PATCH', path, { body: { guard: { failuresToBan: 5 } } })).status).toBe(428);
      const after = await bed.request('PATCH', path, { body: { guard: { failuresToBan: 5 }, sip: { maxExpiresS: 7200 } }, headers: { 'if-match': before.headers.get('etag') ?? '' } });
      expect(after.body).toMatchObject({ sip: { ...before.body.sip, maxExpiresS: 7200 }, guard: { ...before.body.guard, failuresToBan: 5 }, version: before.body.version + 1 });
      expect(after.headers.get('etag')).toBe(`"${before.body.version + 1}"`);
      expect((await bed.request('PATCH', path, { body: {}, headers: { 'if-match': before.headers.get('etag') ?? '' } })).status).toBe(412);
      const { items } = (await bed.request('GET', '/api/v1/audit?target=settings')).body;
      expect(items[0]).toMatchObject({ action: 'update', before: { guard: { failuresToBan: 20 } }, after: { guard: { failuresToBan: 5 } } });
    });

    test('that do not fit together, are out of range, or are for ever are refused with the field', async () => {
      const patch = async (body: object) => (await bed.request('PATCH', path, { body, headers: { 'if-match': '*' } })).body;
      expect(await patch({ sip: { minExpiresS: 3600, maxExpiresS: 60 } })).toMatchObject({ code: 'contradiction', pointer: '/sip/defaultExpiresS' });
      expect(await patch({ guard: { banS: 0 } })).toMatchObject({ code: 'invalidValue', pointer: '/guard/banS' });
      expect(await patch({ sip: { realm: 'other' } })).toMatchObject({ code: 'invalidValue', pointer: '/sip' });
    });
  });

  test('whoever opens the address alone comes to the page that describes the API', async () => {
    const answer = await fetch(`${bed.api.url}/`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
  });

  test('health: without the database it is degraded and ready, without the gateway it is down and not ready', async () => {
    bed.health['database'] = { up: false, vital: false, text: 'away' };
    bed.health['gateway'] = { up: true, vital: true, text: 'connected' };
    expect((await bed.request('GET', '/health', { key: null })).body.status).toBe('degraded');
    expect((await bed.request('GET', '/health/ready', { key: null })).status).toBe(200);
    bed.health['gateway'] = { up: false, vital: true, text: 'gone' };
    expect((await bed.request('GET', '/health/ready', { key: null })).status).toBe(503);
    expect((await bed.request('GET', '/health/live', { key: null })).status).toBe(200);
  });

  test('metrics are Prometheus text', async () => {
    const answer = await bed.request('GET', '/metrics', { key: null });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.body).toContain('tipring_calls 0');
  });

  async function listen(path: string, headers: Record<string, string> = {}): Promise<Stream> {
    const url = new URL(bed.api.url + path);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(url, { headers: { authorization: `Bearer ${bed.key}`, ...headers } }, resolve).on('error', reject).end();
    });
    expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
    return readStream(response);
  }
});

interface SentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly sequence: number; readonly type: string; readonly data: { readonly n?: number } };
}

interface Stream {
  readonly events: SentEvent[];
  until(done: (events: readonly SentEvent[]) => boolean): Promise<void>;
  close(): void;
}

/** Server-sent events as HTML 9.2.6 reads them, as far as ours go. */
function readStream(response: IncomingMessage): Stream {
  const events: SentEvent[] = [];
  let text = '';
  let look: () => void = () => undefined;
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      text = text.slice(end + 2);
      if (fields['data'] !== undefined) events.push({ id: Number(fields['id']), event: fields['event'] ?? '', data: JSON.parse(fields['data']) as SentEvent['data'] });
    }
    look();
  });
  return {
    events,
    until: (done) => new Promise((resolve) => {
      look = () => done(events) && resolve();
      look();
    }),
    close: () => response.destroy(),
  };
}

const start = 1_800_000_000_000;

function record(n: number): CallRecord {
  const startedAt = start + n * 1_000 - 1_000 * Number(n === 1);
  return {
    id: `cal_${n}`, direction: 'internal', startedAt, answeredAt: startedAt + 100, endedAt: startedAt + 600, from: { number: String(n) }, to: '102',
    legs: [{
      id: `cal_${n}.1`, endpoint: 'dev_1', role: 'caller', reference: 'x', startedAt, answeredAt: startedAt + 100, endedAt: startedAt + 600, cause: 'normalClearing', evidence: { kind: 'sipRequest', text: 'BYE' },
      quality: { codec: 'PCMA', packetsReceived: 25, packetsSent: 25, packetsLost: 0, jitterMs: 0.5, roundTripMs: null, mos: 4.3 },
    }],
    cause: n % 2 === 0 ? 'userBusy' : 'normalClearing', evidence: { kind: 'sipRequest', text: 'BYE' }, answeredBy: 'dev_2', story: [{ at: startedAt, type: 'offered', text: `${n} dialled 102` }], attempts: [{ name: 'trunk carrier', endpoints: ['trk_1'], number: '+49221555', startedAt, answeredAt: null, endedAt: startedAt + 250, cause: 'temporaryFailure', evidence: { kind: 'sipResponse', text: '503' }, legs: [`call_${n}.2`] }], emergency: null, recovered: false,
    segments: [{ startedAt, endedAt: startedAt + 600, is: 'talking', legs: [`cal_${n}.1`], recordings: [] }], continues: [], continuedIn: null,
  };
}
