import type { CapturedLadder, CapturedMessage } from './captured-message.ts';
import { redact } from './redact.ts';

/**
 * The ladder as a capture file that Wireshark and tcpdump read (libpcap 2.4, LINKTYPE_RAW): every message in an IP and UDP packet of its own, whatever
 * carried it, so that those of TLS can be read too. Secrets are crossed out; a repetition is there once, at its first instant.
 */
export function pcapOf({ messages }: CapturedLadder): Uint8Array {
  const packets = messages.map((message) => packetOf(message, localOf(message, messages)));
  const file = new Uint8Array(packets.reduce((sum, { length }) => sum + 16 + length, 24));
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 65_535);
  view.setUint32(20, LINKTYPE_RAW);
  let at = 24;
  for (const [index, packet] of packets.entries()) {
    const instant = messages[index]!.at;
    view.setUint32(at, Math.floor(instant / 1000));
    view.setUint32(at + 4, Math.round((instant % 1000) * 1000));
    view.setUint32(at + 8, packet.length);
    view.setUint32(at + 12, packet.length);
    file.set(packet, at + 16);
    at += 16 + packet.length;
  }
  return file;
}

interface Socket {
  readonly address: string;
  readonly port: number;
}

/** Of what was sent to an address: the socket that another message of the ladder names. */
function localOf({ local, remote }: CapturedMessage, messages: readonly CapturedMessage[]): Socket {
  return local ?? messages.find((other) => other.local !== null && other.remote.address === remote.address)?.local ?? messages.find((other) => other.local !== null)?.local ?? { address: remote.address.includes(':') ? '::' : '0.0.0.0', port: 5060 };
}

function packetOf({ direction, remote, bytes }: CapturedMessage, local: Socket): Uint8Array {
  const payload = bytes.slice(0, LONGEST);
  redact(payload);
  const [from, to] = direction === 'sent' ? [local, remote] : [remote, local];
  const [source, target] = [addressOf(from.address), addressOf(to.address)];
  const is6 = source.length === 16 || target.length === 16;
  const head = is6 ? 40 : 20;
  const packet = new Uint8Array(head + 8 + payload.length);
  const view = new DataView(packet.buffer);
  const udpLength = 8 + payload.length;
  if (is6) {
    view.setUint32(0, 0x6000_0000);
    view.setUint16(4, udpLength);
    packet[6] = UDP;
    packet[7] = 64;
    packet.set(mapped(source), 8);
    packet.set(mapped(target), 24);
  } else {
    packet[0] = 0x45;
    view.setUint16(2, packet.length);
    packet[8] = 64;
    packet[9] = UDP;
    packet.set(source, 12);
    packet.set(target, 16);
    view.setUint16(10, checksum(packet, 0, 20, 0));
  }
  view.setUint16(head, from.port);
  view.setUint16(head + 2, to.port);
  view.setUint16(head + 4, udpLength);
  packet.set(payload, head + 8);
  // RFC 768, RFC 8200 8.1: addresses, protocol and length count too; 0 would say that there is no checksum.
  const pseudo = sum(packet, is6 ? 8 : 12, head, UDP + udpLength);
  view.setUint16(head + 6, checksum(packet, head, packet.length, pseudo) || 0xffff);
  return packet;
}

/** RFC 1071. */
function checksum(bytes: Uint8Array, from: number, to: number, start: number): number {
  let total = sum(bytes, from, to, start);
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x1_0000);
  return ~total & 0xffff;
}

function sum(bytes: Uint8Array, from: number, to: number, start: number): number {
  let total = start;
  for (let at = from; at < to; at += 2) total += ((bytes[at] ?? 0) << 8) | (at + 1 < to ? (bytes[at + 1] ?? 0) : 0);
  return total;
}

function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const six = new Uint8Array(16);
  six.set([0xff, 0xff], 10);
  six.set(address, 12);
  return six;
}

/** 4 or 16 bytes; what is no address reads as 0.0.0.0. */
function addressOf(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from([0, 1, 2, 3], (index) => Number(text.split('.')[index]) || 0);
  const six = new Uint8Array(16);
  const [before = '', after] = text.split('%')[0]!.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').flatMap((word) => (word.includes('.') ? [...addressOf(word)] : [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]));
  six.set(words(before).slice(0, 16));
  if (after !== undefined) {
    const tail = words(after).slice(0, 16);
    six.set(tail, 16 - tail.length);
  }
  return six;
}

const MAGIC = 0xa1b2c3d4;
/** https://www.tcpdump.org/linktypes.html: the packet begins with its IP header. */
const LINKTYPE_RAW = 101;
const UDP = 17;
/** What fits an IP packet with its headers. */
const LONGEST = 65_535 - 48;
