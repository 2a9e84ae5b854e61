import type { SimulatedCarrier } from '@tipring/carrier';
import type { CarrierCall } from '@tipring/carrier-control';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { carrierPort, TrunkOffice } from '../testbed/trunk-office.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { bothHear } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';

/*
 * What a carrier is told as the trunk’s policies have it: who calls, which number, what was offered; and what is believed of what it tells.
 */
const account = { username: 'office', password: 'a secret of the office' };
const shown = '+12125550111';
let office: TrunkOffice;
let carrier: SimulatedCarrier;
let trunk: string;
let phone: PhoneParty;
let outside: CarrierParty;

beforeAll(async () => {
  office = await TrunkOffice.start({ lines: 1 });
  phone = office.phones[0]!;
  carrier = await office.carrier({ address: '127.0.0.100', customers: [{ type: 'registration', ...account, numbers: ['+12125550110', '+12125550112'] }], usual: { is: 'noAnswer' } });
  trunk = await office.addTrunk('carrier', { server: { host: '127.0.0.100', port: carrierPort, transport: 'udp' }, domain: 'carrier.example', peering: { type: 'registration', ...account } });
  outside = new CarrierParty(carrier, { number: '712125550190', shows: { number: '+13105550123', name: 'Carol Outside' } }, 1_860);
  await office.addOutboundRoute('71', [{ trunk }]);
  await office.addInboundRoute('phone', ['+12125550110'], phone.number);
  const { items } = await office.pbx.api<{ items: { id: string }[] }>('GET', `/extensions?number=${phone.number}`);
  await office.change(`/extensions/${items[0]!.id}`, { calling: { shownNumber: shown } });
  await office.trunkIs(trunk, 'up');
});

afterAll(() => office?.stop());

afterEach(async () => {
  await phone.hangUp();
  await outside.hangUp();
  await Promise.all([phone.rests(), outside.rests()]);
});

test.each<[string, object, (call: CarrierCall) => void]>([
  ['the caller’s number in From and P-Asserted-Identity, the called one as E.164', {}, ({ headers }) => {
    expect(user(headers, 'From')).toBe(shown);
    expect(user(headers, 'P-Asserted-Identity')).toBe(shown);
    expect(headers['Request-URI']?.[0]).toMatch(/^sip:\+12125550190@carrier\.example/);
  }],
  ['the account in From, the caller asserted', { identity: { caller: 'account' } }, ({ headers }) => {
    expect([user(headers, 'From'), user(headers, 'P-Asserted-Identity')]).toEqual(['office', shown]);
  }],
  ['a fixed number', { identity: { caller: 'fixed', number: '+12125550100' } }, ({ headers }) => expect(user(headers, 'From')).toBe('+12125550100')],
  ['Remote-Party-ID in place of P-Asserted-Identity', { identity: { asserted: 'remotePartyId' } }, ({ headers }) => {
    expect(user(headers, 'Remote-Party-ID')).toBe(shown);
    expect(headers).not.toHaveProperty('P-Asserted-Identity');
  }],
  ['nothing asserted', { identity: { asserted: 'none' } }, ({ headers }) => {
    expect(headers).not.toHaveProperty('P-Asserted-Identity');
    expect(headers).not.toHaveProperty('Remote-Party-ID');
  }],
  ['national numbers, both, with the country’s trunk prefix', { calledForm: { format: 'national', strip: 0, prepend: '' }, callerForm: { format: 'national', strip: 0, prepend: '' } }, ({ headers, number }) => expect([number, user(headers, 'From')]).toEqual(['12125550190', '12125550111'])],
  ['digits with a prefix of the carrier’s', { calledForm: { format: 'e164Digits', strip: 1, prepend: '001' } }, ({ number }) => expect(number).toBe('0012125550190')],
  ['one codec', { codecs: ['PCMA'] }, ({ offer }) => expect(/^m=audio \d+ RTP\/AVP ([\d ]+)/m.exec(offer ?? '')?.[1]?.split(' ')[0]).toBe('8')],
  ['an INVITE without session description', { offer: 'late' }, ({ offer, codec }) => expect([offer, codec === null ? null : 'agreed']).toEqual([null, 'agreed'])],
])('%s', async (_what, settings, check) => {
  await office.change(`/trunks/${trunk}`, { ...usual, ...settings, identity: { ...usual.identity, ...('identity' in settings ? (settings.identity as object) : {}) } });
  await phone.call(outside.number);
  await outside.isCalled();
  await outside.answer();
  await Promise.all([phone.speak(), outside.speak()]);
  await bothHear(phone, outside, 300);
  check(outside.present);
});

test.each([
  ['believed: who is asserted is shown', true, { asserted: '+13105550999' }, /3105550999$/],
  ['not believed: who stands in From is shown', false, { asserted: '+13105550999' }, /3105550123$/],
  ['withheld: nobody is shown, whoever is asserted', true, { from: null, asserted: '+13105550999' }, /^anonymous$/],
] as const)('what a carrier tells of callers is %s', async (_what, trusted, details, number) => {
  await office.change(`/trunks/${trunk}`, { ...usual, identity: { ...usual.identity, trusted } });
  await outside.call('+12125550110', details);
  expect((await phone.isCalled()).number).toMatch(number);
});

test('a call that is passed on outside says who passed it on', async () => {
  await office.change(`/trunks/${trunk}`, usual);
  await office.pbx.api('POST', '/inbound-routes', { key: 'onward', displayName: 'onward', match: { called: ['+12125550112'] }, destination: { type: 'number', number: '712125550190' } });
  await outside.call('+12125550112');
  const passed = new CarrierParty(carrier, { number: '', shows: outside.shows }, 2_220);
  await passed.isCalled();
  expect(passed.present.headers['Diversion']?.[0] ?? passed.present.headers['History-Info']?.join()).toContain('2125550112');
  await outside.hangUp();
  await passed.isTold();
});

function user(headers: CarrierCall['headers'], name: string): string | undefined {
  return /sips?:([^@>]+)@/.exec(headers[name]?.[0] ?? '')?.[1];
}

const e164 = { format: 'e164', strip: 0, prepend: '' };
const usual = {
  identity: { caller: 'caller', number: null, asserted: 'pAssertedIdentity', privacy: 'both', diversion: 'diversion', trusted: true },
  calledForm: e164, callerForm: e164, codecs: ['PCMA', 'PCMU'], offer: 'early',
};
