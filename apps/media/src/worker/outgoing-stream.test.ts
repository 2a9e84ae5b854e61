import { expect, test } from 'vitest';
import { OutgoingStream } from './outgoing-stream.ts';

const packetUs = 20_000;

function made(): OutgoingStream {
  const stream = new OutgoingStream();
  stream.reset(() => 0.5);
  return stream;
}

/** Passes one packet; its numbers in the stream, or null when it was too late. */
function pass(stream: OutgoingStream, source: number, sequence: number, timestamp: number, nowUs: number): { sequence: number; timestamp: number } | null {
  const own = stream.take(source, source, sequence & 0xffff, timestamp | 0, 8000, nowUs);
  if (own < 0) return null;
  const out = { sequence: own, timestamp: stream.timestampOf(timestamp | 0) >>> 0 };
  stream.sent(own, out.timestamp | 0, 160, nowUs);
  return out;
}

test('one source is shifted by a constant: its loss and reordering stay visible', () => {
  const stream = made();
  const out = [0, 1, 4, 2, 5].map((i) => pass(stream, 1, 65_534 + i, i * 160, 1 + i * packetUs));
  const first = out[0]?.sequence ?? 0;
  expect(out.map((one) => ((one?.sequence ?? 0) - first) & 0xffff)).toEqual([0, 1, 4, 2, 5]);
});

test('another source goes on with the next number and a timestamp that followed the clock', () => {
  const stream = made();
  const last = pass(stream, 1, 100, 5000, packetUs);
  const next = pass(stream, 2, 9, 4_000_000_000, packetUs + 500_000);
  expect(next?.sequence).toBe(((last?.sequence ?? 0) + 1) & 0xffff);
  expect(((next?.timestamp ?? 0) - (last?.timestamp ?? 0)) >>> 0).toBe(4000);
  expect(stream.justShifted).toBe(true);
});

test('a packet of before the switch comes too late', () => {
  const stream = made();
  pass(stream, 1, 100, 0, packetUs);
  pass(stream, 2, 50, 0, 2 * packetUs);
  expect(pass(stream, 2, 49, -160, 2 * packetUs + 1)).toBeNull();
});

test('what is held back leaves no gap in the numbers, but its time in the timestamps', () => {
  const stream = made();
  const before = pass(stream, 1, 10, 0, packetUs);
  stream.holdBack();
  expect(pass(stream, 1, 9, -160, packetUs + 1)).toBeNull();
  const after = pass(stream, 1, 20, 1600, 11 * packetUs);
  expect((after?.sequence ?? 0) - (before?.sequence ?? 0)).toBe(1);
  expect((after?.timestamp ?? 0) - (before?.timestamp ?? 0)).toBe(1600);
});

test('a source that begins its numbers anew under the same SSRC makes no jump', () => {
  const stream = made();
  const before = pass(stream, 1, 10, 0, packetUs);
  const after = pass(stream, 1, 30_000, 77, 2 * packetUs);
  expect((after?.sequence ?? 0) - (before?.sequence ?? 0)).toBe(1);
});

test('a long stream wraps any number of times', () => {
  const stream = made();
  let last = pass(stream, 1, 0, 0, 1)?.sequence ?? 0;
  for (let i = 1; i < 200_000; i++) {
    const own = pass(stream, 1, i, i * 160, 1 + i * packetUs)?.sequence ?? -1;
    expect(own).toBe((last + 1) & 0xffff);
    last = own;
  }
});
