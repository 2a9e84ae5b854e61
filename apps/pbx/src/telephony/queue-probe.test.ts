import { NodeTransport } from '@tipring/sip';
import { expect, test } from 'vitest';
import { QueueProbe } from './queue-probe.ts';

test('a loop that keeps up shows a short wait, one that is kept from reading shows how long', async () => {
  const probing: { probe?: QueueProbe } = {};
  const waits: number[] = [];
  const others: string[] = [];
  const transport = await NodeTransport.open(
    { listen: [{ transport: 'udp', address: '127.0.0.1', port: 0 }] },
    { onMessage: (bytes, flow) => void (probing.probe?.takes(flow) || others.push(Buffer.from(bytes).toString())), onFlowClosed() {}, onError() {} },
  );
  const [local] = transport.listening;
  let told: (() => void) | undefined;
  const probe = await QueueProbe.start(transport.listening, (ms) => {
    waits.push(ms);
    told?.();
  });
  probing.probe = probe;
  const rounds = (count: number) => new Promise<void>((resolve) => (told = () => waits.length >= count && resolve()));

  await rounds(10);
  const quiet = Math.min(...waits);
  const before = waits.length;
  const until = performance.now() + 150;
  while (performance.now() < until); // what waits in the socket now cannot be read
  await rounds(before + 3);
  expect(Math.max(...waits.slice(before))).toBeGreaterThan(100);
  expect(quiet).toBeLessThan(100);

  // Somebody else's datagram from another port is not taken for a probe.
  transport.send({ transport: 'udp', address: '127.0.0.1', port: local?.port ?? 0 }, Buffer.from('not a probe'), () => undefined);
  await rounds(waits.length + 3);
  expect(others).toEqual(['not a probe']);
  expect(transport.counters().received - probe.taken).toBe(1);
  probe.close();
  await transport.close();
});
