import type { PlayerGatewayEvent } from '@tipring/gateway';
import type { TerminationId } from '@tipring/telephony';
import type { PlayerGateway, PlayerMedia } from './application-ports.ts';

/** A gateway whose events of players come in one stream: `hear` gives each to who listens to its player. */
export class PlayerEvents implements PlayerMedia {
  readonly send: PlayerGateway['send'];
  readonly #listeners = new Map<TerminationId, (event: PlayerGatewayEvent) => void>();

  constructor(gateway: PlayerGateway) {
    this.send = (command, done) => gateway.send(command, done);
  }

  /** Players that somebody listens to: 0 when no application is called. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Of a player of nobody here (music, recordings of calls): nothing happens. */
  hear(event: PlayerGatewayEvent): void {
    this.#listeners.get(event.termination)?.(event);
  }

  listen(termination: TerminationId, listener: (event: PlayerGatewayEvent) => void): void {
    this.#listeners.set(termination, listener);
  }

  unlisten(termination: TerminationId): void {
    this.#listeners.delete(termination);
  }
}
