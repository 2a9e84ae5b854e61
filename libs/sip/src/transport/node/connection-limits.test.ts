import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Flow, TransportName } from '../flow.ts';
import { NodeTransport } from './node-transport.ts';
import { selfSigned } from './self-signed.ts';
import type { NodeTransportSettings } from './settings.ts';

const certificate = selfSigned({ names: ['127.0.0.1', 'pbx.example.com'], days: 1, now: new Date() });
const open: NodeTransport[] = [];

afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close();
});

test('two thousand connections at once are accepted and heard, and none is left afterwards', async () => {
  const side = await listen('tcp', { limits: { connectionsPerAddress: 3000 } });
  const sockets = Array.from({ length: 2000 }, () => {
    const socket = connect(side.port, '127.0.0.1');
    socket.write(options);
    return socket;
  });
  await until(() => side.messages.length === 2000);
  expect(side.transport.counters()).toMatchObject({ accepted: 2000, refused: 0, connections: 2000 });
  for (const socket of sockets) socket.destroy();
  await until(() => side.closed.length === 2000);
  expect(side.transport.counters().connections).toBe(0);
});

test('connections are bounded in all, per address, and by who is admitted', async () => {
  const perAddress = await listen('tcp', { limits: { connectionsPerAddress: 2 } });
  const held = [connect(perAddress.port, '127.0.0.1'), connect(perAddress.port, '127.0.0.1')];
  await until(() => perAddress.transport.counters().accepted === 2);
  await isClosed(connect(perAddress.port, '127.0.0.1'));
  // Another address is another matter.
  const other = connect({ port: perAddress.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
  await until(() => perAddress.transport.counters().accepted === 3);
  for (const socket of [...held, other]) socket.destroy();
  await until(() => perAddress.transport.counters().connections === 0);

  const inAll = await listen('tcp', { limits: { connections: 1 } });
  const one = connect(inAll.port, '127.0.0.1');
  await until(() => inAll.transport.counters().accepted === 1);
  await isClosed(connect({ port: inAll.port, host: '127.0.0.1', localAddress: '127.0.0.2' }));
  one.destroy();

  const admitted = await listen('tcp', { admits: (address) => address !== '127.0.0.1' });
  await isClosed(connect(admitted.port, '127.0.0.1'));
  expect(admitted.transport.counters()).toMatchObject({ accepted: 0, refused: 1 });
});

test.each(['tcp', 'tls', 'ws', 'wss'] satisfies TransportName[])('%s: one that connects and says nothing is closed in time', async (transport) => {
  const side = await listen(transport, { limits: { firstMessageMs: 100 } });
  await isClosed(connect(side.port, '127.0.0.1'));
  await until(() => side.transport.counters().closedAsLate === 1);
});

test('keepalives alone are not a message, and a trickling message has to end (slow loris)', async () => {
  const first = await listen('tcp', { limits: { firstMessageMs: 200 } });
  const side = await listen('tcp', { limits: { messageMs: 150 } });
  const pinging = connect(first.port, '127.0.0.1');
  const pings = setInterval(() => pinging.write('\r\n\r\n'), 20);
  const trickling = connect(side.port, '127.0.0.1');
  trickling.write(options);
  let at = 0;
  const drops = setInterval(() => trickling.write(options[at++] ?? ' '), 20);
  await Promise.all([isClosed(pinging), isClosed(trickling)]);
  clearInterval(pings);
  clearInterval(drops);
  expect([first.messages.length, side.messages.length]).toEqual([0, 1]);
  await until(() => first.closed.length === 1 && side.closed.length === 1);
  expect([first, side].map(({ closed }) => closed[0]?.reason)).toEqual(['no message came', 'a message did not end']);
});

test('a double line end is answered by a single one (RFC 5626 3.5.1), over TCP and WebSocket', async () => {
  const tcp = await listen('tcp');
  const socket = connect(tcp.port, '127.0.0.1');
  socket.write('\r\n\r\n');
  const [pong] = (await once(socket, 'data')) as [Buffer];
  expect(pong.toString()).toBe('\r\n');
  socket.destroy();

  const ws = await listen('ws');
  const webSocket = new WebSocket(`ws://127.0.0.1:${ws.port}`, 'sip');
  await once(webSocket, 'open');
  webSocket.send('\r\n\r\n');
  const [data] = (await once(webSocket, 'message')) as [Buffer];
  expect(data.toString()).toBe('\r\n');
  webSocket.terminate();
  expect([...tcp.messages, ...ws.messages]).toHaveLength(0);
});

test('a peer that does not read is closed at the bound of its queue, and every message that did not leave is reported', async () => {
  const side = await listen('tcp', { limits: { writeQueueBytes: 200_000 } });
  const socket = connect(side.port, '127.0.0.1');
  socket.pause();
  socket.write(options);
  await until(() => side.messages.length === 1);
  const flow = side.messages[0]?.flow as Flow;
  const outcomes = new Map<number, string>();
  const bytes = new Uint8Array(50_000).fill(0x61);
  let sent = 0;
  // The kernel's buffers take some megabytes before ours begins to fill.
  while (side.closed.length === 0) {
    const number = sent++;
    side.transport.send({ flow }, bytes, (reason) => {
      expect(outcomes.has(number)).toBe(false);
      outcomes.set(number, reason);
    });
    await nextTurn();
  }
  await until(() => outcomes.has(sent - 1));
  expect(side.closed[0]?.reason).toContain('write queue');
  expect(outcomes.size).toBeGreaterThanOrEqual(4);
  expect(process.memoryUsage().external).toBeLessThan(500_000_000);
  socket.destroy();
});

test('a connection attempt that hangs ends by the connect limit', async () => {
  const side = await listen('tcp', { limits: { connectMs: 100 } });
  // Accepts TCP, and never says a word of TLS.
  const mute = createServer(() => {});
  await new Promise<void>((ready) => mute.listen(0, '127.0.0.1', ready));
  const { port } = mute.address() as { port: number };
  const reason = await new Promise((failed) => side.transport.send({ transport: 'tls', address: '127.0.0.1', port }, bytesOf(options), failed));
  expect(reason).toBe('connect timeout');
  mute.close();
});

test('a TLS peer whose certificate is not trusted, or is for another name, gets nothing', async () => {
  const far = await listen('tls');
  const near = await listen('udp', { trust: { authorities: certificate.cert } });
  const hop = { transport: 'tls', address: '127.0.0.1', port: far.port } as const;
  const stranger = await listen('udp');
  expect(await failure(stranger, hop)).toMatch(/self-signed/);
  expect(await failure(near, { ...hop, host: 'other.example.com' })).toMatch(/altnames/);
  near.transport.send({ ...hop, host: 'pbx.example.com' }, bytesOf(options), () => {});
  await until(() => far.messages.length === 1);
});

test('a connection that a peer opened is not used for a TLS hop with a name to verify (RFC 5923 8)', async () => {
  const side = await listen('tls', { trust: { authorities: certificate.cert } });
  const peer = connectTls({ port: side.port, host: '127.0.0.1', rejectUnauthorized: false });
  peer.write(options);
  await until(() => side.messages.length === 1);
  const { remote } = side.messages[0]?.flow as Flow;
  let heard = 0;
  peer.on('data', () => (heard += 1));
  expect(await failure(side, { transport: 'tls', ...remote, host: 'pbx.example.com' })).toBeTypeOf('string');
  expect(heard).toBe(0);
  peer.destroy();
});

test('a WebSocket without the subprotocol "sip" is refused (RFC 7118 4.1), and plain HTTP is told what this is', async () => {
  const side = await listen('ws');
  const webSocket = new WebSocket(`ws://127.0.0.1:${side.port}`);
  const [error] = (await once(webSocket, 'error')) as [Error];
  expect(error.message).toContain('400');
  const response = await fetch(`http://127.0.0.1:${side.port}/`);
  expect(response.status).toBe(426);
});

test('a WebSocket gets text where the bytes are UTF-8, and binary where they are not (RFC 7118 5)', async () => {
  const side = await listen('ws');
  const webSocket = new WebSocket(`ws://127.0.0.1:${side.port}`, 'sip');
  await once(webSocket, 'open');
  webSocket.send(options);
  await until(() => side.messages.length === 1);
  const flow = side.messages[0]?.flow as Flow;
  side.transport.send({ flow }, bytesOf('text'), () => {});
  expect((await once(webSocket, 'message'))[1]).toBe(false);
  side.transport.send({ flow }, Uint8Array.of(0xff, 0xfe), () => {});
  expect((await once(webSocket, 'message'))[1]).toBe(true);
  webSocket.terminate();
});

test('a stream that stops being SIP is closed with the reason', async () => {
  const side = await listen('tcp');
  const socket = connect(side.port, '127.0.0.1');
  socket.write(options);
  socket.write(Buffer.from([0x16, 0x03, 0x01]));
  await isClosed(socket);
  await until(() => side.closed.length === 1);
  expect(side.messages).toHaveLength(1);
  expect(side.closed[0]?.reason).toBe('not SIP');
});

test('a request goes out on a new connection as soon as the old one begins to close', async () => {
  const near = await listen('tcp', { limits: { writeQueueBytes: 1000 } });
  const far = await listen('tcp');
  const hop = { transport: 'tcp', address: '127.0.0.1', port: far.port } as const;
  const failures: number[] = [];
  // The second does not fit into the queue of a connection that is not up yet.
  near.transport.send(hop, new Uint8Array(900).fill(0x61), () => failures.push(1));
  near.transport.send(hop, new Uint8Array(900).fill(0x61), () => failures.push(2));
  near.transport.send(hop, bytesOf(options), expect.fail);
  await until(() => far.messages.length === 1 && failures.length === 2);
  expect(failures.sort()).toEqual([1, 2]);
});

test('an address that is taken is refused at once, and nothing stays open', async () => {
  const side = await listen('tcp');
  const taken = { transport: 'tcp', address: '127.0.0.1', port: side.port } as const;
  const free = { transport: 'udp', address: '127.0.0.1', port: 0 } as const;
  await expect(NodeTransport.open({ listen: [free, taken] }, quiet)).rejects.toThrow('EADDRINUSE');
});

interface Side {
  readonly transport: NodeTransport;
  readonly port: number;
  readonly messages: { readonly bytes: Uint8Array; readonly flow: Flow }[];
  readonly closed: { readonly flow: Flow; readonly reason: string }[];
}

async function listen(transport: TransportName, settings: Partial<NodeTransportSettings> = {}): Promise<Side> {
  const messages: Side['messages'] = [];
  const closed: Side['closed'] = [];
  const listening = { listen: [{ transport, address: '127.0.0.1', port: 0 }], certificate, ...settings };
  const opened = await NodeTransport.open(listening, {
    onMessage: (bytes, flow) => messages.push({ bytes, flow }),
    onFlowClosed: (flow, reason) => closed.push({ flow, reason }),
    onError: (reason) => expect.fail(reason),
  });
  open.push(opened);
  return { transport: opened, port: opened.listening[0]?.port ?? 0, messages, closed };
}

function failure(side: Side, hop: Parameters<NodeTransport['send']>[0]): Promise<string> {
  return new Promise((failed) => side.transport.send(hop, bytesOf(options), failed));
}

async function isClosed(socket: Socket): Promise<void> {
  // What is still being written when the other side closes comes back as a reset.
  socket.on('error', () => {});
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

const quiet = { onMessage: () => {}, onFlowClosed: () => {}, onError: () => {} };

const options =
  'OPTIONS sip:far@example.com SIP/2.0\r\nVia: SIP/2.0/TCP near;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n' +
  'To: <sip:far@example.com>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n';
