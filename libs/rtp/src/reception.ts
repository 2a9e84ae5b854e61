import { sequenceDistance } from './packet.ts';

/** What one reception report says about a source (RFC 3550 6.4.1). */
export interface ReceptionReport {
  /** SSRC of the source, unsigned. */
  readonly ssrc: number;
  /** Of the packets expected since the last report, in 1/256. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly extendedHighestSequence: number;
  /** In timestamp units. */
  readonly jitter: number;
}

/**
 * What was received from one far end: RFC 3550 A.1 (sequence), A.3 (loss) and A.8 (jitter). A new SSRC, or a restarted
 * one, begins a new run; the totals go on. Duplicates are told apart and do not hide loss, unlike in A.3's sample code.
 */
export class Reception {
  packets = 0;
  octets = 0;
  duplicates = 0;
  reordered = 0;
  /** In timestamp units (A.8). */
  jitter = 0;

  #ssrc = 0;
  #started = false;
  #interrupted = false;
  #baseSequence = 0;
  #highestSequence = 0;
  #cycles = 0;
  /** The sequence number a restarted source would go on with (A.1). */
  #restartSequence = -1;
  /** Bit i: the packet i behind the highest has been seen. */
  #seen = 0;
  #receivedInRun = 0;
  #lostInEarlierRuns = 0;
  #expectedAtLastReport = 0;
  #receivedAtLastReport = 0;
  #transit = 0;
  #hasTransit = false;

  /** SSRC of the present run, signed; only meaningful once something was received. */
  get ssrc(): number {
    return this.#ssrc;
  }

  get started(): boolean {
    return this.#started;
  }

  /** Packets that should have come and did not; duplicates do not count against it. */
  get lost(): number {
    return this.#lostInEarlierRuns + this.#lostInRun();
  }

  /** Counts a valid packet; false when it is a duplicate, or from so far outside the sequence that it is not trusted yet (A.1). */
  receive(ssrc: number, sequence: number, octets: number): boolean {
    if (!this.#started || this.#interrupted || ssrc !== this.#ssrc) this.#begin(ssrc, sequence);
    else if (!this.#accept(sequence)) return false;
    this.packets++;
    this.octets += octets;
    this.#receivedInRun++;
    return true;
  }

  /** A.8. `arrival` in timestamp units of this stream, from any start; both are compared modulo 2³². */
  timing(timestamp: number, arrival: number): void {
    const transit = (arrival - timestamp) | 0;
    if (this.#hasTransit) {
      const difference = Math.abs((transit - this.#transit) | 0);
      // A jump of the sender's clock is no jitter; A.8 knows no such case, and one would spoil the figure for many seconds.
      if (difference < largestJitterStep) this.jitter += (difference - this.jitter) / 16;
    }
    this.#transit = transit;
    this.#hasTransit = true;
  }

  /** The next packet's timing is not compared with the last one's: the stream paused or its clock rate changed. */
  pauseTiming(): void {
    this.#hasTransit = false;
  }

  /** Packets were not listened to (a call on hold): the next one begins a new run, and what was missed is not lost. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /** For the next RTCP report; begins a new interval for the fraction lost (A.3). */
  report(): ReceptionReport {
    const expected = this.#expectedInRun();
    const expectedInterval = expected - this.#expectedAtLastReport;
    const lostInterval = expectedInterval - (this.#receivedInRun - this.#receivedAtLastReport);
    this.#expectedAtLastReport = expected;
    this.#receivedAtLastReport = this.#receivedInRun;
    return {
      ssrc: this.#ssrc >>> 0,
      fractionLost: expectedInterval <= 0 || lostInterval <= 0 ? 0 : Math.min(255, Math.floor((lostInterval * 256) / expectedInterval)),
      cumulativeLost: Math.min(0x7fffff, this.#lostInRun()),
      extendedHighestSequence: (this.#cycles + this.#highestSequence) >>> 0,
      jitter: Math.floor(this.jitter),
    };
  }

  #begin(ssrc: number, sequence: number): void {
    this.#lostInEarlierRuns += this.#lostInRun();
    this.#ssrc = ssrc;
    this.#started = true;
    this.#interrupted = false;
    this.#baseSequence = sequence;
    this.#highestSequence = sequence;
    this.#cycles = 0;
    this.#restartSequence = -1;
    this.#seen = 1;
    this.#receivedInRun = 0;
    this.#expectedAtLastReport = 0;
    this.#receivedAtLastReport = 0;
    this.#hasTransit = false;
  }

  #accept(sequence: number): boolean {
    const ahead = sequenceDistance(sequence, this.#highestSequence);
    if (ahead > 0 && ahead < maximumDropout) {
      if (sequence < this.#highestSequence) this.#cycles += 65_536;
      this.#highestSequence = sequence;
      this.#seen = ahead < 32 ? (this.#seen << ahead) | 1 : 1;
      return true;
    }
    if (ahead <= 0 && ahead > -maximumMisorder) return this.#late(-ahead);
    // A.1: two packets in a row at a far place mean the other side restarted without telling.
    if (sequence === this.#restartSequence) {
      this.#begin(this.#ssrc, sequence);
      return true;
    }
    this.#restartSequence = (sequence + 1) & 0xffff;
    return false;
  }

  #late(behind: number): boolean {
    if (behind < 32) {
      const bit = 1 << behind;
      if ((this.#seen & bit) !== 0) {
        this.duplicates++;
        return false;
      }
      this.#seen |= bit;
    }
    this.reordered++;
    return true;
  }

  #expectedInRun(): number {
    return this.#started ? this.#cycles + this.#highestSequence - this.#baseSequence + 1 : 0;
  }

  #lostInRun(): number {
    return Math.max(0, this.#expectedInRun() - this.#receivedInRun);
  }
}

/** RFC 3550 A.1. */
const maximumDropout = 3000;
const maximumMisorder = 100;
/** Timestamp units; two seconds at 48 kHz. */
const largestJitterStep = 96_000;
