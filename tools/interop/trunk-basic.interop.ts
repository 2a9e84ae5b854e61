import type { SimulatedCarrier } from '@tipring/carrier';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { carrierPort, TrunkOffice } from '../testbed/trunk-office.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { bothHear } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';
import { recordOf } from './parties/record-of.ts';
import { waitFor } from './wait-for.ts';

/*
 * Trunks to carriers of every kind: registering over UDP, TCP and TLS, known by address, challenged, found by SRV. Calls go out and come in over each,
 * and each party hears the other's tone.
 */
const account = { username: 'office', password: 'a secret of the office' };
const numbers = ['+12125550110', '+12125550111'] as const;
const rings = { usual: { is: 'noAnswer' } } as const;

let office: TrunkOffice;
let phone: PhoneParty;
/** Prefix → trunk and its carrier. */
const trunks = new Map<string, { readonly id: string; readonly carrier: SimulatedCarrier; readonly party: CarrierParty }>();

beforeAll(async () => {
  office = await TrunkOffice.start({
    lines: 1,
    zone: {
      'SRV _sip._udp.pool.carrier.example': [{ type: 'SRV', priority: 1, weight: 1, port: carrierPort, target: 'a.carrier.example' }, { type: 'SRV', priority: 2, weight: 1, port: carrierPort, target: 'b.carrier.example' }],
      'A a.carrier.example': [{ type: 'A', bytes: [127, 0, 0, 105] }],
      'A b.carrier.example': [{ type: 'A', bytes: [127, 0, 0, 106] }],
      'A tls.carrier.example': [{ type: 'A', bytes: [127, 0, 0, 102] }],
    },
  });
  phone = office.phones[0]!;
  const registration = { type: 'registration', ...account };
  const customers = [{ ...registration, type: 'registration', numbers }] as const;
  await add('71', { address: '127.0.0.100', customers, ...rings }, { server: { host: '127.0.0.100', port: carrierPort, transport: 'udp' }, domain: 'carrier.example', peering: registration });
  await add('72', { address: '127.0.0.101', customers, ...rings }, { server: { host: '127.0.0.101', port: carrierPort, transport: 'tcp' }, domain: 'carrier.example', peering: registration });
  await add('73', { address: '127.0.0.102', transports: ['tls'], customers, ...rings }, { server: { host: 'tls.carrier.example', port: carrierPort, transport: 'tls' }, domain: 'carrier.example', peering: registration });
  await add('74', { address: '127.0.0.103', ...rings }, { server: { host: '127.0.0.103', port: carrierPort, transport: 'udp' }, peering: { type: 'address' } });
  const challenging = [{ type: 'address', name: 'pbx', transport: 'udp', address: '127.0.0.1', port: office.pbx.ports.sip, credentials: account, numbers: [] }] as const;
  await add('75', { address: '127.0.0.104', customers: challenging, ...rings }, { server: { host: '127.0.0.104', port: carrierPort, transport: 'udp' }, peering: { type: 'address', credentials: account } });
  await add('76', { address: '127.0.0.105', ...rings }, { server: { host: 'pool.carrier.example', port: null, transport: null }, peering: { type: 'address' } });
  await office.addInboundRoute('all', numbers, phone.number);
  await Promise.all([...trunks.values()].map(({ id }) => office.trunkIs(id, 'up')));
});

afterAll(() => office?.stop());

afterEach(async () => {
  await phone.hangUp();
  for (const { party } of trunks.values()) await party.rests();
  await phone.rests();
});

describe.each([['71', 'registering over UDP'], ['72', 'registering over TCP'], ['73', 'registering over TLS'], ['74', 'known by its address'], ['75', 'that challenges calls'], ['76', 'found by SRV']] as const)('a trunk (%s) %s', (prefix, _kind) => {
  test('a call out: the carrier is told number and caller, both hear each other, the caller hangs up', async () => {
    const { party } = trunks.get(prefix)!;
    const start = new Date();
    await phone.call(party.number);
    await party.isCalled();
    expect(party.present.number).toBe('+12125550190');
    await party.answer();
    await Promise.all([phone.speak(), party.speak()]);
    await bothHear(phone, party, 500);
    const references = [phone.reference, party.reference];
    await phone.hangUp();
    await party.isTold();
    expect(await recordOf(office.pbx, references, start)).toMatchObject({ cause: 'normalClearing' });
  });

  test('a call in reaches who the route says, digits and hold pass, the carrier hangs up', async () => {
    const { party, carrier } = trunks.get(prefix)!;
    await party.call(numbers[0]);
    const shown = await phone.isCalled();
    expect(shown.number).toMatch(/^(\+1|1|011)?3105550123$/);
    await phone.answer();
    await Promise.all([phone.speak(), party.speak()]);
    await bothHear(phone, party, 500);
    const call = party.present.id;
    await carrier.act({ do: 'press', call, digits: '4711#' });
    await waitFor(() => `the digits; there were ${phone.sound.digits}`, () => phone.sound.digits === '4711#' || undefined);
    phone.sound.press('42');
    await waitFor(() => `the phone's digits; there were ${party.present.digits}`, () => party.present.digits === '42' || undefined);
    await carrier.act({ do: 'hold', call });
    await waitFor('the carrier to hear nothing', () => party.present.hears.length === 0 || undefined);
    await carrier.act({ do: 'resume', call });
    await bothHear(phone, party, 300);
    await party.hangUp();
    await phone.isTold();
  });
});

async function add(prefix: string, wishes: Parameters<TrunkOffice['carrier']>[0], settings: object): Promise<void> {
  const carrier = await office.carrier(wishes);
  const id = await office.addTrunk(`trunk-${prefix}`, settings);
  await office.addOutboundRoute(prefix, [{ trunk: id }]);
  const party = new CarrierParty(carrier, { number: `${prefix}2125550190`, shows: { number: '+13105550123', name: 'Carol Outside' } }, 1_800 + 60 * trunks.size);
  trunks.set(prefix, { id, carrier, party });
}
