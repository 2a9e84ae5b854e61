import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pause } from '../testbed/each.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { PhoneArrivals, PhoneParty } from './parties/phone-party.ts';
import { toneShare } from './tone.ts';
import { waitFor } from './wait-for.ts';

/* What can be called and is no telephone: the programs as they are, a phone with a tone of its own, and what it hears. */

let pbx: RunningPbx;
let bank: PhoneBank;
let ann: PhoneParty;
let ben: PhoneParty;

beforeAll(async () => {
  pbx = await startPbx();
  const arrivals = new PhoneArrivals();
  const devices = pbx.devices.slice(0, 2);
  bank = await PhoneBank.start({ registrar: { address: pbx.host, port: pbx.ports.sip }, devices, firstRtpPort: 61_000 + 2 * Math.floor(Math.random() * 1_500), behaviour: () => 'ring', arrived: arrivals.arrived });
  await bank.register();
  ann = new PhoneParty(bank, arrivals, devices[0]!, 620);
  ben = new PhoneParty(bank, arrivals, devices[1]!, 780);
});

afterAll(async () => {
  await ann?.hangUp();
  await ben?.hangUp();
  await bank?.close();
  await pbx?.stop();
});

/** The strongest that is heard. */
async function loudest(party: PhoneParty): Promise<{ readonly hz: number; readonly dbm0: number } | undefined> {
  return (await party.hears())[0];
}

async function hears(party: PhoneParty, hz: number): Promise<void> {
  await waitFor(`${party.name} to hear ${hz} Hz`, async () => (Math.abs(((await loudest(party))?.hz ?? 0) - hz) <= 10 ? true : undefined));
}

async function dials(party: PhoneParty, number: string): Promise<void> {
  await party.call(number);
  await party.listen();
}

async function over(party: PhoneParty): Promise<void> {
  await party.hangUp();
  await party.rests();
}

interface ExtensionView {
  readonly id: string;
  readonly version: number;
  readonly number: string;
  readonly forwarding: { readonly always: unknown };
}

function extension(number: string): Promise<ExtensionView> {
  return pbx.api<{ items: ExtensionView[] }>('GET', '/extensions?limit=100').then(({ items }) => items.find((one) => one.number === number)!);
}

describe('tests of lines', () => {
  test('the milliwatt is 1004 Hz at 0 dBm0', async () => {
    await dials(ann, '*44');
    const { samples } = await waitFor('two seconds of it', () => {
      const heard = ann.sound.heard();
      return heard.samples.length > 20_000 ? heard : undefined;
    });
    // A second, of which 1004 Hz is a multiple.
    const second = samples.subarray(-8_000);
    expect(toneShare({ sampleRateHz: 8_000, samples: second }, 1_004)).toBeGreaterThan(0.99);
    const rms = Math.sqrt(second.reduce((sum, sample) => sum + sample * sample, 0) / second.length);
    expect(Math.abs(20 * Math.log10(rms / 16_141))).toBeLessThan(0.1);
    await over(ann);
  });

  test('in an echo test one hears oneself, and nobody before', async () => {
    await dials(ann, '*43');
    ann.sound.press('1');
    await ann.speak();
    await hears(ann, ann.hz);
    ann.sound.press('#');
    await ann.isTold();
    await ann.rests();
  });
});

test('a menu leads to an extension', async () => {
  const target = await extension(ben.number);
  const { id } = await pbx.api<{ id: string }>('POST', '/ivrs', { key: 'menu', displayName: 'Menu', number: '7800', dialsExtensions: true, choices: [{ digits: '5', label: 'Ben', destination: { type: 'extension', id: target.id } }] });
  expect(id).toMatch(/^ivr_/);
  await dials(ann, '7800');
  ann.sound.press('5');
  await ben.isCalled();
  await ben.answer();
  await ann.speak();
  await ben.speak();
  await hears(ann, ben.hz);
  await hears(ben, ann.hz);
  await ben.hangUp();
  await ann.isTold();
  await ben.rests();
});

test('a code forwards all calls and ends that again, aloud', async () => {
  await dials(ann, `*72${ben.number}`);
  await ann.isTold();
  expect((await extension(ann.number)).forwarding.always).toMatchObject({ type: 'extension' });
  await ann.rests();
  await dials(ann, '*73');
  await ann.isTold();
  expect((await extension(ann.number)).forwarding.always).toBeNull();
  await ann.rests();
});

test('who wants to be woken is rung at the minute, and told so', async () => {
  const { site } = await pbx.api<{ site: { timeZone: string } }>('GET', '/settings');
  // The one after the next: this may be about to end.
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: site.timeZone, dateStyle: 'short', timeStyle: 'short' }).format(Date.now() + 70_000).split(' ');
  const { id, version } = await extension(ben.number);
  await pbx.api('PATCH', `/extensions/${id}`, { wakeUps: [{ on: parts[0], time: parts[1] }] }, { 'if-match': `"${version}"` });
  await waitFor('the telephone to ring', () => ben.isCalled().catch(() => undefined), 150_000);
  await ben.answer();
  ben.sound.press('1');
  await ben.isTold();
  await ben.rests();
}, 200_000);

test('a message is left, listened to with a PIN, and deleted; no digit of the PIN is in the story', async () => {
  const box = await pbx.api<{ id: string }>('POST', '/voicemail-boxes', { key: 'ann', displayName: 'Ann', pin: '2580' });
  const { id, version } = await extension(ann.number);
  await pbx.api('PATCH', `/extensions/${id}`, { voicemailBoxId: box.id }, { 'if-match': `"${version}"` });
  const messages = (): Promise<{ items: { isHeard: boolean; durationMs: number }[] }> => pbx.api('GET', `/voicemail-boxes/${box.id}/messages`);
  await dials(ben, `*99${ann.number}`);
  ben.sound.press('#');
  // The tone says that one may speak.
  await hears(ben, 1_000);
  await ben.speak();
  await pause(3_000);
  await over(ben);
  await waitFor('the message', async () => ((await messages()).items.length === 1 ? true : undefined));
  await dials(ann, '*97');
  for (const digit of '2580#1') ann.sound.press(digit);
  await hears(ann, ben.hz);
  ann.sound.press('7');
  await waitFor('the message to be gone', async () => ((await messages()).items.length === 0 ? true : undefined));
  await over(ann);
  const { id: record } = await waitFor('its record', async () => (await pbx.api<{ items: { id: string; to: { number: string } | string }[] }>('GET', '/call-records?limit=100')).items.find(({ to }) => JSON.stringify(to).includes('*97')));
  const story = JSON.stringify(await pbx.api('GET', `/call-records/${record}`));
  for (const digit of ['2', '5', '8', '0']) expect(story).not.toContain(`digit ${digit}`);
});
