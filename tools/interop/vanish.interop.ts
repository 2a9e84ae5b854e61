import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Story } from '@tipring/story';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pause } from '../testbed/each.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { freePorts } from '../testbed/ports.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { isInstalled } from './phones/installed.ts';
import { waitFor } from './wait-for.ts';

/* Phones whose plug is pulled while they talk. */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-vanish-'));
let pbx: RunningPbx;

beforeAll(async () => {
  pbx = await startPbx({ env: { TIPRING_MEDIA_TIMEOUT_MS: '1000' } });
});

beforeEach((context) => context.skip(!isInstalled('baresip'), 'needs baresip: apt-get install baresip-core'));

afterAll(async () => {
  await pbx.stop();
  rmSync(scratch, { recursive: true, force: true });
});

test('one phone vanishes: the call goes on; the other vanishes too: the call ends by itself, and its record says why', async () => {
  const settings = await pbx.api<{ version: number; calls: { silenceS: number } }>('GET', '/settings');
  expect(settings.calls.silenceS).toBe(60);
  await pbx.api('PATCH', '/settings', { calls: { silenceS: SILENCE_S } }, { 'if-match': `"${settings.version}"` });
  const [a, b] = [await phone('101', 440), await phone('102', 700)];
  try {
    a.dial('102');
    await Promise.all([a.event('CALL_ESTABLISHED'), b.event('CALL_ESTABLISHED')]);
    await pause(1_000);
    await b.vanish();
    await pause((SILENCE_S + 2) * 1_000);
    expect(await states()).toEqual(['talking']);

    const vanishedAt = Date.now();
    await a.vanish();
    await waitFor('the call to end', async () => (await states()).length === 0 || undefined);
    expect(Date.now() - vanishedAt).toBeGreaterThan((SILENCE_S - 1) * 1_000);
    const id = await waitFor('the record', async () => (await pbx.api<{ items: { id: string }[] }>('GET', '/call-records?limit=5')).items.map((record) => record.id)[0]);
    const { items } = await pbx.api<{ items: unknown[] }>('GET', '/call-records?limit=5');
    expect(items).toMatchObject([{ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: `no audio from either side for ${SILENCE_S} s` } }]);
    const { timeline, verdicts } = await pbx.api<Story>('GET', `/call-records/${id}/story`);
    expect(timeline.filter((entry) => entry.text.startsWith('no packet for'))).toHaveLength(2);
    expect(verdicts.filter(({ severity }) => severity !== 'info').map(({ code }) => code)).toEqual(['partyVanished']);
  } finally {
    await a.stop();
    await b.stop();
  }
});

async function states(): Promise<string[]> {
  return (await pbx.api<{ items: { state: string }[] }>('GET', '/calls')).items.map(({ state }) => state);
}

async function phone(extension: string, toneHz: number): Promise<BaresipPhone> {
  const device = pbx.devices.find((one) => one.extension === extension);
  if (device === undefined) throw new Error(`the demo office has no ${extension}`);
  const [sipPort = 0] = await freePorts(1);
  const [controlPort = 0] = await freePorts(1);
  const started = await BaresipPhone.start({
    folder: join(scratch, extension), toneHz, sipPort, controlPort, answer: 'auto',
    account: { username: device.username, password: device.password, server: `127.0.0.1:${pbx.ports.sip}`, transport: 'udp' },
  });
  await started.registered();
  return started;
}

const SILENCE_S = 3;
