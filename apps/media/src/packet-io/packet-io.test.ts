import { describe, expect, test } from 'vitest';
import { addonForTests, kindsForTests } from '../testing/media-process.ts';
import { DgramPacketIo } from './dgram-packet-io.ts';
import { NativePacketIo } from './native-packet-io.ts';
import { batchSize, layout, type PacketIo, receivedWords, slotAt, slotSize } from './packet-io.ts';

describe.each(kindsForTests())('packet I/O, %s', (kind) => {
  const make = (): PacketIo => (kind === 'native' ? new NativePacketIo(addonForTests(), 600) : new DgramPacketIo());
  const host = `127.77.${1 + Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`;

  /** Runs rounds until `step` says it is done; packets are handed over as [socket, text, from the remote, source]. */
  const rounds = async (io: PacketIo, step: (packets: [number, string, boolean, string][], round: number) => boolean): Promise<void> => {
    let round = 0;
    // The addon keeps the thread, and with it the test runner's own time-out.
    const giveUp = performance.now() + 30_000;
    await io.run((count) => {
      const packets = Array.from({ length: count }, (_none, i): [number, string, boolean, string] => {
        const [socket = 0, length = 0, fromRemote = 0, port = 0] = io.received.subarray(i * receivedWords, (i + 1) * receivedWords);
        const at = slotAt(i);
        return [socket, Buffer.from(io.bytes.subarray(at, at + length)).toString(), fromRemote === 1, `${io.sourceAddress(i)}:${port}`];
      });
      if (step(packets, round++) || performance.now() > giveUp) io.stop();
      return 5;
    });
    expect(performance.now()).toBeLessThan(giveUp);
  };

  const say = (io: PacketIo, socket: number, text: string): void => {
    const at = io.scratch();
    io.bytes.set(Buffer.from(text), at);
    io.send(socket, at, text.length);
  };

  test('a packet arrives with its length, its source, and whether that is where the socket sends to', async () => {
    const io = make();
    expect([io.open(0, host, 20_000), io.open(1, host, 20_002), io.open(2, host, 20_004)]).toEqual([null, null, null]);
    for (const socket of [0, 1, 2]) io.setRemote(socket, host, socket === 1 ? 20_000 : 20_002);
    const heard: unknown[] = [];
    await rounds(io, (packets, round) => {
      if (round === 0) {
        say(io, 0, 'hello');
        say(io, 2, 'stranger');
      }
      heard.push(...packets);
      return heard.length === 2;
    });
    expect(heard.toSorted()).toEqual([[1, 'hello', true, `${host}:20000`], [1, 'stranger', false, `${host}:20004`]]);
    expect([io.packetsSent, io.sendErrors]).toEqual([2, 0]);
  });

  test('a received packet can be rewritten where it is and sent on', async () => {
    const io = make();
    for (const socket of [0, 1, 2]) io.open(socket, host, 20_000 + socket);
    io.setRemote(0, host, 20_001);
    io.setRemote(1, host, 20_002);
    let got = '';
    await rounds(io, (packets, round) => {
      if (round === 0) say(io, 0, 'abc');
      packets.forEach(([socket, text], i) => {
        if (socket === 2) got = text;
        if (socket !== 1) return;
        io.bytes[slotAt(i)] = 'X'.charCodeAt(0);
        io.send(1, slotAt(i), 3);
      });
      return got !== '';
    });
    expect(got).toBe('Xbc');
  });

  test('more packets than a batch arrive in several rounds, none is lost', async () => {
    const io = make();
    const sockets = batchSize + 44;
    for (let i = 0; i < sockets; i++) {
      io.open(i, host, 20_600 + i);
      io.setRemote(i, host, 20_600 + ((i + 1) % sockets));
    }
    const heard = new Set<string>();
    let largest = 0;
    await rounds(io, (packets, round) => {
      if (round === 0) for (let i = 0; i < sockets; i++) say(io, i, `from ${i}`);
      largest = Math.max(largest, packets.length);
      for (const [, text] of packets) heard.add(text);
      return heard.size === sockets;
    });
    expect([heard.size, largest <= batchSize]).toEqual([sockets, true]);
  });

  test('a port that is taken is told by its code, and can be had after it was closed', async () => {
    const io = make();
    expect(io.open(0, host, 20_200)).toBeNull();
    expect(io.open(1, host, 20_200)).toBe('EADDRINUSE');
    expect(io.open(0, host, 20_202)).toBe('EINVAL');
    expect(io.open(2, '192.0.2.77', 20_200)).toBe('EADDRNOTAVAIL');
    io.close(0);
    // A closed dgram socket lets go of its port in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect(io.open(1, host, 20_200)).toBeNull();
    await rounds(io, () => true);
  });

  test('what has nowhere to go is counted as an error and harms nothing', async () => {
    const io = make();
    io.open(0, host, 20_300);
    await rounds(io, (_packets, round) => {
      if (round === 0) {
        say(io, 0, 'nowhere');
        say(io, 5, 'no socket');
      }
      return round === 1;
    });
    expect([io.packetsSent, io.sendErrors]).toEqual([2, 2]);
  });

  test('a change of the remote is for the packets after it', async () => {
    const io = make();
    for (const socket of [0, 1, 2]) io.open(socket, host, 20_400 + socket);
    const heard: unknown[] = [];
    await rounds(io, (packets, round) => {
      if (round === 0) {
        io.setRemote(0, host, 20_401);
        say(io, 0, 'first');
        io.setRemote(0, host, 20_402);
        say(io, 0, 'second');
      }
      heard.push(...packets.map(([socket, text]) => [socket, text]));
      return heard.length === 2;
    });
    expect(heard.toSorted()).toEqual([[1, 'first'], [2, 'second']]);
  });

  test('IPv6 works like IPv4', async () => {
    const io = make();
    const port = 20_000 + 2 * Math.floor(Math.random() * 5000);
    if (io.open(0, '::1', port) === 'EADDRNOTAVAIL') return await rounds(io, () => true);
    io.open(1, '::1', port + 1);
    io.setRemote(0, '::1', port + 1);
    io.setRemote(1, '::1', port);
    const heard: unknown[] = [];
    await rounds(io, (packets, round) => {
      if (round === 0) say(io, 0, 'six');
      heard.push(...packets);
      return heard.length === 1;
    });
    expect(heard).toEqual([[1, 'six', true, `::1:${port}`]]);
  });

  test('rounds come without packets too, in about the time asked for, and the clock goes on', async () => {
    const io = make();
    io.open(0, host, 20_500);
    const clock: number[] = [];
    await rounds(io, (_packets, round) => {
      clock.push(io.nowUs());
      return round === 4;
    });
    const [first = 0, last = 0] = [clock[1], clock[4]];
    expect(last - first).toBeGreaterThan(5000);
  });

  test('the memory has room for a batch and for packets of our own', () => {
    expect(slotAt(batchSize)).toBe(layout.scratch);
    expect(layout.scratch + layout.scratchSlots * slotSize).toBe(layout.size);
  });
});
