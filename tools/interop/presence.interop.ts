import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import type { BankParty } from '../testbed/bank-party.ts';
import type { DemoDevice, RunningPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { freePorts } from '../testbed/ports.ts';
import { SimulatedOffice } from '../testbed/simulated-office.ts';
import { Sipp, sippCredentials } from '../testbed/sipp.ts';
import { WatchingPhones } from '../testbed/watching-phones.ts';
import { isInstalled } from './phones/installed.ts';
import { waitFor } from './wait-for.ts';

/* Lamps of somebody else's making against the real PBX: sipp checks every NOTIFY, its state and its version. */

const scratch = mkdtempSync(join(tmpdir(), 'tipring-presence-'));
let office: SimulatedOffice;
let pbx: RunningPbx;
let bank: PhoneBank;
let runs = 0;
/** Who waits for a phone to be called, by its user name. */
const arrivals = new Map<string, (party: BankParty) => void>();

beforeAll(async () => {
  office = await SimulatedOffice.start([{ serial: 'SIM-1', lines: 1, telephones: 1 }]);
  pbx = office.pbx;
  bank = await PhoneBank.start({ registrar: { address: pbx.host, port: pbx.ports.sip }, devices: pbx.devices, firstRtpPort: 42_000, behaviour: () => 'ring', arrived: (party, username) => arrivals.get(username)?.(party) });
  await bank.register();
});

afterAll(async () => {
  await bank.close();
  await office.stop();
  rmSync(scratch, { recursive: true, force: true });
});

describe('sipp', () => {
  if (!isInstalled('sipp')) {
    test.skip('is not installed: apt-get install sip-tester', () => {});
    return;
  }

  for (const transport of ['udp', 'tcp'] as const) {
    test(`a lamp over ${transport}: idle, ringing, in use, idle; refreshed and ended; what it was told can be read`, async () => {
      const [watcher, caller, watched] = phones();
      const sipp = await watching('uac-blf.xml', watcher, [watched.extension], transport);
      await waitFor('the telephone to be told the first state', async () => ((await told(watched))[0]?.isCurrent === true ? true : undefined));
      expect(await told(watched)).toMatchObject([{ username: watcher.username, package: 'dialog', told: { version: 0, state: 'idle', isAnswered: true } }]);

      const ringing = ringingAt(watched);
      const call = bank.place(caller, watched.extension);
      const party = await ringing;
      await waitFor('the lamp to show ringing', async () => ((await told(watched))[0]?.told?.state === 'ringing' ? true : undefined));
      bank.answer(party);
      await waitFor('the lamp to show a call', async () => ((await told(watched))[0]?.told?.state === 'inUse' ? true : undefined));
      expect(await pbx.api('GET', `/presence/${watched.extension}`)).toMatchObject({ state: 'inUse', dialogs: [{ direction: 'recipient', state: 'confirmed', remote: { number: caller.extension } }] });
      call.caller.session.end();

      await ends(sipp);
      expect(await told(watched)).toEqual([]);
    });
  }

  test('the message lamp, by the telephone’s own number', async () => {
    const [watcher] = phones();
    const box = await pbx.api<{ id: string }>('POST', '/voicemail-boxes', { key: 'lamp', number: '8901', displayName: 'Lamp' });
    const { items } = await pbx.api<{ items: { id: string; number: string }[] }>('GET', '/extensions?limit=100');
    const extension = items.find(({ number }) => number === watcher.extension);
    await pbx.api('PATCH', `/extensions/${extension?.id}`, { voicemailBoxId: box.id }, { 'if-match': '*' });
    await ends(await watching('uac-mwi.xml', watcher, [watcher.extension], 'udp'));
  });
});

test('a controller that is killed: the next tells every lamp how things are, without being asked', async () => {
  const [watcher, caller, watched] = phones();
  const states: string[] = [];
  const lamp = await WatchingPhones.start(pbx, [watcher], (_phone, _watched, state) => void states.push(state));
  try {
    await lamp.watch([watched.extension], 1);
    const kept = join(pbx.data, 'subscriptions.json');
    await waitFor('the subscription to be kept', () => (existsSync(kept) && readFileSync(kept, 'utf8').includes(`sip:${watched.extension}@`) ? true : undefined), 60_000);
    const ringing = ringingAt(watched);
    const call = bank.place(caller, watched.extension);
    bank.answer(await ringing);
    await waitFor('the lamp to show a call', () => states.at(-1) === 'confirmed' || undefined);
    const before = states.length;
    await pbx.controller.kill();
    await waitFor('a NOTIFY of the next controller', () => states.length > before || undefined);
    await waitFor('the lamp to show the call again', () => states.at(-1) === 'confirmed' || undefined);
    expect(states.slice(before)).toEqual(['confirmed']);
    call.caller.session.end();
    await waitFor('the lamp to go out', () => states.at(-1) === 'terminated' || undefined);
  } finally {
    lamp.close();
  }
});

test('the key beside the lamp picks up what rings at somebody of the same pickup group', async () => {
  const [watcher, caller, watched] = phones();
  await inGroup('sales', watcher, watched);
  const states: string[] = [];
  const lamp = await WatchingPhones.start(pbx, [watcher], (_phone, _watched, state) => void states.push(state));
  try {
    await lamp.watch([watched.extension], 1);
    const ringing = ringingAt(watched);
    const call = bank.place(caller, watched.extension);
    const party = await ringing;
    await waitFor('the lamp to show ringing', () => states.at(-1) === 'early' || undefined);
    const [, callId = '', localTag = '', remoteTag = ''] = /call-id="([^"]+)" local-tag="([^"]+)" remote-tag="([^"]+)"/.exec(lamp.document(watched.extension)) ?? [];
    const pickup = bank.place(watcher, watched.extension, [['Replaces', `${callId};to-tag=${remoteTag};from-tag=${localTag}`]]);
    expect([(await pickup.outcome).type, (await call.outcome).type]).toEqual(['answered', 'answered']);
    expect(await party.heard(['ended'])).toBe('ended');
    expect(await pbx.api('GET', `/presence/${watcher.extension}`)).toMatchObject({ state: 'inUse', dialogs: [{ remote: { number: caller.extension } }] });
    await waitFor('the lamp to go out', () => states.at(-1) === 'terminated' || undefined);
    expect(await bank.hangUp(pickup.caller, call.caller)).toBe(true);
  } finally {
    lamp.close();
  }
});

test('an analog telephone has a lamp like any other, also off the hook without a call; so has its port', async () => {
  const [watcher, caller] = phones();
  const [telephone] = await office.addTelephones([{ card: 'SIM-1', port: 2 }], 301);
  if (telephone === undefined) throw new Error('no telephone');
  const states = new Map<string, string>();
  const lamp = await WatchingPhones.start(pbx, [watcher], (_phone, watched, state) => void states.set(watched, state));
  const both = (state: string) => waitFor(() => `both lamps to show ${state}: ${[...states].join(' ')}`, () => (states.get('301') === state && states.get('sta') === state ? true : undefined));
  try {
    await waitFor('the port to be in service', async () => ((await pbx.api<{ isReachable: boolean }>('GET', '/presence/sta-301')).isReachable ? true : undefined));
    await lamp.watch(['301', 'sta-301'], 1);
    await both('terminated');
    await office.act({ on: 'telephone', port: telephone.port, do: 'lift' });
    await both('trying');
    await office.act({ on: 'telephone', port: telephone.port, do: 'hangUp' });
    await both('terminated');
    const call = bank.place(caller, '301');
    await both('early');
    await office.act({ on: 'telephone', port: telephone.port, do: 'lift' });
    expect((await call.outcome).type).toBe('answered');
    await both('confirmed');
    call.caller.session.end();
    // Its receiver is still lifted: it hears that the call is over, and could not be called.
    await both('trying');
    await office.act({ on: 'telephone', port: telephone.port, do: 'hangUp' });
    await both('terminated');
  } finally {
    lamp.close();
  }
});

test('a parking slot’s lamp shows who waits there, until he is fetched', async () => {
  const [watcher, caller, parker] = phones();
  const lot = await pbx.api<{ id: string }>('POST', '/parking-lots', { key: 'lamps', displayName: 'Lamps', slots: { first: '8801', last: '8802' } });
  const states: string[] = [];
  const lamp = await WatchingPhones.start(pbx, [watcher], (_phone, _watched, state) => void states.push(state));
  try {
    await lamp.watch(['8801'], 1);
    const ringing = ringingAt(parker);
    const call = bank.place(caller, parker.extension);
    bank.answer(await ringing);
    expect((await call.outcome).type).toBe('answered');
    const { items } = await pbx.api<{ items: { id: string; legs: { id: string; role: string; state: string }[] }[] }>('GET', '/calls');
    const up = items.find(({ legs }) => legs.some(({ role, state }) => role === 'called' && state === 'answered'));
    const leg = up?.legs.find(({ role, state }) => role === 'called' && state === 'answered');
    await pbx.api('POST', '/parked-calls', { call: up?.id, leg: leg?.id, lot: lot.id, slot: '8801' });
    await waitFor('the slot’s lamp', () => states.at(-1) === 'confirmed' || undefined);
    expect(await pbx.api('GET', '/presence/8801')).toMatchObject({ kind: 'parkingSlot', state: 'inUse', dialogs: [{ remote: { number: caller.extension } }] });
    const fetched = bank.place(parker, '8801');
    expect((await fetched.outcome).type).toBe('answered');
    await waitFor('the lamp to go out', () => states.at(-1) === 'terminated' || undefined);
    expect(await bank.hangUp(fetched.caller, call.caller)).toBe(true);
  } finally {
    lamp.close();
  }
});

/** Extensions that may take each other's calls. */
async function inGroup(group: string, ...members: readonly DemoDevice[]): Promise<void> {
  const { items } = await pbx.api<{ items: { id: string; number: string }[] }>('GET', '/extensions?limit=100');
  for (const { extension } of members) await pbx.api('PATCH', `/extensions/${items.find(({ number }) => number === extension)?.id}`, { callPickupGroups: [group] }, { 'if-match': '*' });
}

/** Who watches, who calls, and who is watched: of three extensions. */
function phones(): readonly [DemoDevice, DemoDevice, DemoDevice] {
  const [first, ...others] = [...new Map(pbx.devices.map((device) => [device.extension, device])).values()];
  const [second, third] = others;
  if (first === undefined || second === undefined || third === undefined) throw new Error('the demo office has too few phones');
  return [first, second, third];
}

/** The party that will ring at this phone. */
function ringingAt({ username }: DemoDevice): Promise<BankParty> {
  return new Promise((resolve) => arrivals.set(username, resolve));
}

async function watching(scenario: string, { username, password }: DemoDevice, fields: readonly string[], transport: 'udp' | 'tcp'): Promise<Sipp> {
  const [localPort = 0] = await freePorts(1);
  runs += 1;
  return Sipp.start({
    folder: join(scratch, String(runs)), scenario: join(root, 'tools/sipp', scenario), remote: `${pbx.host}:${pbx.ports.sip}`, localPort, transport, calls: 1,
    accounts: [[username, sippCredentials(username, password), ...fields]], extra: ['-recv_timeout', '60000'],
  });
}

async function ends(sipp: Sipp): Promise<void> {
  const code = await sipp.ended();
  expect(code, sipp.errors()).toBe(0);
}

interface Told {
  readonly username: string;
  readonly package: string;
  readonly isCurrent: boolean;
  readonly told: { readonly version: number; readonly state: string; readonly isAnswered: boolean } | null;
}

async function told({ extension }: DemoDevice): Promise<readonly Told[]> {
  return (await pbx.api<{ items: readonly Told[] }>('GET', `/presence/${extension}/subscribers`)).items;
}
