import type { LegId, LegListener } from '@tipring/telephony';
import type { ChannelLimits } from './configured-trunk.ts';

/**
 * A trunk's calls at a time, counted by leg: one is there from the moment it is taken until it has told `released`, which every leg tells once
 * and last. So nothing is counted that is not there, and nothing stays.
 */
export class Channels {
  readonly #now: () => number;
  readonly #legs = new Map<LegId, { readonly direction: 'inbound' | 'outbound'; readonly since: number }>();
  readonly #counts = { inbound: 0, outbound: 0 };
  #usedMs = 0;
  #idleSince: number | null = null;

  /** `now`: ms, monotonic. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get inbound(): number {
    return this.#counts.inbound;
  }

  get outbound(): number {
    return this.#counts.outbound;
  }

  get size(): number {
    return this.#legs.size;
  }

  /** When the last call ended; null while there is one, and when there was none. */
  get idleSince(): number | null {
    return this.#legs.size === 0 ? this.#idleSince : null;
  }

  /** Of all calls together. */
  get usedMs(): number {
    let usedMs = this.#usedMs;
    for (const { since } of this.#legs.values()) usedMs += this.#now() - since;
    return usedMs;
  }

  /** What stands against one more: a sentence, undefined when nothing does. */
  full(direction: 'inbound' | 'outbound', { total, inbound, outbound }: ChannelLimits): string | undefined {
    const limit = direction === 'inbound' ? inbound : outbound;
    if (limit !== null && this.#counts[direction] >= limit) return `${limit} calls ${direction === 'inbound' ? 'in' : 'out'}, the most it may have`;
    return total !== null && this.#legs.size >= total ? `${total} calls, the most it may have` : undefined;
  }

  /** Counts a leg, whatever the limits; to be told what the leg tells. */
  take(leg: LegId, direction: 'inbound' | 'outbound', listener: LegListener, ended: () => void): LegListener {
    if (this.#legs.has(leg)) this.#drop(leg);
    this.#legs.set(leg, { direction, since: this.#now() });
    this.#counts[direction]++;
    return (event) => {
      if (event.type === 'released') {
        this.#drop(leg);
        ended();
      }
      listener(event);
    };
  }

  #drop(leg: LegId): void {
    const taken = this.#legs.get(leg);
    if (taken === undefined) return;
    this.#legs.delete(leg);
    this.#counts[taken.direction]--;
    this.#idleSince = this.#now();
    this.#usedMs += this.#idleSince - taken.since;
  }
}
