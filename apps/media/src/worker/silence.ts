import { statistic } from './statistics-table.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Whether anything comes from a termination's far end. Each silence is told once when it has lasted for `mediaTimeoutMs`,
 * and its end once; while it is told it stands in the statistics, where an audit finds it.
 *
 *   heard ──nothing for mediaTimeoutMs: timeout──► told ──packet: resumed──► heard
 */
export class Silence {
  readonly #pair: number;
  readonly #around: Surroundings;
  readonly #cell: number;
  #generation = 0;
  /** Since when packets are awaited without any having come. */
  #sinceUs = 0;
  #told = false;

  constructor(pair: number, around: Surroundings, row: number) {
    this.#pair = pair;
    this.#around = around;
    this.#cell = row + statistic.silentMs;
  }

  reset(generation: number, nowUs: number): void {
    this.#generation = generation;
    this.#sinceUs = nowUs;
    this.#told = false;
  }

  /** Packets may be awaited from now on, or no longer: silence is counted from here. One that was told goes on until there is a packet. */
  recount(nowUs: number): void {
    if (!this.#told) this.#sinceUs = nowUs;
  }

  /** The far end is there. */
  broken(nowUs: number): void {
    if (this.#told) {
      this.#told = false;
      this.#around.statistics[this.#cell] = 0;
      this.#around.tell({ type: 'resumed', pair: this.#pair, generation: this.#generation, silentMs: this.#lasted(nowUs) });
    }
    this.#sinceUs = nowUs;
  }

  /** Packets are awaited at this moment. */
  check(nowUs: number): void {
    const silentMs = this.#lasted(nowUs);
    if (this.#told || silentMs < this.#around.mediaTimeoutMs) return;
    this.#told = true;
    this.#around.statistics[this.#cell] = silentMs;
    this.#around.tell({ type: 'timeout', pair: this.#pair, generation: this.#generation, silentMs });
  }

  #lasted(nowUs: number): number {
    return Math.round((nowUs - this.#sinceUs) / 1000);
  }
}
