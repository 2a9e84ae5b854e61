/**
 * RTP's fixed header (RFC 3550 5.1), read and written in place. `at` is where the packet starts in `bytes`; nothing is
 * copied or allocated, because these run for every packet of every call.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *   |                           timestamp                           |
 *   |                             SSRC                              |
 */
export const rtpHeaderLength = 12;

/** What arrived on a media port (RFC 5764 5.1.2, RFC 5761 4): told by the first two octets. */
export type PacketKind = 'rtp' | 'rtcp' | 'other';

export function packetKind(bytes: Uint8Array, at: number, length: number): PacketKind {
  if (length < 8 || ((bytes[at] as number) & 0xc0) !== 0x80) return 'other';
  const second = bytes[at + 1] as number;
  // RFC 5761 4: RTCP's packet types 192–223 are kept clear of RTP's payload types.
  if (second >= 192 && second <= 223) return 'rtcp';
  return length >= rtpHeaderLength ? 'rtp' : 'other';
}

/** Octets before the payload, with CSRCs and extension (RFC 3550 5.1, 5.3.1); -1 when the packet is shorter than it says. */
export function payloadOffset(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  let offset = rtpHeaderLength + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (offset + 4 > length) return -1;
    offset += 4 + readUint16(bytes, at + offset + 2) * 4;
  }
  return offset <= length ? offset : -1;
}

/** Octets of payload without padding (RFC 3550 5.1), given where it starts; -1 when the padding is longer than the payload. */
export function payloadLength(bytes: Uint8Array, at: number, length: number, offset: number): number {
  if (((bytes[at] as number) & 0x20) === 0) return length - offset;
  const padding = bytes[at + length - 1] as number;
  return padding === 0 || padding > length - offset ? -1 : length - offset - padding;
}

export function payloadTypeOf(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1] as number) & 0x7f;
}

export function markerOf(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 1] as number) & 0x80) !== 0;
}

export function sequenceOf(bytes: Uint8Array, at: number): number {
  return readUint16(bytes, at + 2);
}

/** As a signed 32-bit number: timestamps are only ever added to and compared, and small integers are cheap. */
export function timestampOf(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + 4);
}

/** As a signed 32-bit number; `>>> 0` makes it the SSRC as people write it. */
export function ssrcOf(bytes: Uint8Array, at: number): number {
  return readInt32(bytes, at + 8);
}

/** Rewrites what a relay changes and leaves version, padding, extension and CSRCs as they are. */
export function rewriteHeader(bytes: Uint8Array, at: number, marker: boolean, payloadType: number, sequence: number, timestamp: number, ssrc: number): void {
  bytes[at + 1] = marker ? payloadType | 0x80 : payloadType;
  bytes[at + 2] = sequence >> 8;
  bytes[at + 3] = sequence;
  writeInt32(bytes, at + 4, timestamp);
  writeInt32(bytes, at + 8, ssrc);
}

/** A whole fixed header for a packet of our own. */
export function writeHeader(bytes: Uint8Array, at: number, marker: boolean, payloadType: number, sequence: number, timestamp: number, ssrc: number): void {
  bytes[at] = 0x80;
  rewriteHeader(bytes, at, marker, payloadType, sequence, timestamp, ssrc);
}

export function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function readInt32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

/** How far `sequence` is ahead of `reference` in modulo-65536 arithmetic: -32768 to 32767 (RFC 1982's comparison). */
export function sequenceDistance(sequence: number, reference: number): number {
  return ((sequence - reference) << 16) >> 16;
}
