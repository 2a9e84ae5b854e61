import type { Endpoint, LegId, LegListener, Offer } from '@tipring/telephony';

/** Counts how often each leg was told as released, and what it told afterwards, which is to be nothing. */
export class LegLedger {
  readonly #released = new Map<LegId, number>();
  readonly late: string[] = [];
  /** What was watched in a process that died is not awaited any more: its successor has adopted it, or nobody has. */
  readonly #forgiven = new Set<LegId>();

  get legs(): number {
    return this.#released.size;
  }

  /** Who is listening now: what is told to one that was killed reaches nobody. */
  #life = 0;

  /** Legs that were not released exactly once. */
  get wrong(): readonly string[] {
    return [...this.#released].filter(([leg, times]) => times !== 1 && !this.#forgiven.has(leg)).map(([leg, times]) => `${leg} released ${times} times`);
  }

  died(): void {
    this.#life++;
    for (const [leg, times] of this.#released) if (times === 0) this.#forgiven.add(leg);
  }

  endpoint(endpoint: Endpoint): Endpoint {
    return {
      id: endpoint.id,
      originate: (leg, request, listener) => endpoint.originate(leg, request, this.#watched(leg, listener)),
      adopt: (leg, snapshot, listener) => {
        this.#forgiven.delete(leg);
        // Who was killed before the gateway had let go of a call that was over leaves it to be ended again.
        if (this.#released.get(leg) === 1) this.#released.set(leg, 0);
        return endpoint.adopt(leg, snapshot, this.#watched(leg, listener));
      },
    };
  }

  offer(offer: Offer): Offer {
    return { ...offer, accept: (leg, context, listener) => offer.accept(leg, context, this.#watched(leg, listener)) };
  }

  #watched(leg: LegId, listener: LegListener): LegListener {
    this.#released.set(leg, this.#released.get(leg) ?? 0);
    const life = this.#life;
    return (event) => {
      if (life !== this.#life) return;
      const times = this.#released.get(leg) ?? 0;
      if (event.type === 'released') this.#released.set(leg, times + 1);
      else if (times > 0) this.late.push(`${leg} told ${event.type} after it was released`);
      listener(event);
    };
  }
}
