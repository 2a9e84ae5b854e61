import { demoPlan, type SimulatorPlan, type SimulatorState, type TelephoneAct } from '@tipring/cards';
import { Dsp } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { type Gateway, type GatewayClient, type GatewayCommand, type GatewayEvent, type GatewayReplies, type PayloadCodec, portConformance, type PortGatewayEvent, type PortHappening, type PortName } from '@tipring/gateway';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { breakable, type BreakableConnection } from './testing/breakable-connection.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';
import { TonePhone } from './testing/tone-phone.ts';

const pcmu: PayloadCodec = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const pcma: PayloadCodec = { payloadType: 8, name: 'PCMA', clockRate: 8000 };
const events: PayloadCodec = { payloadType: 97, name: 'telephone-event', clockRate: 8000 };

/** Of the demo's card: four lines and two telephones. An exchange takes a second to believe that a line is free: each is for one test. */
const lines = ['SIM-1/1', 'SIM-1/2', 'SIM-1/3', 'SIM-1/4'] as const;
const [telephone, otherTelephone] = ['SIM-1/5', 'SIM-1/6'] as const;

function smallPlan(): SimulatorPlan {
  const [card] = demoPlan().cards;
  return { cards: [{ ...card!, ports: card!.ports.slice(0, 6) }] };
}

const folder = mkdtempSync(join(tmpdir(), 'tipring-plan-'));
const plan = join(folder, 'plan.json');
writeFileSync(plan, JSON.stringify(smallPlan()));
afterAll(() => rmSync(folder, { recursive: true }));

const ask = <C extends GatewayCommand>(gateway: Gateway, command: C): Promise<GatewayReplies[C['do']]> =>
  new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(`${command.do}: ${refusal?.code}: ${refusal?.text}`)) : resolve(reply))));

const idOf = (port: PortName): { card: string; port: number } => ({ card: 'SIM-1', port: Number(port.split('/')[1]) });

/** Everything on hook, closed and in no context. */
async function cleared(gateway: Gateway): Promise<void> {
  const audit = await ask(gateway, { do: 'audit' });
  for (const { context } of audit.contexts) await ask(gateway, { do: 'release', context });
  for (const port of audit.ports) await ask(gateway, { do: 'closePort', port });
  for (const port of [telephone, otherTelephone]) gateway.send({ do: 'simulate', act: { on: 'telephone', port: idOf(port), do: 'hangUp' } });
  await ask(gateway, { do: 'simulator' });
}

// How packets come in makes no difference to ports: once is enough.
const kind = kindsForTests()[0]!;

describe('the ports of the media gateway process', () => {
  let media: MediaProcess;
  beforeAll(async () => {
    media = await startMedia(kind, { TIPRING_SIMULATOR: plan, TIPRING_RTP_PORTS: '28800-28999' });
  });
  afterAll(() => media.end());

  let made = 0;
  portConformance(test, async () => {
    const fxo = lines[made++ % lines.length]!;
    const proxy = await breakable(media.socket);
    const gateway = await connected(proxy.path);
    const handset = async (hook: 'off' | 'on'): Promise<void> => {
      const direct = gateway.state === 'up' ? null : await connected(media.socket);
      await ask(direct ?? gateway, { do: 'simulate', act: { on: 'telephone', port: idOf(telephone), do: hook === 'off' ? 'lift' : 'hangUp' } });
      direct?.close();
    };
    const end = async (): Promise<void> => {
      gateway.close();
      proxy.close();
      const direct = await connected(media.socket);
      await cleared(direct);
      direct.close();
    };
    return { gateway, card: 'SIM-1', fxo, fxs: telephone, handset, lose: proxy.lose, comeBack: proxy.mend, end };
  });
});

describe('calls of ports', () => {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 4 * 2 ** 20 });
  let media: MediaProcess;
  let proxy: BreakableConnection;
  let gateway: GatewayClient;
  let told: (GatewayEvent | PortGatewayEvent)[] = [];
  let noted: () => void = () => {};
  let phones: TonePhone[] = [];

  beforeAll(async () => {
    media = await startMedia(kind, { TIPRING_SIMULATOR: plan, TIPRING_RTP_PORTS: '28800-28999', TIPRING_MEDIA_TIMEOUT_MS: '400', TIPRING_PORTS_ORPHAN_S: '1' });
    proxy = await breakable(media.socket);
    gateway = await connected(proxy.path);
    const note = (event: GatewayEvent | PortGatewayEvent): void => {
      told.push(event);
      noted();
    };
    gateway.onEvent = note;
    gateway.onPortEvent = note;
  });
  beforeEach(() => {
    told = [];
  });
  afterEach(async () => {
    for (const phone of phones) phone.close();
    phones = [];
    await cleared(gateway);
  });
  afterAll(async () => {
    gateway.close();
    proxy.close();
    await media.end();
  });

  const act = async (port: PortName, does: TelephoneAct extends infer Act ? (Act extends TelephoneAct ? Omit<Act, 'on' | 'port'> : never) : never): Promise<void> => {
    await ask(gateway, { do: 'simulate', act: { on: 'telephone', port: idOf(port), ...does } as TelephoneAct });
  };

  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (noted = resolve));
  };

  const happened = (port: PortName, matches: (is: PortHappening) => boolean): Promise<void> => until(() => told.some((event) => event.event === 'port' && event.port === port && matches(event.is)));

  /** What is plugged into a port, looked at until it is so. */
  const seen = async (port: PortName, holds: (state: SimulatorState['lines'][number] | SimulatorState['telephones'][number]) => boolean): Promise<void> => {
    for (;;) {
      const { lines, telephones } = await ask(gateway, { do: 'simulator' });
      const state = [...lines, ...telephones].find((one) => `${one.port.card}/${one.port.port}` === port);
      if (state !== undefined && holds(state)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  const hears = (...tones: readonly number[]) => ({ hears: heard }: { readonly hears: readonly { readonly hz: number }[] }): boolean => tones.every((tone) => heard.some(({ hz }) => Math.abs(hz - tone) <= 2));

  /** A telephone that is off hook and says its tone, as end `termination` of context `c`. */
  const talkingTelephone = async (port: PortName, frequencyHz: number, termination: string, codec: 'PCMA' | 'PCMU'): Promise<void> => {
    await ask(gateway, { do: 'openPort', port });
    await act(port, { do: 'lift' });
    await happened(port, (is) => is.type === 'hook' && is.hook === 'off');
    await act(port, { do: 'speak', tone: { frequencyHz } });
    await ask(gateway, { do: 'addPort', context: 'c', termination, port, codec });
  };

  const talkingPhone = async (frequencyHz: number, termination: string, ...codecs: readonly PayloadCodec[]): Promise<TonePhone> => {
    const phone = await TonePhone.open(dsp, frequencyHz, codecs);
    phones.push(phone);
    const { local } = await ask(gateway, { do: 'add', context: 'c', termination, remote: phone.remote });
    phone.talkTo(local);
    return phone;
  };

  const seizedLine = async (port: PortName, termination: string): Promise<void> => {
    await ask(gateway, { do: 'openPort', port });
    await ask(gateway, { do: 'commandPort', port, command: { do: 'hook', hook: 'off' } });
    await ask(gateway, { do: 'addPort', context: 'c', termination, port, codec: 'PCMU' });
  };

  test.each([['relayed', pcmu], ['converted, since it speaks another law', pcma]] as const)('a telephone and a SIP phone hear each other, %s', async (_what, codec) => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    const phone = await talkingPhone(660, 'b', codec);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await Promise.all([phone.hears([1000], [660]), seen(telephone, hears(660))]);
    const { terminations } = await ask(gateway, { do: 'inspect', context: 'c' });
    expect(terminations.map(({ statistics }) => statistics.codec)).toEqual(['PCMU', codec.name]);
    // What comes from a port is told as happenings, not as of an RTP end.
    expect(told.filter((event) => 'termination' in event && event.termination === 'a')).toEqual([]);
  });

  test('a port speaks another law from one moment to the next, and the phone hears it without a conversion', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    const phone = await talkingPhone(660, 'b', pcmu, pcma);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await phone.hears([1000]);
    await ask(gateway, { do: 'modifyPort', context: 'c', termination: 'a', codec: 'PCMA' });
    await phone.phone.until(({ heard }) => heard.at(-1)?.payloadType === pcma.payloadType);
    await seen(telephone, hears(660));
  });

  test('three hear each other: two telephones and a SIP phone', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    await talkingTelephone(otherTelephone, 1500, 'b', 'PCMA');
    const phone = await talkingPhone(660, 'x', pcmu);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b'], ['b', 'x'], ['a', 'x']] });
    await Promise.all([phone.hears([1000, 1500]), seen(telephone, hears(660, 1500)), seen(otherTelephone, hears(660, 1000))]);
  });

  test('two ports that hear each other alone are patched without packets, and unpatched when a third comes', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    await talkingTelephone(otherTelephone, 1500, 'b', 'PCMU');
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await Promise.all([seen(telephone, hears(1500)), seen(otherTelephone, hears(1000))]);
    const packets = async (): Promise<number[]> => (await ask(gateway, { do: 'inspect', context: 'c' })).terminations.map(({ statistics }) => statistics.packetsReceived);
    const before = await packets();
    await Promise.all([seen(telephone, hears(1500)), new Promise((resolve) => setTimeout(resolve, 100))]);
    expect(await packets()).toEqual(before);
    const phone = await talkingPhone(660, 'x', pcmu);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b'], ['b', 'x']] });
    await Promise.all([phone.hears([1500], [1000]), seen(otherTelephone, hears(660, 1000)), seen(telephone, (state) => hears(1500)(state) && !hears(660)(state))]);
    await ask(gateway, { do: 'subtract', context: 'c', termination: 'a' });
    await Promise.all([phone.hears([1500], [1000]), seen(telephone, (state) => !hears(1500)(state))]);
  });

  test('a telephone hears the dial tone of a line, and the exchange what it dials', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    await act(telephone, { do: 'speak', tone: null });
    await seizedLine(lines[0], 'b');
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await seen(telephone, hears(350, 440));
    await act(telephone, { do: 'dial', digits: '5551' });
    await seen(lines[0], (state) => 'digits' in state && state.digits === '5551');
  });

  test('digits of a SIP phone that come as events reach the exchange as DTMF (RFC 4733)', async () => {
    await seizedLine(lines[1], 'a');
    const phone = await talkingPhone(660, 'b', pcmu, events);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await phone.hears([350]);
    phone.fallSilent();
    for (const [at, event] of [5, 9].entries()) {
      const timestamp = 160_000 * (at + 1);
      for (let packet = 1; packet <= 6; packet++) {
        phone.sayEvent(events.payloadType, event, packet * 160, packet > 5 ? 'last' : 'goesOn', timestamp, packet === 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await seen(lines[1], (state) => 'digits' in state && state.digits.length === at + 1);
    }
    await seen(lines[1], (state) => 'digits' in state && state.digits === '59');
  });

  test('digits of a telephone go as events to a phone that takes them, and as tones to one that does not', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    await act(telephone, { do: 'speak', tone: null });
    await ask(gateway, { do: 'listen', port: telephone, listening: { digits: true } });
    const phone = await talkingPhone(660, 'b', pcmu, events);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await act(telephone, { do: 'dial', digits: '5' });
    await phone.phone.until(({ heard }) => heard.some(({ payloadType, payload }) => payloadType === events.payloadType && payload[0] === 5));
    await happened(telephone, (is) => is.type === 'digit' && is.digit === '5');
    const deaf = await talkingPhone(660, 'x', pcmu);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'x']] });
    await deaf.phone.until(({ heard }) => heard.length > 10);
    await act(telephone, { do: 'dial', digits: '9' });
    await deaf.hears([852, 1477]);
  });

  test('while the controller is away audio goes on, and what happens is told when it is back', async () => {
    await talkingTelephone(telephone, 1000, 'a', 'PCMU');
    const phone = await talkingPhone(660, 'b', pcmu);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await phone.hears([1000]);
    const down = new Promise<void>((resolve) => (gateway.onState = (state) => state === 'down' && resolve()));
    proxy.lose();
    await down;
    const packets = phone.phone.heard.length;
    await phone.phone.until(({ heard }) => heard.length > packets + 20);
    expect(phone.level(1000)).toBeGreaterThan(-35);
    const direct = await connected(media.socket);
    await ask(direct, { do: 'simulate', act: { on: 'telephone', port: idOf(telephone), do: 'hangUp' } });
    direct.close();
    const up = new Promise<void>((resolve) => (gateway.onState = (state) => state === 'up' && resolve()));
    proxy.mend();
    await up;
    told = [];
    const audit = await ask(gateway, { do: 'audit' });
    expect([audit.ports, audit.contexts.flatMap(({ terminations }) => terminations.map(({ port }) => port))]).toEqual([[telephone], [telephone, null]]);
    await ask(gateway, { do: 'openPort', port: telephone });
    await happened(telephone, (is) => is.type === 'hook' && is.hook === 'on');
  });

  test('without a controller a line that is held for nobody goes on hook, one that is in use does not', async () => {
    const [held, used] = [lines[2], lines[3]];
    await seizedLine(held, 'a');
    await ask(gateway, { do: 'release', context: 'c' });
    await seizedLine(used, 'a');
    const phone = await talkingPhone(660, 'b', pcmu);
    await ask(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await phone.hears([350]);
    const down = new Promise<void>((resolve) => (gateway.onState = (state) => state === 'down' && resolve()));
    proxy.lose();
    await down;
    // The lines' own dial tone is over by the time the gateway looks again.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const up = new Promise<void>((resolve) => (gateway.onState = (state) => state === 'up' && resolve()));
    proxy.mend();
    await up;
    await seen(held, (state) => 'seized' in state && !state.seized);
    await seen(used, (state) => 'seized' in state && state.seized);
    await ask(gateway, { do: 'openPort', port: held });
    await happened(held, (is) => is.type === 'portHook' && is.hook === 'on');
  });
});

test('a plan that cannot be read stops the start, and is named', async () => {
  await expect(startMedia(kind, { TIPRING_SIMULATOR: join(folder, 'nowhere.json') })).rejects.toThrow('TIPRING_SIMULATOR');
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{"cards":7}');
  await expect(startMedia(kind, { TIPRING_SIMULATOR: broken })).rejects.toThrow('TIPRING_SIMULATOR');
});
