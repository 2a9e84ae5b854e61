import type { Timers } from '@tipring/clock';
import type { CallingTrunk } from './calling-trunk.ts';
import { Redirects } from './redirects.ts';
import { numberUri } from './trunk-identity.ts';
import type { TrunkServer } from './trunk-servers.ts';

/** What is left to try for one leg: the trunk's servers in order, and where a 3xx sent it. */
export class WaysOut {
  readonly #calling: CallingTrunk;
  readonly #timers: Timers;
  readonly #redirects: Redirects;
  readonly #startedAt: number;
  #servers: TrunkServer[] = [];
  #uri: string;

  constructor(calling: CallingTrunk, number: string, timers: Timers) {
    const { domain } = calling;
    this.#calling = calling;
    this.#timers = timers;
    this.#startedAt = timers.now();
    this.#uri = numberUri(number, domain);
    this.#redirects = new Redirects(this.#uri, domain, (host) => calling.isOwn(host));
  }

  /** Request-URI; another after a 3xx. */
  get uri(): string {
    return this.#uri;
  }

  /** Servers that come after the one that is tried. */
  get servers(): readonly TrunkServer[] {
    return this.#servers;
  }

  /** When the leg began, ms of the monotonic clock. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** The servers as DNS has them now; the first of them. */
  first(): TrunkServer | undefined {
    this.#servers = this.#calling.draw();
    return this.#servers.shift();
  }

  /** After one that failed. Whoever was found silent while that one was waited for is not waited for as long again. */
  next(): TrunkServer | undefined {
    const { responseMs } = this.#calling.trunk.health;
    const isPatient = this.#timers.now() - this.#startedAt < responseMs;
    const server = this.#servers.shift();
    return server === undefined || isPatient || server.state !== 'silent' ? server : undefined;
  }

  /** By a 3xx; false: nowhere that may be followed. */
  redirect(contacts: readonly string[]): boolean {
    this.#redirects.take(contacts);
    const uri = this.#redirects.next();
    this.#uri = uri ?? this.#uri;
    return uri !== undefined;
  }
}
