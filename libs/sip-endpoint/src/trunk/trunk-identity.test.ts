import { createRequest } from '@tipring/sip';
import type { Diversion, Party } from '@tipring/telephony';
import { expect, test } from 'vitest';
import type { IdentityPolicy } from './configured-trunk.ts';
import { callerFrom, diversionsIn, numberUri, trunkCaller } from './trunk-identity.ts';

const usual: IdentityPolicy = { caller: 'caller', number: null, asserted: 'pAssertedIdentity', privacy: 'both', diversion: 'diversion', trusted: true };
const anna: Party = { number: '+4930111', name: 'Anna' };
const hidden: Party = { ...anna, anonymous: true };
const names = { domain: 'c.example', account: 'office' };

test.each([
  ['as it is', anna, {}, '"Anna" <sip:+4930111@c.example;user=phone>', ['P-Asserted-Identity: "Anna" <sip:+4930111@c.example;user=phone>']],
  ['as the account', anna, { caller: 'account' }, '"Anna" <sip:office@c.example>', ['P-Asserted-Identity: "Anna" <sip:+4930111@c.example;user=phone>']],
  ['as one number for all', anna, { caller: 'fixed', number: '+4930999' }, '"Anna" <sip:+4930999@c.example;user=phone>', ['P-Asserted-Identity: "Anna" <sip:+4930111@c.example;user=phone>']],
  ['without a number outside', { number: '' }, { number: '+4930999' }, '<sip:+4930999@c.example;user=phone>', ['P-Asserted-Identity: <sip:+4930999@c.example;user=phone>']],
  ['nobody knows who', { number: '' }, {}, '"Anonymous" <sip:anonymous@anonymous.invalid>', []],
  ['asserted the old way', anna, { asserted: 'remotePartyId' }, '"Anna" <sip:+4930111@c.example;user=phone>', ['Remote-Party-ID: "Anna" <sip:+4930111@c.example;user=phone>;party=calling;id-type=subscriber;privacy=off;screen=yes']],
  ['not asserted', anna, { asserted: 'none' }, '"Anna" <sip:+4930111@c.example;user=phone>', []],
  ['withheld, both ways', hidden, {}, '"Anonymous" <sip:anonymous@anonymous.invalid>', ['P-Asserted-Identity: <sip:+4930111@c.example;user=phone>', 'Privacy: id']],
  ['withheld, by Privacy', hidden, { privacy: 'privacy' }, '<sip:+4930111@c.example;user=phone>', ['P-Asserted-Identity: <sip:+4930111@c.example;user=phone>', 'Privacy: id']],
  ['withheld, the old way', hidden, { privacy: 'privacy', asserted: 'remotePartyId' }, '<sip:+4930111@c.example;user=phone>', ['Remote-Party-ID: <sip:+4930111@c.example;user=phone>;party=calling;id-type=subscriber;privacy=full;screen=yes', 'Privacy: id']],
  ['withheld, by an anonymous From alone', hidden, { privacy: 'anonymousFrom' }, '"Anonymous" <sip:anonymous@anonymous.invalid>', []],
  ['withheld, and no way to say so', hidden, { privacy: 'none' }, '<sip:office@c.example>', []],
] as const)('%s', (_what, party, policy, from, headers) => {
  const caller = trunkCaller(party, '+4989222', [], { ...usual, ...policy }, names);
  expect([caller.from, caller.headers.map(([name, value]) => `${name}: ${value}`)]).toEqual([from, headers]);
});

test('a withheld number stands nowhere in what is sent without the wish to withhold it, whatever the policy', () => {
  for (const caller of ['caller', 'account', 'fixed'] as const) for (const asserted of ['pAssertedIdentity', 'remotePartyId', 'none'] as const) for (const privacy of ['privacy', 'anonymousFrom', 'both', 'none'] as const) {
    const { from, headers } = trunkCaller(hidden, '+4989222', [], { ...usual, caller, asserted, privacy }, names);
    const asks = headers.some(([name]) => name === 'Privacy');
    const text = `${from} ${JSON.stringify(headers)}`;
    expect(text).not.toContain('Anna');
    if (!asks) expect(text).not.toContain('4930111');
  }
});

const passedOn: readonly Diversion[] = [{ number: '+4930555', reason: 'userBusy' }, { number: '+4930666', reason: 'unconditional' }];

test('who passed it on: the last first (RFC 5806), or as a history (RFC 7044); and read back the same', () => {
  const diversion = trunkCaller(anna, '+4989222', passedOn, { ...usual, asserted: 'none' }, names).headers;
  expect(diversion.map(([, value]) => value)).toEqual(['<sip:+4930666@c.example;user=phone>;reason=unconditional;counter=1', '<sip:+4930555@c.example;user=phone>;reason=user-busy;counter=1']);
  const history = trunkCaller(anna, '+4989222', passedOn, { ...usual, asserted: 'none', diversion: 'historyInfo' }, names).headers;
  expect(history).toEqual([['History-Info', '<sip:+4930555@c.example;user=phone?Reason=SIP%3Bcause%3D486>;index=1, <sip:+4930666@c.example;user=phone?Reason=SIP%3Bcause%3D302>;index=1.1, <sip:+4989222@c.example;user=phone>;index=1.1.1;mp=1.1']]);
  for (const headers of [diversion, history]) expect(diversionsIn(request(headers))).toEqual(passedOn);
  expect(trunkCaller(anna, '1', passedOn, { ...usual, asserted: 'none', diversion: 'none' }, names).headers).toEqual([]);
});

test.each([
  ['From', [], {}, { number: '+4989222', name: 'Ben' }],
  ['P-Asserted-Identity', [['P-Asserted-Identity', '<sip:+4989333@c.example>']], {}, { number: '+4989333' }],
  ['a tel URI beside a SIP URI', [['P-Asserted-Identity', '<sip:c.example>, <tel:+49-89-333>']], {}, { number: '+4989333' }],
  ['Remote-Party-ID', [['Remote-Party-ID', '"Carl" <sip:+4989333@c.example>;party=calling;privacy=off']], {}, { number: '+4989333', name: 'Carl' }],
  ['withheld the old way', [['Remote-Party-ID', '<sip:+4989333@c.example>;privacy=full']], {}, { number: '+4989333', anonymous: true }],
  ['Privacy', [['P-Asserted-Identity', '<sip:+4989333@c.example>'], ['Privacy', 'id']], {}, { number: '+4989333', anonymous: true }],
  ['anonymous', [], { from: '"Anonymous" <sip:anonymous@anonymous.invalid>' }, { number: '', name: 'Anonymous', anonymous: true }],
  ['anonymous, asserted', [['P-Asserted-Identity', '<sip:+4989333@c.example>']], { from: '<sip:anonymous@anonymous.invalid>' }, { number: '+4989333', anonymous: true }],
  ['unavailable', [], { from: '<sip:unavailable@unknown.invalid>' }, { number: '' }],
] as const)('who calls, told by %s', (_what, headers, { from }: { from?: string }, party) => {
  expect(callerFrom(request(headers, from), true)).toEqual(party);
});

test('an assertion of somebody who is not trusted is not believed; his wish to be anonymous is heeded', () => {
  const asserted = request([['P-Asserted-Identity', '<sip:+4989333@c.example>'], ['Privacy', 'id']]);
  expect(callerFrom(asserted, false)).toEqual({ number: '+4989222', name: 'Ben', anonymous: true });
});

test('what is no number is not said to be a telephone’s', () => {
  expect([numberUri('+49', 'c.example'), numberUri('112', 'c.example'), numberUri('*43#', 'c.example'), numberUri('anna b', '[2001:db8::1]:5070')]).toEqual([
    'sip:+49@c.example;user=phone', 'sip:112@c.example;user=phone', 'sip:*43%23@c.example', 'sip:anna%20b@[2001:db8::1]:5070',
  ]);
});

function request(headers: readonly (readonly [string, string])[], from = '"Ben" <sip:+4989222@c.example>') {
  return createRequest({ method: 'INVITE', uri: 'sip:1@h', headers: [['Via', 'SIP/2.0/UDP h;branch=z9hG4bK1'], ['From', `${from};tag=1`], ['To', '<sip:1@h>'], ['Call-ID', '1'], ['CSeq', '1 INVITE'], ...headers] });
}
