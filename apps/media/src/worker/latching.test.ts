import { beforeEach, expect, test } from 'vitest';
import { enoughPackets, Latching, silenceMs } from './latching.ts';

const second = 1e6;
let latching: Latching;

beforeEach(() => {
  latching = new Latching();
  latching.signal('192.0.2.1', 4000);
});

/** Packets of one source in a row; what was decided about each. */
function row(address: string, packets: number, { port = 9000, ssrc = 7, from = 100, step = 1, atUs = 0 } = {}): string[] {
  return Array.from({ length: packets }, (_none, i) => latching.stranger(address, port, ssrc, (from + i * step) & 0xffff, atUs));
}

const dropped = (packets: number): string[] => new Array<string>(packets).fill('drop');

test('the first packet from the address of the SDP latches at once', () => {
  expect(latching.heard(0)).toBe(true);
  expect(latching.latched).toBe(true);
  expect(latching.heard(1)).toBe(false);
});

test('another source wins only with enough packets in a row, around the wrap of its sequence numbers', () => {
  expect(row('203.0.113.9', enoughPackets, { from: 65_534 })).toEqual([...dropped(enoughPackets - 1), 'take']);
});

test('after the SDP\'s address was heard no other source is listened to', () => {
  latching.heard(0);
  expect(row('203.0.113.9', 100, { atUs: second })).toEqual(dropped(100));
});

test('packets of changing SSRC, falling or jumping sequence numbers are no row', () => {
  for (let i = 0; i < 50; i++) expect(row('203.0.113.9', 1, { ssrc: i, from: i })).toEqual(['drop']);
  expect(row('203.0.113.9', 50, { from: 5000, step: -1 })).toEqual(dropped(50));
  expect(row('203.0.113.9', 50, { from: 5000, step: 0 })).toEqual(dropped(50));
  expect(row('203.0.113.9', 50, { from: 5000, step: 1000 })).toEqual(dropped(50));
});

test('two sources that compete keep each other out', () => {
  for (let i = 0; i < 50; i++) {
    expect(row('203.0.113.9', 1, { from: i })).toEqual(['drop']);
    expect(row('198.51.100.1', 1, { from: i })).toEqual(['drop']);
  }
});

test('the port counts as much as the address', () => {
  for (let i = 0; i < 50; i++) expect(row('203.0.113.9', 1, { from: i, port: 9000 + (i % 2) * 2 })).toEqual(['drop']);
});

test('the SDP\'s address takes back what another has latched, with one packet', () => {
  row('203.0.113.9', enoughPackets);
  expect(latching.stranger('192.0.2.1', 4000, 1, 1, 0)).toBe('take');
  expect(row('203.0.113.9', 50)).toEqual(dropped(50));
});

test('after silence a source that moved is found again, and not one packet before', () => {
  latching.heard(0);
  expect(row('203.0.113.9', 50, { atUs: silenceMs * 1000 - 1 })).toEqual(dropped(50));
  expect(row('203.0.113.9', enoughPackets, { atUs: silenceMs * 1000, from: 3000 })).toEqual([...dropped(enoughPackets - 1), 'take']);
});

test('a packet of the latched source breaks the row of a candidate', () => {
  latching.heard(0);
  row('203.0.113.9', enoughPackets - 1, { atUs: 10 * second });
  latching.heard(10 * second);
  expect(row('203.0.113.9', 20, { atUs: 10 * second + 1, from: 104 })).toEqual(dropped(20));
});

test('the same address negotiated again keeps what is latched, another one opens it', () => {
  row('203.0.113.9', enoughPackets);
  expect([latching.signal('192.0.2.1', 4000), latching.latched]).toEqual([false, true]);
  expect([latching.signal('192.0.2.1', 4002), latching.latched]).toEqual([true, false]);
});

test('without an address from the SDP (no answer yet, or hold by 0.0.0.0) only a row of packets latches', () => {
  latching.signal(null, 0);
  expect(row('203.0.113.9', enoughPackets)).toEqual([...dropped(enoughPackets - 1), 'take']);
});

test('packets of the batch that latched are known, and no second latching', () => {
  expect(row('203.0.113.9', enoughPackets + 3)).toEqual([...dropped(enoughPackets - 1), 'take', 'known', 'known', 'known']);
  latching.signal('192.0.2.1', 4002);
  expect(row('192.0.2.1', 2, { port: 4002 })).toEqual(['take', 'known']);
});
