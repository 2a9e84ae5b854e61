import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeTimers } from '@tipring/clock';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CardEvent } from '../contract.ts';
import { cardsOf, PortRecorder } from '../port-recorder.ts';
import { DahdiCards, type EmergencyPatch } from './dahdi-cards.ts';
import { ask, say } from './frames.ts';
import { connected, LoopAgent, type LoopStatus, waitByAgent } from './testing/loop-agent.ts';
import { RawClient, u32 } from './testing/raw-client.ts';

const program = process.env['TIPRING_CARD_AGENT_LOOP'] ?? '';

let timers: ReturnType<typeof nodeTimers>;
let agent: LoopAgent;
beforeEach(async ({ skip }) => {
  skip(program === '', 'needs a C compiler');
  timers = nodeTimers();
  agent = new LoopAgent(program, ['--emergency', 'LOOP/2=LOOP/3']);
  agent.start();
  await until(() => expect(agent.log.join('\n')).toContain('Card LOOP'));
});
afterEach(async () => {
  timers?.close();
  await agent?.remove();
});

const lineId = { card: 'LOOP', port: 1 };
const until = <T>(wanted: () => T | Promise<T>): Promise<T> => vi.waitFor(wanted, { timeout: 60_000, interval: 5 });
const untilStatus = (holds: (status: LoopStatus) => boolean): Promise<void> => until(async () => expect(await agent.status()).toSatisfy(holds));
const recorder = (cards: DahdiCards, port: number): PortRecorder => new PortRecorder(cards.port({ card: 'LOOP', port })!);

test('the socket is for its owner alone, and for one client at a time', async () => {
  const first = await connected(agent, timers);
  expect(statSync(agent.socket).mode & 0o777).toBe(0o600);
  const second = new DahdiCards(timers, agent.socket);
  const told: CardEvent[] = [];
  second.onCard = (event) => told.push(event);
  expect(await cardsOf(second)).toEqual([]);
  first.close();
  await until(() => expect(told.map(({ type }) => type)).toEqual(['arrived']));
  second.close();
});

test('a second agent does not take the first one\'s place', async () => {
  const cards = await connected(agent, timers);
  const second = spawn(program, ['--socket', agent.socket], { stdio: 'ignore' });
  expect((await once(second, 'exit'))[0]).toBe(1);
  expect(await waitByAgent(cards, 100)).toBeUndefined();
  cards.close();
});

test('when its client is killed its lines are on hook at once, and nothing rings', async () => {
  const client = spawn(process.execPath, ['--conditions=@tipring/source', join(import.meta.dirname, 'testing/off-hook-client.ts'), agent.socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(client.stdout, 'data');
  await untilStatus(({ loop, feed }) => loop[0] === 1 && feed[1] === 2);
  client.kill('SIGKILL');
  await untilStatus(({ loop, feed }) => loop[0] === 0 && feed[1] === 0);
  // At once by the end of its connection, and not by its silence after five seconds; how long a busy machine takes is not the agent's.
  await until(() => expect(agent.log.join('\n')).toContain('it has hung up'));
});

test('when the agent is killed its ports are absent, and are back with their settings when it is', async () => {
  const cards = await connected(agent, timers);
  const told: CardEvent[] = [];
  cards.onCard = (event) => told.push(event);
  const before = recorder(cards, 1);
  await before.open();
  await before.configure({ receiveGainDb: -6 });
  await before.send({ do: 'hook', hook: 'off' });
  await waitByAgent(cards, 500);
  await agent.end('SIGKILL');
  await until(() => expect(told.map(({ type }) => type)).toEqual(['gone']));
  expect(before.events.at(-1)).toMatchObject({ type: 'absent', why: 'driver', sequence: before.events.length });
  expect([cards.port(lineId), await before.send({ do: 'hook', hook: 'on' }), await before.open(), await before.measure()]).toEqual([null, 'absent', 'absent', null]);

  agent.start();
  await until(() => expect(told.map(({ type }) => type)).toEqual(['gone', 'arrived']));
  const [after, far] = [recorder(cards, 1), recorder(cards, 2)];
  expect(after.port.settings.receiveGainDb).toBe(-6);
  expect([await after.open(), await far.open(), await after.send({ do: 'hook', hook: 'off' })]).toEqual(['done', 'done', 'done']);
  far.sendTone(1_000);
  await waitByAgent(cards, 1_000);
  expect(after.toneDbm0(1_000)).toBeCloseTo(-16, 0);
  cards.close();
});

test('a card that is pulled takes its ports with it, and brings them back', async () => {
  const cards = await connected(agent, timers);
  const told: CardEvent[] = [];
  cards.onCard = (event) => told.push(event);
  const line = recorder(cards, 1);
  await line.open();
  agent.hand('pull');
  await until(() => expect(told.map(({ type }) => type)).toEqual(['gone']));
  expect([line.events.at(-1)?.type, await line.send({ do: 'hook', hook: 'off' })]).toEqual(['absent', 'absent']);
  agent.hand('insert');
  await until(() => expect(told.map(({ type }) => type)).toEqual(['gone', 'arrived']));
  expect(await recorder(cards, 1).open()).toBe('done');
  cards.close();
});

test('a lifted emergency telephone has its line while there is no client: audio both ways, until it is hung up', async () => {
  agent.hand('lift 2');
  await untilStatus(({ loop, feed }) => loop[1] === 1 && feed[0] === 1);
  agent.hand('say 2 42');
  agent.hand('say 3 51');
  await untilStatus(({ sent }) => sent[2] === 42 && sent[1] === 51);
  expect(agent.log.join('\n')).toContain('Emergency patch LOOP/2 to LOOP/3 begun.');
  agent.hand('hang 2');
  await untilStatus(({ loop, feed }) => loop[1] === 0 && feed[0] === 0);
  await until(() => expect(agent.log.join('\n')).toContain('Emergency patch LOOP/2 to LOOP/3 ended.'));
});

test('a client that comes is told of the patch, and ends it by opening one of its ports', async () => {
  agent.hand('lift 2');
  await untilStatus(({ loop }) => loop[1] === 1);
  const cards = new DahdiCards(timers, agent.socket);
  const patches: EmergencyPatch[] = [];
  cards.onEmergencyPatch = (patch) => patches.push(patch);
  await cardsOf(cards);
  expect(patches).toEqual([{ state: 'talking', station: { card: 'LOOP', port: 2 }, line: { card: 'LOOP', port: 3 } }]);
  await untilStatus(({ loop }) => loop[1] === 1);
  const station = recorder(cards, 2);
  await station.open();
  await until(() => expect(station.of('hook').map(({ hook }) => hook)).toEqual(['off']));
  expect(patches.at(-1)?.state).toBe('ended');
  await untilStatus(({ loop }) => loop[1] === 0);
  cards.close();
});

test('the emergency telephone rings with its line, and is still when the line is', async () => {
  agent.hand('ring 4');
  await untilStatus(({ feed }) => feed[0] === 2);
  agent.hand('still 4');
  await untilStatus(({ feed }) => feed[0] === 0);
  agent.hand('ring 4');
  await untilStatus(({ feed }) => feed[0] === 2);
  agent.hand('lift 2');
  await untilStatus(({ loop, feed }) => loop[1] === 1 && feed[0] === 1);
});

test('with a client the patch does not begin', async () => {
  const cards = await connected(agent, timers);
  agent.hand('lift 2');
  await waitByAgent(cards, 3_000);
  expect((await agent.status()).loop[1]).toBe(0);
  cards.close();
  await untilStatus(({ loop }) => loop[1] === 1);
});

test('a block that is not answered is lost alone: the ones after it are on time', async () => {
  const client = new RawClient(agent.socket);
  client.answers = (_, number) => number !== 7;
  client.hello();
  client.send(ask.open, 1, u32(1));
  const lost = await until(() => {
    const event = client.of(say.event).find(({ payload }) => payload.readUInt16LE(12) === 2);
    expect(event).toBeDefined();
    return event!;
  });
  expect(lost.payload.readInt32LE(14)).toBe(1);
  await untilStatus(({ sent }) => sent[0] === 0x2a);
  client.end();
});

test('what is no frame, no version or no command harms nobody', async () => {
  const wrong = new RawClient(agent.socket);
  wrong.hello(99);
  await wrong.closed;
  expect(wrong.of(say.refused).length).toBe(1);

  const noise = new RawClient(agent.socket);
  noise.raw(Buffer.alloc(64, 0xff));
  await noise.closed;

  const client = new RawClient(agent.socket);
  client.hello();
  for (let type = 0; type < 12; type++) for (const length of [0, 3, 4, 5, 7, 11]) client.send(type === ask.hello ? 99 : type, type % 6, Buffer.alloc(length, type));
  for (let kind = 0; kind < 14; kind++) for (const length of [0, 1, 2, 6, 40, 200]) client.send(ask.command, 1 + (kind % 4), Buffer.concat([u32(kind), Buffer.alloc(length, kind)]));
  client.send(ask.measure, 1, u32(4_242));
  await until(() => expect(client.of(say.reading).some(({ payload }) => payload.readUInt32LE(0) === 4_242)).toBe(true));
  client.end();
});

test('a client that says nothing for five seconds is let go', async () => {
  const client = new RawClient(agent.socket);
  client.hello();
  await client.closed;
  await until(() => expect(agent.log.join('\n')).toContain('it is silent'));
});
