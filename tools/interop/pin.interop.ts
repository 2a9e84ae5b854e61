import type { SimulatedCarrier } from '@tipring/carrier';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TrunkOffice } from '../testbed/trunk-office.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { bothHear } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';
import { waitFor } from './wait-for.ts';

/*
 * A phone dials what needs a PIN, on the real processes: it hears what it is asked in the tones of its country, dials the PIN as telephone
 * events or by INFO, and talks with whom it called. The PIN is nowhere afterwards.
 */
let office: TrunkOffice;
let carrier: SimulatedCarrier;
let outside: CarrierParty;
let phone: PhoneParty;

beforeAll(async () => {
  office = await TrunkOffice.start({ lines: 1, phones: 1 });
  [phone] = office.phones as [PhoneParty];
  const { api } = office.pbx;
  carrier = await office.carrier({ address: '127.0.0.138', port: 15_098, usual: { is: 'noAnswer' } });
  outside = new CarrierParty(carrier, { number: '92125550150', shows: { number: '+12125550150', name: null } }, 1_860);
  const trunk = await office.addTrunk('carrier', { server: { host: '127.0.0.138', port: 15_098, transport: 'udp' }, peering: { type: 'address' } });
  const { id: pins } = await api<{ id: string }>('POST', '/pin-sets', { key: 'pins', displayName: 'PINs', pins: [{ label: 'Ann', pin: PIN }] });
  await office.addOutboundRoute('9', [{ trunk }], { pinSetId: pins });
  await office.trunkIs(trunk, 'up');
});

afterAll(() => office?.stop());

afterEach(async () => {
  for (const party of [phone, outside]) await party.hangUp().catch(() => {});
  for (const party of [phone, outside]) await party.rests();
});

test.each(['telephone events', 'INFO'] as const)('the PIN is asked for, refused once, and taken, by %s; the two talk', async (by) => {
  await phone.call(outside.number);
  await phone.listen();
  await hears(phone, DIAL_TONE);
  dial(by, '1234#');
  await hears(phone, CONGESTION);
  await hears(phone, DIAL_TONE);
  expect(carrier.state().calls.filter(({ phase }) => phase !== 'ended')).toEqual([]);
  dial(by, `${PIN}#`);
  await outside.isCalled();
  // It has media: that it rings is a tone.
  await hears(phone, RINGING);
  await outside.answer();
  await outside.speak();
  await phone.speak();
  await bothHear(phone, outside, 1_000);
  const [call] = (await office.pbx.api<{ items: { id: string }[] }>('GET', '/calls')).items;
  await phone.hangUp();
  const texts = await waitFor('the record', async () => {
    const parts = ['', '/story'].map((part) => office.pbx.api<object>('GET', `/call-records/${call!.id}${part}`));
    return Promise.all(parts).then((found) => JSON.stringify(found), () => undefined);
  });
  expect(texts).toContain('asked for a PIN');
  expect([texts.includes(PIN), /digit [0-9#]|Signal=[0-9#]/.test(texts)]).toEqual([false, false]);
});

function dial(by: 'telephone events' | 'INFO', digits: string): void {
  if (by === 'telephone events') phone.sound.press(digits);
  else for (const digit of digits) phone.party.session.info('application/dtmf-relay', `Signal=${digit}\r\nDuration=100\r\n`);
}

/** These loud, and no other of them. */
async function hears(party: PhoneParty, wanted: readonly number[]): Promise<void> {
  let last: unknown;
  await waitFor(() => `${party.name} to hear ${wanted.join(' and ')} Hz; it hears ${JSON.stringify(last)}`, async () => {
    const heard = await party.hears();
    last = heard;
    const loud = heard.filter(({ dbm0 }) => dbm0 > -30).map(({ hz }) => hz);
    return (wanted.length === loud.length && wanted.every((hz) => loud.includes(hz))) || undefined;
  });
}

const PIN = '4711';
/** Of the United States, as far as the phone's ear tells multiples of 20 Hz: dial tone is 350 and 440 Hz. */
const DIAL_TONE = [440];
const CONGESTION = [480, 620];
const RINGING = [440, 480];
