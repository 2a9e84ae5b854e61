import { expect, test } from 'vitest';
import { createResponse, reasonPhrase } from './create.ts';
import { parseMessage } from './parse.ts';
import { peek } from './peek.ts';
import { serialize } from './serialize.ts';
import { statelessResponse } from './stateless.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const text = (wire: Uint8Array | undefined): string => Buffer.from(wire ?? []).toString('latin1');
const invite = [
  'INVITE sip:b@x SIP/2.0', 'Via: SIP/2.0/UDP a;branch=z9hG4bK1;rport', 'v: SIP/2.0/UDP b;branch=z9hG4bK2', 'From: <sip:a@x>;tag=1', 'To: "the ;tag=no" <sip:b@x;tag=no>', 'Call-ID: c1',
  'CSeq: 1 INVITE', 'Record-Route: <sip:p;lr>', 'Timestamp: 54', 'Content-Length: 0', '', '',
].join('\r\n');

test('an overloaded server answers from the bytes, alike to each retransmission (RFC 3261 8.2.7)', () => {
  const once = statelessResponse(bytes(invite), 503, 'Service Unavailable', [['Retry-After', '5']], { address: '192.0.2.1', port: 9 });
  expect(once).toEqual(statelessResponse(bytes(invite), 503, 'Service Unavailable', [['Retry-After', '5']], { address: '192.0.2.1', port: 9 }));
  const answer = parseMessage(once ?? bytes(''));
  if (!answer.ok) throw new Error(answer.refusal.reason);
  expect(answer.message).toMatchObject({ status: 503, callId: 'c1', cseq: { number: 1, method: 'INVITE' } });
  expect(answer.message.headers.lines('Via')).toEqual(['SIP/2.0/UDP a;branch=z9hG4bK1;received=192.0.2.1;rport=9', 'SIP/2.0/UDP b;branch=z9hG4bK2']);
  expect(answer.message.to.tag).toMatch(/^\w+$/);
  expect(answer.message.headers.get('Retry-After')).toBe('5');
  const other = parseMessage(statelessResponse(bytes(invite.replace('c1', 'c2')), 503, 'x') ?? bytes(''));
  expect(other.ok && other.message.to.tag).not.toBe(answer.message.to.tag);
});

test('nothing answers an ACK, a response, or what has no Via', () => {
  expect(statelessResponse(bytes(invite.replace('INVITE', 'ACK')), 503, 'x')).toBeUndefined();
  expect(statelessResponse(bytes(invite.replace('INVITE sip:b@x SIP/2.0', 'SIP/2.0 200 OK')), 503, 'x')).toBeUndefined();
  expect(statelessResponse(bytes('INVITE sip:b@x SIP/2.0\r\n\r\n'), 503, 'x')).toBeUndefined();
});

test('a response has the fields of its request, and those of its class (RFC 3261 8.2.6, 12.1.1)', () => {
  const outcome = parseMessage(bytes(invite));
  if (!outcome.ok || outcome.message.kind !== 'request') throw new Error('a request');
  const request = outcome.message;
  expect(text(serialize(createResponse(request, 100)))).toBe(
    `${invite.replace('INVITE sip:b@x SIP/2.0', 'SIP/2.0 100 Trying').replace('Record-Route: <sip:p;lr>\r\n', '').replace('Content-Length: 0\r\n', '')}`.replace('\r\n\r\n', '\r\nContent-Length: 0\r\n\r\n'),
  );
  const ok = createResponse(request, 200, { toTag: 't', headers: [['Contact', '<sip:me>']], body: 'č' });
  expect(ok.to.tag).toBe('t');
  expect(ok.headers.has('Record-Route')).toBe(true);
  expect(ok.headers.has('Timestamp')).toBe(false);
  expect(text(serialize(ok)).endsWith('Contact: <sip:me>\r\nContent-Length: 2\r\n\r\n\xc4\x8d')).toBe(true);
  expect(createResponse(request, 486).headers.has('Record-Route')).toBe(false);
  expect([reasonPhrase(486), reasonPhrase(499)]).toEqual(['Busy Here', 'Bad Request']);
});

test('a guard sees what it needs without parsing', () => {
  expect(peek(bytes(invite))).toEqual({ kind: 'request', method: 'INVITE', status: 0, inDialog: false, hasCredentials: false });
  expect(peek(bytes(invite.replace('To:', 't :').replace('tag=no>', 'tag=no>\r\n ; TAG = 5')))).toMatchObject({ inDialog: true });
  expect(peek(bytes(invite.replace('Timestamp: 54', 'proxy-authorization: Digest a=1')))).toMatchObject({ hasCredentials: true });
  expect(peek(bytes(invite.replace('Timestamp: 54', 'Authorization : Digest a=1')))).toMatchObject({ hasCredentials: true });
  expect(peek(bytes(invite.replace('INVITE sip:b@x SIP/2.0', 'SIP/2.0 180 Ringing')))).toMatchObject({ kind: 'response', status: 180, method: '' });
  expect(peek(bytes('\r\n\r\n')).kind).toBe('keepalive');
  for (const junk of ['', 'x', 'GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01\n', 'SIP/2.0 99 x\r\n']) expect(['garbage', 'keepalive']).toContain(peek(bytes(junk)).kind);
});
