import type { PortHappening } from './port-contract.ts';

/** A happening and when it was, by the gateway's monotonic clock, ms. */
export interface TimedHappening {
  readonly atMs: number;
  readonly is: PortHappening;
}

/**
 * What happens at a port while nobody is there to be told. When there is no more room what was merely heard goes first, the oldest
 * of it, and only then what the hardware told; how many are missing is told before the rest.
 */
export class KeptHappenings {
  readonly #room: number;
  #kept: TimedHappening[] = [];
  #missing = 0;
  #missingSinceMs = 0;

  constructor(room = 256) {
    this.#room = room;
  }

  get size(): number {
    return this.#kept.length;
  }

  keep(happening: TimedHappening): void {
    this.#kept.push(happening);
    if (this.#kept.length <= this.#room) return;
    const chatter = this.#kept.findIndex(({ is }) => heard.has(is.type));
    const [dropped] = this.#kept.splice(Math.max(0, chatter), 1);
    if (this.#missing++ === 0) this.#missingSinceMs = dropped?.atMs ?? happening.atMs;
  }

  /** All of it, oldest first; nothing is kept any more. */
  take(): readonly TimedHappening[] {
    const kept = this.#kept;
    if (this.#missing > 0) kept.unshift({ atMs: this.#missingSinceMs, is: { type: 'missed', count: this.#missing } });
    this.#kept = [];
    this.#missing = 0;
    return kept;
  }
}

/** Said by what listens, and not by the wires. */
const heard: ReadonlySet<PortHappening['type']> = new Set<PortHappening['type']>([
  'digit', 'digitBegan', 'tone', 'toneEnded', 'toneLearned', 'voice', 'voiceEnded', 'silent', 'heard', 'alertTone', 'callerId', 'noCallerId', 'faxTone', 'soundEnded', 'audioLost',
]);
