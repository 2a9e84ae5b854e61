import { expect, test } from 'vitest';
import { gatewayConformance, type PortRange } from './conformance.ts';
import type { GatewayUnderTest } from './conformance-bed.ts';
import type { GatewayCommand, GatewayEvent } from './contract.ts';
import { fakeCard } from './fake-card.ts';
import { FakeGateway } from './fake-gateway.ts';
import { playerConformance } from './player-conformance.ts';
import { portConformance } from './port-conformance.ts';
import type { PlayerGatewayEvent } from './player-contract.ts';
import type { PortGatewayEvent } from './port-contract.ts';

async function fake(ports: PortRange): Promise<GatewayUnderTest> {
  const gateway = new FakeGateway(ports);
  return { gateway, lose: () => gateway.goDown(), comeBack: () => gateway.comeUp(), end: async () => gateway.close() };
}

gatewayConformance(test, fake);

playerConformance(test, fake);

portConformance(test, async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxo', null, 'fxs'])] });
  const handset = async (hook: 'off' | 'on'): Promise<void> => gateway.emitPort('SIM-1/3', { type: 'hook', hook });
  return { gateway, card: 'SIM-1', fxo: 'SIM-1/1', fxs: 'SIM-1/3', handset, lose: () => gateway.goDown(), comeBack: () => gateway.comeUp(), end: async () => gateway.close() };
});

test('a fake that was restarted has forgotten its contexts', async () => {
  const gateway = new FakeGateway();
  await new Promise<void>((resolve) => gateway.send({ do: 'add', context: 'c', termination: 'a' }, () => resolve()));
  gateway.goDown();
  gateway.comeUp('restarted');
  const audit = await new Promise((resolve) => gateway.send({ do: 'audit' }, resolve));
  expect(audit).toEqual({ gateway: 'fake', contexts: [], ports: [] });
});

test('a fake refuses what the test planned, once, and tells events as from the wire', async () => {
  const gateway = new FakeGateway();
  const events: GatewayEvent[] = [];
  gateway.onEvent = (event) => events.push(event);
  gateway.refuseNext('add', 'overloaded');
  const codes: (string | undefined)[] = [];
  for (const termination of ['a', 'b']) await new Promise<void>((resolve) => gateway.send({ do: 'add', context: 'c', termination }, (_reply, refusal) => resolve(void codes.push(refusal?.code))));
  gateway.emit({ event: 'mediaTimeout', context: 'c', termination: 'b', silentMs: 30_000 });
  expect(codes).toEqual(['overloaded', undefined]);
  expect(events).toHaveLength(1);
});

test('a card that is pulled out of a fake takes its ports along, and comes back with their settings', async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxo'])] });
  const events: PortGatewayEvent[] = [];
  gateway.onPortEvent = (event) => events.push(event);
  const code = (command: GatewayCommand): Promise<string> => new Promise((resolve) => gateway.send(command, (_reply, refusal) => resolve(refusal?.code ?? 'done')));
  expect(await code({ do: 'openPort', port: 'SIM-1/1', settings: { sendGainDb: 3 } })).toBe('done');
  events.length = 0;
  gateway.removeCard('SIM-1');
  expect(events.map((event) => (event.event === 'card' ? event.change : event.is.type))).toEqual(['absent', 'gone']);
  expect(await code({ do: 'openPort', port: 'SIM-1/1' })).toBe('absent');
  expect(await code({ do: 'openPort', port: 'SIM-2/1' })).toBe('noSuchPort');
  gateway.insertCard(fakeCard('SIM-1', ['fxo']));
  expect(events.at(-1)).toMatchObject({ change: 'arrived', card: { ports: [{ isOpen: false, settings: { sendGainDb: 3 } }] } });
  expect(await code({ do: 'openPort', port: 'SIM-1/1' })).toBe('done');
});

test('a fake remembers what a port was made to do', async () => {
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', ['fxs'])] });
  const port = 'SIM-1/1';
  const sounds = [{ type: 'digits', digits: '12', digitMs: 80, pauseMs: 80, levelDbm0: -9 }] as const;
  gateway.send({ do: 'openPort', port, treatment: { echo: null } });
  gateway.send({ do: 'play', port, sounds });
  gateway.send({ do: 'listen', port, listening: { digits: true } });
  await new Promise((resolve) => gateway.send({ do: 'commandPort', port, command: { do: 'ringStop' } }, resolve));
  expect(gateway.port(port)).toMatchObject({ isOpen: true, treatment: { echo: null }, playing: sounds, listening: { digits: true }, commanded: [{ do: 'ringStop' }] });
});

test('a fake remembers what a player was made to do, and it ends when the test says so', async () => {
  const gateway = new FakeGateway();
  const events: PlayerGatewayEvent[] = [];
  gateway.onPlayerEvent = (event) => events.push(event);
  const player = { context: 'c', termination: 'p' };
  const pieces = [{ file: 'greeting.wav' }];
  gateway.send({ do: 'addPlayer', ...player });
  gateway.send({ do: 'announce', ...player, pieces });
  await new Promise((resolve) => gateway.send({ do: 'record', ...player, file: 'm.wav', maxMs: 1000, silenceMs: 600 }, resolve));
  expect(gateway.player('c', 'p')).toMatchObject({ playing: { pieces, times: 1 }, recording: { file: 'm.wav', maxMs: 1000, silenceMs: 600, isAppended: false } });
  gateway.emitPlayer({ event: 'announced', ...player, how: 'ended' });
  gateway.player('c', 'p')!.recordedMs = 700;
  await new Promise((resolve) => gateway.send({ do: 'recording', ...player, is: 'stopped' }, resolve));
  await Promise.resolve();
  expect(gateway.player('c', 'p')).toMatchObject({ playing: null, recording: null });
  expect(events).toEqual([{ event: 'announced', ...player, how: 'ended' }, { event: 'recorded', ...player, file: 'm.wav', ms: 700, how: 'stopped' }]);
});
