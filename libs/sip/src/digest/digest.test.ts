import { expect, test } from 'vitest';
import { createRequest, createResponse } from '../message/create.ts';
import type { SipRequest } from '../message/message.ts';
import { nodeHashing } from '../transport/node/node-hashing.ts';
import { DigestClient } from './client.ts';
import { computeHa1, digestResponse, equalInConstantTime } from './ha1.ts';
import type { DigestAlgorithm, Hashing } from './hashing.ts';
import { DigestServer } from './server.ts';
import type { ChallengeKind, DeviceSecret, DigestServerSettings, DigestVerdict } from './server.ts';

const realm = 'office.example';
const now = 1_790_000_000_000;
const settings: DigestServerSettings = { realm, secret: 'key of the nonces', nonceLifetimeMs: 60_000 };
const device = (username: string, algorithm: DigestAlgorithm = 'MD5', password = 'secret'): DeviceSecret =>
  ({ username, algorithm, ha1: computeHa1(nodeHashing, algorithm, username, realm, password) });
const phone = device('101');

function request(method: string, uri: string, fields: readonly (readonly [string, string])[] = []): SipRequest {
  return createRequest({ method, uri, headers: [
    ['Via', 'SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1'], ['From', '<sip:101@office.example>;tag=1'], ['To', '<sip:101@office.example>'],
    ['Call-ID', 'c1'], ['CSeq', `1 ${method}`], ...fields,
  ] });
}

const server = (options: Partial<DigestServerSettings> = {}, hashing: Hashing = nodeHashing, boot = 'boot1'): DigestServer =>
  new DigestServer({ ...settings, ...options }, hashing, boot, now);
const client = (username = '101', password = 'secret'): DigestClient => new DigestClient([{ username, password }], nodeHashing, () => 'c0ffee');

/** One challenge from `from` given to `to`. */
function challenge(from: DigestServer, to: DigestClient, of: DeviceSecret | undefined = phone, kind: ChallengeKind = 'user', at = now, stale = false): 'retry' | 'refused' {
  return to.challenged(createResponse(request('REGISTER', 'sip:office.example'), kind === 'user' ? 401 : 407, { headers: [from.challenge(kind, of, stale, at)] }));
}
const why = (verdict: DigestVerdict): string => (verdict.ok ? 'ok' : `${verdict.why}${verdict.stale ? ' stale' : ''}`);
const uri = 'sip:office.example';
/** A request with the client's credentials. */
const signed = (by: DigestClient, method = 'REGISTER', to = uri): SipRequest => request(method, to, by.authorize(method, to));

test('the example of RFC 2617 3.5', () => {
  const ha1 = computeHa1(nodeHashing, 'MD5', 'Mufasa', 'testrealm@host.com', 'Circle Of Life');
  expect(ha1).toBe('939e7578ed9e3c518a452acee763bce9');
  expect(digestResponse(nodeHashing, 'MD5', { ha1, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', qop: { nc: '00000001', cnonce: '0a4f113b' }, method: 'GET', uri: '/dir/index.html' }))
    .toBe('6629fae49393a05397450978507c4ef1');
});

test.each([
  ['MD5', '8ca523f5e9506fed4657c9700eebdbec'], ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const)('the %s example of RFC 7616 3.9.1', (algorithm, response) => {
  const ha1 = computeHa1(nodeHashing, algorithm, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
  expect(digestResponse(nodeHashing, algorithm, {
    ha1, nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v', qop: { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' }, method: 'GET', uri: '/dir/index.html',
  })).toBe(response);
});

test('the example of RFC 2069 has no qop (errata: 1949323746fe6a43ef61f9606e7febea)', () => {
  const ha1 = computeHa1(nodeHashing, 'MD5', 'Mufasa', 'testrealm@host.com', 'CircleOfLife');
  expect(digestResponse(nodeHashing, 'MD5', { ha1, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', qop: undefined, method: 'GET', uri: '/dir/index.html' })).toBe('1949323746fe6a43ef61f9606e7febea');
});

test('HMAC as RFC 4231 cases 1, 2 and 6 have it, and text beyond ASCII is hashed as its wire bytes', () => {
  const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex');
  expect(hex(nodeHashing.hmacSha256('\x0b'.repeat(20), 'Hi There'))).toBe('b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7');
  expect(hex(nodeHashing.hmacSha256('Jefe', 'what do ya want for nothing?'))).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  expect(hex(nodeHashing.hmacSha256('\xaa'.repeat(131), 'Test Using Larger Than Block-Size Key - Hash Key First'))).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54');
  expect(nodeHashing.hmacSha256('k', 'x'.repeat(513)).length).toBe(43);
  expect(nodeHashing.md5('\xc3\xbc')).toBe('c03410a5204b21cd8229ff754688d743');
});

test.each([
  ['user', 'MD5'], ['user', 'SHA-256'], ['proxy', 'MD5'], ['proxy', 'SHA-256'],
] as const)('a %s challenge with %s is answered, and the next requests count up without another', (kind, algorithm) => {
  const office = server();
  const desk = device('101', algorithm);
  const me = client();
  expect(why(office.verify(request('REGISTER', uri), kind, desk, now))).toBe('absent');
  expect(challenge(office, me, desk, kind)).toBe('retry');
  for (let i = 0; i < 40; i += 1) expect(why(office.verify(signed(me), kind, desk, now + i))).toBe('ok');
});

test('exactly one algorithm is offered: MD5 unless the device is set to SHA-256 (old phones fail on two)', () => {
  const office = server();
  expect(office.challenge('user', undefined, false, now)[1]).toMatch(/^Digest realm="office\.example", nonce="[\w.-]+", opaque="[\w-]{16}", algorithm=MD5, qop="auth"$/);
  expect(office.challenge('proxy', device('101', 'SHA-256'), true, now)).toEqual(['Proxy-Authenticate', expect.stringMatching(/algorithm=SHA-256, qop="auth", stale=true$/)]);
});

test('names and passwords beyond ASCII are UTF-8 on both sides (RFC 7616 4)', () => {
  const office = server();
  const me = client('jörg', 'pässwörd');
  const desk = device('jörg', 'MD5', 'pässwörd');
  challenge(office, me, desk);
  expect(why(office.verify(signed(me), 'user', desk, now))).toBe('ok');
});

test.each([
  ['a wrong password', client('101', 'guess'), phone, 'wrongResponse'],
  ["another device's right password (FreeSWITCH lets it register for others)", client('102'), phone, 'otherUser'],
  ['a user who does not exist', client('999'), undefined, 'unknownUser'],
] as const)('%s is refused', (_name, me, asked, reason) => {
  const office = server();
  challenge(office, me, asked);
  expect(why(office.verify(signed(me), 'user', asked, now))).toBe(reason);
});

test('a device set to SHA-256 does not accept MD5', () => {
  const office = server();
  const me = client();
  challenge(office, me, phone);
  expect(why(office.verify(signed(me), 'user', device('101', 'SHA-256'), now))).toBe('wrongAlgorithm');
});

test('unknown, other and wrongly proved users cost the same number of hash computations, and look the same', () => {
  let calls = 0;
  const count = <A extends readonly string[]>(f: (...texts: A) => string) => (...texts: A): string => { calls += 1; return f(...texts); };
  const counting: Hashing = { md5: count(nodeHashing.md5), sha256: count(nodeHashing.sha256), hmacSha256: count(nodeHashing.hmacSha256) };
  const office = server({}, counting);
  const cost = (me: DigestClient, asked: DeviceSecret | undefined): number => {
    challenge(office, me, asked);
    const message = signed(me);
    calls = 0;
    expect(office.verify(message, 'user', asked, now)).toMatchObject({ ok: false, stale: false });
    return calls;
  };
  const costs = [cost(client('101', 'guess'), phone), cost(client('999', 'guess'), undefined), cost(client('102'), phone), cost(client('', ''), undefined)];
  expect(costs).toEqual([3, 3, 3, 3]);
  const shape = (asked: DeviceSecret | undefined): string => office.challenge('user', asked, false, now)[1].replace(/nonce="[^"]*"/, '');
  expect(shape(undefined)).toBe(shape(phone));
});

test('the comparison looks at every character', () => {
  expect([equalInConstantTime('abcd', 'abcd'), equalInConstantTime('abcd', 'abce'), equalInConstantTime('abcd', 'abc'), equalInConstantTime('', 'a')]).toEqual([true, false, false, false]);
});

test('the same request again is a replay, wherever it comes in the window (Asterisk accepts it)', () => {
  const office = server();
  const me = client();
  challenge(office, me);
  const messages = Array.from({ length: 50 }, () => signed(me));
  // Overtaking datagrams: pairs swapped.
  for (let i = 0; i < 50; i += 2) for (const message of [messages[i + 1]!, messages[i]!]) expect(why(office.verify(message, 'user', phone, now))).toBe('ok');
  for (const message of messages) expect(why(office.verify(message, 'user', phone, now))).toBe('replayed stale');
  expect(why(office.verify(signed(me), 'user', phone, now))).toBe('ok');
});

test('two phones challenged in one millisecond do not share their counts', () => {
  const office = server();
  const [a, b] = [client(), client()];
  challenge(office, a);
  challenge(office, b);
  expect([why(office.verify(signed(a), 'user', phone, now)), why(office.verify(signed(b), 'user', phone, now))]).toEqual(['ok', 'ok']);
});

test('a nonce that has run out is stale, and the client goes on without asking anybody (RFC 7616 3.3)', () => {
  const office = server();
  const me = client();
  challenge(office, me);
  expect(why(office.verify(signed(me), 'user', phone, now + 60_000))).toBe('ok');
  expect(why(office.verify(signed(me), 'user', phone, now + 60_001))).toBe('staleNonce stale');
  expect(challenge(office, me, phone, 'user', now + 60_001, true)).toBe('retry');
  expect(why(office.verify(signed(me), 'user', phone, now + 60_001))).toBe('ok');
});

test('stale is said only to those who know the password', () => {
  const office = server();
  const me = client('101', 'guess');
  challenge(office, me);
  expect(why(office.verify(signed(me), 'user', phone, now + 100_000))).toBe('wrongResponse');
});

test('a nonce of somebody else, or bent, is foreign', () => {
  const me = client();
  challenge(server({ secret: 'another' }), me);
  expect(why(server().verify(signed(me), 'user', phone, now))).toBe('foreignNonce stale');
  const office = server();
  const [, value] = office.challenge('user', phone, false, now - 100_000);
  const nonce = /nonce="([^"]*)"/.exec(value)?.[1] ?? '';
  const younger = `${now.toString(36)}${nonce.slice(nonce.indexOf('.'))}`;
  for (const bent of [younger, '', '.', '..', '-', nonce.slice(0, -1), `${nonce}x`]) {
    const ha1 = phone.ha1;
    const response = digestResponse(nodeHashing, 'MD5', { ha1, nonce: bent, qop: { nc: '00000001', cnonce: 'x' }, method: 'REGISTER', uri });
    const message = request('REGISTER', uri, [['Authorization', `Digest username="101", realm="${realm}", nonce="${bent}", uri="${uri}", response="${response}", qop=auth, nc=00000001, cnonce="x"`]]);
    expect(why(office.verify(message, 'user', phone, now))).toBe('foreignNonce stale');
  }
});

test('after a kill the nonces of the run before are stale, so nothing of it can be replayed', () => {
  const me = client();
  const before = server();
  challenge(before, me);
  const captured = signed(me);
  expect(why(before.verify(captured, 'user', phone, now))).toBe('ok');
  const after = server({}, nodeHashing, 'boot2');
  expect(why(after.verify(captured, 'user', phone, now + 10))).toBe('staleNonce stale');
  expect(challenge(after, me, phone, 'user', now + 10, true)).toBe('retry');
  expect(why(after.verify(signed(me), 'user', phone, now + 10))).toBe('ok');
});

test('after a clean stop the nonces go on where they were', () => {
  const me = client();
  const before = server();
  challenge(before, me);
  const captured = signed(me);
  before.verify(captured, 'user', phone, now);
  const after = server({}, nodeHashing, 'boot2');
  after.importReplay(JSON.parse(JSON.stringify(before.exportReplay())));
  expect([why(after.verify(captured, 'user', phone, now + 10)), why(after.verify(signed(me), 'user', phone, now + 10))]).toEqual(['replayed stale', 'ok']);
});

test('the remembered nonces are bounded, and what is forgotten is stale, never fresh again', () => {
  const office = server({ maxNonces: 100 });
  const captured: SipRequest[] = [];
  for (let i = 0; i < 500; i += 1) {
    const me = client();
    challenge(office, me);
    const message = signed(me);
    captured.push(message);
    expect(why(office.verify(message, 'user', phone, now))).toBe('ok');
    expect(office.nonces).toBeLessThanOrEqual(101);
  }
  for (const message of captured) expect(why(office.verify(message, 'user', phone, now))).toMatch(/^(replayed|staleNonce) stale$/);
});

test('a window outlives its nonce, whenever the generations change', () => {
  const office = server();
  const captured: { message: SipRequest; at: number }[] = [];
  for (let at = now; at < now + 600_000; at += 7_000) {
    const me = client();
    challenge(office, me, phone, 'user', at);
    const message = signed(me);
    captured.push({ message, at });
    expect(why(office.verify(message, 'user', phone, at))).toBe('ok');
    for (const earlier of captured) expect(why(office.verify(earlier.message, 'user', phone, at))).toBe(at - earlier.at > 60_000 ? 'staleNonce stale' : 'replayed stale');
  }
  expect(office.nonces).toBeLessThan(60);
});

test('challenges nobody answers cost no memory', () => {
  const office = server();
  for (let i = 0; i < 1000; i += 1) {
    const me = client('101', 'guess');
    challenge(office, me);
    office.verify(signed(me), 'user', phone, now);
  }
  expect(office.nonces).toBe(0);
});

test('without qop (RFC 2069) a nonce is good once', () => {
  const office = server();
  const legacy = client();
  const [name, value] = office.challenge('user', phone, false, now);
  legacy.challenged(createResponse(request('REGISTER', uri), 401, { headers: [[name, value.replace(', qop="auth"', '')]] }));
  const message = signed(legacy);
  expect(message.headers.get('Authorization')).not.toContain('qop');
  expect([why(office.verify(message, 'user', phone, now)), why(office.verify(signed(legacy), 'user', phone, now))]).toEqual(['ok', 'replayed stale']);
});

test.each([
  ['sip:102@office.example', 'sip:102@office.example', 'ok'], ['sip:102@office.example', 'sip:102@OFFICE.example:5060;transport=udp', 'ok'],
  ['sip:102@office.example', 'sips:%3102@office.example', 'ok'], ['sip:102@10.0.0.2:5060', 'sip:102@office.example', 'ok'], ['sip:102@10.0.0.2', 'sip:102@pbx.example', 'ok'],
  ['sip:102@office.example', 'sip:103@office.example', 'wrongUri'], ['sip:102@office.example', 'sip:office.example', 'ok'], ['sip:102@office.example', 'sip:elsewhere.example', 'wrongUri'], ['sip:102@office.example', 'sip:102@elsewhere.example', 'wrongUri'],
  ['sip:office.example', 'sip:101@office.example', 'ok'], ['sip:102@office.example', '*', 'wrongUri'], ['tel:+4930123', 'tel:+4930124', 'wrongUri'], ['tel:+4930123', 'tel:+4930123', 'ok'],
])('a request to %s with digest-uri %s: %s (RFC 3261 22.4)', (requestUri, digestUri, verdict) => {
  const office = server({ hosts: ['pbx.example'] });
  const me = client();
  challenge(office, me);
  expect(why(office.verify(request('INVITE', requestUri, me.authorize('INVITE', digestUri)), 'user', phone, now))).toBe(verdict);
});

test.each([
  ['Digest', 'malformed'], ['Basic dXNlcjpwYXNz', 'malformed'], ['Digest realm="other", username="101"', 'absent'], [`Digest realm="${realm}", username="101"`, 'malformed'],
  [`Digest realm="${realm}", username="101", nonce="x", uri="sip:x", response="y", qop=auth-int, nc=00000001, cnonce="z"`, 'malformed'],
  [`Digest realm="${realm}", username="101", nonce="x", uri="sip:x", response="y", qop=auth, nc=00000000, cnonce="z"`, 'malformed'],
  [`Digest realm="${realm}", username="101", nonce="x", uri="sip:x", response="y", qop=auth, nc=0000000g, cnonce="z"`, 'malformed'],
  [`Digest realm="${realm}", username="101", nonce="${'x'.repeat(300)}", uri="sip:x", response="y"`, 'malformed'],
  [`Digest realm="${realm}", username="101", username="102", nonce="x", uri="sip:x", response="y"`, 'malformed'],
])('credentials that cannot be used: %s', (value, reason) => {
  expect(why(server().verify(request('REGISTER', uri, [['Authorization', value]]), 'user', phone, now))).toBe(reason);
});

test('credentials for other realms may stand before ours (RFC 3261 22.3)', () => {
  const office = server();
  const me = client();
  challenge(office, me);
  const message = request('REGISTER', uri, [['Authorization', 'Digest realm="other", username="x", nonce="n", uri="sip:x", response="r"'], ...me.authorize('REGISTER', uri)]);
  expect(why(office.verify(message, 'user', phone, now))).toBe('ok');
});

test('the server proves itself in Authentication-Info (RFC 7616 3.5)', () => {
  const office = server();
  const me = client();
  challenge(office, me);
  const message = signed(me);
  const nonce = /nonce="([^"]*)"/.exec(message.headers.get('Authorization') ?? '')?.[1] ?? '';
  const verdict = office.verify(message, 'user', phone, now);
  const rspauth = digestResponse(nodeHashing, 'MD5', { ha1: phone.ha1, nonce, qop: { nc: '00000001', cnonce: 'c0ffee' }, method: '', uri });
  expect(verdict.ok && verdict.authenticationInfo()).toBe(`qop=auth, rspauth="${rspauth}", cnonce="c0ffee", nc=00000001`);
});

test('the client takes the strongest algorithm of a realm, answers every realm, and knows whose password is whose', () => {
  const me = new DigestClient([{ username: 'a', password: '1', realm: 'one' }, { username: 'b', password: '2' }], nodeHashing, () => 'c');
  const response = createResponse(request('INVITE', 'sip:9@carrier.example'), 407, { headers: [
    ['Proxy-Authenticate', 'Digest realm="one", nonce="n1", algorithm=MD5, qop="auth,auth-int"'], ['Proxy-Authenticate', 'Digest realm="one", nonce="n2", algorithm=SHA-256, qop="auth"'],
    ['Proxy-Authenticate', 'Digest realm="two", nonce="n3"'], ['Proxy-Authenticate', 'Digest realm="one", nonce="n4", algorithm=SHA-512-256, qop="auth"'],
    ['WWW-Authenticate', 'Digest realm="one", nonce="n5", algorithm=md5, opaque="o\\"p"'], ['WWW-Authenticate', 'Basic realm="one"'],
  ] });
  expect(me.challenged(response)).toBe('retry');
  const fields = me.authorize('INVITE', 'sip:9@carrier.example');
  expect(fields.map(([name, value]) => `${name} ${/username="(\w)"/.exec(value)?.[1]} ${/nonce="(\w+)"/.exec(value)?.[1]}`)).toEqual(['Authorization a n5', 'Proxy-Authorization a n2', 'Proxy-Authorization b n3']);
  expect(fields[0]?.[1]).toContain('algorithm=md5, opaque="o\\"p"');
  expect(fields[1]?.[1]).toContain('algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c"');
  expect(fields[2]?.[1]).not.toMatch(/algorithm|qop|nc=/);
});

test('a wrong password is tried once; a nonce that had worked and is refused has run out', () => {
  const office = server();
  const wrong = client('101', 'guess');
  expect(challenge(office, wrong)).toBe('retry');
  wrong.authorize('REGISTER', uri);
  expect(challenge(office, wrong)).toBe('refused');

  const me = client();
  challenge(office, me);
  me.authorize('REGISTER', uri);
  me.authorize('REGISTER', uri);
  expect(challenge(office, me)).toBe('retry');
});

test('a server that calls every nonce stale does not keep us for ever, and without credentials there is nothing to try', () => {
  const office = server();
  const me = client();
  const outcomes = Array.from({ length: 4 }, () => { const outcome = challenge(office, me, phone, 'user', now, true); me.authorize('REGISTER', uri); return outcome; });
  expect(outcomes).toEqual(['retry', 'retry', 'retry', 'refused']);
  const nobody = new DigestClient([{ username: 'a', password: '1', realm: 'elsewhere' }], nodeHashing, () => 'c');
  expect(challenge(office, nobody)).toBe('refused');
  expect(nobody.authorize('REGISTER', uri)).toEqual([]);
});
