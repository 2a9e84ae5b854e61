import { afterEach, expect, test } from 'vitest';
import { DnsCache } from '../dns-cache.ts';
import { locate, targetOf } from '../locate.ts';
import type { Located, LocateSettings, Target } from '../locate.ts';
import { parseUri } from '../../message/uri.ts';
import { DnsResponder } from './dns-responder.ts';
import type { Zone, ZoneRecord } from './dns-responder.ts';
import { NodeDns } from './node-dns.ts';

const a = (last: number, ttlS?: number): ZoneRecord => ({ type: 'A', bytes: [192, 0, 2, last], ttlS });
const aaaa = (last: number): ZoneRecord => ({ type: 'AAAA', bytes: [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), last] });
const srv = (target: string, priority = 0, weight = 0, port = 5070): ZoneRecord => ({ type: 'SRV', priority, weight, port, target });
const naptr = (service: string, replacement: string, order = 10, preference = 10): ZoneRecord => ({ type: 'NAPTR', order, preference, flags: 's', service, replacement });

const full: Zone = {
  'NAPTR example.com': [naptr('SIP+D2U', '_sip._udp.example.com', 20), naptr('SIPS+D2T', '_sips._tcp.example.com', 10), naptr('SIP+D2T', '_sip._tcp.example.com', 10, 20), naptr('E2U+sip', 'nonsense.example.com', 1)],
  'SRV _sips._tcp.example.com': [srv('one.example.com', 0, 0, 5061)],
  'SRV _sip._tcp.example.com': [srv('two.example.com', 20), srv('one.example.com', 10)],
  'SRV _sip._udp.example.com': [srv('two.example.com', 0, 0, 5080)],
  'A one.example.com': [a(1)],
  'AAAA one.example.com': [aaaa(1)],
  'A two.example.com': [a(2)],
  'A example.com': [a(9)],
};

const started: DnsResponder[] = [];
afterEach(() => started.splice(0).forEach((responder) => responder.stop()));

test('NAPTR says the transports, SRV the servers, A and AAAA the addresses, each in its order (RFC 3263 4.1, 4.2)', async () => {
  const { hops } = await find(full, 'sip:example.com');
  expect(hops).toEqual([
    'tls 192.0.2.1:5061 example.com', 'tls 2001:db8::1:5061 example.com',
    'tcp 192.0.2.1:5070', 'tcp 2001:db8::1:5070', 'tcp 192.0.2.2:5070',
    'udp 192.0.2.2:5080',
  ]);
});

test('a sips URI takes TLS only (RFC 3263 4.1)', async () => {
  const { hops } = await find(full, 'sips:example.com');
  expect(hops).toEqual(['tls 192.0.2.1:5061 example.com', 'tls 2001:db8::1:5061 example.com']);
});

test('a transport parameter asks for its SRV records and no NAPTR (RFC 3263 4.1)', async () => {
  const { hops, asked } = await find(full, 'sip:example.com;transport=TCP');
  expect(hops).toEqual(['tcp 192.0.2.1:5070', 'tcp 2001:db8::1:5070', 'tcp 192.0.2.2:5070']);
  expect(asked).not.toContain('NAPTR example.com');
});

test('a port asks for addresses only, a numeric host for nothing, maddr instead of the host (RFC 3263 4.1, 4.2)', async () => {
  expect((await find(full, 'sip:one.example.com:5099')).hops).toEqual(['udp 192.0.2.1:5099', 'udp 2001:db8::1:5099']);
  expect((await find(full, 'sips:one.example.com:5099;transport=tcp')).hops[0]).toBe('tls 192.0.2.1:5099 one.example.com');
  const numeric = await find(full, 'sip:192.0.2.77');
  expect(numeric).toMatchObject({ hops: ['udp 192.0.2.77:5060'], asked: [] });
  expect((await find(full, 'sip:[2001:db8::5];transport=tcp')).hops).toEqual(['tcp 2001:db8::5:5060']);
  expect((await find(full, 'sips:192.0.2.77')).hops).toEqual(['tls 192.0.2.77:5061']);
  expect((await find(full, 'sip:example.com;maddr=192.0.2.8')).hops).toEqual(['udp 192.0.2.8:5060']);
});

test('without NAPTR the SRV records of what we speak are asked for; without those the host itself (RFC 3263 4.1)', async () => {
  const withSrv: Zone = { 'SRV _sip._tcp.example.com': [srv('two.example.com')], 'A two.example.com': [a(2)] };
  expect((await find(withSrv, 'sip:example.com')).hops).toEqual(['tcp 192.0.2.2:5070']);
  expect((await find({ 'A example.com': [a(9)] }, 'sip:example.com')).hops).toEqual(['udp 192.0.2.9:5060']);
  expect((await find({ 'A example.com': [a(9)] }, 'sips:example.com')).hops).toEqual(['tls 192.0.2.9:5061 example.com']);
});

test('a service that is decidedly not there, an unknown host, and a failing server are told apart', async () => {
  const { located } = await find({ 'SRV _sip._udp.example.com': [srv('.')] }, 'sip:example.com');
  expect(located).toMatchObject({ ok: false, cause: 'noRecords' });
  expect((await find({}, 'sip:example.com')).located).toMatchObject({ ok: false, cause: 'noRecords' });
  expect((await find({ 'A example.com': 'fail' }, 'sip:example.com')).located).toMatchObject({ ok: false, cause: 'noAnswer' });
  expect((await find({ 'A example.com': 'mute' }, 'sip:example.com', 100)).located).toMatchObject({ ok: false, cause: 'noAnswer' });
  expect((await find(full, 'sip:example.com;transport=ws')).located).toMatchObject({ ok: false, cause: 'transport' });
});

test('servers of one priority share the load by their weights (RFC 2782)', async () => {
  const zone: Zone = {
    'SRV _sip._udp.example.com': [srv('one.example.com', 1, 75), srv('two.example.com', 1, 25), srv('one.example.com', 2, 0, 5099)],
    'A one.example.com': [a(1)],
    'A two.example.com': [a(2)],
  };
  const responder = await start(zone);
  const dns = new DnsCache(new NodeDns({ servers: [responder.server], timeoutMs: 30_000 }), () => 0);
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let first = 0;
  for (let i = 0; i < 1000; i++) {
    const located = await locate({ host: 'example.com', transport: 'udp', secure: false }, dns, { ...settings, random });
    if (!located.ok) throw new Error(located.reason);
    if (located.hops[0]?.address === '192.0.2.1') first += 1;
    expect(located.hops[2]?.port).toBe(5099);
  }
  expect(first).toBeGreaterThan(700);
  expect(first).toBeLessThan(800);
  expect(responder.asked.filter((query) => query.startsWith('SRV'))).toHaveLength(1);
});

test('answers are good for their time, "no" for a shorter one, and the last good one when the servers fail (RFC 2308, RFC 8767)', async () => {
  const responder = await start({ 'A example.com': [a(1, 30)] });
  let now = 0;
  const dns = new DnsCache(new NodeDns({ servers: [responder.server], timeoutMs: 30_000 }), () => now, { negativeTtlS: 5 });
  await Promise.all([dns.a('example.com'), dns.a('example.com'), dns.a('none.example.com')]);
  now = 4000;
  await Promise.all([dns.a('example.com'), dns.a('none.example.com')]);
  expect(responder.asked.sort()).toEqual(['A example.com', 'A none.example.com']);
  now = 6000;
  await dns.a('none.example.com');
  expect(responder.asked).toHaveLength(3);
  now = 31_000;
  responder.become({ 'A example.com': 'fail' });
  expect(await dns.a('example.com')).toEqual({ records: ['192.0.2.1'], ttlS: 30 });
  expect(await dns.a('example.com')).toEqual({ records: ['192.0.2.1'], ttlS: 30 });
  now = 37_000;
  responder.become({ 'A example.com': [a(2)] });
  expect((await dns.a('example.com')).records).toEqual(['192.0.2.2']);
});

test('names that only this machine knows are found', async () => {
  expect((await new NodeDns().a('localhost')).records).toContain('127.0.0.1');
});

const settings: LocateSettings = { transports: ['udp', 'tcp', 'tls'], families: ['IPv4', 'IPv6'], random: () => 0.5 };

async function start(zone: Zone): Promise<DnsResponder> {
  const responder = await DnsResponder.start(zone);
  started.push(responder);
  return responder;
}

/** `timeoutMs`: where an answer comes, far longer than even a busy machine takes for one. */
async function find(zone: Zone, uri: string, timeoutMs = 30_000): Promise<{ hops: string[]; asked: string[]; located: Located }> {
  const responder = await start(zone);
  const parsed = parseUri(uri);
  const target: Target = parsed === undefined ? expect.fail(`not a URI: ${uri}`) : targetOf(parsed);
  const located = await locate(target, new NodeDns({ servers: [responder.server], timeoutMs }), settings);
  const hops = located.ok ? located.hops.map(({ transport, address, port, host }) => `${transport} ${address}:${port}${host === undefined ? '' : ` ${host}`}`) : [];
  return { hops, asked: responder.asked, located };
}
