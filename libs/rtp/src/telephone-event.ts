import { readUint16 } from './packet.ts';

/**
 * RFC 4733 telephone-events in RTP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   |     event     |E|R| volume    |          duration             |
 */
export const telephoneEventLength = 4;

/** '0'–'9', '*', '#', 'A'–'D' for the events 0–15 (RFC 4733 3.2), null for others (16 is the hook flash). */
export function digitOfEvent(event: number): string | null {
  return digits[event] ?? null;
}

export function eventOfDigit(digit: string): number | null {
  const event = digits.indexOf(digit);
  return event < 0 || digit.length !== 1 ? null : event;
}

/** One event, told once. `duration` in timestamp units. */
export interface HeardEvent {
  readonly event: number;
  readonly duration: number;
}

/**
 * Makes one event of the many packets that carry it:
 *
 *   idle ──packet──► during ──end bit──► told ──newer timestamp──► during
 *                      └──newer timestamp, or `silence`: its end was lost──► told with the duration known
 *
 * What tells events apart is the timestamp: it is the same in all packets of one (RFC 4733 2.5.1.2), so repeated end
 * packets (2.5.1.4) and lost ones make no difference.
 */
export class TelephoneEventReader {
  #at: 'idle' | 'during' | 'told' = 'idle';
  #event = 0;
  #timestamp = 0;
  #duration = 0;
  /** Durations of the earlier segments of a long event (RFC 4733 2.5.1.3). */
  #earlierSegments = 0;

  get during(): boolean {
    return this.#at === 'during';
  }

  /** Takes one packet's payload. Tells at most two events: one whose end was lost, and the packet's own. */
  receive(bytes: Uint8Array, at: number, timestamp: number, marker: boolean, tell: (heard: HeardEvent) => void): void {
    const event = bytes[at] as number;
    const ended = ((bytes[at + 1] as number) & 0x80) !== 0;
    const duration = readUint16(bytes, at + 2);
    const newer = this.#at === 'idle' ? 1 : (timestamp - this.#timestamp) | 0;
    if (newer < 0) return;
    if (newer > 0) {
      if (this.#at === 'during' && !marker && event === this.#event && newer === longestSegment) {
        this.#earlierSegments += longestSegment;
      } else {
        this.silence(tell);
        this.#earlierSegments = 0;
      }
      this.#at = 'during';
      this.#event = event;
      this.#timestamp = timestamp;
      this.#duration = 0;
    }
    if (this.#at === 'told') return;
    // A packet that was overtaken on its way must not shorten the event.
    this.#duration = Math.max(this.#duration, duration);
    if (ended) this.#tell(tell);
  }

  /** Nothing has come for a while (three packet times at least): if an event was going on, all its end packets were lost. */
  silence(tell: (heard: HeardEvent) => void): void {
    if (this.#at === 'during') this.#tell(tell);
  }

  #tell(tell: (heard: HeardEvent) => void): void {
    this.#at = 'told';
    tell({ event: this.#event, duration: this.#earlierSegments + this.#duration });
  }
}

/**
 * The packets of one digit to be sent, one each `packetUnits` of time: updates with growing duration, then the end three
 * times (RFC 4733 2.5.1.4). All carry the timestamp of the event's start; only the first has the marker.
 */
export class TelephoneEventWriter {
  readonly #event: number;
  readonly #total: number;
  readonly #step: number;
  #duration = 0;
  #endsLeft = 3;

  /** `duration` and `packetUnits` in timestamp units; a duration past 65535 is cut to it, segments are not needed for digits. */
  constructor(event: number, duration: number, packetUnits: number) {
    this.#event = event;
    this.#step = packetUnits;
    this.#total = Math.min(longestSegment, Math.max(packetUnits, Math.round(duration)));
  }

  get done(): boolean {
    return this.#endsLeft === 0;
  }

  /** Writes the next payload (4 octets) and returns whether it is the first, which carries the marker. Not to be called when done. */
  write(bytes: Uint8Array, at: number): boolean {
    const first = this.#duration === 0;
    this.#duration = Math.min(this.#total, this.#duration + this.#step);
    const ends = this.#duration === this.#total;
    if (ends) this.#endsLeft--;
    bytes[at] = this.#event;
    bytes[at + 1] = ends ? 0x80 | volume : volume;
    bytes[at + 2] = this.#duration >> 8;
    bytes[at + 3] = this.#duration;
    return first;
  }
}

const digits = '0123456789*#ABCD';
const longestSegment = 0xffff;
/** −10 dBm0 (RFC 4733 2.3.4 counts downwards): the usual level of a telephone's own keys. */
const volume = 10;
