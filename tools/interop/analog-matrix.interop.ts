import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Story } from '@tipring/story';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedOffice, type OfficeTelephone } from '../testbed/simulated-office.ts';
import { describeLeftovers, leftovers } from '../testbed/metrics.ts';
import { freePorts, portsBeside } from '../testbed/ports.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { LineParty } from './parties/line-party.ts';
import { bothHear, isHeard, type Party, type Shown, showsNothing } from './parties/party.ts';
import { PhoneArrivals, PhoneParty } from './parties/phone-party.ts';
import { recordOf } from './parties/record-of.ts';
import { TelephoneParty } from './parties/telephone-party.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { isInstalled } from './phones/installed.ts';
import { tonePresenceMs } from './tone.ts';
import { waitFor } from './wait-for.ts';

/*
 * Every ordered pair of SIP phone, FXS telephone and FXO line, through PostgreSQL, controller and gateway as they run in service; the wires, the
 * telephones and the exchanges are simulated. Whoever speaks has a tone that nobody else in the building has.
 */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-matrix-'));
const arrivals = new PhoneArrivals();
const parties = new Map<string, Party>();
let office: SimulatedOffice;
let bank: PhoneBank;

type Kind = 'SIP' | 'FXS' | 'FXO';
const kinds = ['SIP', 'FXS', 'FXO'] as const satisfies readonly Kind[];
const pairs = kinds.flatMap((from) => kinds.map((to) => ({ from, to })));

beforeAll(async () => {
  office = await SimulatedOffice.start([{ serial: 'SIM-1', lines: count('FXO'), telephones: count('FXS') }]);
  const { pbx } = office;
  bank = await PhoneBank.start({ registrar: { address: '127.0.0.1', port: pbx.ports.sip }, devices: pbx.devices.slice(0, count('SIP')), firstRtpPort: portsBeside(pbx.ports.rtp, 200), behaviour: () => 'answer', ringMs: () => 700, arrived: arrivals.arrived });
  await bank.register();
  await furnish();
});

afterAll(async () => {
  await bank?.close();
  await office?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe.each(['caller', 'called'] as const)('the %s hangs up', (side) => {
  test.concurrent.each(pairs)('$from calls $to: audio both ways, caller ID, cause and evidence of both legs, and nothing is left', async ({ from, to }) => {
    await between(from, to, async (caller, called) => {
      const start = new Date();
      await caller.call(called.number);
      const shown = await called.isCalled();
      expect(shown, `what ${called.name} shows`).toEqual(to === 'FXO' ? showsNothing : caller.shows);
      await called.answer();
      await caller.speak();
      await isHeard(caller, called);
      await called.speak();
      await bothHear(caller, called);

      const [ends, told] = side === 'caller' ? [caller, called] : [called, caller];
      await ends.hangUp();
      await told.isTold();
      const record = await recordOf(office.pbx, [caller.reference, called.reference], start);
      const [endsLeg, toldLeg] = [ends, told].map((party) => record.legs.find(({ reference }) => reference === party.reference));
      expect(record).toMatchObject({ cause: 'normalClearing', recovered: false, from: shownInRecord(caller.shows) });
      expect(record.answeredAt).not.toBeNull();
      expect(endsLeg).toMatchObject({ cause: 'normalClearing', evidence: { kind: ends.evidence.kind, text: expect.stringMatching(ends.evidence.text) as string } });
      expect(record.evidence).toEqual(endsLeg?.evidence);
      expect(toldLeg).toMatchObject({ cause: 'normalClearing', evidence: told.toldEvidence });
      // A call in order blames nobody.
      const { verdicts } = await office.pbx.api<Story>('GET', `/call-records/${record.id}/story`);
      expect(verdicts.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(verdicts[0]?.code).toBe('nothingWrong');
      await Promise.all([caller.rests(), called.rests()]);
    });
  });
});

test('after all calls no context, termination or RTP port is in use', async () => {
  const left = await waitFor('the gateway to be empty', async () => {
    const { transactions: _, ...all } = await leftovers(office.pbx);
    return Object.values(all).every((value) => value === 0) ? all : undefined;
  });
  expect(describeLeftovers(left)).toBe('none');
});

describe('digits', () => {
  test.concurrent('from a SIP phone (RFC 4733) are heard by the exchange of the line', async () => {
    await between('SIP', 'FXO', async (caller, called) => {
      await talking(caller, called, caller);
      const [phone, line] = [caller as PhoneParty, called as LineParty];
      const dialled = (await line.state()).digits;
      phone.sound.press('1590*#');
      await line.sees('the digits', ({ digits }) => digits === `${dialled}1590*#`);
    });
  });

  test.concurrent('from a telephone are heard by a SIP phone as RFC 4733, each once', async () => {
    await between('FXS', 'SIP', async (caller, called) => {
      await talking(caller, called, called);
      const [telephone, { sound }] = [caller as TelephoneParty, called as PhoneParty];
      await telephone.dial('2684*#');
      await waitFor(() => `the digits; ${sound.digits} came`, () => sound.digits === '2684*#' || undefined);
    });
  });

  test.concurrent('from a telephone are heard by the exchange of the line', async () => {
    await between('FXS', 'FXO', async (caller, called) => {
      await talking(caller, called, called);
      const [telephone, line] = [caller as TelephoneParty, called as LineParty];
      const dialled = (await line.state()).digits;
      await telephone.dial('737');
      await line.sees('the digits', ({ digits }) => digits === `${dialled}737`);
    });
  });
});

describe('a real phone: baresip', () => {
  beforeEach((context) => context.skip(!isInstalled('baresip'), 'needs baresip: apt-get install baresip-core'));

  test('calls a telephone, and is called by it', async () => {
    await between('SIP', 'FXS', async (_, called) => {
      const telephone = called as TelephoneParty;
      await withBaresip(async (phone) => {
        phone.dial(telephone.number);
        expect(await telephone.isCalled()).toEqual({ number: realPhone, name: `Desk ${realPhone}` });
        await telephone.answer();
        await hearEachOther(phone, telephone);
        phone.hangUp();
        await telephone.isTold();
        await telephone.rests();

        const from = phone.events.length;
        await telephone.call(realPhone);
        await phone.event('CALL_ESTABLISHED', from);
        expect(callersOf(phone, from)).toContain(telephone.number);
        await hearEachOther(phone, telephone);
        await telephone.hangUp();
        await phone.event('CALL_CLOSED', from);
      });
    });
  });

  test('calls out over a line, and is called from outside over it', async () => {
    await between('SIP', 'FXO', async (_, called) => {
      const line = called as LineParty;
      const path = `/lines/${line.line.id}`;
      const { version } = await office.pbx.api<{ version: number }>('GET', path);
      await office.pbx.api('PATCH', path, { inbound: { type: 'number', number: realPhone } }, { 'if-match': `"${version}"` });
      await withBaresip(async (phone) => {
        phone.dial(line.number);
        await line.isCalled();
        await line.answer();
        await hearEachOther(phone, line);
        phone.hangUp();
        await line.isTold();
        await line.rests();

        const from = phone.events.length;
        await line.call();
        await phone.event('CALL_ESTABLISHED', from);
        expect(callersOf(phone, from)).toContain(line.shows.number);
        await hearEachOther(phone, line);
        await line.hangUp();
        await phone.event('CALL_CLOSED', from);
      });
    });
  });
});

/** One after the other, so that each pair has its own. */
async function furnish(): Promise<void> {
  const { pbx } = office;
  const telephones = await office.addTelephones(Array.from({ length: count('FXS') }, (_, at) => ({ card: 'SIM-1', port: count('FXO') + at + 1 })), 201);
  const sides = pairs.flatMap(({ from, to }) => [{ from, to, side: 'caller' as const, kind: from }, { from, to, side: 'called' as const, kind: to }]);
  const next = { SIP: 0, FXS: 0, FXO: 0 };
  const lines: { readonly at: number; readonly pair: (typeof sides)[number]; readonly hz: number }[] = [];
  for (const [index, pair] of sides.entries()) {
    const hz = toneHz[index]!;
    const at = next[pair.kind]++;
    if (pair.kind === 'SIP') parties.set(keyOf(pair), new PhoneParty(bank, arrivals, pbx.devices[at]!, hz));
    else if (pair.kind === 'FXS') parties.set(keyOf(pair), new TelephoneParty(office, telephones[at] as OfficeTelephone, hz));
    else lines.push({ at, pair, hz });
  }
  // The last first: a line that is called is there before the one whose calls go out over it.
  for (const { at, pair, hz } of lines.toReversed()) {
    const called = pair.side === 'caller' ? partyOf(pair.from, pair.to, 'called') : null;
    const line = await office.addLine({ card: 'SIM-1', port: at + 1 }, { prefix: `9${at}`, inbound: called === null ? null : { type: 'number', number: called.number } });
    parties.set(keyOf(pair), new LineParty(office, line, hz));
  }
  for (const party of parties.values()) if (!(party instanceof PhoneParty)) await party.rests();
}

function partyOf(from: Kind, to: Kind, side: 'caller' | 'called'): Party {
  const party = parties.get(keyOf({ from, to, side }));
  if (party === undefined) throw new Error(`nobody is ${side} where ${from} calls ${to}`);
  return party;
}

function keyOf({ from, to, side }: { readonly from: Kind; readonly to: Kind; readonly side: string }): string {
  return `${from}>${to} ${side}`;
}

function count(kind: Kind): number {
  return pairs.flatMap(({ from, to }) => [from, to]).filter((one) => one === kind).length;
}

/** Also after a failure nobody is left off the hook: the next call of the pair is another test. */
async function between(from: Kind, to: Kind, use: (caller: Party, called: Party) => Promise<void>): Promise<void> {
  const both = [partyOf(from, to, 'caller'), partyOf(from, to, 'called')] as const;
  try {
    await use(...both);
  } finally {
    // Who has hung up already refuses to do so.
    for (const party of both) await party.hangUp().catch(() => {});
    for (const party of both) await party.rests();
  }
}

/** One speaks; a telephone that presses digits is silent. */
async function talking(caller: Party, called: Party, speaker: Party): Promise<void> {
  await caller.call(called.number);
  await called.isCalled();
  await called.answer();
  await speaker.speak();
  await isHeard(speaker, speaker === caller ? called : caller, 0);
}

function shownInRecord({ number, name }: Shown): object {
  return { number, name };
}

async function hearEachOther(phone: BaresipPhone, party: Party): Promise<void> {
  await party.speak();
  const heardMs = (hz: number) => phone.heard().reduce((sum, recording) => sum + tonePresenceMs(recording, hz), 0);
  const before = heardMs(party.hz);
  await waitFor(`baresip to hear ${party.name}`, () => heardMs(party.hz) >= before + 1_500 || undefined);
  await waitFor(`${party.name} to hear baresip`, async () => (await party.hears()).some(({ hz, dbm0 }) => Math.abs(hz - BARESIP_HZ) < 5 && dbm0 > -22) || undefined);
}

/** User parts of those who called it. */
function callersOf(phone: BaresipPhone, from: number): readonly string[] {
  return phone.events.slice(from).flatMap(({ peeruri }) => /^sip:([^@]+)@/.exec(peeruri ?? '')?.[1] ?? []);
}

async function withBaresip(use: (phone: BaresipPhone) => Promise<void>): Promise<void> {
  const device = office.pbx.devices.find(({ extension }) => extension === realPhone);
  if (device === undefined) throw new Error(`the demo office has no ${realPhone}`);
  const [sipPort = 0] = await freePorts(1);
  const [controlPort = 0] = await freePorts(1);
  const folder = mkdtempSync(join(scratch, 'baresip-'));
  mkdirSync(folder, { recursive: true });
  const phone = await BaresipPhone.start({
    folder, toneHz: BARESIP_HZ, sipPort, controlPort, answer: 'auto',
    account: { username: device.username, password: device.password, server: `127.0.0.1:${office.pbx.ports.sip}`, transport: 'udp' },
  });
  try {
    await phone.registered();
    await use(phone);
  } finally {
    await phone.stop();
  }
}

/** Extensions 101 to 106 are the bank's: six SIP sides are in the pairs. */
const realPhone = '110';
const BARESIP_HZ = 1_240;
/**
 * Nobody's is within 60 Hz of another's. Callers speak low and called parties high: the canceller of a line that hears two steady tones close to
 * each other takes one for the other.
 */
const toneHz = pairs.flatMap((_, at) => [540 + 60 * at, 1_500 + 60 * at]);
