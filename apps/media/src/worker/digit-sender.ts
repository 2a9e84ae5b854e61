import { rtpHeaderLength, telephoneEventLength, TelephoneEventWriter, writeHeader } from '@tipring/rtp';
import type { OutgoingStream } from './outgoing-stream.ts';

/** Digits we send on a termination's stream, one after another (RFC 4733), in place of its audio. */
export class DigitSender {
  #waiting: { readonly event: number; readonly durationMs: number }[] = [];
  #writer: TelephoneEventWriter | null = null;
  #startUs = 0;
  #timestamp = 0;
  #nextUs = 0;

  reset(): void {
    this.#waiting = [];
    this.#writer = null;
    this.#nextUs = 0;
  }

  push(event: number, durationMs: number): void {
    this.#waiting.push({ event, durationMs });
  }

  /** A digit is under way: the stream's audio is held back. */
  get sending(): boolean {
    return this.#writer !== null;
  }

  get done(): boolean {
    return this.#writer === null && this.#waiting.length === 0;
  }

  /** When the next packet is due; only while not done. */
  get nextUs(): number {
    return this.#nextUs;
  }

  /** Writes the packet that is due, and returns its length; 0 when none is. */
  write(bytes: Uint8Array, at: number, stream: OutgoingStream, payloadType: number, clockRate: number, nowUs: number): number {
    if (nowUs < this.#nextUs) return 0;
    const writer = this.#writer ?? this.#beginNext(stream, clockRate, nowUs);
    if (writer === null) return 0;
    const marker = writer.write(bytes, at + rtpHeaderLength);
    const sequence = (stream.sequence + 1) & 0xffff;
    writeHeader(bytes, at, marker, payloadType, sequence, this.#timestamp, stream.ssrc);
    // The timestamp stays that of the event's start, and so does the instant it belongs to.
    stream.sent(sequence, this.#timestamp, telephoneEventLength, this.#startUs);
    stream.holdBack();
    this.#nextUs += packetMs * 1000;
    if (writer.done) {
      this.#writer = null;
      this.#nextUs += pauseMs * 1000;
    }
    return rtpHeaderLength + telephoneEventLength;
  }

  #beginNext(stream: OutgoingStream, clockRate: number, nowUs: number): TelephoneEventWriter | null {
    const next = this.#waiting.shift();
    if (next === undefined) return null;
    this.#writer = new TelephoneEventWriter(next.event, (next.durationMs * clockRate) / 1000, (packetMs * clockRate) / 1000);
    this.#startUs = nowUs;
    this.#nextUs = nowUs;
    this.#timestamp = stream.timestampAt(nowUs, clockRate);
    return this.#writer;
  }
}

const packetMs = 20;
/** Between two digits, so that a gateway behind the far end can make two tones of them (Q.24 asks for 40 ms and more). */
const pauseMs = 60;
