import { FakeTimers } from '@tipring/clock';
import { describe, expect, test } from 'vitest';
import { transportConformance } from './conformance.ts';
import type { Flow, TransportEvents, TransportName } from './flow.ts';
import { VirtualWire } from './virtual-wire.ts';

describe.each(['udp', 'tcp', 'tls', 'ws', 'wss'] satisfies TransportName[])('%s over the virtual wire', (transport) => {
  transportConformance(transport, test, (near, far) => {
    const timers = new FakeTimers();
    const wire = new VirtualWire({ timers, random: seeded(1), delayMs: [1, 20] });
    const listeners = (address: string) => [{ transport, address, port: 5060 }];
    const farStation = wire.attach(listeners('192.0.2.2'), far);
    return Promise.resolve({
      near: wire.attach(listeners('192.0.2.1'), near),
      far: farStation,
      farAddress: { address: '192.0.2.2', port: 5060 },
      deadAddress: { address: '192.0.2.3', port: 5060 },
      loseFar: () => farStation.leave(),
      pass: () => {
        timers.advance(1);
        if (timers.now() > 60_000) throw new Error('it does not come about');
      },
      end: () => Promise.resolve(),
    });
  });
});

test('datagrams are lost, doubled and overtake each other as set, and the same seed repeats it', () => {
  const run = (seed: number): string => {
    const timers = new FakeTimers();
    const wire = new VirtualWire({ timers, random: seeded(seed), loss: 0.1, duplication: 0.1, delayMs: [1, 50] });
    const arrived: number[] = [];
    const near = wire.attach([{ transport: 'udp', address: 'a', port: 1 }], quiet);
    wire.attach([{ transport: 'udp', address: 'b', port: 1 }], { ...quiet, onMessage: (bytes) => arrived.push(bytes[0] ?? -1) });
    for (let i = 0; i < 200; i++) near.send({ transport: 'udp', address: 'b', port: 1 }, Uint8Array.of(i), () => {});
    timers.advance(100);
    const distinct = new Set(arrived).size;
    expect(distinct).toBeGreaterThan(160);
    expect(distinct).toBeLessThan(195);
    expect(arrived.length).toBeGreaterThan(distinct);
    expect(arrived).not.toEqual([...arrived].sort((a, b) => a - b));
    return arrived.join();
  };
  expect(run(7)).toBe(run(7));
  expect(run(7)).not.toBe(run(8));
});

test('a cut connection is told to both ends, and what was on its way fails', () => {
  const timers = new FakeTimers();
  const wire = new VirtualWire({ timers, random: seeded(1), delayMs: [5, 5] });
  const told: string[] = [];
  let flow: Flow | undefined;
  const near = wire.attach([{ transport: 'tcp', address: 'a', port: 1 }], { ...quiet, onFlowClosed: (_flow, reason) => told.push(`near ${reason}`) });
  wire.attach([{ transport: 'tcp', address: 'b', port: 1 }], {
    ...quiet,
    onMessage: (_bytes, from) => (flow = from),
    onFlowClosed: (_flow, reason) => told.push(`far ${reason}`),
  });
  const hop = { transport: 'tcp', address: 'b', port: 1 } as const;
  near.send(hop, Uint8Array.of(1), () => told.push('first failed'));
  timers.advance(5);
  near.send(hop, Uint8Array.of(2), () => told.push('second failed'));
  if (flow !== undefined) wire.cut(flow);
  timers.advance(10);
  expect(told.sort()).toEqual(['far connection reset', 'near connection reset', 'second failed']);
  expect(timers.size).toBe(0);
});

const quiet: TransportEvents = { onMessage: () => {}, onFlowClosed: () => {}, onError: () => {} };

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
