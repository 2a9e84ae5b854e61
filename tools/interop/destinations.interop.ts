import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { bothHear } from './parties/party.ts';
import { PhoneArrivals, PhoneParty } from './parties/phone-party.ts';
import { waitFor } from './wait-for.ts';

/* Where a call goes that an extension does not take, with the real programs: who talks at last hears the other, and the record says by which way. */

let pbx: RunningPbx;
let bank: PhoneBank;
const arrivals = new PhoneArrivals();

beforeAll(async () => {
  pbx = await startPbx();
  bank = await PhoneBank.start({ registrar: { address: pbx.host, port: pbx.ports.sip }, devices: pbx.devices.slice(0, 9), firstRtpPort: 61_000 + 2 * Math.floor(Math.random() * 1_500), behaviour: () => 'ring', arrived: arrivals.arrived });
  await bank.register();
});
afterAll(async () => {
  await bank?.close();
  await pbx?.stop();
});

/** Tones are told apart in steps of 20 Hz. */
const phone = (at: number) => new PhoneParty(bank, arrivals, pbx.devices[at]!, 500 + 140 * at);

test('forwarding when nobody answers: the other one rings, and both hear each other', async () => {
  const [a, b, c] = [phone(0), phone(1), phone(2)];
  await setting(b.number, { ringTimeoutMs: 5_000, forwarding: { noAnswer: { type: 'number', number: c.number } } });
  await a.call(b.number);
  await b.isCalled();
  expect(await c.isCalled()).toEqual(a.shows);
  await talk(a, c);
  expect(await waysOf(b.number)).toEqual([`extension ${b.number}: noAnswer`, `extension ${c.number}: normalClearing`]);
});

test('do-not-disturb: who calls leaves a message, who is allowed gets through', async () => {
  const [a, b, c] = [phone(0), phone(3), phone(4)];
  const { id: box } = await pbx.api<{ id: string }>('POST', '/voicemail-boxes', { key: 'b', displayName: 'B' });
  await setting(b.number, { isDoNotDisturb: true, voicemailBoxId: box, callers: { allowed: [c.number] } });
  await a.call(b.number);
  await a.listen();
  await a.hangUp();
  expect(await waysOf(b.number)).toEqual(['voicemailBox b: normalClearing']);
  await c.call(b.number);
  await b.isCalled();
  await talk(c, b);
});

test('follow-me: another one rings after a while; who answers is talked to, and the first stops ringing', async () => {
  const [a, b, c] = [phone(0), phone(5), phone(6)];
  await setting(b.number, { followMe: { steps: [{ target: { type: 'number', number: c.number }, afterMs: 2_000, ringMs: 20_000 }] } });
  await a.call(b.number);
  await b.isCalled();
  await c.isCalled();
  await talk(a, c);
  await b.rests();
  expect(await waysOf(b.number)).toEqual([`extension ${b.number}: normalClearing`]);
});

test('a ring group in turn: the second is rung when the first does not answer, and is the first of the next call', async () => {
  const [a, b, c] = [phone(0), phone(7), phone(8)];
  const members = await Promise.all([b, c].map(async ({ number }) => ({ target: { type: 'extension', id: (await extensionOf(number)).id } })));
  await pbx.api('POST', '/ring-groups', { key: 'turns', displayName: 'Turns', number: '7600', members, strategy: 'roundRobin', memberRingMs: 5_000, callerNamePrefix: 'Turns: ' });
  await a.call('7600');
  expect((await b.isCalled()).name).toBe(`Turns: Desk ${a.number}`);
  await c.isCalled();
  await talk(a, c);
  expect(await waysOf('7600')).toEqual(['ring group turns: noAnswer', 'ring group turns: normalClearing']);
  await a.call('7600');
  await c.isCalled();
  await talk(a, c);
});

interface Extension {
  readonly id: string;
}

async function extensionOf(number: string): Promise<Extension> {
  const { items } = await pbx.api<{ items: readonly Extension[] }>('GET', `/extensions?number=${number}`);
  return items[0]!;
}

async function setting(number: string, patch: object): Promise<void> {
  await pbx.api('PATCH', `/extensions/${(await extensionOf(number)).id}`, patch, { 'if-match': '*' });
}

async function talk(caller: PhoneParty, called: PhoneParty): Promise<void> {
  await called.answer();
  await Promise.all([caller.speak(), called.speak()]);
  await bothHear(caller, called, 600);
  await caller.hangUp();
  await called.isTold();
}

/** Of the only call to that number. */
async function waysOf(number: string): Promise<readonly string[]> {
  interface Record {
    readonly to: string;
    readonly attempts: readonly { readonly name: string; readonly cause: string }[];
  }
  const record = await waitFor(`the record of a call to ${number}`, async () => (await pbx.api<{ items: readonly Record[] }>('GET', '/call-records?limit=3')).items.find(({ to }) => to === number));
  return record.attempts.map(({ name, cause }) => `${name}: ${cause}`);
}
