import { expect, test } from 'vitest';
import { parseContacts } from './contact.ts';
import { createRequest } from './create.ts';
import { parseAuthentication } from './credentials.ts';
import {
  parseContentType, parseCSeq, parseDeltaSeconds, parseEvent, parseMaxForwards, parsePrivacy, parseRAck, parseReason, parseReplaces, parseRetryAfter, parseRSeq, parseSessionExpires, tokens,
} from './values.ts';
import { parseVia, parseVias, stampVia } from './via.ts';

const request = (...headers: [string, string][]) => createRequest({ method: 'REGISTER', uri: 'sip:x', headers });

test('numbers do not overflow', () => {
  expect(parseDeltaSeconds('3600')).toBe(3600);
  expect(parseDeltaSeconds('99999999999999999999999')).toBe(0xffff_ffff);
  expect(parseDeltaSeconds('9'.repeat(400))).toBe(0xffff_ffff);
  expect(parseDeltaSeconds('-1')).toBeUndefined();
  expect(parseMaxForwards('0068')).toBe(68);
  expect(parseMaxForwards('256')).toBeUndefined();
  expect(parseCSeq('2147483648 INVITE')).toBeUndefined();
  expect(parseCSeq('0009\t  INVITE')).toEqual({ number: 9, method: 'INVITE' });
  expect(parseCSeq('1')).toBeUndefined();
  expect(parseRSeq('4294967295')).toBe(4_294_967_295);
  expect(parseRAck('776656 1 INVITE')).toEqual({ rseq: 776_656, cseq: 1, method: 'INVITE' });
  expect(parseRAck('776656 INVITE')).toBeUndefined();
});

test('session timers and retry times are read (RFC 4028, RFC 3261 20.33)', () => {
  expect(parseSessionExpires('1800 ; Refresher=UAS')).toEqual({ seconds: 1800, refresher: 'uas' });
  expect(parseSessionExpires('90')).toEqual({ seconds: 90, refresher: undefined });
  expect(parseSessionExpires('x')).toBeUndefined();
  expect(parseRetryAfter('120 (I\'m in a (long\\) ) meeting) ;duration=60')).toEqual({ seconds: 120, comment: "I'm in a (long\\) ) meeting", duration: 60 });
  expect(parseRetryAfter('5')).toEqual({ seconds: 5, comment: undefined, duration: undefined });
  expect(parseRetryAfter('5 (open')).toBeUndefined();
});

test('Replaces needs both tags (RFC 3891 6.1)', () => {
  expect(parseReplaces('98asjd8@test.com;to-tag=a;from-tag=b;early-only')).toEqual({ callId: '98asjd8@test.com', toTag: 'a', fromTag: 'b', earlyOnly: true });
  expect(parseReplaces('98asjd8@test.com;to-tag=a')).toBeUndefined();
});

test('values with parameters are read', () => {
  expect(parseReason('Q.850 ;cause=16 ;text="Terminated; \\"ok\\""')).toEqual({ protocol: 'Q.850', cause: 16, text: 'Terminated; "ok"' });
  expect(parseEvent('dialog;id=1')?.parameter('id')).toBe('1');
  expect(parseContentType('Multipart / Mixed;boundary="a b"')).toMatchObject({ value: 'multipart/mixed' });
  expect(parseContentType('text')).toBeUndefined();
  expect(parsePrivacy('ID; critical')).toEqual(['id', 'critical']);
  expect(tokens(request(['Allow', 'INVITE, X-new']).headers, 'Allow')).toEqual(['INVITE', 'X-new']);
  expect(tokens(request(['Supported', ' 100Rel, timer'], ['Supported', ''], ['k', 'path']).headers, 'Supported')).toEqual(['100rel', 'timer', 'path']);
});

test('digest parameters are read quote by quote (RFC 3261 25.1)', () => {
  const value = parseAuthentication('Digest username="a,\\"b\\"", realm="x=y" ,nc=00000001, QOP=auth, uri=sip:x;y, response="",');
  expect(value?.scheme).toBe('Digest');
  expect(value?.parameter('username')).toBe('a,"b"');
  expect(value?.parameter('realm')).toBe('x=y');
  expect(value?.parameter('uri')).toBe('sip:x;y');
  expect(value?.parameter('response')).toBe('');
  expect([value?.isQuoted('realm'), value?.isQuoted('qop'), value?.isQuoted('none')]).toEqual([true, false, false]);
  for (const bad of ['', 'Digest', 'Digest a', 'Digest a=', 'Digest a="b', 'Digest a=1, a=2', 'Digest a=1 b=2', 'Digest ,a=1']) expect(parseAuthentication(bad)).toBeUndefined();
});

test('contacts have q and expires with the defaults of RFC 3261 20.10', () => {
  const contacts = parseContacts(request(['Contact', '<sip:a@x>;q=0.75;expires=60, sip:b@x;expires=soon'], ['m', '<sip:c@x>']).headers);
  expect(contacts).toMatchObject([{ uri: 'sip:a@x', q: 750, expires: 60 }, { uri: 'sip:b@x', q: 1000, expires: 3600 }, { uri: 'sip:c@x', expires: undefined }]);
  expect(parseContacts(request(['Contact', '*']).headers)).toBe('*');
  expect(parseContacts(request(['Contact', '*, <sip:a@x>']).headers)).toBeUndefined();
  expect(parseContacts(request(['Contact', '*'], ['Contact', '<sip:a@x>']).headers)).toBeUndefined();
  expect(parseContacts(request().headers)).toEqual([]);
});

test('Via is read with white space, IPv6 and RFC 3581 parameters', () => {
  expect(parseVia('SIP / 2.0 /TLS  [2001:db8::9] : 5061 ;branch = z9hG4bK1;received=2001:db8::1;rport')).toMatchObject({
    transport: 'TLS', host: '[2001:db8::9]', port: 5061, branch: 'z9hG4bK1', received: '2001:db8::1', rport: '',
  });
  for (const bad of ['', 'SIP/2.0/UDP', 'SIP/2.0 UDP x', 'SIP/2.0/UDP x:99999', 'SIP/2.0/UDP x:', 'SIP/2.0/UDP x;;', 'SIP/2.0/UDP x y', 'SIP/2.0/UDP [::1', 'SIP/2.0/UDP x, y']) expect(parseVia(bad)).toBeUndefined();
});

test('the topmost Via is stamped with where the request came from (RFC 3261 18.2.1, RFC 3581 4)', () => {
  const stamped = (via: string): string[] => {
    const message = request(['Via', via], ['Via', 'SIP/2.0/UDP last']);
    stampVia(message, { address: '192.0.2.9', port: 4000 });
    expect(parseVias(message.headers)).toBeDefined();
    return message.headers.lines('Via');
  };
  expect(stamped('SIP/2.0/UDP a;rport;branch=1, SIP/2.0/TCP b')).toEqual(['SIP/2.0/UDP a;branch=1;received=192.0.2.9;rport=4000, SIP/2.0/TCP b', 'SIP/2.0/UDP last']);
  expect(stamped('SIP/2.0/UDP 192.0.2.9:5060;branch=1')[0]).toBe('SIP/2.0/UDP 192.0.2.9:5060;branch=1');
  expect(stamped('SIP/2.0/UDP a;received=10.0.0.1;branch=1')[0]).toBe('SIP/2.0/UDP a;branch=1;received=192.0.2.9');
});
