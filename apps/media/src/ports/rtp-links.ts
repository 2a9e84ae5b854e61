import type { PortCodec } from '@tipring/gateway';
import { eventOfDigit, markerOf, packetKind, payloadLength, payloadOffset, payloadTypeOf, rtpHeaderLength, sequenceOf, ssrcOf, telephoneEventLength, timestampOf, writeHeader } from '@tipring/rtp';
import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { IncomingDigits } from '../worker/incoming-digits.ts';
import type { PortLink, PortLinkAddress, PortLinkEnd } from './port-link.ts';

/** The ports' ways to the packet workers: one UDP socket for all of them, on loopback. Who a packet is for is told by where it comes from. */
export class RtpLinks {
  readonly #socket: Socket;
  readonly #random: () => number;
  readonly #nowUs: () => number;
  /** By the other end's port; there may be several addresses with the same. */
  readonly #links = new Map<number, RtpLink[]>();

  /** Rejects when it cannot be bound. */
  static open(address: string, random: () => number, nowUs: () => number): Promise<RtpLinks> {
    const socket = createSocket({ type: 'udp4', lookup: literal });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port: 0, exclusive: true }, () => {
        socket.off('error', reject);
        resolve(new RtpLinks(socket, random, nowUs));
      });
    });
  }

  private constructor(socket: Socket, random: () => number, nowUs: () => number) {
    this.#socket = socket;
    this.#random = random;
    this.#nowUs = nowUs;
    // A port of the far end that is closed already: it will be told to us in another way.
    socket.on('error', () => {});
    socket.on('message', (packet, from) => this.#find(from.address, from.port)?.receive(packet, this.#nowUs()));
  }

  get address(): AddressInfo {
    return this.#socket.address();
  }

  link(to: PortLinkAddress, end: PortLinkEnd): PortLink {
    const link = new RtpLink(to, end, {
      random: this.#random,
      nowUs: this.#nowUs,
      send: (packet, length) => this.#socket.send(packet, 0, length, to.port, to.address, ignore),
      closed: () => this.#forget(link),
    });
    const known = this.#links.get(to.port);
    if (known === undefined) this.#links.set(to.port, [link]);
    else known.push(link);
    return link;
  }

  close(): void {
    this.#links.clear();
    this.#socket.close();
  }

  #find(address: string, port: number): RtpLink | undefined {
    const links = this.#links.get(port);
    if (links === undefined) return undefined;
    for (let n = 0; n < links.length; n++) if (links[n]!.to.address === address) return links[n];
    return undefined;
  }

  #forget(link: RtpLink): void {
    const links = this.#links.get(link.to.port)?.filter((other) => other !== link) ?? [];
    if (links.length === 0) this.#links.delete(link.to.port);
    else this.#links.set(link.to.port, links);
  }
}

interface SoundingDigit {
  readonly event: number;
  readonly timestamp: number;
  isTold: boolean;
}

interface RtpLinkWorld {
  random(): number;
  nowUs(): number;
  send(packet: Uint8Array, length: number): void;
  closed(): void;
}

/** One stream each way. A packet every 20 ms by the card's clock, of audio or of a digit (RFC 4733), with numbers that have no gaps. */
class RtpLink implements PortLink {
  readonly to: PortLinkAddress;
  readonly #end: PortLinkEnd;
  readonly #world: RtpLinkWorld;
  readonly #incoming: IncomingDigits;
  readonly #ssrc: number;
  #sequence: number;
  #timestamp: number;
  #isFirst = true;
  /** The digit that sounds, and when it began. */
  #event: SoundingDigit | null = null;
  /** The kernel may not have taken a packet yet when the next is written. */
  readonly #packets = Array.from({ length: packetsKept }, () => new Uint8Array(longestPacket));
  #packet = 0;

  constructor(to: PortLinkAddress, end: PortLinkEnd, world: RtpLinkWorld) {
    this.to = to;
    this.#end = end;
    this.#world = world;
    this.#ssrc = Math.floor(world.random() * 2 ** 32) | 0;
    this.#sequence = Math.floor(world.random() * 0x8000);
    this.#timestamp = Math.floor(world.random() * 2 ** 32) | 0;
    this.#incoming = new IncomingDigits((_event, digit, durationMs) => end.digit(digit, durationMs));
  }

  fromLine(payload: Uint8Array, codec: PortCodec): void {
    this.#incoming.housekeep(this.#world.nowUs());
    this.#timestamp = (this.#timestamp + payload.length) | 0;
    if (this.#event !== null) return this.#sendEvent(this.#event, (this.#timestamp - this.#event.timestamp) | 0, 'goes on');
    const packet = this.#next();
    packet.set(payload, rtpHeaderLength);
    this.#send(packet, payload.length, codec === 'PCMA' ? 8 : 0, this.#timestamp, this.#isFirst);
    this.#isFirst = false;
  }

  receive(packet: Uint8Array, nowUs: number): void {
    if (packetKind(packet, 0, packet.length) !== 'rtp') return;
    const at = payloadOffset(packet, 0, packet.length);
    const length = at < 0 ? -1 : payloadLength(packet, 0, packet.length, at);
    if (length <= 0) return;
    const payloadType = payloadTypeOf(packet, 0);
    if (payloadType === 0 || payloadType === 8) this.#end.packet(payloadType === 8 ? 'PCMA' : 'PCMU', packet, at, length, ssrcOf(packet, 0), sequenceOf(packet, 0));
    else if (payloadType === this.to.telephoneEvent && length >= telephoneEventLength) this.#incoming.receive(packet, at, timestampOf(packet, 0), markerOf(packet, 0), 8_000, nowUs);
  }

  close(): void {
    this.#world.closed();
  }

  sendDigits(as: PortLinkAddress['digits']): void {
    if (as === 'audio') this.#event = null;
  }

  digitBegan(digit: string, beganMsAgo: number): void {
    const event = eventOfDigit(digit);
    // The block in which it is told ends where the next timestamp begins.
    if (event !== null) this.#event = { event, timestamp: (this.#timestamp + blockSamples - Math.round(beganMsAgo * 8)) | 0, isTold: false };
  }

  /** RFC 4733 2.5.1.4: the end three times; at once, so that what is said next is not held back. */
  digitEnded(_digit: string, durationMs: number): void {
    const event = this.#event;
    if (event === null) return;
    this.#event = null;
    for (let n = 0; n < 3; n++) this.#sendEvent(event, durationMs * 8, 'ended');
  }

  #sendEvent(event: SoundingDigit, duration: number, state: 'goes on' | 'ended'): void {
    const packet = this.#next();
    const units = Math.max(1, Math.min(longestEvent, duration));
    packet[rtpHeaderLength] = event.event;
    packet[rtpHeaderLength + 1] = state === 'ended' ? 0x80 | volume : volume;
    packet[rtpHeaderLength + 2] = units >> 8;
    packet[rtpHeaderLength + 3] = units;
    this.#send(packet, telephoneEventLength, this.to.telephoneEvent, event.timestamp, !event.isTold);
    event.isTold = true;
  }

  #next(): Uint8Array {
    this.#packet = (this.#packet + 1) % packetsKept;
    return this.#packets[this.#packet]!;
  }

  #send(packet: Uint8Array, length: number, payloadType: number, timestamp: number, marker: boolean): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    writeHeader(packet, 0, marker, payloadType, this.#sequence, timestamp, this.#ssrc);
    this.#world.send(packet, rtpHeaderLength + length);
  }
}

/** Addresses are literals here; a look-up for each packet is not wanted. */
function literal(hostname: string, _options: unknown, done: (error: null, address: string, family: number) => void): void {
  done(null, hostname, 4);
}

function ignore(): void {}

const blockSamples = 160;
const packetsKept = 8;
const longestPacket = rtpHeaderLength + blockSamples;
const longestEvent = 0xffff;
/** -10 dBm0: the usual level of a telephone's keys. */
const volume = 10;
