import { expect, test } from 'vitest';
import { defaultLimits } from './limits.ts';
import { parseMessage } from './parse.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (wire: Uint8Array): string => Buffer.from(wire).toString('latin1');

const fields = {
  Via: 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport',
  From: '"A" <sip:a@example.com>;tag=1',
  To: '<sip:b@example.com>',
  'Call-ID': 'c1@example.com',
  CSeq: '7 OPTIONS',
};

function options(change: Record<string, string | undefined> = {}, start = 'OPTIONS sip:b@example.com SIP/2.0', body = ''): Uint8Array {
  const lines = Object.entries({ ...fields, ...change }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return bytes(`${[start, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

function refusal(wire: Uint8Array, settings = {}): string {
  const outcome = parseMessage(wire, settings);
  if (outcome.ok) return 'ok';
  return outcome.refusal.kind === 'drop' ? `drop: ${outcome.refusal.reason}` : `${String(outcome.refusal.status)} ${outcome.refusal.reason}`;
}

function parsed(wire: Uint8Array) {
  const outcome = parseMessage(wire);
  if (!outcome.ok) throw new Error(outcome.refusal.reason);
  return outcome.message;
}

test('the fields of a request are read', () => {
  const request = parsed(options());
  expect(request).toMatchObject({ kind: 'request', method: 'OPTIONS', uri: 'sip:b@example.com', callId: 'c1@example.com', cseq: { number: 7, method: 'OPTIONS' } });
  expect(request.via).toMatchObject({ transport: 'UDP', host: '192.0.2.1', port: 5060, branch: 'z9hG4bK1', rport: '', received: undefined, text: fields.Via });
  expect(request.from).toMatchObject({ displayName: 'A', uri: 'sip:a@example.com', tag: '1' });
  expect(request.to.tag).toBeUndefined();
});

test('a response is read, also without a reason phrase', () => {
  expect(parsed(options({}, 'SIP/2.0 486 Busy Here'))).toMatchObject({ kind: 'response', status: 486, reason: 'Busy Here' });
  expect(parsed(options({}, 'SIP/2.0 200'))).toMatchObject({ kind: 'response', status: 200, reason: '' });
});

test('a missing mandatory field is named in the 400 (RFC 3261 8.1.1)', () => {
  for (const name of ['From', 'To', 'Call-ID', 'CSeq']) {
    expect(refusal(options({ [name]: undefined }))).toBe(`400 Missing ${name}`);
    expect(refusal(options({ [name]: '' }))).toBe(`400 Malformed ${name}`);
  }
  expect(refusal(options({ Via: undefined }))).toBe('drop: request: Missing Via');
});

test('the answer to bad input copies what the sender needs to match it (RFC 3261 8.2.6)', () => {
  const outcome = parseMessage(options({ CSeq: '7 BYE' }), { source: { address: '198.51.100.7', port: 40_000 } });
  if (outcome.ok || outcome.refusal.kind !== 'respond') throw new Error('an answer');
  const lines = text(outcome.refusal.response).split('\r\n');
  expect(lines).toEqual([
    'SIP/2.0 400 CSeq Method Mismatch',
    'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;received=198.51.100.7;rport=40000',
    `From: ${fields.From}`,
    expect.stringMatching(/^To: <sip:b@example\.com>;tag=\w{6,}$/),
    'Call-ID: c1@example.com',
    'CSeq: 7 BYE',
    'Content-Length: 0',
    '',
    '',
  ]);
});

test('an ACK and a response are never answered (RFC 3261 17.1.1.3, 8.1.3)', () => {
  expect(refusal(options({ CSeq: '7 OPTIONS' }, 'ACK sip:b@example.com SIP/2.0'))).toBe('drop: request: CSeq Method Mismatch');
  expect(refusal(options({ CSeq: 'x' }, 'SIP/2.0 200 OK'))).toBe('drop: response: Malformed CSeq');
});

test('another version is 505, another protocol nothing (RFC 3261 21.5.6)', () => {
  expect(refusal(options({}, 'OPTIONS sip:b@example.com SIP/3.0'))).toBe('505 Version Not Supported');
  expect(refusal(options({}, 'GET / HTTP/1.1'))).toBe('drop: not SIP');
  expect(refusal(options({}, 'SIP/3.0 200 OK'))).toBe('drop: response of another version');
});

test('Content-Length is a number no larger than the body (RFC 3261 18.3)', () => {
  expect(refusal(options({ 'Content-Length': '-1' }))).toBe('400 Negative Content-Length');
  expect(refusal(options({ 'Content-Length': '99999999999999999999' }))).toBe('400 Malformed Content-Length');
  expect(refusal(options({ 'Content-Length': '1 2' }))).toBe('400 Malformed Content-Length');
  expect(refusal(options({ l: '5' }, undefined, 'four'))).toBe('400 Body Shorter Than Content-Length');
  expect(text(parsed(options({ l: '4' }, undefined, 'four and more')).body)).toBe('four');
  expect(text(parsed(options({}, undefined, 'to the end')).body)).toBe('to the end');
});

test('a field that may stand once stands once, in whatever form', () => {
  expect(refusal(options({ l: '0', 'Content-Length': '0' }))).toBe('400 Multiple Content-Length');
  expect(refusal(options({ i: 'c2' }))).toBe('400 Multiple Call-ID');
  expect(refusal(options({ 'max-forwards': '70', 'Max-Forwards': '70' }))).toBe('400 Multiple Max-Forwards');
});

test('a status code outside 100 to 699 is dropped', () => {
  for (const status of ['099', '700', '20', '2000', '-10', 'abc']) expect(refusal(options({}, `SIP/2.0 ${status} X`))).toBe('drop: bad status code');
});

test('line ends may be LF, and CRLFs may come first (RFC 3261 7.5)', () => {
  expect(refusal(bytes(`\r\n\r\n${text(options()).replaceAll('\r\n', '\n')}`))).toBe('ok');
  expect(refusal(bytes('\r\n\r\n'))).toBe('drop: keepalive');
  expect(refusal(new Uint8Array(0))).toBe('drop: keepalive');
});

test('a bare CR is refused and does not come back in the answer', () => {
  const outcome = parseMessage(options({ Subject: 'x', 'Call-ID': 'a\rEvil: 1' }));
  if (outcome.ok || outcome.refusal.kind !== 'respond') throw new Error('an answer');
  expect(outcome.refusal.reason).toBe('Bare CR In Header');
  expect(text(outcome.refusal.response)).not.toContain('Evil');
});

test('limits are held', () => {
  expect(refusal(new Uint8Array(65_536).fill(65))).toBe('drop: message too large');
  expect(refusal(options({ Subject: 'x'.repeat(20_000) }))).toBe('400 Header Field Too Long');
  expect(refusal(options(Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`X-${String(index)}`, 'y']))))).toBe('400 Too Many Header Fields');
  expect(refusal(options({ Supported: 'a,'.repeat(150) }))).toBe('400 Too Many List Elements');
  expect(refusal(options({ Via: `${fields.Via}${';a'.repeat(65)}` }))).toBe('400 Malformed Via');
  expect(refusal(options(), { limits: { ...defaultLimits, messageBytes: 50 } })).toBe('drop: message too large');
});

test('a Request-URI of another scheme passes, a malformed one does not (RFC 3261 8.2.2.1)', () => {
  expect(refusal(options({}, 'OPTIONS urn:service:sos SIP/2.0'))).toBe('ok');
  for (const uri of ['sip:', 'b@example.com', 'sip:b@exam ple.com', '<sip:b@example.com>', 'sip:b@example.com?Subject=x', 'sip:b@[::1']) {
    expect(refusal(options({}, `OPTIONS ${uri} SIP/2.0`))).toBe('400 Malformed Request-URI');
  }
});
