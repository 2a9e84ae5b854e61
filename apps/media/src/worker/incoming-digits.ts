import { digitOfEvent, type HeardEvent, TelephoneEventReader } from '@tipring/rtp';

/** The digits that a far end sends as RFC 4733 events: each once, at its end or when that was lost. */
export class IncomingDigits {
  readonly #digit: (event: number, digit: string, durationMs: number) => void;
  #events = new TelephoneEventReader();
  #lastUs = 0;
  #clockRate = 8000;

  constructor(digit: (event: number, digit: string, durationMs: number) => void) {
    this.#digit = digit;
  }

  reset(): void {
    this.#events = new TelephoneEventReader();
  }

  /** The payload of an event's packet is at `at`. */
  receive(bytes: Uint8Array, at: number, timestamp: number, marker: boolean, clockRate: number, nowUs: number): void {
    this.#lastUs = nowUs;
    this.#clockRate = clockRate;
    this.#events.receive(bytes, at, timestamp, marker, this.#heard);
  }

  /** Ends a digit whose end does not come. */
  housekeep(nowUs: number): void {
    if (this.#events.during && nowUs - this.#lastUs > lostEndMs * 1000) this.#events.silence(this.#heard);
  }

  #heard = ({ event, duration }: HeardEvent): void => {
    const digit = digitOfEvent(event);
    if (digit !== null) this.#digit(event, digit, Math.round((duration * 1000) / this.#clockRate));
  };
}

/** Three packet times and some jitter (RFC 4733 2.5.1.4 sends the end three times). */
const lostEndMs = 200;
