import type { Hop } from './flow.ts';

/** How a hop has ended: no response (timer B or F), bytes that did not leave (RFC 3261 18.4), or the status of a final response. */
export type HopOutcome = 'timeout' | 'unreachable' | number;

/**
 * The hops of one request, in order (RFC 3263 4.3). Every new hop is a new client transaction, with a new branch and the
 * same Call-ID, To, From and CSeq.
 */
export class FailOver {
  readonly #hops: readonly Hop[];
  #at = 0;

  constructor(hops: readonly Hop[]) {
    this.#hops = hops;
  }

  /** The one to be tried; undefined when all were. */
  get hop(): Hop | undefined {
    return this.#hops[this.#at];
  }

  /** The next one to be tried, or undefined: this outcome is the answer, or there is no further hop. */
  next(outcome: HopOutcome): Hop | undefined {
    // RFC 3263 4.3: only 503 among the statuses speaks of the hop and not of the request.
    if (typeof outcome === 'number' && outcome !== 503) return undefined;
    if (this.#at < this.#hops.length) this.#at += 1;
    return this.hop;
  }
}
