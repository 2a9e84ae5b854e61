import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseContacts } from './contact.ts';
import { parseMessage } from './parse.ts';
import { tortureMessages } from './rfc4475.test-support.ts';
import { serialize } from './serialize.ts';
import { parseUri } from './uri.ts';
import { parseVias } from './via.ts';

const folder = new URL('../../test-data/rfc4475/', import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(`${name}.dat`, folder));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function message(name: string) {
  const outcome = parseMessage(read(name));
  if (!outcome.ok) throw new Error(`${name} was refused`);
  return outcome.message;
}

test('the table has every message of RFC 4475 once', () => {
  expect(tortureMessages.map((row) => `${row.name}.dat`).sort()).toEqual(readdirSync(folder).sort());
  expect(tortureMessages).toHaveLength(49);
});

test.each(tortureMessages)('$name is taken or refused as RFC 4475 $clause asks', (row) => {
  const outcome = parseMessage(read(row.name));
  if (outcome.ok) {
    expect(row.parser).toBe('ok');
    return;
  }
  const { refusal } = outcome;
  expect(refusal.kind === 'drop' ? 'drop' : { status: refusal.status, reason: refusal.reason }).toEqual(row.parser);
  if (refusal.kind === 'respond') {
    const answer = text(refusal.response);
    expect(answer.startsWith(`SIP/2.0 ${String(refusal.status)} ${refusal.reason}\r\nVia: `)).toBe(true);
    expect(answer.endsWith('Content-Length: 0\r\n\r\n')).toBe(true);
  }
});

test('valid messages with a Content-Length come out of the writer byte for byte', () => {
  const whole = tortureMessages.filter((row) => row.parser === 'ok' && row.name !== 'inv2543' && row.name !== 'dblreq');
  expect(whole.length).toBeGreaterThan(25);
  for (const row of whole) expect(text(serialize(message(row.name)))).toBe(text(read(row.name)));
});

test('a tortuous INVITE is read in full (RFC 4475 3.1.1.1)', () => {
  const invite = message('wsinv');
  expect(invite.to.uri).toBe('sip:vivekg@chair-dnrc.example.com');
  expect(invite.to.tag).toBe('1918181833n');
  expect(invite.from.displayName).toBe('J Rosenberg \\"');
  expect(invite.from.tag).toBe('98asjd8');
  expect(invite.headers.get('Max-Forwards')).toBe('0068');
  expect(invite.cseq).toEqual({ number: 9, method: 'INVITE' });
  expect(invite.headers.get('Subject')).toBe('');
  expect(parseVias(invite.headers)?.map((via) => `${via.transport} ${via.host} ${via.branch ?? ''}`)).toEqual([
    'UDP 192.0.2.2 390skdjuw', 'TCP spindle.example.com z9hG4bK9ikj8', 'UDP 192.168.255.111 z9hG4bK30239',
  ]);
  expect(invite.headers.list('Route')).toEqual([
    '<sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
  ]);
  expect(parseContacts(invite.headers)).toMatchObject([{ displayName: 'Quoted string ""', uri: 'sip:jdrosen@example.com' }]);
  expect(invite.headers.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
});

test('unusual characters are kept (RFC 4475 3.1.1.2)', () => {
  const request = message('intmeth');
  if (request.kind !== 'request') throw new Error('a request');
  expect(request.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
  expect(parseUri(request.uri)?.host).toBe('example.com');
  expect(request.to.displayName).toBe('BEL:\u0007 NUL:\u0000 DEL:\u007f');
  expect(request.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
});

test('what follows the Content-Length of a datagram is ignored (RFC 4475 3.1.1.8)', () => {
  expect(message('dblreq')).toMatchObject({ kind: 'request', method: 'REGISTER', body: { length: 0 } });
});

test('a semicolon in the user part is no parameter (RFC 4475 3.1.1.9)', () => {
  const request = message('semiuri');
  if (request.kind !== 'request') throw new Error('a request');
  expect(parseUri(request.uri)).toMatchObject({ user: 'user;par=u%40example.net', host: 'example.com', parameters: [] });
});

test('every transport name is read (RFC 4475 3.1.1.10)', () => {
  expect(parseVias(message('transports').headers)?.map((via) => via.transport)).toEqual(['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
});

test('a bare contact URI gives its parameters to the header and may have no question mark (RFC 4475 3.1.2.13, 3.3.12, 3.3.13)', () => {
  expect(parseContacts(message('regbadct').headers)).toBeUndefined();
  const header = parseContacts(message('cparam01').headers);
  expect(header?.[0]).toMatchObject({ uri: 'sip:+19725552222@gw1.example.net' });
  expect((header?.[0] as { parameter(name: string): string | undefined }).parameter('unknownparam')).toBe('');
  expect(parseContacts(message('cparam02').headers)?.[0]).toMatchObject({ uri: 'sip:+19725552222@gw1.example.net;unknownparam' });
});

test('a request of RFC 2543 is taken without branch and Max-Forwards (RFC 4475 3.4.1)', () => {
  const request = message('inv2543');
  expect(request.via.branch).toBeUndefined();
  expect(request.body.length).toBeGreaterThan(0);
});
