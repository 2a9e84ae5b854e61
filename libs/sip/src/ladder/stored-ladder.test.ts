import { expect, test } from 'vitest';
import type { CapturedLadder, CapturedMessage } from './captured-message.ts';
import { packLadder, unpackLadder } from './pack.ts';
import { pcapOf } from './pcap.ts';
import { readLadder } from './read-ladder.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text.replaceAll('\n', '\r\n'));
const message = (text: string, over: Partial<CapturedMessage> = {}): CapturedMessage => ({
  at: 1_763_900_000_123, lastAt: 1_763_900_000_623, times: 2, direction: 'received', transport: 'udp',
  local: { address: '192.0.2.1', port: 5060 }, remote: { address: '198.51.100.7', port: 5062 }, bytes: bytes(text), ...over,
});

const invite = `INVITE sip:102@pbx SIP/2.0
v: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1
f: "Zoë" <sip:101@pbx>;tag=1
Subject: a line
 that is folded
Authorization: Digest username="101", realm="pbx", nonce="n", uri="sip:102@pbx", response="0123456789abcdef", qop=auth, cnonce="c"
Proxy-Authorization: Bearer secret.token
i: abc
CSeq: 7 INVITE

v=0
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0
`;
const ladder: CapturedLadder = {
  omitted: 3,
  messages: [
    message(invite),
    message('SIP/2.0 486 Busy Here\nCall-ID: abc\nCSeq: 7 INVITE\n\n', { direction: 'sent', at: 1_763_900_001_000, lastAt: 1_763_900_001_000, times: 1 }),
    message('INFO sip:102@pbx SIP/2.0\nCall-ID: abc\nCSeq: 8 INFO\nContent-Type: application/dtmf-relay\n\nSignal=5\nDuration=160\n', { transport: 'tcp', local: null, remote: { address: '2001:db8::7', port: 5060 }, direction: 'sent' }),
    message('not SIP at all', { times: 1 }),
  ],
};

test('a stored ladder is read as it was, but for what must not be kept', () => {
  const before = ladder.messages.map((one) => one.bytes.slice());
  const back = unpackLadder(packLadder(ladder))!;
  expect(ladder.messages.map((one) => one.bytes)).toEqual(before);
  expect(back.omitted).toBe(3);
  expect(back.messages.map(({ bytes: _bytes, ...facts }) => facts)).toEqual(ladder.messages.map(({ bytes: _bytes, ...facts }) => facts));
  expect(back.messages.map((one) => one.bytes.length)).toEqual(before.map(({ length }) => length));
  const text = new TextDecoder().decode(back.messages[0]!.bytes);
  expect(text).toContain('response="xxxxxxxxxxxxxxxx", qop=auth');
  expect(text).toContain('username="101", realm="pbx", nonce="n"');
  expect(text).toContain('Bearer xxxxxxxxxxxx');
  expect(text).toContain('inline:xxxxxxxx');
  expect(new TextDecoder().decode(back.messages[2]!.bytes)).toContain('Signal=x\r\nDuration=160');
});

test('what is no stored ladder is refused, however it is cut', () => {
  const packed = packLadder(ladder);
  expect(unpackLadder(new Uint8Array())).toBeUndefined();
  expect(unpackLadder(bytes('ladder 9 0\n'))).toBeUndefined();
  for (let end = 1; end < packed.length - 1; end += 7) {
    const part = unpackLadder(packed.subarray(0, end));
    expect(part === undefined || part.messages.length < 4).toBe(true);
  }
});

test('messages as people read them: long names, folded lines, CSeq, status; what is no SIP is shown as it came', () => {
  const [first, second, third, fourth] = readLadder(unpackLadder(packLadder(ladder))!);
  expect(first).toMatchObject({ callId: 'abc', method: 'INVITE', status: null, cseq: 7, start: 'INVITE sip:102@pbx SIP/2.0', times: 2 });
  expect(first!.headers.slice(0, 3)).toEqual([
    { name: 'Via', value: 'SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1' }, { name: 'From', value: '"Zoë" <sip:101@pbx>;tag=1' }, { name: 'Subject', value: 'a line that is folded' },
  ]);
  expect(first!.body.startsWith('v=0\r\n')).toBe(true);
  expect(second).toMatchObject({ method: 'INVITE', status: 486, direction: 'sent' });
  expect(third).toMatchObject({ method: 'INFO', cseq: 8 });
  expect(fourth).toMatchObject({ start: 'not SIP at all', status: null, cseq: 0, callId: '' });
});

test('as a capture file: each message is a packet whose headers and checksums are right, with its instant', () => {
  const file = pcapOf(ladder);
  const view = new DataView(file.buffer);
  expect([view.getUint32(0), view.getUint16(4), view.getUint16(6), view.getUint32(20)]).toEqual([0xa1b2c3d4, 2, 4, 101]);
  const packets: { at: number; from: string; to: string; text: string }[] = [];
  for (let at = 24; at < file.length; ) {
    const [seconds, micros, length, original] = [0, 4, 8, 12].map((offset) => view.getUint32(at + offset));
    expect(length).toBe(original);
    packets.push({ at: seconds! * 1_000 + micros! / 1_000, ...packetOf(file.subarray(at + 16, at + 16 + length!)) });
    at += 16 + length!;
  }
  expect(packets.map(({ at, from, to }) => [at, from, to])).toEqual([
    [1_763_900_000_123, '198.51.100.7:5062', '192.0.2.1:5060'],
    [1_763_900_001_000, '192.0.2.1:5060', '198.51.100.7:5062'],
    [1_763_900_000_123, '0:0:0:0:0:ffff:c000:201:5060', '2001:db8:0:0:0:0:0:7:5060'],
    [1_763_900_000_123, '198.51.100.7:5062', '192.0.2.1:5060'],
  ]);
  expect(packets[0]!.text).toBe(invite.replaceAll('\n', '\r\n').replace('0123456789abcdef', 'xxxxxxxxxxxxxxxx').replace('secret.token', 'xxxxxxxxxxxx').replace('c2VjcmV0', 'xxxxxxxx'));
});

/** Reads IP and UDP as RFC 791, 8200 and 768 have them, and checks their sums. */
function packetOf(packet: Uint8Array): { from: string; to: string; text: string } {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const is6 = packet[0]! >> 4 === 6;
  const head = is6 ? 40 : 20;
  if (is6) expect([view.getUint16(4), packet[6]]).toEqual([packet.length - 40, 17]);
  else {
    expect([packet[0], view.getUint16(2), packet[9]]).toEqual([0x45, packet.length, 17]);
    expect(onesComplement(packet.subarray(0, 20))).toBe(0xffff);
  }
  const addresses = packet.subarray(is6 ? 8 : 12, head);
  const pseudo = new Uint8Array([...addresses, 0, 17, packet[head + 4]!, packet[head + 5]!, ...packet.subarray(head)]);
  expect(onesComplement(pseudo)).toBe(0xffff);
  expect(view.getUint16(head + 4)).toBe(packet.length - head);
  const half = addresses.length / 2;
  const text = (from: number): string =>
    is6 ? Array.from({ length: 8 }, (_, word) => ((addresses[from + 2 * word]! << 8) | addresses[from + 2 * word + 1]!).toString(16)).join(':') : [...addresses.subarray(from, from + half)].join('.');
  return { from: `${text(0)}:${view.getUint16(head)}`, to: `${text(half)}:${view.getUint16(head + 2)}`, text: new TextDecoder().decode(packet.subarray(head + 8)) };
}

function onesComplement(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}
