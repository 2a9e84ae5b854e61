import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GatewayClient } from './node-client.ts';
import { writeBye, writeEvent, writeReply } from './wire.ts';

let folder: string;
let path: string;
let server: Server;
let accepted: (socket: Socket) => void;
const open = new Set<{ close(): void }>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tipring-client-'));
  path = join(folder, 'gateway.sock');
  accepted = () => {};
  server = createServer((socket) => {
    open.add({ close: () => socket.destroy() });
    socket.setEncoding('utf8');
    accepted(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
});

afterEach(() => {
  for (const one of open) one.close();
  open.clear();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function nextSocket(): Promise<Socket> {
  return new Promise((resolve) => (accepted = resolve));
}

async function up(): Promise<{ client: GatewayClient; socket: Socket }> {
  const next = nextSocket();
  const client = new GatewayClient({ path });
  open.add(client);
  await new Promise<void>((resolve) => (client.onState = () => resolve()));
  client.onState = () => {};
  return { client, socket: await next };
}

test('commands of one turn of the event loop leave in one write', async () => {
  const { client, socket } = await up();
  const chunks: string[] = [];
  const come = new Promise<void>((resolve) => socket.on('data', (chunk: string) => (chunks.push(chunk), resolve())));
  for (let i = 0; i < 5; i++) client.send({ do: 'audit' });
  queueMicrotask(() => client.send({ do: 'metrics' }));
  await come;
  expect(chunks).toHaveLength(1);
  expect(chunks[0]?.trimEnd().split('\n').map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a listener that throws does not swallow the replies behind it', async () => {
  const { client, socket } = await up();
  const thrown: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (error) => thrown.push(error));
  client.onEvent = () => {
    throw new Error('a bug of ours');
  };
  const answered = new Promise((resolve) => client.send({ do: 'audit' }, resolve));
  socket.once('data', () => socket.write(writeEvent({ event: 'mediaTimeout', context: 'c', termination: 'a', silentMs: 1 }) + writeReply(1, '{"gateway":"x","contexts":[]}')));
  expect(await answered).toEqual({ gateway: 'x', contexts: [] });
  await new Promise((resolve) => setImmediate(resolve));
  for (const one of others) process.on('uncaughtException', one);
  expect(String(thrown)).toContain('a bug of ours');
});

test('it comes back at once after a loss, and numbers go on', async () => {
  const { client, socket } = await up();
  let last = socket;
  const tookMs: number[] = [];
  for (let loss = 0; loss < 5; loss++) {
    const again = nextSocket();
    const isUp = new Promise<void>((resolve) => (client.onState = (state) => state === 'up' && resolve()));
    const from = performance.now();
    last.destroy();
    last = await again;
    tookMs.push(performance.now() - from);
    await isUp;
  }
  // A machine that is busy makes one late, not all. Every try but the first one after a loss waits for 50 ms and more.
  expect(Math.min(...tookMs)).toBeLessThan(50);
  last.on('data', (line: string) => last.write(writeReply((JSON.parse(line) as { n: number }).n, '{"gateway":"x","contexts":[]}')));
  expect(await new Promise((resolve) => client.send({ do: 'audit' }, resolve))).toEqual({ gateway: 'x', contexts: [] });
});

test('a gateway that is not there yet is found when it comes', async () => {
  await new Promise((resolve) => server.close(resolve));
  const client = new GatewayClient({ path });
  open.add(client);
  const isUp = new Promise<void>((resolve) => (client.onState = () => resolve()));
  expect(await new Promise((resolve) => client.send({ do: 'audit' }, (_reply, refusal) => resolve(refusal?.code)))).toBe('gone');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await isUp;
  expect(client.state).toBe('up');
});

test('one that was replaced by another controller does not take the gateway straight back', async () => {
  const { client, socket } = await up();
  let connections = 0;
  accepted = () => void connections++;
  const down = new Promise<void>((resolve) => (client.onState = () => resolve()));
  socket.end(writeBye('replaced', 'another'));
  await down;
  // Any reconnecting of the usual kind would have come by the time a third client is up.
  const third = new GatewayClient({ path });
  open.add(third);
  await new Promise<void>((resolve) => (third.onState = () => resolve()));
  expect([connections, client.state]).toEqual([1, 'down']);
});
