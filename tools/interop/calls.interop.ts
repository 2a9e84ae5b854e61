import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import { type DemoDevice, type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { freePorts } from '../testbed/ports.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { LinphonePhone } from './phones/linphone.ts';
import { isInstalled } from './phones/installed.ts';
import { RtpParty } from './phones/rtp-party.ts';
import { SipJsPhone } from './phones/sipjs.ts';
import { Sipp, sippCredentials } from '../testbed/sipp.ts';
import { type Recording, tonePresenceMs, toneShare } from './tone.ts';
import { waitFor } from './wait-for.ts';

/*
 * Real phones against the real PBX. Audio is proved by tone identity: each party plays its own frequency and must hear
 * the other's, and not its own.
 */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-interop-'));
let pbx: RunningPbx;
let phones = 0;
let testStarted = 0;

beforeAll(async () => {
  pbx = await startPbx();
});

beforeEach(() => {
  testStarted = Date.now();
});

afterAll(async () => {
  await pbx.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('baresip', () => {
  needs('baresip', 'baresip-core');

  for (const [caller, called] of [['udp', 'udp'], ['tcp', 'tcp'], ['udp', 'tcp'], ['tls', 'udp']] as const) {
    test(`calls baresip, ${caller} to ${called}: both hear the other's tone, also after hold and resume, and a digit arrives once`, async () => {
      await withPhones([baresip('101', CALLER_HZ, caller), baresip('102', CALLED_HZ, called)], async ([a, b]) => {
        a.dial('102');
        await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
        await bothTalk(a, b, 1500);

        a.press('5');
        await b.event('CALL_DTMF_START');
        await b.event('CALL_DTMF_END');

        a.hold();
        const view = await waitFor('the call to be held', async () => (await liveCalls()).find((call) => call.state === 'held'));
        expect(view.from.number).toBe('101');
        a.resume();
        await waitFor('the call to be resumed', async () => (await liveCalls()).find((call) => call.state === 'talking'));
        const heardBefore = heardMs(b, CALLER_HZ);
        await waitFor('the called side to hear the caller again', () => heardMs(b, CALLER_HZ) > heardBefore + 1500 || undefined);

        a.hangUp();
        await b.event('CALL_CLOSED');
        // baresip does not go on recording what it hears after a hold of its own; its count of packets does go on.
        const received = await waitFor("baresip's count of packets", () => a.packetsReceived);
        expect(received * 20).toBeGreaterThan(heardMs(a, CALLED_HZ) + 1000);
        expect(b.events.filter((event) => event.type === 'CALL_DTMF_START').map((event) => event.param)).toEqual(['5']);
      });
      const record = await lastRecord('102');
      expect(record.cause).toBe('normalClearing');
      expect(record.legs.map((leg) => leg.quality?.packetsReceived ?? 0).every((packets) => packets > 50)).toBe(true);
    });
  }

  test('the called side hangs up: the caller is told and the record says so', async () => {
    await withPhones([baresip('101', CALLER_HZ, 'udp'), baresip('102', CALLED_HZ, 'udp')], async ([a, b]) => {
      a.dial('102');
      await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
      b.hangUp();
      await a.event('CALL_CLOSED');
    });
    expect((await lastRecord('102')).legs.find((leg) => leg.role === 'called')?.evidence?.text).toContain('BYE');
  });

  test('a rejected call ends as rejected, a call to nobody as unallocated, a call to a phone that is off as absent', async () => {
    await withPhones([baresip('101', CALLER_HZ, 'udp'), baresip('102', CALLED_HZ, 'udp', { answer: 'manual' })], async ([a, b]) => {
      a.dial('102');
      await b.event('CALL_INCOMING');
      b.hangUp();
      await a.event('CALL_CLOSED');
      a.dial('999');
      await waitFor('the second call to fail', () => (a.events.filter((event) => event.type === 'CALL_CLOSED').length === 2 ? true : undefined));
      a.dial('110');
      await waitFor('the third call to fail', () => (a.events.filter((event) => event.type === 'CALL_CLOSED').length === 3 ? true : undefined));
    });
    expect(['rejected', 'userBusy']).toContain((await lastRecord('102')).cause);
    expect((await lastRecord('999')).cause).toBe('unallocatedNumber');
    expect((await lastRecord('110')).cause).toBe('subscriberAbsent');
  });

  test('a digit by INFO arrives once, as an RFC 4733 event', async () => {
    await withPhones([baresip('101', CALLER_HZ, 'udp', { digits: 'info' }), baresip('102', CALLED_HZ, 'udp')], async ([a, b]) => {
      a.dial('102');
      await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
      await bothTalk(a, b, 1000);
      a.press('7');
      await b.event('CALL_DTMF_START');
      await b.event('CALL_DTMF_END');
      await bothTalk(a, b, 1000);
      expect(b.events.filter((event) => event.type === 'CALL_DTMF_START').map((event) => event.param)).toEqual(['7']);
      a.hangUp();
      await b.event('CALL_CLOSED');
    });
  });

  for (const codec of ['G722', 'opus', 'PCMA']) {
    test(`two phones with ${codec} first talk ${codec}, relayed`, async () => {
      const codecs = codec === 'opus' ? 'opus/48000/2' : `${codec}/${codec === 'G722' ? 16000 : 8000}/1`;
      await withPhones([baresip('101', CALLER_HZ, 'udp', { codecs }), baresip('102', CALLED_HZ, 'udp', { codecs })], async ([a, b]) => {
        a.dial('102');
        await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
        await bothTalk(a, b, 1500);
        a.hangUp();
        await b.event('CALL_CLOSED');
      });
      expect((await lastRecord('102')).legs.map((leg) => leg.quality?.codec?.toLowerCase())).toEqual([codec.toLowerCase(), codec.toLowerCase()]);
    });
  }
});

describe('linphonec and sipp', () => {
  needs('linphonec', 'linphone-cli');
  needs('sipp', 'sip-tester');

  for (const transport of ['udp', 'tcp'] as const) {
    test(`linphonec calls sipp over ${transport}: both hear the other, also after hold and resume`, async () => {
      const device = demoDevice('104');
      const rtp = await RtpParty.start(CALLED_HZ);
      const sippPort = await port();
      await sippRegisters(device, sippPort, transport);
      const sipp = Sipp.start({ folder: folder('sipp'), scenario: scenario('uas-answer.xml'), localPort: sippPort, transport, calls: 1, keys: { rtp_address: '127.0.0.1', rtp_port: rtp.port } });
      const phone = await linphone('103', transport);
      try {
        await phone.registered();
        phone.dial(`sip:104@127.0.0.1:${pbx.ports.sip};transport=${transport}`);
        await waitFor('the call to be answered', async () => (await liveCalls()).find((call) => call.state === 'talking'));
        // sipp does not hand its SDP out; where the PBX wants RTP is where it sends from.
        await rtp.answering();
        await waitFor("sipp's party to hear linphonec", () => hears(rtp.heard(), CALLER_HZ));
        const beforeHold = await waitFor("sipp's party to hear linphonec for a second", () => longerThan(1000, tonePresenceMs(rtp.heard(), CALLER_HZ)));
        await phone.hold();
        await waitFor('the call to be held', async () => (await liveCalls()).find((call) => call.state === 'held'));
        phone.resume();
        await waitFor('the call to be resumed', async () => (await liveCalls()).find((call) => call.state === 'talking'));
        await waitFor("sipp's party to hear linphonec again", () => longerThan(beforeHold + 2000, tonePresenceMs(rtp.heard(), CALLER_HZ)));
        phone.hangUp();
        expect(await sipp.ended(), sipp.errors()).toBe(0);
        // linphonec writes its recording out when it ends; it heard both parts of the talk, not the hold between.
        await phone.stop();
        expect(Math.max(...phone.heard().map((heard) => tonePresenceMs(heard, CALLED_HZ)))).toBeGreaterThan(beforeHold + 1000);
      } finally {
        rtp.stop();
        await sipp.stop();
        await phone.stop();
      }
    });

    test(`sipp calls linphonec over ${transport}: both hear the other`, async () => {
      const device = demoDevice('104');
      const rtp = await RtpParty.start(CALLED_HZ);
      const phone = await linphone('103', transport);
      let sipp: Sipp | undefined;
      try {
        await phone.registered();
        sipp = Sipp.start({
          folder: folder('sipp'),
          scenario: scenario('uac-call.xml'),
          remote: `127.0.0.1:${pbx.ports.sip}`,
          localPort: await port(),
          transport,
          calls: 1,
          pauseMs: 4000,
          accounts: [[device.username, sippCredentials(device.username, device.password), '103']],
          keys: { rtp_address: '127.0.0.1', rtp_port: rtp.port },
        });
        await rtp.answering();
        await waitFor("sipp's party to hear linphonec", () => hears(rtp.heard(), CALLER_HZ));
        expect(await sipp.ended(), sipp.errors()).toBe(0);
      } finally {
        rtp.stop();
        await sipp?.stop();
        await phone.stop();
      }
      expect(phone.heard().map((heard) => toneShare(heard, CALLED_HZ)).some((share) => share > 0.5)).toBe(true);
    });
  }
});

describe('sip.js over WebSocket', () => {
  needs('baresip', 'baresip-core');

  for (const scheme of ['ws', 'wss'] as const) {
    test(`a sip.js phone registers over ${scheme}, calls baresip and is called by it`, async () => {
      const device = demoDevice('105');
      const rtp = await RtpParty.start(CALLER_HZ);
      // The PBX's certificate is its own; a browser would be shown it.
      if (scheme === 'wss') process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      const phone = await SipJsPhone.start({
        username: device.username,
        password: device.password,
        domain: '127.0.0.1',
        server: `${scheme}://127.0.0.1:${scheme === 'ws' ? pbx.ports.ws : pbx.ports.wss}`,
        rtp,
      });
      try {
        await phone.register();
        await withPhones([baresip('102', CALLED_HZ, 'udp')], async ([b]) => {
          await phone.dial('102');
          await phone.established();
          await waitFor('sip.js to hear baresip', () => hears(rtp.heard(), CALLED_HZ));
          await waitFor('baresip to hear sip.js', () => b.heard().map((heard) => hears(heard, CALLER_HZ)).find(Boolean));
          await phone.hangUp();
          await b.event('CALL_CLOSED');

          b.dial('105');
          await phone.established();
          b.hangUp();
          await phone.ended();
        });
      } finally {
        await phone.stop();
        rtp.stop();
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    });
  }
});

/** Skips the tests of this block, with the reason, on a machine without that program. */
function needs(program: string, debianPackage: string): void {
  beforeEach((context) => context.skip(!isInstalled(program), `needs ${program}: apt-get install ${debianPackage}`));
}

interface CallView {
  readonly state: string;
  readonly from: { readonly number: string };
}

interface CallRecord {
  readonly cause: string;
  readonly legs: readonly { readonly role: string; readonly evidence: { readonly text: string } | null; readonly quality: { readonly codec: string | null; readonly packetsReceived: number } | null }[];
}

async function liveCalls(): Promise<readonly CallView[]> {
  return (await pbx.api<{ items: CallView[] }>('GET', '/calls')).items;
}

/** The record of this test's call to that number, once the call is over and written. */
async function lastRecord(to: string): Promise<CallRecord> {
  await waitFor('all calls to end', async () => ((await liveCalls()).length === 0 ? true : undefined));
  return waitFor(`the record of the call to ${to}`, async () => {
    const { items } = await pbx.api<{ items: { id: string; startedAt: string }[] }>('GET', `/call-records?to=${to}&limit=1`);
    const [record] = items.filter((one) => Date.parse(one.startedAt) >= testStarted);
    return record === undefined ? undefined : pbx.api<CallRecord>('GET', `/call-records/${record.id}`);
  });
}

function baresip(extension: string, toneHz: number, transport: 'udp' | 'tcp' | 'tls', details: { answer?: 'manual'; codecs?: string; digits?: 'info' } = {}): () => Promise<BaresipPhone> {
  return async () => {
    const device = demoDevice(extension);
    const server = `127.0.0.1:${transport === 'tls' ? pbx.ports.sips : pbx.ports.sip}`;
    const phone = await BaresipPhone.start({
      folder: folder(`baresip-${extension}`),
      account: { username: device.username, password: device.password, server, transport },
      toneHz,
      sipPort: await port(),
      controlPort: await port(),
      answer: 'auto',
      ...details,
    });
    await phone.registered();
    return phone;
  };
}

async function linphone(extension: string, transport: 'udp' | 'tcp'): Promise<LinphonePhone> {
  const { username, password } = demoDevice(extension);
  return LinphonePhone.start({
    folder: folder(`linphone-${extension}`),
    username,
    password,
    server: `127.0.0.1:${pbx.ports.sip}`,
    transport,
    toneHz: CALLER_HZ,
    sipPort: await port(),
    rtpPort: await port(),
    answer: 'auto',
  });
}

async function sippRegisters(device: DemoDevice, contactPort: number, transport: 'udp' | 'tcp'): Promise<void> {
  const sipp = Sipp.start({
    folder: folder('sipp-register'),
    scenario: scenario('uac-register.xml'),
    remote: `127.0.0.1:${pbx.ports.sip}`,
    localPort: transport === 'udp' ? contactPort : await port(),
    transport,
    calls: 1,
    accounts: [[device.username, sippCredentials(device.username, device.password), String(contactPort)]],
  });
  expect(await sipp.ended(), sipp.errors()).toBe(0);
}

async function withPhones<const P extends readonly (() => Promise<BaresipPhone>)[]>(starts: P, use: (phones: { [K in keyof P]: BaresipPhone }) => Promise<void>): Promise<void> {
  const started: BaresipPhone[] = [];
  try {
    for (const start of starts) started.push(await start());
    await use(started as { [K in keyof P]: BaresipPhone });
  } finally {
    for (const phone of started) await phone.stop();
  }
}

/** Until each has newly heard `ms` of the other's tone. */
async function bothTalk(a: BaresipPhone, b: BaresipPhone, ms: number): Promise<void> {
  const [fromB, fromA] = [heardMs(a, CALLED_HZ), heardMs(b, CALLER_HZ)];
  await waitFor(`both to hear the other for ${ms} ms more`, () => (heardMs(a, CALLED_HZ) >= fromB + ms && heardMs(b, CALLER_HZ) >= fromA + ms ? true : undefined));
  expect(heardMs(a, CALLER_HZ)).toBe(0);
  expect(heardMs(b, CALLED_HZ)).toBe(0);
}

function heardMs(phone: BaresipPhone, hz: number): number {
  return phone.heard().reduce((sum, recording) => sum + tonePresenceMs(recording, hz), 0);
}

function hears(recording: Recording, hz: number): true | undefined {
  return toneShare(recording, hz) > 0.5 || undefined;
}

function longerThan(ms: number, presentMs: number): number | undefined {
  return presentMs > ms ? presentMs : undefined;
}

function demoDevice(extension: string): DemoDevice {
  const device = pbx.devices.find((one) => one.extension === extension);
  if (device === undefined) throw new Error(`the demo office has no ${extension}`);
  return device;
}

function folder(name: string): string {
  const path = join(scratch, `${(phones += 1)}-${name}`);
  mkdirSync(path, { recursive: true });
  return path;
}


/** baresip takes the next one too, for TLS; a clash is unlikely in ten thousand. */
async function port(): Promise<number> {
  const [free = 0] = await freePorts(1);
  return free;
}

function scenario(name: string): string {
  return join(root, 'tools/sipp', name);
}

const CALLER_HZ = 440;
const CALLED_HZ = 700;
