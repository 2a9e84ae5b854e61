import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeLeftovers, leftovers } from '../testbed/metrics.ts';
import { musicHz } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { portsBeside } from '../testbed/ports.ts';
import { SimulatedOffice } from '../testbed/simulated-office.ts';
import { LineParty } from './parties/line-party.ts';
import { bothHear, type Party } from './parties/party.ts';
import { PhoneArrivals, PhoneParty } from './parties/phone-party.ts';
import { recordOf } from './parties/record-of.ts';
import { TelephoneParty } from './parties/telephone-party.ts';
import { waitFor } from './wait-for.ts';

/*
 * Analog calls, and what becomes of them when the controller, the gateway or PostgreSQL is killed by SIGKILL, or a card is pulled. Two cards: the
 * lines behind 8 are one on each.
 */
let office: SimulatedOffice;
let bank: PhoneBank;
let phones: readonly PhoneParty[];
let telephones: readonly TelephoneParty[];
/** Of the first card: two that are called, one that calls the second phone. Behind 8: the last of the first card, and that of the second. */
let lines: readonly LineParty[];

beforeAll(async () => {
  office = await SimulatedOffice.start([{ serial: 'SIM-1', lines: 4, telephones: 6 }, { serial: 'SIM-2', lines: 1, telephones: 0 }]);
  const { pbx } = office;
  const arrivals = new PhoneArrivals();
  const devices = pbx.devices.slice(0, 3);
  bank = await PhoneBank.start({ registrar: { address: '127.0.0.1', port: pbx.ports.sip }, devices, firstRtpPort: portsBeside(pbx.ports.rtp, 200), behaviour: () => 'answer', ringMs: () => 300, arrived: arrivals.arrived });
  await bank.register();
  phones = devices.map((device, at) => new PhoneParty(bank, arrivals, device, 540 + 60 * at));
  const added = await office.addTelephones([5, 6, 7, 8, 9, 10].map((port) => ({ card: 'SIM-1', port })), 201);
  // Whoever calls speaks low, whoever is called high.
  telephones = added.map((telephone, at) => new TelephoneParty(office, telephone, at % 2 === 0 ? 780 + 60 * at : 1_500 + 60 * at));
  const made: LineParty[] = [];
  for (const [at, prefix] of ['91', '92', '93', '8'].entries()) {
    const line = await office.addLine({ card: 'SIM-1', port: at + 1 }, { prefix, inbound: at === 2 ? { type: 'number', number: phones[1]!.number } : null });
    made.push(new LineParty(office, line, at === 2 ? 1_260 : 1_860 + 60 * at));
  }
  made.push(new LineParty(office, await office.addLine({ card: 'SIM-2', port: 1 }, { prefix: '8' }), 2_220));
  lines = made;
  for (const party of [...telephones, ...lines]) await party.rests();
});

afterAll(async () => {
  await bank?.close();
  await office?.stop();
});

afterEach(async () => {
  for (const party of [...phones, ...telephones, ...lines]) await party.hangUp().catch(() => {});
  for (const party of [...phones, ...telephones, ...lines]) await party.rests();
  const { transactions: _, ...left } = await waitFor('nothing to be left of calls', async () => {
    const all = await leftovers(office.pbx);
    return Object.entries(all).every(([name, value]) => name === 'transactions' || value === 0) ? all : undefined;
  });
  expect(describeLeftovers(left)).toBe('none');
});

test('a killed controller: four kinds of calls go on, are hung up afterwards from either side and recorded; who hung up meanwhile has ended the call', async () => {
  const start = new Date();
  const [phone1, phone2] = [phones[0]!, phones[1]!];
  const [t1, t2, t3, t4, t5, t6] = telephones as [TelephoneParty, TelephoneParty, TelephoneParty, TelephoneParty, TelephoneParty, TelephoneParty];
  const [line1, line2, line3] = lines as [LineParty, LineParty, LineParty];
  const going: readonly Pair[] = [[t1, t2], [phone1, t4], [t3, line1], [line3, phone2]];
  const ending: readonly Pair[] = [[t5, line2], [phones[2]!, t6]];
  await Promise.all([...going, ...ending].map((pair) => talk(...pair)));
  const before = references(...going, ...ending);

  // Tones take time to be told, and so does a hook that may be a flash: neither is known when the controller dies.
  await t5.hush();
  await line2.hangUp({ by: 'tone', tone: 'busy' });
  await t6.hangUp();
  const killedAt = performance.now();
  const ready = office.pbx.controller.nextReady();
  await office.pbx.controller.kill();
  await ready;
  const awayMs = Math.round(performance.now() - killedAt);
  await Promise.all(going.map((pair) => bothHear(...pair, 1_000)));
  const gapsMs = [phone1, phone2].map(({ sound }) => Math.round(sound.longestGapMs(killedAt - 500)));
  console.log(`controller away for ${awayMs} ms; longest gap of the sound of two SIP phones ${gapsMs.join(' and ')} ms`);
  for (const gap of gapsMs) expect(gap).toBeLessThan(500);

  // It hears the busy tone of its line before it is told.
  await line2.isTold();
  await t5.isTold();
  await phones[2]!.isTold();
  const [busy, onHook] = await Promise.all(before.slice(4).map((each) => recordOf(office.pbx, each, start)));
  expect(busy).toMatchObject({ recovered: true, cause: 'normalClearing', evidence: { kind: 'tone', text: expect.stringContaining('busy tone') as string } });
  expect(onHook).toMatchObject({ recovered: true, cause: 'normalClearing', evidence: { kind: 'onHook' } });

  for (const [ends, told] of [[t2, t1], [phone1, t4], [line1, t3], [phone2, line3]] as const) {
    const names = [ends.reference, told.reference];
    await ends.hangUp();
    await told.isTold();
    expect(await recordOf(office.pbx, names, start)).toMatchObject({ recovered: true, cause: 'normalClearing', evidence: { kind: ends.evidence.kind, text: expect.stringMatching(ends.evidence.text) as string } });
  }
});

test('a killed gateway ends analog calls, with that in words; everything is used again afterwards', async () => {
  const start = new Date();
  const pairs: readonly Pair[] = [[telephones[0]!, telephones[1]!], [telephones[2]!, lines[0]!], [lines[2]!, phones[1]!]];
  await Promise.all(pairs.map((pair) => talk(...pair)));
  const before = references(...pairs);
  const ready = office.pbx.media.nextReady();
  await office.pbx.media.kill();
  await ready;
  for (const each of before) {
    const record = await recordOf(office.pbx, each, start);
    expect(record).toMatchObject({ cause: 'temporaryFailure', evidence: { kind: 'gatewayRestarted', text: expect.stringContaining('the media gateway was restarted') as string } });
  }
  // The simulated far ends died with it: their handsets are on their rests.
  for (const party of [...telephones, ...lines]) await party.rests();
  await Promise.all(pairs.map((pair) => talk(...pair)));
});

test('a card is pulled: its calls end with that, its ports are absent, another card’s line is taken; it returns with its settings', async () => {
  const start = new Date();
  const { api } = office.pbx;
  const [t1, t2, phone1] = [telephones[0]!, telephones[1]!, phones[0]!];
  const path = `/stations/${t1.station.id}`;
  const { version } = await api<{ version: number }>('GET', path);
  await api('PATCH', path, { overrides: { loopMilliamps: 30 } }, { 'if-match': `"${version}"` });
  const portOf = async () => (await api<{ items: PortView[] }>('GET', '/cards/SIM-1/ports')).items.find(({ number }) => number === t1.station.port.port)!;
  await waitFor('the port to be set', async () => (await portOf()).settings?.['loopMilliamps'] === 30 || undefined);
  const settings = (await portOf()).settings;

  await talk(t1, t2);
  await talk(phone1, lines[0]!);
  const before = references([t1, t2], [phone1, lines[0]!]);
  await office.act({ on: 'card', card: 'SIM-1', do: 'pull' });
  try {
    await phone1.isTold();
    for (const each of before) expect(await recordOf(office.pbx, each, start)).toMatchObject({ cause: 'outOfOrder', evidence: { text: expect.stringMatching(/^the card (of the port )?was pulled$/) as string } });
    expect((await api<{ items: { id: string; isPresent: boolean }[] }>('GET', '/cards')).items.map(({ id, isPresent }) => [id, isPresent])).toEqual([['SIM-1', false], ['SIM-2', true]]);
    expect((await api<{ items: PortView[] }>('GET', '/cards/SIM-1/ports')).items.map(({ isPresent }) => isPresent)).toEqual(Array.from({ length: 10 }, () => false));
    expect(await office.live(t1.station)).toMatchObject({ state: 'absent', isPresent: false });

    // 8 is the pulled card's line first.
    const other = lines[4]!;
    await phone1.call(other.number);
    await other.isCalled();
    await other.answer();
    await Promise.all([phone1.speak(), other.speak()]);
    await bothHear(phone1, other, 500);
  } finally {
    await t1.hangUp();
    await t2.hangUp();
    await office.act({ on: 'card', card: 'SIM-1', do: 'insert' });
  }
  await waitFor('the card to be there', async () => (await portOf()).isPresent || undefined);
  for (const party of [...telephones, ...lines.slice(0, 4)]) await party.rests();
  await waitFor('the port to be set as before', async () => JSON.stringify((await portOf()).settings) === JSON.stringify(settings) || undefined);
  await talk(t1, t2);
});

test('PostgreSQL is killed during an analog call: it goes on, another is made, and both are recorded once it is back', async () => {
  const start = new Date();
  const [first, second] = [[telephones[0]!, lines[0]!], [phones[0]!, telephones[1]!]] as const;
  await talk(...first);
  process.kill(office.pbx.database.pid, 'SIGKILL');
  await bothHear(...first, 1_000);
  await talk(...second);
  const before = references(first, second);
  await first[0].hangUp();
  await first[1].isTold();
  await second[1].hangUp();
  await second[0].isTold();
  await office.pbx.database.restart();
  for (const each of before) expect(await recordOf(office.pbx, each, start)).toMatchObject({ cause: 'normalClearing', evidence: { kind: 'onHook' } });
});

test('a hook flash holds the other side, which hears music, and the next one takes it back', async () => {
  const [telephone, phone] = [telephones[0]!, phones[0]!];
  await talk(telephone, phone);
  await telephone.flash();
  await waitFor('the call to be held', async () => (await office.live(telephone.station)).held === 1 || undefined);
  await waitFor('the held phone to hear music', async () => isMusic(await phone.hears()) || undefined);
  await telephone.flash();
  await waitFor('the call to be taken back', async () => (await office.live(telephone.station)).held === 0 || undefined);
  await bothHear(telephone, phone, 1_000);
});

test('a second call waits: call waiting tone, the caller on the display (type II), the flash that takes it and the one that goes back', async () => {
  const [telephone, first, second] = [telephones[0]!, phones[0]!, phones[1]!];
  await talk(telephone, first);
  await second.call(telephone.number);
  await waitFor('the tone of a waiting call', async () => (await telephone.hears()).some(({ hz }) => Math.abs(hz - 440) < 5) || undefined);
  const { caller } = await waitFor('the display of the waiting caller', async () => {
    const state = await telephone.state();
    return state.caller?.waiting === true ? state : undefined;
  });
  expect(caller).toMatchObject({ waiting: true, number: { shown: second.number }, name: { shown: second.shows.name } });
  // The first party is there again after the data.
  await bothHear(telephone, first, 500);
  expect(await office.live(telephone.station)).toMatchObject({ waiting: { number: second.number } });

  await telephone.flash();
  await second.answer();
  await second.speak();
  await bothHear(telephone, second, 1_000);
  expect(isMusic(await first.hears())).toBe(true);
  await telephone.flash();
  await bothHear(telephone, first, 1_000);
  expect(isMusic(await second.hears())).toBe(true);
  await second.hangUp();
  await first.hangUp();
  await telephone.isTold();
});

test('a telephone hangs up on two calls: the SIP phone and the telephone it had hear each other, also when the controller is killed then; three-way before that', async () => {
  const [telephone, phone, other] = [telephones[0]!, phones[0]!, telephones[1]!];
  await talk(phone, telephone);
  await telephone.hush();
  await telephone.flash();
  await telephone.hearsDialTone();
  await telephone.dial(`${other.number}#`);
  await other.isCalled();
  await other.answer();
  await Promise.all([telephone.speak(), other.speak()]);
  await bothHear(telephone, other, 1_000);

  await telephone.hush();
  await telephone.flash();
  await waitFor('a digit to be asked for', async () => (await office.live(telephone.station)).state === 'choosing' || undefined);
  await telephone.dial('3');
  await waitFor('the two calls to be one', async () => (await office.live(telephone.station)).held === 0 || undefined);
  await bothHear(phone, other, 1_000);
  await hearsAll(telephone, phone, other);
  // Of tones that never pause no canceller can tell what is echo: one of the telephones is silent.
  await other.hush();
  await telephone.speak();
  await hearsAll(other, phone, telephone);
  await telephone.hangUp();
  await other.speak();
  await bothHear(phone, other, 1_000);
  await other.hangUp();
  await phone.isTold();
  await telephone.rests();

  await talk(phone, telephone);
  await telephone.hush();
  await telephone.flash();
  await telephone.hearsDialTone();
  await telephone.dial(`${other.number}#`);
  await telephone.hearsRingback();
  await telephone.hangUp();
  await other.answer();
  await other.speak();
  await bothHear(phone, other, 1_000);
  await telephone.rests();
  const ready = office.pbx.controller.nextReady();
  await office.pbx.controller.kill();
  await ready;
  await bothHear(phone, other, 1_000);
  await other.hangUp();
  await phone.isTold();
});

interface PortView {
  readonly number: number;
  readonly isPresent: boolean;
  readonly settings: Readonly<Record<string, unknown>> | null;
}

type Pair = readonly [Party, Party];

async function talk(caller: Party, called: Party): Promise<void> {
  await caller.call(called.number);
  await called.isCalled();
  await called.answer();
  await Promise.all([caller.speak(), called.speak()]);
  await bothHear(caller, called, 500);
}

async function hearsAll(listener: Party, ...others: readonly Party[]): Promise<void> {
  await waitFor(`${listener.name} to hear ${others.length}`, async () => {
    const heard = await listener.hears();
    return others.every(({ hz }) => heard.some((tone) => Math.abs(tone.hz - hz) < 10 && tone.dbm0 > -25)) || undefined;
  });
}

/** What those hear who wait, and nobody beside it. */
function isMusic(heard: readonly { readonly hz: number }[]): boolean {
  return heard.length > 0 && heard.every(({ hz }) => Math.abs(hz - musicHz) < 10);
}

function references(...pairs: readonly Pair[]): readonly (readonly string[])[] {
  return pairs.map((pair) => pair.map(({ reference }) => reference));
}
