/** How long a port was in calls, and since when it is in none. Instants are of one steady clock, ms. */
export class PortUse {
  #inCallSince: number | null = null;
  #endedAt: number | null = null;
  #beforeMs = 0;

  /** Null: it was in none since the start. */
  get idleSince(): number | null {
    return this.#endedAt;
  }

  /** The present one counts. */
  usedMs(at: number): number {
    return this.#beforeMs + (this.#inCallSince === null ? 0 : at - this.#inCallSince);
  }

  /** As it stands now; said again it changes nothing. */
  note(is: 'inCall' | 'free', at: number): void {
    if ((is === 'inCall') === (this.#inCallSince !== null)) return;
    if (is === 'free') {
      this.#beforeMs = this.usedMs(at);
      this.#endedAt = at;
    }
    this.#inCallSince = is === 'inCall' ? at : null;
  }
}
