import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatReferTo } from '@tipring/sip';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import { type DemoDevice, type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { freePorts } from '../testbed/ports.ts';
import { Sipp, sippCredentials } from '../testbed/sipp.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { isInstalled } from './phones/installed.ts';
import { LinphonePhone } from './phones/linphone.ts';
import { RtpParty } from './phones/rtp-party.ts';
import { tonePresenceMs } from './tone.ts';
import { waitFor } from './wait-for.ts';

/*
 * Real phones transfer and pick up, against the real PBX: who hears whom before and after is proved by tone identity, what became of it by the records.
 */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-transfer-'));
let pbx: RunningPbx;
let folders = 0;
let testStarted = 0;
const running: { stop(): void | Promise<void> }[] = [];

beforeAll(async () => {
  pbx = await startPbx();
});

beforeEach(() => {
  testStarted = Date.now();
  return async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
    await waitFor('all calls to end', async () => ((await liveCalls()).length === 0 ? true : undefined));
  };
});

afterAll(async () => {
  await pbx.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('baresip', () => {
  needs('baresip', 'baresip-core');

  for (const who of ['the caller', 'the called side'] as const) {
    test(`${who} transfers blindly: the other two talk, and it is told and hung up`, async () => {
      const [anna, ben, carla] = [await baresip('101', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ)];
      anna.dial('102');
      await Promise.all([anna.event('CALL_ESTABLISHED'), ben.event('CALL_ESTABLISHED')]);
      await talk([anna, ANNA_HZ], [ben, BEN_HZ]);
      const [transferor, other, otherHz] = who === 'the caller' ? [anna, ben, BEN_HZ] : [ben, anna, ANNA_HZ];
      transferor.transfer(`sip:104@127.0.0.1:${pbx.ports.sip}`);
      await transferor.event('CALL_CLOSED');
      await talk([other, otherHz], [carla, CARLA_HZ]);
      expect(notified(transferor).at(-1)).toMatch(/^terminated.* 200 /);
      other.hangUp();
      await carla.event('CALL_CLOSED');
      const [record, ...more] = await records(1);
      expect(more).toEqual([]);
      expect(record!.legs).toHaveLength(3);
      expectWhole(record!);
    });
  }

  // baresip hangs up by itself then.
  test('a blind transfer to nobody fails, and it is told so', async () => {
    const [anna, ben] = [await baresip('101', ANNA_HZ), await baresip('102', BEN_HZ)];
    anna.dial('102');
    await Promise.all([anna.event('CALL_ESTABLISHED'), ben.event('CALL_ESTABLISHED')]);
    anna.transfer(`sip:999@127.0.0.1:${pbx.ports.sip}`);
    await Promise.all([anna.event('TRANSFER_FAILED'), ben.event('CALL_CLOSED')]);
    expect(notified(anna).at(-1)).toMatch(/^terminated.* 404 /);
    expectWhole((await records(1))[0]!);
  });

  test('attended, by the dialog of its other call: the two it talked to talk, its two calls are one', async () => {
    const [anna, ben, carla] = [await baresip('101', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ)];
    anna.dial('102');
    await Promise.all([anna.event('CALL_ESTABLISHED'), ben.event('CALL_ESTABLISHED')]);
    await talk([anna, ANNA_HZ], [ben, BEN_HZ]);
    anna.hold();
    await waitFor('the call to be held', async () => (await liveCalls()).find((call) => call.state === 'held'));
    anna.dial('104');
    await carla.event('CALL_ESTABLISHED');
    await heardMore(carla, ANNA_HZ);
    const [, consultation] = await waitFor('two dialogs', () => (anna.dialogs.length === 2 ? anna.dialogs : undefined));
    anna.command('line', '1');
    const { callId, localTag, remoteTag } = consultation!;
    anna.transfer(formatReferTo(`sip:104@127.0.0.1:${pbx.ports.sip}`, { callId, toTag: remoteTag, fromTag: localTag }));
    await waitFor('both calls of the transferor to end', () => (anna.events.filter(({ type }) => type === 'CALL_CLOSED').length === 2 ? true : undefined));
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    ben.hangUp();
    await carla.event('CALL_CLOSED');
    await expectContinued();
  });

  test('attended while it still rings: who was transferred waits, and talks to who answers', async () => {
    const [anna, ben, carla] = [await baresip('101', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ, 'manual')];
    anna.dial('102');
    await Promise.all([anna.event('CALL_ESTABLISHED'), ben.event('CALL_ESTABLISHED')]);
    anna.hold();
    await waitFor('the call to be held', async () => (await liveCalls()).find((call) => call.state === 'held'));
    const before = anna.events.length;
    anna.dial('104');
    await Promise.all([anna.event('CALL_RINGING', before), carla.event('CALL_INCOMING')]);
    const { callId, fromTag, toTag } = await dialogOf(anna, 'rings');
    anna.command('line', '1');
    anna.transfer(formatReferTo(`sip:104@127.0.0.1:${pbx.ports.sip}`, { callId, toTag, fromTag }));
    await waitFor('both calls of the transferor to end', () => (anna.events.filter(({ type }) => type === 'CALL_CLOSED').length === 2 ? true : undefined));
    carla.answer();
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    carla.hangUp();
    await ben.event('CALL_CLOSED');
    await expectContinued();
  });

  test('what was transferred outlives kill -9 of the controller', async () => {
    const [anna, ben, carla] = [await baresip('101', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ)];
    anna.dial('102');
    await Promise.all([anna.event('CALL_ESTABLISHED'), ben.event('CALL_ESTABLISHED')]);
    anna.transfer(`sip:104@127.0.0.1:${pbx.ports.sip}`);
    await anna.event('CALL_CLOSED');
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    await pbx.controller.kill();
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    await waitFor('the controller to have its call back', async () => ((await liveCalls().catch(() => [])).length === 1 ? true : undefined));
    ben.hangUp();
    await carla.event('CALL_CLOSED');
    const [record] = await records(1);
    expect(record!.recovered).toBe(true);
    expectWhole(record!);
  });
});

describe('linphonec', () => {
  needs('linphonec', 'linphone-cli');
  needs('baresip', 'baresip-core');

  test('transfers blindly', async () => {
    const [lina, ben, carla] = [await linphone('103', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ)];
    lina.dial(uri('102'));
    await ben.event('CALL_ESTABLISHED');
    await heardMore(ben, ANNA_HZ);
    lina.command(`transfer ${uri('104')}`);
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    ben.hangUp();
    await carla.event('CALL_CLOSED');
    expectWhole((await records(1))[0]!);
  });

  test('attended (transfer … --to-call …): the two it talked to talk, its two calls are one', async () => {
    const [lina, ben, carla] = [await linphone('103', ANNA_HZ), await baresip('102', BEN_HZ), await baresip('104', CARLA_HZ)];
    lina.dial(uri('102'));
    await ben.event('CALL_ESTABLISHED');
    await heardMore(ben, ANNA_HZ);
    await lina.hold();
    lina.dial(uri('104'));
    await carla.event('CALL_ESTABLISHED');
    await heardMore(carla, ANNA_HZ);
    const [first, second] = await lina.callIds();
    lina.command(`transfer ${first} --to-call ${second}`);
    await talk([ben, BEN_HZ], [carla, CARLA_HZ]);
    carla.hangUp();
    await ben.event('CALL_CLOSED');
    await expectContinued();
  });
});

describe('sipp', () => {
  needs('sipp', 'sip-tester');
  needs('baresip', 'baresip-core');

  for (const what of ['rings', 'talks'] as const) {
    test(`INVITE with Replaces takes the place of a leg of the same telephone that ${what}`, async () => {
      const carl = device('104');
      const [anna, ben] = [await baresip('101', ANNA_HZ), await baresip('104', BEN_HZ, what === 'rings' ? 'manual' : 'auto')];
      anna.dial('104');
      await ben.event(what === 'rings' ? 'CALL_INCOMING' : 'CALL_ESTABLISHED');
      if (what === 'talks') await talk([anna, ANNA_HZ], [ben, BEN_HZ]);
      const { callId, fromTag, toTag } = await dialogOf(ben, what);
      const rtp = await RtpParty.start(CARLA_HZ);
      running.push(rtp);
      const sipp = Sipp.start({
        folder: folder('sipp'), scenario: join(root, 'tools/sipp/uac-replaces.xml'), remote: `127.0.0.1:${pbx.ports.sip}`, localPort: await port(), transport: 'udp', calls: 1,
        accounts: [[carl.username, sippCredentials(carl.username, carl.password), '104', callId, fromTag, toTag]],
        keys: { rtp_address: '127.0.0.1', rtp_port: rtp.port },
      });
      running.push(sipp);
      await Promise.race([rtp.answering(), sipp.ended().then(() => Promise.reject(new Error(sipp.errors())))]);
      await ben.event('CALL_CLOSED');
      const before = heardMs(anna, CARLA_HZ);
      await waitFor('the two to talk', () => (heardMs(anna, CARLA_HZ) > before + 1000 && tonePresenceMs(rtp.heard(), ANNA_HZ) > 1000 ? true : undefined));
      anna.hangUp();
      expect(await sipp.ended(), sipp.errors()).toBe(0);
      await expectContinued();
    });
  }

  test('intercom: a telephone that is told to answer by itself does', async () => {
    const { username, password } = device('104');
    const anna = await baresip('101', ANNA_HZ);
    const rtp = await RtpParty.start(CARLA_HZ);
    running.push(rtp);
    const localPort = await port();
    const registers = Sipp.start({
      folder: folder('sipp-register'), scenario: join(root, 'tools/sipp/uac-register.xml'), remote: `127.0.0.1:${pbx.ports.sip}`, localPort, transport: 'udp', calls: 1,
      accounts: [[username, sippCredentials(username, password), String(localPort)]],
    });
    expect(await registers.ended(), registers.errors()).toBe(0);
    const sipp = Sipp.start({ folder: folder('sipp'), scenario: join(root, 'tools/sipp/uas-intercom.xml'), localPort, transport: 'udp', calls: 1, keys: { rtp_address: '127.0.0.1', rtp_port: rtp.port } });
    running.push(sipp);
    anna.dial('*80104');
    await anna.event('CALL_ESTABLISHED');
    await rtp.answering();
    await waitFor('the two to talk', () => (heardMs(anna, CARLA_HZ) > 1000 && tonePresenceMs(rtp.heard(), ANNA_HZ) > 1000 ? true : undefined));
    anna.hangUp();
    expect(await sipp.ended(), sipp.errors()).toBe(0);
  });
});

/** Until each has newly heard a second of the other; neither hears himself. */
async function talk([a, aHz]: readonly [BaresipPhone, number], [b, bHz]: readonly [BaresipPhone, number]): Promise<void> {
  const [own, others] = [[heardMs(a, aHz), heardMs(b, bHz)], [heardMs(a, bHz), heardMs(b, aHz)] as const];
  await waitFor('the two to hear each other', () => (heardMs(a, bHz) >= others[0] + 1000 && heardMs(b, aHz) >= others[1] + 1000 ? true : undefined));
  expect([heardMs(a, aHz), heardMs(b, bHz)]).toEqual(own);
}

async function heardMore(phone: BaresipPhone, hz: number): Promise<void> {
  const before = heardMs(phone, hz);
  await waitFor(`${hz} Hz to be heard`, () => (heardMs(phone, hz) >= before + 500 ? true : undefined));
}

function heardMs(phone: BaresipPhone, hz: number): number {
  return phone.heard().reduce((sum, heard) => sum + tonePresenceMs(heard, hz), 0);
}

/** NOTIFYs that a traced phone got: `Subscription-State sipfrag`. */
function notified(phone: BaresipPhone): string[] {
  return [...phone.output.matchAll(/Subscription-State: ([^\r\n]+)[\s\S]*?SIP\/2\.0 (\d{3} [^\r\n]*)/g)].map(([, state, line]) => `${state} ${line}`);
}

/** The dialog of a call that came to a traced phone, as its INVITE and what it answered say. */
function dialogOf(phone: BaresipPhone, what: 'rings' | 'talks') {
  return waitFor('the dialog', () => {
    const answer = phone.messages(what === 'rings' ? 'SIP/2.0 180' : 'SIP/2.0 200').findLast((message) => /^CSeq: \d+ INVITE\r?$/m.test(message));
    if (answer === undefined) return undefined;
    const part = (pattern: RegExp): string => pattern.exec(answer)?.[1] ?? '';
    return { callId: part(/^Call-ID: (.*?)\r?$/m), fromTag: part(/^From: .*;tag=([^;\s]+)/m), toTag: part(/^To: .*;tag=([^;\s]+)/m) };
  });
}

interface RecordView {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly recovered: boolean;
  readonly continues: readonly string[];
  readonly continuedIn: string | null;
  readonly legs: readonly { readonly id: string }[];
  readonly segments: readonly { readonly startedAt: string; readonly endedAt: string; readonly is: string; readonly legs: readonly string[] }[];
}

async function liveCalls(): Promise<readonly { readonly state: string }[]> {
  return (await pbx.api<{ items: { state: string }[] }>('GET', '/calls')).items;
}

/** Of this test, oldest first, once so many are written. */
async function records(count: number): Promise<readonly RecordView[]> {
  await waitFor('all calls to end', async () => ((await liveCalls()).length === 0 ? true : undefined));
  return waitFor(`${count} records`, async () => {
    const { items } = await pbx.api<{ items: { id: string; startedAt: string }[] }>('GET', '/call-records?limit=20');
    const mine = items.filter(({ startedAt }) => Date.parse(startedAt) >= testStarted).toReversed();
    return mine.length < count ? undefined : Promise.all(mine.map(({ id }) => pbx.api<RecordView>('GET', `/call-records/${id}`)));
  });
}

/** Its segments are a partition of its time. */
function expectWhole({ startedAt, endedAt, segments }: RecordView): void {
  expect(segments.length).toBeGreaterThan(1);
  const [first, last] = [segments[0]!, segments.at(-1)!];
  expect([first.startedAt, last.endedAt]).toEqual([startedAt, endedAt]);
  expect(segments.slice(1).map((segment) => segment.startedAt)).toEqual(segments.slice(0, -1).map((segment) => segment.endedAt));
}

/** Of an attended transfer: two calls, of which one went on in the other. */
async function expectContinued(): Promise<void> {
  const all = await records(2);
  expect(all).toHaveLength(2);
  const [gone, stayed] = [all.find(({ continuedIn }) => continuedIn !== null), all.find(({ continues }) => continues.length > 0)];
  expect([gone?.continuedIn, stayed?.continues]).toEqual([stayed?.id, [gone?.id]]);
  for (const record of all) expectWhole(record);
}

function device(extension: string): DemoDevice {
  const found = pbx.devices.find((one) => one.extension === extension);
  if (found === undefined) throw new Error(`the demo office has no ${extension}`);
  return found;
}

async function baresip(extension: string, toneHz: number, answer: 'auto' | 'manual' = 'auto'): Promise<BaresipPhone> {
  const { username, password } = device(extension);
  const phone = await BaresipPhone.start({
    folder: folder(`baresip-${extension}`), account: { username, password, server: `127.0.0.1:${pbx.ports.sip}`, transport: 'udp' },
    toneHz, sipPort: await port(), controlPort: await port(), answer, isTraced: true,
  });
  running.push(phone);
  await phone.registered();
  return phone;
}

async function linphone(extension: string, toneHz: number): Promise<LinphonePhone> {
  const { username, password } = device(extension);
  const phone = await LinphonePhone.start({
    folder: folder(`linphone-${extension}`), username, password, server: `127.0.0.1:${pbx.ports.sip}`, transport: 'udp',
    toneHz, sipPort: await port(), rtpPort: await port(), answer: 'auto',
  });
  running.push(phone);
  await phone.registered();
  return phone;
}

function uri(number: string): string {
  return `sip:${number}@127.0.0.1:${pbx.ports.sip}`;
}

function folder(name: string): string {
  const path = join(scratch, `${folders++}-${name}`);
  mkdirSync(path);
  return path;
}

async function port(): Promise<number> {
  return (await freePorts(1))[0]!;
}

/** Skips the tests of this block, with the reason, on a machine without that program. */
function needs(program: string, debianPackage: string): void {
  beforeEach((context) => context.skip(!isInstalled(program), `needs ${program}: apt-get install ${debianPackage}`));
}

const ANNA_HZ = 700;
const BEN_HZ = 1100;
const CARLA_HZ = 1700;
