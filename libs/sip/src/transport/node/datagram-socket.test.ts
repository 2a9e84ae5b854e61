import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { spawn } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Flow } from '../flow.ts';
import { NodeTransport } from './node-transport.ts';
import type { ListenAddress, NodeTransportSettings } from './settings.ts';

const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

describe.each(kinds())('UDP, %s', (_kind, native) => {
  test('keepalives of phones are not messages', async () => {
    const { transport, port, messages } = await listen(native);
    const phone = await bound();
    for (const keepalive of ['', '\0\0\0\0', '\r\n', '\r\n\r\n', ' ']) phone.send(keepalive, port, '127.0.0.1');
    phone.send('\r\nOPTIONS', port, '127.0.0.1');
    await until(() => messages.length === 1);
    expect(transport.counters()).toMatchObject({ received: 1, keepalives: 5 });
  });

  test('a flow is one object while it is remembered, has an equal id when it was forgotten, and their number is bounded', async () => {
    const { transport, port, messages } = await listen(native, { datagramFlows: 8 });
    const phones = await Promise.all(Array.from({ length: 20 }, bound));
    const first = phones[0] as Socket;
    first.send('A', port, '127.0.0.1');
    await until(() => messages.length === 1);
    first.send('B', port, '127.0.0.1');
    await until(() => messages.length === 2);
    expect(messages[1]?.flow).toBe(messages[0]?.flow);
    for (const phone of phones.slice(1)) phone.send('C', port, '127.0.0.1');
    await until(() => messages.length === 21);
    first.send('D', port, '127.0.0.1');
    await until(() => messages.length === 22);
    expect(messages[21]?.flow).not.toBe(messages[0]?.flow);
    expect(messages[21]?.flow.id).toBe(messages[0]?.flow.id);
    expect(transport.counters().datagramFlows).toBeLessThanOrEqual(8);
    // The forgotten object still leads to the phone, and so does what was stored of it.
    const forgotten = messages[0]?.flow as Flow;
    const { id, local, remote } = forgotten;
    let heard = 0;
    first.on('message', () => (heard += 1));
    transport.send({ flow: forgotten }, Buffer.from('E'), expect.fail);
    transport.send({ flow: { id, transport: 'udp', local, remote } }, Buffer.from('F'), expect.fail);
    await until(() => heard === 2);
  });

  test('0.0.0.0 becomes a socket on every address, so that the local address of a flow is exact', async () => {
    const { transport, messages } = await listen(native, { listen: [{ transport: 'udp', address: '0.0.0.0', port: 0 }] });
    const addresses = transport.listening.map(({ address }) => address);
    expect(addresses).toContain('127.0.0.1');
    expect(addresses).not.toContain('0.0.0.0');
    const phone = await bound();
    const loopback = transport.listening.find(({ address }) => address === '127.0.0.1') as ListenAddress;
    phone.send('A', loopback.port, '127.0.0.1');
    await until(() => messages.length === 1);
    expect(messages[0]?.flow.local).toMatchObject({ address: '127.0.0.1', port: loopback.port });
    expect(transport.advertised({ transport: 'udp', address: '127.0.0.1', port: 9 })).toMatchObject({ address: '127.0.0.1' });
  });

  test('what cannot be sent is reported: too large, no port, no socket of that family', async () => {
    const { transport } = await listen(native);
    const failure = (address: string, port: number, bytes: Uint8Array): Promise<string> =>
      new Promise((failed) => transport.send({ transport: 'udp', address, port }, bytes, failed));
    expect(await failure('127.0.0.1', 9, new Uint8Array(65_508))).toContain('not a datagram');
    expect(await failure('127.0.0.1', 0, new Uint8Array(10))).toContain('not a datagram');
    expect(await failure('2001:db8::1', 9, new Uint8Array(10))).toContain('family');
    expect(await failure('255.255.255.255', 9, new Uint8Array(10))).toMatch(/EACCES|ENETUNREACH/);
  });

  test('what is advertised to those beyond a NAT is the owner\'s to say', async () => {
    const { transport } = await listen(native, { advertise: (local, remote) => (remote.address.startsWith('127.') ? local : { address: '203.0.113.9', port: 5060 }) });
    expect(transport.advertised({ transport: 'udp', address: '198.51.100.1', port: 5060 })).toEqual({ transport: 'udp', address: '203.0.113.9', port: 5060 });
    expect(transport.advertised({ transport: 'udp', address: '127.0.0.5', port: 5060 })).toMatchObject({ address: '127.0.0.1' });
  });


  test('datagrams that came together are told in their order, and each answer leaves by its socket', async () => {
    const { transport, port, messages } = await listen(native);
    const phone = await bound();
    const heard: string[] = [];
    phone.on('message', (bytes) => heard.push(bytes.toString()));
    // While this thread sends, nobody reads: all of them are in the socket then.
    for (let number = 0; number < 200; number += 1) phone.send(`message ${number}`, port, '127.0.0.1');
    await until(() => messages.length === 200);
    expect(messages.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(Array.from({ length: 200 }, (_, number) => `message ${number}`));
    for (const { bytes, flow } of messages) transport.send({ flow }, bytes, expect.fail);
    await until(() => heard.length === 200);
    expect(heard).toEqual(messages.map(({ bytes }) => Buffer.from(bytes).toString()));
  });
});

test('a peer killed with signal 9 closes its flow, and the transport lives', async () => {
  const closed: Flow[] = [];
  const { transport, messages } = await listen('', { listen: [{ transport: 'tcp', address: '127.0.0.1', port: 0 }] }, closed);
  const port = transport.listening[0]?.port ?? 0;
  const peer = spawn(process.execPath, ['-e', `require('net').connect(${port}, '127.0.0.1').write('OPTIONS sip:a SIP/2.0\\r\\nl: 0\\r\\n\\r\\n'); setInterval(() => {}, 1000)`]);
  await until(() => messages.length === 1);
  peer.kill('SIGKILL');
  await until(() => closed.length === 1);
  expect(closed[0]).toBe(messages[0]?.flow);
});

async function listen(native: string, settings: Partial<NodeTransportSettings> = {}, closed: Flow[] = []): Promise<{ transport: NodeTransport; port: number; messages: { bytes: Uint8Array; flow: Flow }[] }> {
  const messages: { bytes: Uint8Array; flow: Flow }[] = [];
  const transport = await NodeTransport.open(
    { listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }], native, ...settings },
    { onMessage: (bytes, flow) => messages.push({ bytes, flow }), onFlowClosed: (flow) => closed.push(flow), onError: expect.fail },
  );
  ending.push(() => transport.close());
  return { transport, port: transport.listening[0]?.port ?? 0, messages };
}

function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  ending.push(() => socket.close());
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket)));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

/** With the addon that the launcher built, where it could. */
function kinds(): [string, string][] {
  const addon = process.env['TIPRING_SIP_NATIVE'] ?? '';
  return [["by Node's sockets", ''], ...(addon === '' ? [] : [['by the addon', addon] as [string, string]])];
}
