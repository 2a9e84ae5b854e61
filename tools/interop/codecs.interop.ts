import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { freePorts } from '../testbed/ports.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { isInstalled } from './phones/installed.ts';
import { tonePresenceMs } from './tone.ts';
import { waitFor } from './wait-for.ts';

/* Two real phones without a codec in common: the gateway converts. Each plays its own tone and must hear the other's, and not its own. */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-codecs-'));
let pbx: RunningPbx;
let folders = 0;

beforeAll(async () => {
  pbx = await startPbx();
});

beforeEach((context) => context.skip(!isInstalled('baresip'), 'needs baresip: apt-get install baresip-core'));

afterAll(async () => {
  await pbx.stop();
  rmSync(scratch, { recursive: true, force: true });
});

for (const [one, other] of [['PCMA', 'G722'], ['PCMA', 'opus'], ['opus', 'G722']] as const) {
  test(`a phone with ${one} alone calls one with ${other} alone: both hear the other, also after hold and resume, a digit arrives once, and the story says so`, async () => {
    const [a, b] = [await phone('101', CALLER_HZ, one), await phone('102', CALLED_HZ, other)];
    try {
      const began = Date.now();
      a.dial('102');
      await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
      await bothTalk(a, b, 1500);

      a.press('5');
      await b.event('CALL_DTMF_START');
      await b.event('CALL_DTMF_END');

      a.hold();
      await waitFor('the call to be held', async () => (await states()).includes('held') || undefined);
      a.resume();
      await waitFor('the call to be resumed', async () => (await states()).includes('talking') || undefined);
      const before = heardMs(b, CALLER_HZ);
      await waitFor('the called side to hear the caller again', () => heardMs(b, CALLER_HZ) > before + 1000 || undefined);

      a.hangUp();
      await b.event('CALL_CLOSED');
      expect(b.events.filter((event) => event.type === 'CALL_DTMF_START').map((event) => event.param)).toEqual(['5']);
      const record = await lastRecord(began);
      expect(record.legs.map((leg) => leg.quality?.codec?.toLowerCase())).toEqual([one.toLowerCase(), other.toLowerCase()]);
      expect(record.timeline.filter((entry) => entry.type === 'transcoded').map((entry) => entry.text.toLowerCase())).toEqual([`transcoded ${one} ↔ ${other}`.toLowerCase()]);
    } finally {
      await a.stop();
      await b.stop();
    }
  });
}

test('a phone with PCMA alone calls one with G722 and PCMA: nothing is converted', async () => {
  const [a, b] = [await phone('101', CALLER_HZ, 'PCMA'), await phone('102', CALLED_HZ, 'G722', 'PCMA')];
  try {
    const began = Date.now();
    a.dial('102');
    await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
    await bothTalk(a, b, 1500);
    a.hangUp();
    await b.event('CALL_CLOSED');
    const record = await lastRecord(began);
    expect(record.legs.map((leg) => leg.quality?.codec)).toEqual(['PCMA', 'PCMA']);
    expect(record.timeline.some((entry) => entry.type === 'transcoded')).toBe(false);
  } finally {
    await a.stop();
    await b.stop();
  }
});

interface CallRecord {
  readonly legs: readonly { readonly quality: { readonly codec: string | null } | null }[];
  readonly timeline: readonly { readonly type: string; readonly text: string }[];
}

async function states(): Promise<string[]> {
  return (await pbx.api<{ items: { state: string }[] }>('GET', '/calls')).items.map(({ state }) => state);
}

async function lastRecord(began: number): Promise<CallRecord> {
  return waitFor('the record', async () => {
    const { items } = await pbx.api<{ items: { id: string; startedAt: string }[] }>('GET', '/call-records?to=102&limit=1');
    const [record] = items.filter((one) => Date.parse(one.startedAt) >= began);
    if (record === undefined) return undefined;
    const { legs } = await pbx.api<CallRecord>('GET', `/call-records/${record.id}`);
    const { timeline } = await pbx.api<Pick<CallRecord, 'timeline'>>('GET', `/call-records/${record.id}/story`);
    return { legs, timeline };
  });
}

async function phone(extension: string, toneHz: number, ...names: readonly ('PCMA' | 'G722' | 'opus')[]): Promise<BaresipPhone> {
  const device = pbx.devices.find((one) => one.extension === extension);
  if (device === undefined) throw new Error(`the demo office has no ${extension}`);
  const [sipPort = 0] = await freePorts(1);
  const [controlPort = 0] = await freePorts(1);
  const folder = join(scratch, String((folders += 1)));
  mkdirSync(folder, { recursive: true });
  const started = await BaresipPhone.start({
    folder, toneHz, sipPort, controlPort, answer: 'auto', codecs: names.map((name) => BARESIP_NAMES[name]).join(','),
    account: { username: device.username, password: device.password, server: `127.0.0.1:${pbx.ports.sip}`, transport: 'udp' },
  });
  await started.registered();
  return started;
}

/** Until each has newly heard `ms` of the other's tone. */
async function bothTalk(a: BaresipPhone, b: BaresipPhone, ms: number): Promise<void> {
  const [fromB, fromA] = [heardMs(a, CALLED_HZ), heardMs(b, CALLER_HZ)];
  await waitFor(`both to hear the other for ${ms} ms more`, () => (heardMs(a, CALLED_HZ) >= fromB + ms && heardMs(b, CALLER_HZ) >= fromA + ms ? true : undefined));
  expect([heardMs(a, CALLER_HZ), heardMs(b, CALLED_HZ)]).toEqual([0, 0]);
}

function heardMs(heard: BaresipPhone, hz: number): number {
  return heard.heard().reduce((sum, recording) => sum + tonePresenceMs(recording, hz), 0);
}

/** G.722 samples at 16 kHz, whatever its RTP clock says. */
const BARESIP_NAMES = { PCMA: 'PCMA/8000/1', G722: 'G722/16000/1', opus: 'opus/48000/2' } as const;
const CALLER_HZ = 440;
const CALLED_HZ = 700;
