import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause } from '../testbed/each.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { PhoneArrivals, PhoneParty } from './parties/phone-party.ts';
import { readWav, tonePresenceMs, toneShare } from './tone.ts';
import { waitFor } from './wait-for.ts';

/*
 * Fifty callers speak to one mailbox at the same time, each with a tone of its own, while both processes are killed by SIGKILL one after the other. No message is
 * lost, and each has the sound of its caller, from before and after.
 */
const CALLERS = 50;
const SPEAK_MS = 3_000;
let pbx: RunningPbx;
let bank: PhoneBank;

beforeAll(async () => {
  pbx = await startPbx({ env: { TIPRING_BRIDGED_ENDS: '160' } });
  bank = await PhoneBank.start({ registrar: { address: pbx.host, port: pbx.ports.sip }, devices: pbx.devices, firstRtpPort: 61_000 + 2 * Math.floor(Math.random() * 1_500) });
  await bank.register();
});

afterAll(async () => {
  await bank?.close();
  await pbx?.stop();
});

interface MessageView {
  readonly id: string;
  readonly from: { readonly number: string };
  readonly durationMs: number;
}

test(`${CALLERS} messages at once, through kill -9 of the controller and of the gateway`, async () => {
  const { id: box } = await pbx.api<{ id: string }>('POST', '/voicemail-boxes', { key: 'everybody', displayName: 'Everybody', number: '7999', silenceMs: 30_000 });
  const folder = join(pbx.data, 'sounds', 'voicemail', box);
  const arrivals = new PhoneArrivals();
  const callers = Array.from({ length: CALLERS }, (_, at) => new PhoneParty(bank, arrivals, pbx.devices[at % pbx.devices.length]!, 420 + 30 * at));
  for (const caller of callers) {
    await caller.call('7999');
    await caller.listen();
  }
  // Each is recorded: its greeting and its tone are over.
  await waitFor(() => `${CALLERS} recordings; there are ${recordings(folder).length}`, () => (recordings(folder).length === CALLERS ? true : undefined), 90_000);
  for (const caller of callers) await caller.speak();
  await pause(SPEAK_MS);

  const controllerBack = pbx.controller.nextReady();
  await pbx.controller.kill();
  await controllerBack;
  await pause(SPEAK_MS);

  const gatewayBack = pbx.media.nextReady();
  await pbx.media.kill();
  await gatewayBack;
  // The controller has made the players again, and they go on in their files.
  const before = lengths(folder);
  await waitFor('all recordings to go on', () => (lengths(folder).every((length, at) => length > before[at]! + 16_000) ? true : undefined));
  for (const caller of callers) await caller.hangUp();

  const messages = await waitFor(`${CALLERS} messages`, async () => {
    const { items } = await pbx.api<{ items: MessageView[] }>('GET', `/voicemail-boxes/${box}/messages?limit=100`);
    return items.length >= CALLERS ? items : undefined;
  });
  expect(messages.length).toBe(CALLERS);
  const heard: number[] = [];
  for (const { id, from, durationMs } of messages) {
    const audio = await fetch(`${pbx.apiUrl}/voicemail-boxes/${box}/messages/${id}/audio`, { headers: { authorization: `Bearer ${pbx.apiKey}` } });
    const path = join(tmpdir(), `voicemail-${process.pid}.wav`);
    writeFileSync(path, new Uint8Array(await audio.arrayBuffer()));
    const recording = readWav(path);
    rmSync(path);
    const mine = callers.filter(({ hz }) => toneShare(recording, hz) > 0.5);
    expect(mine.map(({ number }) => number)).toEqual([from.number]);
    heard.push(mine[0]!.hz);
    // Twice what was said between two kills, and a second of it that a kill may have cost.
    expect(tonePresenceMs(recording, mine[0]!.hz)).toBeGreaterThan(2 * SPEAK_MS - 1_500);
    expect(Math.abs(durationMs - (recording.samples.length / recording.sampleRateHz) * 1000)).toBeLessThan(1_100);
  }
  expect(new Set(heard).size).toBe(CALLERS);
});

function recordings(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.wav')) : [];
}

/** Octets of each, in the order of their names. */
function lengths(folder: string): readonly number[] {
  return recordings(folder).toSorted().map((name) => statSync(join(folder, name)).size);
}
