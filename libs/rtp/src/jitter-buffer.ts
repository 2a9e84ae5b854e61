import { sequenceDistance } from './packet.ts';

export interface JitterBufferSettings {
  /** Packets kept at most, a power of two. */
  readonly packets: number;
  /** Octets of the longest payload. */
  readonly octets: number;
  /** Packets gathered before the first is given: the delay it begins with. */
  readonly ahead: number;
}

/** `none`: nothing to give, conceal or be silent. `lost`: this one will not come any more, conceal it. `excess`: as `packet`, and more is kept than needed: better not played if it is quiet. */
export type Pulled = 'none' | 'lost' | 'packet' | 'excess';

/**
 * Puts the packets of one stream in order and evens out when they came. It grows by itself: where nothing was there in time,
 * the caller conceals, and everything after is played that much later. It shrinks by telling of excess once more was kept
 * than needed for some seconds; so the two clocks may drift. Nothing is allocated per packet of a usual length.
 *
 *   filling ──enough there──► giving ──nothing for 200 ms: the talker paused──► filling
 */
export class JitterBuffer {
  /** Packets that were given up. */
  lost = 0;
  /** Packets that came after their turn. */
  late = 0;
  readonly #settings: JitterBufferSettings;
  readonly #payloads: Uint8Array;
  readonly #lengths: Int32Array;
  readonly #views: (Uint8Array | undefined)[];
  #state: 'empty' | 'filling' | 'giving' = 'empty';
  #ssrc = 0;
  /** Sequence number whose turn it is. */
  #next = 0;
  #newest = 0;
  #kept = 0;
  #barren = 0;
  #leastKept = Number.MAX_SAFE_INTEGER;
  #pulls = 0;
  #given = 0;

  constructor(settings: Partial<JitterBufferSettings> = {}) {
    this.#settings = { ...defaults, ...settings };
    const { packets, octets } = this.#settings;
    this.#payloads = new Uint8Array(packets * octets);
    this.#lengths = new Int32Array(packets).fill(absent);
    this.#views = new Array<Uint8Array | undefined>(packets).fill(undefined);
  }

  /** Packets kept now. */
  get kept(): number {
    return this.#kept;
  }

  /** Packets' time that is kept: from the one whose turn it is to the newest, missing ones between them included. */
  get span(): number {
    return this.#kept === 0 ? 0 : sequenceDistance(this.#newest, this.#next) + 1;
  }

  reset(): void {
    this.#lengths.fill(absent);
    this.#state = 'empty';
    this.#kept = 0;
    this.#barren = 0;
    this.lost = 0;
    this.late = 0;
    this.#watchAnew();
  }

  /** Copies a payload: `length` octets at `at` of `bytes`. False when it is of no use: too late, too long, twice. */
  push(bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number): boolean {
    const { packets, octets } = this.#settings;
    if (length > octets) return false;
    if (this.#state === 'empty' || ssrc !== this.#ssrc) this.#begin(ssrc, sequence);
    const ahead = sequenceDistance(sequence, this.#next);
    if (ahead < 0) {
      // Before anything was given, an older one is no late one.
      if (this.#state === 'filling' && sequenceDistance(this.#newest, sequence) < packets / 2) this.#next = sequence;
      else if (ahead > -farAway) {
        this.late += 1;
        return false;
      } else this.#begin(ssrc, sequence);
    } else if (ahead >= packets) {
      this.#begin(ssrc, sequence);
    }
    const slot = sequence & (packets - 1);
    if (this.#lengths[slot] !== absent) return false;
    this.#payloads.set(bytes.subarray(at, at + length), slot * octets);
    this.#lengths[slot] = length;
    this.#kept += 1;
    if (sequenceDistance(sequence, this.#newest) > 0) this.#newest = sequence;
    return true;
  }

  /** The next in turn; after `packet` and `excess` it is in `payload()`. */
  pull(): Pulled {
    if (this.#state !== 'giving') {
      if (this.#state === 'empty' || this.#kept < this.#settings.ahead) return 'none';
      this.#state = 'giving';
      this.#watchAnew();
    }
    const slot = this.#slot;
    if (this.#lengths[slot] === absent) {
      if (this.#kept === 0) return this.#nothing();
      // A later one is here, and this one had as long as the delay lasts.
      this.lost += 1;
      this.#next = (this.#next + 1) & 0xffff;
      return 'lost';
    }
    this.#barren = 0;
    this.#given = slot;
    this.#kept -= 1;
    this.#next = (this.#next + 1) & 0xffff;
    return this.#isExcess() ? 'excess' : 'packet';
  }

  /** What `pull` gave; valid until the next `push`. */
  payload(): Uint8Array {
    const view = this.#view(this.#given);
    this.#lengths[this.#given] = absent;
    return view;
  }

  /** The packet after a lost one, if it is here already. It stays. */
  peek(): Uint8Array | undefined {
    const slot = this.#slot;
    return this.#lengths[slot] === absent ? undefined : this.#view(slot);
  }

  get #slot(): number {
    return this.#next & (this.#settings.packets - 1);
  }

  #begin(ssrc: number, sequence: number): void {
    this.#lengths.fill(absent);
    this.#kept = 0;
    this.#ssrc = ssrc;
    this.#next = sequence;
    this.#newest = sequence;
    this.#barren = 0;
    this.#state = 'filling';
  }

  #nothing(): Pulled {
    this.#barren += 1;
    if (this.#barren >= pauseTicks) this.#state = 'filling';
    this.#leastKept = 0;
    return 'none';
  }

  /** At least so many were left over each time, for five seconds. */
  #isExcess(): boolean {
    this.#leastKept = Math.min(this.#leastKept, this.#kept);
    if (++this.#pulls < watchedPulls) return false;
    const isExcess = this.#leastKept >= this.#settings.ahead;
    // While it is told of nothing is decided: it ends when one was left out, which shows as one less kept.
    if (!isExcess) this.#watchAnew();
    else this.#leastKept = this.#kept;
    return isExcess;
  }

  /** The excess that `pull` told of was left out. */
  leftOut(): void {
    this.#watchAnew();
  }

  #watchAnew(): void {
    this.#pulls = 0;
    this.#leastKept = Number.MAX_SAFE_INTEGER;
  }

  #view(slot: number): Uint8Array {
    const length = this.#lengths[slot] as number;
    const known = this.#views[slot];
    if (known?.length === length) return known;
    const from = slot * this.#settings.octets;
    return (this.#views[slot] = this.#payloads.subarray(from, from + length));
  }
}

const defaults: JitterBufferSettings = { packets: 32, octets: 640, ahead: 2 };
const absent = -1;
/** A sender that restarts its numbers without telling. */
const farAway = 1000;
/** Of 20 ms: after so many without a packet the talker has paused. */
const pauseTicks = 10;
/** Five seconds of 20 ms. */
const watchedPulls = 250;
