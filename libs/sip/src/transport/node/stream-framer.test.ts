import { expect, test } from 'vitest';
import { StreamFramer } from './stream-framer.ts';

const text = (n: number, body = ''): string =>
  `OPTIONS sip:a@example.com SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK${n}\r\nCall-ID: ${n}\r\nl: ${body.length}\r\n\r\n${body}`;

const stream = ['\r\n\r\n', text(1), text(2, 'v=0\r\n\r\nbody'), '\r\n\r\n', text(3, 'x'.repeat(5000)), '\r\n', text(4)];
const expected = ['ping', text(1), text(2, 'v=0\r\n\r\nbody'), 'ping', text(3, 'x'.repeat(5000)), 'pong', text(4)];

function drain(framer: StreamFramer, into: string[]): void {
  for (;;) {
    const event = framer.poll();
    if (event.kind === 'wait') return;
    if (event.kind === 'garbage') {
      into.push(`garbage: ${event.reason}`);
      return;
    }
    into.push(event.kind === 'message' ? Buffer.from(event.bytes).toString('latin1') : event.kind);
  }
}

test.each([1, 2, 3, 5, 7, 64, 1000, 100_000])('chunks of %i bytes give the same messages (RFC 3261 18.3)', (size) => {
  const bytes = Buffer.from(stream.join(''), 'latin1');
  const framer = new StreamFramer(65_535);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    framer.push(Uint8Array.from(bytes.subarray(at, at + size)));
    drain(framer, found);
  }
  expect(found).toEqual(expected);
});

test('chunks of random sizes give the same messages, and a message kept is not written over', () => {
  const bytes = Buffer.from(stream.join('').repeat(20), 'latin1');
  let state = 12345;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) / 0x7fffffff;
  const framer = new StreamFramer(65_535);
  const kept: Uint8Array[] = [];
  const asRead: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() ** 3 * 3000);
    framer.push(Uint8Array.from(bytes.subarray(at, at + size)));
    at += size;
    for (let event = framer.poll(); event.kind !== 'wait'; event = framer.poll()) {
      if (event.kind !== 'message') continue;
      kept.push(event.bytes);
      asRead.push(Buffer.from(event.bytes).toString('latin1'));
    }
  }
  expect(asRead).toHaveLength(80);
  expect(kept.map((message) => Buffer.from(message).toString('latin1'))).toEqual(asRead);
});

test('a byte at a time costs linear time, up to the largest message', () => {
  const bytes = Buffer.from(text(1, 'x'.repeat(60_000)), 'latin1');
  const framer = new StreamFramer(65_535);
  const found: string[] = [];
  const started = process.cpuUsage();
  for (const byte of bytes) {
    framer.push(Uint8Array.of(byte));
    drain(framer, found);
  }
  expect(found).toHaveLength(1);
  // Quadratic time would take a minute. CPU time: what others do meanwhile does not count.
  expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
});

test('what is not SIP ends the stream at its first bytes, and so does a message over the limit', () => {
  for (const bytes of [Uint8Array.of(0x16, 3, 1, 2, 0), Buffer.from(`OPTIONS sip:a SIP/2.0\r\nl: 70000\r\n\r\n`)]) {
    const framer = new StreamFramer(65_535);
    framer.push(Uint8Array.from(bytes));
    expect(framer.poll().kind).toBe('garbage');
  }
});

test('a lone line end is not the beginning of a message that has to be ended in time', () => {
  const framer = new StreamFramer(65_535);
  framer.push(Uint8Array.of(13, 10));
  expect(framer.poll()).toEqual({ kind: 'wait', midMessage: false });
  framer.push(Uint8Array.from(Buffer.from('OPT')));
  expect(framer.poll().kind).toBe('pong');
  expect(framer.poll()).toEqual({ kind: 'wait', midMessage: true });
});
