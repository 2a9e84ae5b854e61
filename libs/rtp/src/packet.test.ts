import { expect, test } from 'vitest';
import { markerOf, packetKind, payloadLength, payloadOffset, payloadTypeOf, rewriteHeader, sequenceDistance, sequenceOf, ssrcOf, timestampOf, writeHeader } from './packet.ts';

test('a header is read back as it was written, anywhere in a buffer (RFC 3550 5.1)', () => {
  const bytes = new Uint8Array(64);
  writeHeader(bytes, 5, true, 101, 0xfffe, 0xdeadbeef | 0, 0x89abcdef | 0);
  expect([markerOf(bytes, 5), payloadTypeOf(bytes, 5), sequenceOf(bytes, 5), timestampOf(bytes, 5) >>> 0, ssrcOf(bytes, 5) >>> 0]).toEqual([true, 101, 0xfffe, 0xdeadbeef, 0x89abcdef]);
  expect(payloadOffset(bytes, 5, 12)).toBe(12);
});

test('rewriting leaves version, padding, extension and CSRC count alone', () => {
  const bytes = Uint8Array.from([0xb3, 0, ...new Array<number>(40).fill(0)]);
  rewriteHeader(bytes, 0, false, 8, 1, 2, 3);
  expect([...bytes.subarray(0, 12)]).toEqual([0xb3, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]);
});

test('the payload starts after CSRCs and extension, and ends before the padding (RFC 3550 5.1, 5.3.1)', () => {
  const bytes = new Uint8Array(60);
  bytes[0] = 0x80 | 0x20 | 0x10 | 2;
  bytes[12 + 8 + 3] = 1; // extension of one word
  bytes[59] = 4;
  expect(payloadOffset(bytes, 0, 60)).toBe(12 + 8 + 4 + 4);
  expect(payloadLength(bytes, 0, 60, 28)).toBe(60 - 28 - 4);
});

test('a packet that is shorter than it says is told', () => {
  const bytes = new Uint8Array(20);
  bytes[0] = 0x8f;
  expect(payloadOffset(bytes, 0, 20)).toBe(-1);
  bytes[0] = 0x90;
  bytes[15] = 9;
  expect(payloadOffset(bytes, 0, 20)).toBe(-1);
  bytes[0] = 0xa0;
  bytes[19] = 9;
  expect(payloadLength(bytes, 0, 20, 12)).toBe(-1);
  bytes[19] = 0;
  expect(payloadLength(bytes, 0, 20, 12)).toBe(-1);
});

test('RTP, RTCP and strangers on one port are told apart (RFC 5761 4, RFC 5764 5.1.2)', () => {
  const kind = (first: number, second: number, length: number): string => packetKind(Uint8Array.from([first, second]), 0, length);
  expect(kind(0x80, 0, 172)).toBe('rtp');
  expect(kind(0x80, 0x80 | 101, 172)).toBe('rtp');
  expect(kind(0x81, 200, 28)).toBe('rtcp');
  expect(kind(0x81, 201, 8)).toBe('rtcp');
  expect(kind(0x00, 1, 20)).toBe('other'); // STUN
  expect(kind(22, 254, 100)).toBe('other'); // DTLS
  expect(kind(0x80, 0, 11)).toBe('other');
  expect(kind(0x80, 0, 0)).toBe('other');
});

test('sequence numbers are compared around the wrap', () => {
  expect(sequenceDistance(1, 0xffff)).toBe(2);
  expect(sequenceDistance(0xffff, 1)).toBe(-2);
  expect(sequenceDistance(0x8000, 0)).toBe(-32_768);
});
