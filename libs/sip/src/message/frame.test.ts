import { expect, test } from 'vitest';
import { frame } from './frame.ts';
import { defaultLimits } from './limits.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const message = 'MESSAGE sip:a@x SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 5\r\n\r\nhello';

test('a message is cut from the stream by its Content-Length (RFC 3261 18.3)', () => {
  expect(frame(bytes(`${message}SIP/2.0 200 OK\r\n`))).toEqual({ kind: 'message', start: 0, end: message.length });
  expect(frame(bytes(`\n${message}`))).toEqual({ kind: 'message', start: 1, end: message.length + 1 });
  expect(frame(bytes(message.replace('Content-Length: 5', 'l\t:\r\n 5 ')))).toMatchObject({ kind: 'message' });
  const bare = 'SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\n';
  expect(frame(bytes(bare))).toEqual({ kind: 'message', start: 0, end: bare.length });
});

test('byte by byte the same message is found, and no byte is looked at often', () => {
  const whole = bytes(message);
  let scanned = 0;
  for (let length = 1; length < whole.length; length += 1) {
    const part = frame(whole.subarray(0, length), scanned);
    if (part.kind !== 'more') throw new Error(`${part.kind} at ${String(length)}`);
    expect(part.need).toBeGreaterThan(length);
    expect(part.scanned).toBeGreaterThanOrEqual(Math.min(scanned, length));
    scanned = part.scanned;
  }
  expect(frame(whole, scanned)).toEqual({ kind: 'message', start: 0, end: whole.length });
});

test('keepalives are told apart (RFC 5626 3.5.1)', () => {
  expect(frame(bytes('\r\n\r\n'))).toEqual({ kind: 'ping', end: 4 });
  expect(frame(bytes(`\r\n${message}`))).toEqual({ kind: 'pong', end: 2 });
  expect(frame(bytes('\r\n'))).toEqual({ kind: 'pong', end: 2 });
  expect(frame(bytes('\r'))).toMatchObject({ kind: 'more' });
  expect(frame(new Uint8Array(0))).toMatchObject({ kind: 'more' });
});

test('what cannot be framed is garbage at once', () => {
  expect(frame(bytes('\x16\x03\x01'))).toMatchObject({ kind: 'garbage' });
  expect(frame(bytes('GET / HTTP/1.1\r\n'))).toMatchObject({ kind: 'garbage' });
  expect(frame(bytes('A'.repeat(9000)))).toMatchObject({ kind: 'garbage' });
  for (const length of ['-5', 'x', '5 5', '99999999999', '', '5\r\nContent-Length: 5', '5\r\nl: 6']) {
    expect(frame(bytes(message.replace('Content-Length: 5', `Content-Length: ${length}`)))).toMatchObject({ kind: 'garbage', start: 0, end: expect.any(Number) });
  }
  expect(frame(bytes(message.replace(': 5', ': 70000')))).toMatchObject({ kind: 'garbage', reason: 'message too large' });
  expect(frame(bytes(`MESSAGE sip:a@x SIP/2.0\r\nX: ${'x'.repeat(300)}`), 0, { ...defaultLimits, messageBytes: 200 })).toMatchObject({ kind: 'garbage', reason: 'header too large' });
});
