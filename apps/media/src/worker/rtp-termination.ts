import { isMulticast } from '@tipring/gateway';
import {
  eventOfDigit,
  markerOf,
  payloadLength,
  payloadOffset,
  payloadTypeOf,
  Reception,
  rtpHeaderLength,
  sequenceOf,
  ssrcOf,
  telephoneEventLength,
  timestampOf,
} from '@tipring/rtp';
import { receivedWords, slotAt } from '../packet-io/packet-io.ts';
import type { BridgeMember } from './bridge-member.ts';
import type { BridgedEnd } from './bridge-seat.ts';
import { IncomingDigits } from './incoming-digits.ts';
import { Latching } from './latching.ts';
import { payloadKind, type PlaneRemote, type PlaneRoute } from './media-plane.ts';
import { PayloadTypes } from './payload-types.ts';
import { RtcpSession } from './rtcp-session.ts';
import { noPayloadType, SendingHalf } from './sending-half.ts';
import { Silence } from './silence.ts';
import { clearStatistics, statistic, statisticsFields } from './statistics-table.ts';
import type { Surroundings } from './surroundings.ts';

/** What an end in a bridge has of it. */
export interface Bridged {
  readonly member: BridgeMember;
  /** Payload type of what the far end sends; what has another is not decoded. */
  readonly speaks: number;
  /** Of what is sent to it. */
  readonly payloadType: number;
  readonly clockRate: number;
  /** Of those that hear it there. */
  readonly hearers: readonly RtpTermination[];
}

interface Route {
  readonly target: RtpTermination;
  /** The hearer's payload type for each of ours, `noPayloadType` where it has none. */
  readonly payloadTypes: Uint8Array;
}

/**
 * One RTP end: what arrives at its pair of ports is checked, counted and passed on to those who hear it, each time as a
 * packet of the hearer's own stream (`SendingHalf`). Lives as long as the pair; `begin` makes it a new termination. No packet allocates.
 */
export class RtpTermination implements BridgedEnd {
  readonly #pair: number;
  readonly #around: Surroundings;
  readonly #row: number;
  readonly #latching = new Latching();
  readonly #rtcp = new RtcpSession();
  readonly #types = new PayloadTypes();
  readonly #sending: SendingHalf;
  readonly #silence: Silence;
  readonly #digits = new IncomingDigits((event, digit, durationMs) => this.#digit(event, digit, durationMs));
  #reception = new Reception();
  #generation = 0;
  #active = false;
  #takes = true;
  #rtcpMux = false;
  /** Many hear it, and what comes from anywhere must not take them away. */
  #isGroup = false;
  #rtcpAddress: string | null = null;
  #rtcpPort = 0;
  /** Of its audio, -1 before the first since the last `remote`; and which was told. */
  #lastPayloadType = -1;
  #toldPayloadType = -1;
  #routes: readonly Route[] = [];
  #bridged: Bridged | null = null;
  /** Where packets really come from, when that is known. */
  #heardFrom: string | null = null;

  constructor(pair: number, around: Surroundings) {
    this.#pair = pair;
    this.#around = around;
    this.#row = pair * statisticsFields;
    this.#sending = new SendingHalf(this.#rtpSocket, around, this.#row, this.#types);
    this.#silence = new Silence(pair, around, this.#row);
  }

  get active(): boolean {
    return this.#active;
  }

  begin(generation: number, nowUs: number): void {
    const { random, statistics } = this.#around;
    this.#generation = generation;
    this.#active = true;
    this.#takes = true;
    this.#isGroup = false;
    this.#rtcpAddress = null;
    this.#rtcpPort = 0;
    this.#routes = [];
    this.#bridged = null;
    this.#types.clear();
    this.#latching.reset();
    this.#sending.reset(random);
    this.#rtcp.reset(nowUs, random());
    this.#reception = new Reception();
    this.#digits.reset();
    this.#lastPayloadType = -1;
    this.#toldPayloadType = -1;
    this.#silence.reset(generation, nowUs);
    this.#heardFrom = null;
    clearStatistics(statistics, this.#pair);
  }

  end(nowUs: number): void {
    // RFC 3550 6.3.7: who has sent says BYE.
    if (this.#active && this.#sending.hasRemote && this.#sending.stream.packets > 0) this.#sendRtcp(nowUs, 'bye');
    this.#active = false;
    this.#routes = [];
    this.#bridged = null;
    this.#around.io.setRemote(this.#rtpSocket, null, 0);
    this.#around.io.setRemote(this.#rtcpSocket, null, 0);
  }

  remote(remote: PlaneRemote, nowUs: number): void {
    const { io } = this.#around;
    this.#sending.hasRemote = remote.address !== null;
    this.#rtcpMux = remote.rtcpMux;
    // A new address is sent to at once; the same one again leaves what was latched (a session refresh behind NAT).
    if (this.#latching.signal(remote.address, remote.port)) {
      io.setRemote(this.#rtpSocket, remote.address, remote.port, remote.multicastTtl);
      this.#isGroup = remote.address !== null && isMulticast(remote.address);
      this.#heardFrom = null;
      this.#reception.interrupt();
    }
    if (remote.rtcpAddress !== this.#rtcpAddress || remote.rtcpPort !== this.#rtcpPort) {
      this.#rtcpAddress = remote.rtcpAddress;
      this.#rtcpPort = remote.rtcpPort;
      io.setRemote(this.#rtcpSocket, remote.rtcpAddress, remote.rtcpPort, remote.multicastTtl);
    }
    this.#types.take(remote.codecs);
    this.#lastPayloadType = -1;
    this.#toldPayloadType = -1;
    this.#silence.recount(nowUs);
  }

  mode(sends: boolean, takes: boolean, nowUs: number): void {
    // What was not taken must not be counted as lost afterwards.
    if (takes && !this.#takes) this.#reception.interrupt();
    this.#sending.sends = sends;
    this.#takes = takes;
    this.#silence.recount(nowUs);
  }

  routes(routes: readonly PlaneRoute[], terminationOf: (pair: number) => RtpTermination): void {
    const former = this.#routes;
    this.#routes = routes.map(({ pair, payloadTypes }) => {
      const table = new Uint8Array(128).fill(noPayloadType);
      for (const [own, hearers] of payloadTypes) table[own] = hearers;
      return { target: terminationOf(pair), payloadTypes: table };
    });
    // What it says while somebody does not hear it is not lost for him: his stream goes on without a gap.
    for (const { target } of former) if (!this.#routes.some((route) => route.target === target)) target.#sending.stream.holdBack();
  }

  /** Its audio goes to a bridge, beside its routes, and what is sent to it may come from there; null: no more. */
  bridge(bridged: Bridged | null): void {
    if (bridged === null) this.#sending.stream.holdBack();
    this.#bridged = bridged;
  }

  /** What it has in its bridge; undefined outside of bridges. */
  get member(): BridgeMember | undefined {
    return this.#bridged?.member;
  }

  /** Whether digits can be sent to the far end as events. */
  get takesEvents(): boolean {
    return this.#types.digits >= 0;
  }

  /** BridgedEnd. */
  place(): { readonly bytes: Uint8Array; readonly at: number; readonly room: number } {
    return this.#sending.place();
  }

  /** BridgedEnd: `sequence` and `timestamp` count on from packet to packet. */
  say(at: number, octets: number, sequence: number, timestamp: number, nowUs: number): void {
    if (this.#bridged === null) return this.#sending.stream.holdBack();
    this.#sending.say(at, octets, this.#bridged.payloadType, sequence, timestamp, this.#bridged.clockRate, nowUs);
  }

  /** BridgedEnd: who can take it as an event gets it so; the others heard it in the audio, and so did those of its routes. */
  heardDigit(digit: string, durationMs: number): void {
    const event = eventOfDigit(digit);
    if (event !== null) this.#tellDigit(event, digit, durationMs, this.#routes.length > 0);
  }

  /** True when digits have to be sent from now on (`sendDigit`). */
  digit(event: number, durationMs: number): boolean {
    return this.#active && this.#sending.digit(event, durationMs);
  }

  /** Sends what is due; returns when the next is, or null when there are no digits left. */
  sendDigit(nowUs: number): number | null {
    return this.#active ? this.#sending.sendDigit(nowUs) : null;
  }

  /** Packet `i` of the batch came to the RTP port. Returns whether it was good for anything. */
  receiveRtp(i: number, length: number, nowUs: number): boolean {
    const { io, statistics } = this.#around;
    const bytes = io.bytes;
    const at = slotAt(i);
    const kind = length >= rtpHeaderLength && (bytes[at] as number) >> 6 === 2 ? (this.#types.kinds[payloadTypeOf(bytes, at)] as number) : payloadKind.unknown;
    if (kind === payloadKind.unknown) {
      // RFC 5761 4: RTCP's packet types read as payload types 64–95, which nobody negotiates along with it.
      const second = bytes[at + 1] as number;
      if (this.#rtcpMux && length >= 8 && second >= 192 && second <= 223) return this.receiveRtcp(i, length, nowUs);
      return this.#discard();
    }
    if (this.#isGroup) return this.#discard();
    const ssrc = ssrcOf(bytes, at);
    const sequence = sequenceOf(bytes, at);
    const fromRemote = io.received[i * receivedWords + 2] === 1;
    if ((!fromRemote || this.#latching.heard(nowUs)) && !this.#follow(i, fromRemote, ssrc, sequence, nowUs)) return this.#discard();
    if (!this.#takes) return this.#discard();
    const offset = bytes[at] === 0x80 ? rtpHeaderLength : payloadOffset(bytes, at, length);
    if (offset < 0) return this.#discard();
    if (!this.#reception.receive(ssrc, sequence, length - offset)) return this.#discard();
    this.#silence.broken(nowUs);

    const payloadType = payloadTypeOf(bytes, at);
    const timestamp = timestampOf(bytes, at);
    const clockRate = this.#types.clockRates[payloadType] as number;
    const marker = markerOf(bytes, at);
    if (kind === payloadKind.telephoneEvent) {
      if (length - offset < telephoneEventLength) return this.#discard();
      this.#digits.receive(bytes, at + offset, timestamp, marker, clockRate, nowUs);
    } else {
      if (payloadType !== this.#lastPayloadType) this.#reception.pauseTiming();
      if (kind === payloadKind.audio) {
        this.#lastPayloadType = payloadType;
        statistics[this.#row + statistic.payloadType] = payloadType;
      }
      this.#reception.timing(timestamp, (nowUs * clockRate) / 1e6);
      const jitterMs = (this.#reception.jitter * 1000) / clockRate;
      statistics[this.#row + statistic.jitterMs] = jitterMs;
      if (jitterMs > (statistics[this.#row + statistic.worstJitterMs] as number)) statistics[this.#row + statistic.worstJitterMs] = jitterMs;
    }
    statistics[this.#row + statistic.packetsReceived] = this.#reception.packets;
    statistics[this.#row + statistic.octetsReceived] = this.#reception.octets;
    statistics[this.#row + statistic.packetsLost] = this.#reception.lost;

    if (this.#bridged !== null && kind === payloadKind.audio && payloadType === this.#bridged.speaks) {
      const octets = payloadLength(bytes, at, length, offset);
      if (octets > 0) this.#bridged.member.push(bytes, at + offset, octets, ssrc, sequence);
    }
    const routes = this.#routes;
    // The last hearer gets the packet itself, the others copies: all leave together when the round ends.
    for (let r = routes.length - 1; r >= 0; r--) {
      const { target, payloadTypes } = routes[r] as Route;
      let place = at;
      if (r > 0) {
        place = io.scratch();
        bytes.copyWithin(place, at, at + length);
      }
      target.#sending.pass(place, length, this.#pair, payloadTypes[payloadType] as number, marker, ssrc, sequence, timestamp, clockRate, length - offset, nowUs);
    }
    return true;
  }

  /** Packet `i` of the batch came to the RTCP port, or to the RTP port with multiplexing. */
  receiveRtcp(i: number, length: number, nowUs: number): boolean {
    const { io } = this.#around;
    const at = slotAt(i);
    const fromRemote = io.received[i * receivedWords + 2] === 1;
    // Behind NAT its RTCP port is another as well; it has to come from the address the audio comes from.
    const address = fromRemote ? null : io.sourceAddress(i);
    if (address !== null && address !== this.#heardFrom && address !== this.#rtcpAddress) return this.#discard();
    if (!this.#rtcp.receive(io.bytes.subarray(at, at + length), this.#sending.stream, nowUs)) return this.#discard();
    if (address !== null && !this.#rtcpMux) io.setRemote(this.#rtcpSocket, address, io.received[i * receivedWords + 3] as number);
    const { statistics } = this.#around;
    const { roundTripMs, far } = this.#rtcp;
    if (roundTripMs !== null) statistics[this.#row + statistic.roundTripMs] = roundTripMs;
    if (far !== null) {
      statistics[this.#row + statistic.farLost] = far.lost;
      statistics[this.#row + statistic.farJitterMs] = (far.jitter * 1000) / this.#types.mainClockRate;
    }
    // A far end that only listens, or suppresses silence, is alive all the same.
    this.#silence.broken(nowUs);
    return true;
  }

  /** What is done ten times a second: reports, ends of digits that were lost, silence. */
  housekeep(nowUs: number): void {
    if (!this.#active) return;
    this.#digits.housekeep(nowUs);
    if (this.#lastPayloadType !== this.#toldPayloadType) {
      this.#toldPayloadType = this.#lastPayloadType;
      this.#around.tell({ type: 'spoke', pair: this.#pair, generation: this.#generation, payloadType: this.#lastPayloadType });
    }
    const { hasRemote, stream } = this.#sending;
    if (hasRemote && this.#rtcp.isDue(nowUs) && (stream.packets > 0 || this.#reception.started)) this.#sendRtcp(nowUs, 'goesOn');
    if (hasRemote && this.#takes) this.#silence.check(nowUs);
  }

  /** A packet that latches, or one from elsewhere: false when it is not to be listened to. */
  #follow(i: number, fromRemote: boolean, ssrc: number, sequence: number, nowUs: number): boolean {
    const { io } = this.#around;
    const address = io.sourceAddress(i);
    const port = io.received[i * receivedWords + 3] as number;
    if (!fromRemote) {
      const verdict = this.#latching.stranger(address, port, ssrc, sequence, nowUs);
      if (verdict !== 'take') return verdict === 'known';
      io.setRemote(this.#rtpSocket, address, port);
    }
    this.#heardFrom = address;
    this.#around.tell({ type: 'started', pair: this.#pair, generation: this.#generation, address, port });
    return true;
  }

  /** The far end sent a digit as event. Who hears it by a route has it already; in a bridge events do not pass through: they are sent anew. */
  #digit(event: number, digit: string, durationMs: number): void {
    const isRouted = this.#routes.some(({ target, payloadTypes }) => target.#sending.reaches && this.#types.kinds.some((kind, payloadType) => kind === payloadKind.telephoneEvent && payloadTypes[payloadType] !== noPayloadType));
    this.#tellDigit(event, digit, durationMs, isRouted);
  }

  #tellDigit(event: number, digit: string, durationMs: number, isRouted: boolean): void {
    let relayed = isRouted;
    for (const hearer of this.#bridged?.hearers ?? []) {
      if (!hearer.takesEvents) continue;
      relayed = true;
      this.#around.dial(hearer.#pair, event, durationMs);
    }
    this.#around.tell({ type: 'digit', pair: this.#pair, generation: this.#generation, digit, durationMs, relayed });
  }

  #sendRtcp(nowUs: number, last: 'bye' | 'goesOn'): void {
    if (!this.#rtcpMux && this.#rtcpAddress === null) return;
    const { io, random, cname } = this.#around;
    const packet = this.#rtcp.write(this.#sending.stream, this.#reception, cname, this.#types.mainClockRate, nowUs, random(), last);
    const at = io.scratch();
    io.bytes.set(packet, at);
    io.send(this.#rtcpMux ? this.#rtpSocket : this.#rtcpSocket, at, packet.length);
  }

  #discard(): false {
    const cell = this.#row + statistic.packetsDiscarded;
    this.#around.statistics[cell] = (this.#around.statistics[cell] as number) + 1;
    return false;
  }

  get #rtpSocket(): number {
    return this.#pair * 2;
  }

  get #rtcpSocket(): number {
    return this.#pair * 2 + 1;
  }
}
