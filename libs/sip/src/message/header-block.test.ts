import { expect, test } from 'vitest';
import { createRequest, createResponse } from './create.ts';
import { parseMessage } from './parse.ts';
import { serialize } from './serialize.ts';

const wire = [
  'INVITE sip:b@example.com SIP/2.0', 'v: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b', 'Via:SIP/2.0/UDP c', 'f: <sip:a@x>;tag=1', 't: <sip:b@x>', 'i: c', 'CSeq: 1 INVITE',
  'Subject: first,', ' second', 'X-Odd:   \tvalue  ', 'Contact: "a, \\"b" <sip:a@x;p=1,2>;q=0.5 , sip:c@x', 'k: a,b , c', 'l: 0', '', '',
].join('\r\n');

function headers(text = wire) {
  const outcome = parseMessage(Buffer.from(text, 'latin1'));
  if (!outcome.ok) throw new Error(outcome.refusal.reason);
  return outcome.message.headers;
}

test('fields are found by any case and compact form (RFC 3261 7.3.3)', () => {
  const found = headers();
  expect(found.get('FROM')).toBe('<sip:a@x>;tag=1');
  expect(found.get('f')).toBe('<sip:a@x>;tag=1');
  expect(found.get('x-odd')).toBe('value');
  expect(found.get('s')).toBe('first, second');
  expect(found.has('Nothing')).toBe(false);
});

test('lists are split at commas outside quotes and brackets, other fields are not (RFC 3261 7.3.1)', () => {
  const found = headers();
  expect(found.list('Via')).toEqual(['SIP/2.0/UDP a;branch=z9hG4bK1', 'SIP/2.0/TCP b', 'SIP/2.0/UDP c']);
  expect(found.lines('Via')).toHaveLength(2);
  expect(found.list('Contact')).toEqual(['"a, \\"b" <sip:a@x;p=1,2>;q=0.5', 'sip:c@x']);
  expect(found.list('Supported')).toEqual(['a', 'b', 'c']);
  expect(found.list('Subject')).toEqual(['first, second']);
});

test('changes keep the order of the other fields and their bytes', () => {
  const outcome = parseMessage(Buffer.from(wire, 'latin1'));
  if (!outcome.ok) throw new Error('refused');
  const { message } = outcome;
  message.headers.set('Via', 'SIP/2.0/UDP new;branch=z9hG4bK2');
  message.headers.prepend('Via', 'SIP/2.0/TLS top;branch=z9hG4bK3');
  message.headers.remove('Subject');
  message.headers.append('X-New', 'last');
  message.headers.replaceFirst('Contact', '<sip:me@here>');
  expect(message.via.branch).toBe('z9hG4bK3');
  expect(Buffer.from(serialize(message)).toString('latin1').split('\r\n')).toEqual([
    'INVITE sip:b@example.com SIP/2.0', 'Via: SIP/2.0/TLS top;branch=z9hG4bK3', 'Via: SIP/2.0/UDP new;branch=z9hG4bK2', 'f: <sip:a@x>;tag=1', 't: <sip:b@x>', 'i: c', 'CSeq: 1 INVITE',
    'X-Odd:   \tvalue  ', 'Contact: <sip:me@here>', 'k: a,b , c', 'l: 0', 'X-New: last', '', '',
  ]);
});

test('folds of all kinds are one space (RFC 3261 7.3.1)', () => {
  const found = headers(wire.replace('Subject: first,\r\n second', 'Subject:\r\n\t first \r\n   \r\n  second\n third'));
  expect(found.get('Subject')).toBe('first second third');
});

test('text from outside cannot write a header field, and goes out as UTF-8', () => {
  const request = createRequest({ method: 'INFO', uri: 'sip:a@x SIP/2.0\r\nEvil: 2', headers: [['Subject', 'x\r\nEvil: 1\0'], ['X-Name', 'Jiří č']] });
  expect(request.headers.get('Subject')).toBe('x Evil: 1 ');
  expect(Buffer.from(serialize(request)).toString('utf8')).not.toContain('\nEvil');
  expect(Buffer.from(serialize(createResponse(request, 400, { reason: 'Bad\r\nEvil: 3' }))).toString('utf8')).not.toContain('\nEvil');
  expect(Buffer.from(serialize(request)).toString('utf8')).toContain('X-Name: Jiří č\r\nContent-Length: 0');
});
