import { sequenceDistance } from '@tipring/rtp';

/**
 * The one RTP stream a termination sends: its own SSRC, sequence numbers and timestamps, whatever sources feed it one after
 * another. While a source goes on, its numbers are shifted by a constant, so loss and reordering stay visible to the far end;
 * when the source changes, or after packets were held back, the shift is chosen anew so that the stream goes on without a gap
 * (RFC 3550 5.1: the timestamp follows the clock, also through silence).
 */
export class OutgoingStream {
  ssrc = 0;
  packets = 0;
  octets = 0;
  /** Of the newest packet sent. */
  sequence = 0;
  timestamp = 0;
  sentAtUs = 0;

  #source = -1;
  #sourceSsrc = 0;
  #sequenceShift = 0;
  #timestampShift = 0;
  /** The source's sequence number at which the present shift began: older packets belong before it and are too late. */
  #shiftedFrom = 0;
  #sinceShift = 0;
  /** The newest of the source's sequence numbers that was sent. */
  #newest = 0;
  #heldBack = false;

  reset(random: () => number): void {
    this.ssrc = Math.floor(random() * 2 ** 32) | 0;
    this.sequence = Math.floor(random() * 0x8000);
    this.timestamp = Math.floor(random() * 2 ** 32) | 0;
    this.packets = 0;
    this.octets = 0;
    this.sentAtUs = 0;
    this.#source = -1;
    this.#heldBack = false;
  }

  /** A packet of the present source was not sent (mode, digit under way, no such payload type): the next one closes up. */
  holdBack(): void {
    this.#heldBack = true;
  }

  /** Prepares a packet of `source` and returns its sequence number in this stream, or -1 when it is too late to be sent. `timestampOf` gives the other number. */
  take(source: number, ssrc: number, sequence: number, timestamp: number, clockRate: number, nowUs: number): number {
    if (source !== this.#source || ssrc !== this.#sourceSsrc) this.#begin(source, ssrc, sequence, timestamp, clockRate, nowUs);
    else if (this.#heldBack) {
      // Late packets of before stay held back; only a newer one closes up.
      if (sequenceDistance(sequence, this.#newest) <= 0) return -1;
      this.#closeUp(sequence);
    } else if (this.#sinceShift < settled && sequenceDistance(sequence, this.#shiftedFrom) < 0) return -1;
    let own = (sequence + this.#sequenceShift) & 0xffff;
    const ahead = sequenceDistance(own, this.sequence);
    if (ahead > largestGap || ahead < -largestGap) {
      // The source began its numbers anew under the same SSRC.
      this.#begin(source, ssrc, sequence, timestamp, clockRate, nowUs);
      own = (sequence + this.#sequenceShift) & 0xffff;
    }
    this.#sinceShift++;
    if (sequenceDistance(sequence, this.#newest) > 0) this.#newest = sequence;
    return own;
  }

  timestampOf(sourceTimestamp: number): number {
    return (sourceTimestamp + this.#timestampShift) | 0;
  }

  /** True when this packet is the first after a change: it carries the marker (RFC 3551 4.1: begin of a talkspurt). */
  get justShifted(): boolean {
    return this.#sinceShift === 1;
  }

  sent(sequence: number, timestamp: number, octets: number, nowUs: number): void {
    this.packets++;
    this.octets += octets;
    if (this.packets > 1 && sequenceDistance(sequence, this.sequence) <= 0) return;
    this.sequence = sequence;
    this.timestamp = timestamp;
    this.sentAtUs = nowUs;
  }

  /** What the timestamp is at this moment, for a packet of our own or a sender report. */
  timestampAt(nowUs: number, clockRate: number): number {
    if (this.sentAtUs === 0) return this.timestamp;
    return (this.timestamp + Math.round(((nowUs - this.sentAtUs) * clockRate) / 1e6)) | 0;
  }

  #begin(source: number, ssrc: number, sequence: number, timestamp: number, clockRate: number, nowUs: number): void {
    this.#source = source;
    this.#sourceSsrc = ssrc;
    this.#timestampShift = (this.timestampAt(nowUs, clockRate) - timestamp) | 0;
    this.#closeUp(sequence);
  }

  #closeUp(sequence: number): void {
    this.#heldBack = false;
    this.#sequenceShift = (this.sequence + 1 - sequence) & 0xffff;
    this.#shiftedFrom = sequence;
    this.#newest = sequence;
    this.#sinceShift = 0;
  }
}

/** RFC 3550 A.1 MAX_DROPOUT. */
const largestGap = 3000;
/** After this many packets nothing from before the shift can still be on its way, and the numbers may wrap. */
const settled = 100;
