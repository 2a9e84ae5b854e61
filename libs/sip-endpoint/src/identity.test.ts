import { createRequest } from '@tipring/sip';
import type { SipRequest } from '@tipring/sip';
import { expect, test } from 'vitest';
import { callerOf, claimedUsers, dialledNumber, shownCaller } from './identity.ts';

const account = { deviceId: 'd1', username: '101-desk', extension: '101', displayName: 'Anna Ö', enabled: true, algorithm: 'MD5', ha1: '' } as const;

function invite(headers: readonly (readonly [string, string])[] = [], uri = 'sip:102@pbx.example', from = '"Boss" <sip:101-desk@pbx.example>;tag=a'): SipRequest {
  return createRequest({ method: 'INVITE', uri, headers: [['Via', 'SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1'], ['From', from], ['To', '<sip:102@pbx.example>'], ['Call-ID', 'x'], ['CSeq', '1 INVITE'], ...headers] });
}

test('the caller is who the account says; what the phone asserts of itself is worth nothing (RFC 3325 5)', () => {
  const request = invite([['P-Asserted-Identity', '<sip:999@pbx.example>'], ['P-Preferred-Identity', '<sip:100@pbx.example>']]);
  expect(callerOf(request, account)).toEqual({ number: '101', name: 'Anna Ö' });
});

test.each([
  ['Privacy: id', invite([['Privacy', 'id']])],
  ['Privacy: header;user', invite([['Privacy', 'header;user']])],
  ['an anonymous From (RFC 3323 4.1.1.3)', invite([], undefined, '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=a')],
])('%s withholds the number', (_name, request) => {
  expect(callerOf(request, account).anonymous).toBe(true);
});

test('Privacy: none does not', () => {
  expect(callerOf(invite([['Privacy', 'none']]), account).anonymous).toBeUndefined();
});

test.each([
  ['sip:102@pbx.example', '102'],
  ['sip:%2b4930123;phone-context=x@pbx.example;user=phone', '+4930123'],
  ['tel:+49-30-123', '+4930123'],
  ['sip:pbx.example', undefined],
])('%s dials %s', (uri, number) => {
  expect(dialledNumber(invite([], uri))).toBe(number);
});

test('an anonymous caller is looked for by its preferred identity', () => {
  expect(claimedUsers(invite())).toEqual(['101-desk']);
  expect(claimedUsers(invite([['P-Preferred-Identity', '<sip:101-desk@pbx.example>']], undefined, '<sip:anonymous@anonymous.invalid>;tag=a'))).toEqual(['101-desk']);
});

test('the called side sees number and name; a withheld number only where it is trusted (RFC 3325 7)', () => {
  const anna = { number: '101', name: 'Anna' };
  expect(shownCaller(anna, 'pbx.example', 'anybody')).toEqual({ from: '"Anna" <sip:101@pbx.example>', headers: [], contactUser: '101' });
  expect(shownCaller({ number: '101', name: 'Ö' }, 'pbx.example', 'anybody').from).toBe('"\u00c3\u0096" <sip:101@pbx.example>');
  expect(shownCaller({ ...anna, anonymous: true }, 'pbx.example', 'anybody')).toEqual({ from: '"Anonymous" <sip:anonymous@anonymous.invalid>', headers: [['Privacy', 'id']], contactUser: 'anonymous' });
  expect(shownCaller({ ...anna, anonymous: true }, 'pbx.example', 'trusted').headers).toEqual([['P-Asserted-Identity', '"Anna" <sip:101@pbx.example>'], ['Privacy', 'id']]);
});

test('a caller without a number, as a line without caller ID has, is shown by an address that is one', () => {
  expect(shownCaller({ number: '' }, 'pbx.example', 'trusted')).toEqual({ from: '<sip:unavailable@unknown.invalid>', headers: [], contactUser: 'unavailable' });
  expect(shownCaller({ number: '', name: 'Anna' }, 'pbx.example', 'anybody').from).toBe('"Anna" <sip:unavailable@unknown.invalid>');
  expect(shownCaller({ number: '', anonymous: true }, 'pbx.example', 'trusted').headers).toEqual([['Privacy', 'id']]);
});
