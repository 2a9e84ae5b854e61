import { rewriteHeader, rtpHeaderLength, writeHeader } from '@tipring/rtp';
import { type PacketIo, slotSize } from '../packet-io/packet-io.ts';
import { DigitSender } from './digit-sender.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { PayloadTypes } from './payload-types.ts';
import { statistic } from './statistics-table.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * What an RTP end says to its far end: one stream, whoever speaks in it. Packets of others are passed on as packets of it,
 * a bridge's audio is, and digits, in place of both while they last. No packet allocates.
 */
export class SendingHalf {
  readonly stream = new OutgoingStream();
  /** A direction that the mode permits. */
  sends = true;
  /** There is an address to send to. */
  hasRemote = false;
  readonly #io: PacketIo;
  readonly #statistics: Float64Array;
  readonly #cell: number;
  readonly #socket: number;
  readonly #types: PayloadTypes;
  readonly #digits = new DigitSender();
  readonly #place: { readonly bytes: Uint8Array; at: number; readonly room: number };

  constructor(socket: number, { io, statistics }: Surroundings, row: number, types: PayloadTypes) {
    this.#io = io;
    this.#statistics = statistics;
    this.#cell = row + statistic.packetsSent;
    this.#socket = socket;
    this.#types = types;
    this.#place = { bytes: io.bytes, at: 0, room: slotSize };
  }

  reset(random: () => number): void {
    this.sends = true;
    this.hasRemote = false;
    this.stream.reset(random);
    this.#digits.reset();
  }

  /** Whether what is heard here reaches anybody. */
  get reaches(): boolean {
    return this.sends && this.hasRemote;
  }

  /** A packet of the pair `source` is heard here. `payloadType` is already ours. */
  pass(at: number, length: number, source: number, payloadType: number, marker: boolean, ssrc: number, sequence: number, timestamp: number, clockRate: number, octets: number, nowUs: number): void {
    const { stream } = this;
    if (!this.sends || !this.hasRemote || payloadType === noPayloadType || this.#digits.sending) return stream.holdBack();
    const own = stream.take(source, ssrc, sequence, timestamp, clockRate, nowUs);
    if (own < 0) return;
    const ownTimestamp = stream.timestampOf(timestamp);
    rewriteHeader(this.#io.bytes, at, marker || stream.justShifted, payloadType, own, ownTimestamp, stream.ssrc);
    stream.sent(own, ownTimestamp, octets, nowUs);
    this.#send(at, length);
  }

  /** Where a packet of a bridge can be written. */
  place(): { readonly bytes: Uint8Array; readonly at: number; readonly room: number } {
    this.#place.at = this.#io.scratch();
    return this.#place;
  }

  /** The packet of a bridge at that place; the bridge counts `sequence` and `timestamp` on, the stream has its own. */
  say(at: number, octets: number, payloadType: number, sequence: number, timestamp: number, clockRate: number, nowUs: number): void {
    const { stream } = this;
    if (!this.sends || !this.hasRemote || this.#digits.sending) return stream.holdBack();
    const own = stream.take(bridgeSource, 0, sequence, timestamp, clockRate, nowUs);
    if (own < 0) return;
    const ownTimestamp = stream.timestampOf(timestamp);
    writeHeader(this.#io.bytes, at, stream.justShifted, payloadType, own, ownTimestamp, stream.ssrc);
    stream.sent(own, ownTimestamp, octets, nowUs);
    this.#send(at, rtpHeaderLength + octets);
  }

  /** True when digits have to be sent from now on (`sendDigit`). */
  digit(event: number, durationMs: number): boolean {
    if (this.#types.digits < 0) return false;
    this.#digits.push(event, durationMs);
    return true;
  }

  /** Sends what is due; returns when the next is, or null when there are no digits left. */
  sendDigit(nowUs: number): number | null {
    if (this.#digits.done) return null;
    const at = this.#io.scratch();
    const length = this.#digits.write(this.#io.bytes, at, this.stream, this.#types.digits, this.#types.digitClockRate, nowUs);
    if (length > 0 && this.hasRemote && this.sends) this.#send(at, length);
    return this.#digits.done ? null : this.#digits.nextUs;
  }

  #send(at: number, length: number): void {
    // In this order: who has heard the packet finds it counted.
    this.#statistics[this.#cell] = this.stream.packets;
    this.#io.send(this.#socket, at, length);
  }
}

/** A hearer's payload type for what it does not know. */
export const noPayloadType = 255;
/** As a source of the outgoing stream: no pair has this number. */
const bridgeSource = -2;
