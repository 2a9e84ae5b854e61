import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { officeCard, TrunkOffice } from '../testbed/trunk-office.ts';
import type { Party } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';
import { TelephoneParty } from './parties/telephone-party.ts';
import { decodeMuLawRecording, tonesHeard } from './tone.ts';
import { waitFor } from './wait-for.ts';

/* Conferences and paging with the real programs: SIP phones, an analog telephone, a group of loudspeakers. Each party has a tone of its own. */

let office: TrunkOffice;
let telephone: TelephoneParty;

beforeAll(async () => {
  office = await TrunkOffice.start({ lines: 1, telephones: 1, phones: 4 });
  const [station] = await office.office.addTelephones([{ card: officeCard, port: 2 }], 201);
  telephone = new TelephoneParty(office.office, station!, 1_500);
  await office.pbx.api('POST', '/conferences', {
    key: 'monday', displayName: 'Monday', number: '830', pin: null, moderatorPin: null, mostParties: 10, announces: 'nothing', startsMuted: false, waitsForModerator: false, endsWithModerator: false, record: 'never', musicClassId: null, language: null,
  });
});

afterAll(() => office?.stop());

test('a conference of three SIP phones and an analog telephone: each hears all others, also over the death of the controller', async () => {
  const phones = office.phones.slice(0, 3);
  const parties: readonly Party[] = [...phones, telephone];
  for (const party of parties) await party.call('830');
  for (const phone of phones) await phone.speak();
  // Then it has dialled.
  await hears(telephone, phones.map(({ hz }) => hz));
  await telephone.speak();
  await all(parties.map((party) => hearsAll(party, parties)));
  const isBack = office.pbx.controller.nextReady();
  await office.pbx.controller.kill();
  // What the telephone hears is asked of the controller.
  await all(phones.map((party) => hearsAll(party, parties)));
  await isBack;
  await all(parties.map((party) => hearsAll(party, parties)));
  const [leaver, ...others] = parties;
  await leaver!.hangUp();
  await all(others.map((party) => hearsAll(party, others)));
  for (const party of others) await party.hangUp();
  for (const party of parties) await party.rests();
});

test('a page is heard by SIP phones, an analog telephone and a group of loudspeakers, and nobody of them is heard', async () => {
  const [pager, ...paged] = office.phones as readonly [PhoneParty, ...PhoneParty[]];
  const group = { address: '239.195.8.8', port: 27_910 };
  const { items } = await office.pbx.api<{ items: readonly { readonly id: string; readonly number: string }[] }>('GET', '/extensions?limit=200');
  const idOf = (number: string): string => items.find((one) => one.number === number)!.id;
  await office.pbx.api('POST', '/paging-zones', {
    key: 'hall', displayName: 'Hall', number: '850', extensions: [...paged, telephone, pager].map(({ number }) => idOf(number)), multicast: [{ ...group, codec: 'PCMU', ttl: 1 }],
    preTone: 'beep', promptId: null, priority: 0, interruptsCalls: false, longestMs: 60_000,
  });
  const loudspeaker = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => loudspeaker.bind(group.port, group.address, resolve));
  loudspeaker.addMembership(group.address, '127.0.0.1');
  const payloads: Buffer[] = [];
  loudspeaker.on('message', (packet: Buffer) => {
    if (packet.length === 172) payloads.push(packet.subarray(12));
  });
  await pager.call('850');
  for (const phone of paged) await phone.isCalled();
  await telephone.isCalled();
  await telephone.answer();
  await pager.speak();
  for (const listener of [...paged, telephone]) await listener.speak();
  await all([...paged, telephone].map((listener) => hears(listener, [pager.hz])));
  await hears(pager, []);
  await waitFor('the loudspeakers to hear the page', () => {
    const recent = payloads.slice(-20);
    return (recent.length === 20 && tonesHeard(decodeMuLawRecording(Buffer.concat(recent)).samples).some(({ hz }) => Math.abs(hz - pager.hz) < 10)) || undefined;
  });
  await pager.hangUp();
  for (const phone of paged) await phone.isTold();
  await telephone.hangUp();
  loudspeaker.close();
  expect(payloads.length).toBeGreaterThan(20);
});

async function all(waits: readonly Promise<void>[]): Promise<void> {
  await Promise.all(waits);
}

function hearsAll(party: Party, parties: readonly Party[]): Promise<void> {
  return hears(party, parties.filter((other) => other !== party).map(({ hz }) => hz));
}

/** These tones and no others; of an analog telephone's own there is what its hybrid gives back. */
async function hears(party: Party, tones: readonly number[]): Promise<void> {
  let last: readonly number[] = [];
  await waitFor(() => `${party.name} to hear ${tones.join(', ')}; it heard ${last.join(', ')}`, async () => {
    const heard = await party.hears();
    const loud = heard.filter(({ hz, dbm0 }) => dbm0 > -35 && !(party instanceof TelephoneParty && Math.abs(hz - party.hz) < 10));
    last = heard.map(({ hz }) => Math.round(hz));
    return (tones.every((hz) => loud.some((one) => Math.abs(one.hz - hz) < 10)) && loud.every(({ hz }) => tones.some((tone) => Math.abs(hz - tone) < 10))) || undefined;
  });
}
