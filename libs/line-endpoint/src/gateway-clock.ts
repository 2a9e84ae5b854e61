/**
 * The gateway's clock as seen from ours. What comes from there has been on its way for a while: the one that was quickest lately tells how far
 * the clocks are apart. "Lately" is five to ten minutes, so that clocks that drift are followed.
 */
export class GatewayClock {
  readonly #now: () => number;
  #since = 0;
  /** The least of (our now − its now), of this window and of the one before. */
  #apart: { readonly now: number; readonly before: number } | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Another gateway, or the same one begun anew. */
  reset(): void {
    this.#apart = null;
  }

  /** To be told of everything as soon as it is heard. What was kept for us tells nothing, once something fresh has come. */
  note(atMs: number): void {
    const now = this.#now();
    const apart = now - atMs;
    if (this.#apart === null) {
      this.#apart = { now: apart, before: apart };
      this.#since = now;
    } else if (now - this.#since > windowMs) {
      this.#apart = { now: apart, before: this.#apart.now };
      this.#since = now;
    } else if (apart < this.#apart.now) this.#apart = { now: apart, before: this.#apart.before };
  }

  /** When it was by our clock, never later than now. */
  ours(atMs: number): number {
    const now = this.#now();
    return this.#apart === null ? now : Math.min(now, atMs + Math.min(this.#apart.now, this.#apart.before));
  }
}

const windowMs = 300_000;
