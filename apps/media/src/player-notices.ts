import type { PlayerGatewayEvent } from '@tipring/gateway';

/** What players tell: at once to the controller that is there; else it is kept, and told to the next one when that has audited. */
export class PlayerNotices {
  onEvent: (event: PlayerGatewayEvent) => void = () => {};
  #isThere = false;
  #kept: PlayerGatewayEvent[] = [];

  controllerCame(): void {
    this.#isThere = true;
  }

  controllerLeft(): void {
    this.#isThere = false;
  }

  /** The reply to its audit has been given: it knows whose events these are. */
  audited(): void {
    const kept = this.#kept;
    this.#kept = [];
    for (const event of kept) this.onEvent(event);
  }

  take(event: PlayerGatewayEvent): void {
    if (this.#isThere) return this.onEvent(event);
    this.#kept.push(event);
    if (this.#kept.length > mostKept) this.#kept.shift();
  }
}

/** More than there are players: each has ended what it played and what it recorded. */
const mostKept = 8192;
