import type { Timer, Timers } from '@tipring/clock';
import { drawHops, locate } from '@tipring/sip';
import type { AddressHop, Dns, LocatedServer, LocateSettings, Target } from '@tipring/sip';

export type ServerState = 'unknown' | 'answers' | 'silent' | 'refuses';

/** One address of a trunk, and what was last heard of it. Instants are ms of the monotonic clock. */
export interface TrunkServer {
  readonly hop: AddressHop;
  state: ServerState;
  text: string;
  /** Of the last message that came from it. */
  heardAt: number | undefined;
  /** It has answered an OPTIONS: from now on silence means something. */
  answersOptions: boolean;
  /** OPTIONS in a row. */
  missed: number;
  /** Until then it is tried after the others. */
  avoidedUntil: number;
}

export interface TrunkServersPorts {
  readonly dns: Dns;
  readonly timers: Timers;
  readonly random: () => number;
  readonly families: LocateSettings['families'];
  /** They are known now, are others than before, or DNS has begun or ceased to fail. */
  readonly changed: () => void;
}

/**
 * Where a trunk's requests go: as DNS has them, asked again before a call needs it, so that no call waits for a resolver that is dead and what
 * was known goes on being used (RFC 8767). Remembers of each what was heard, so that who was silent lately is tried last.
 */
export class TrunkServers {
  readonly #target: Target;
  readonly #ports: TrunkServersPorts;
  #servers = new Map<string, TrunkServer>();
  #located: readonly LocatedServer[] = [];
  #trouble: string | undefined;
  #waiting: (() => void)[] = [];
  #again: Timer | undefined;
  #closed = false;

  constructor(target: Target, ports: TrunkServersPorts) {
    this.#target = target;
    this.#ports = ports;
    this.#locate();
  }

  /** In the order of DNS. */
  get all(): readonly TrunkServer[] {
    return [...this.#servers.values()];
  }

  /** Why DNS gives none, or no new ones; undefined while it is asked for the first time, and when all is well. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** For one request: drawn by weight (RFC 2782), those that are to be avoided last. Empty while DNS has not said any. */
  draw(): TrunkServer[] {
    const now = this.#ports.timers.now();
    const drawn = drawHops(this.#located, this.#ports.random).flatMap((hop) => this.#servers.get(keyOf(hop)) ?? []);
    return [...drawn.filter((server) => !isAvoided(server, now)), ...drawn.filter((server) => isAvoided(server, now))];
  }

  /** Calls `done` when there are servers or it is known that there are none, at the latest after `limitMs`; at once where that is known. */
  whenKnown(limitMs: number, done: () => void): void {
    if (this.#servers.size > 0 || this.#trouble !== undefined) return done();
    const told = (): void => {
      limit.stop();
      done();
    };
    const limit = this.#ports.timers.start(limitMs, () => {
      this.#waiting = this.#waiting.filter((one) => one !== told);
      done();
    });
    this.#waiting.push(told);
  }

  heard(server: TrunkServer): void {
    server.heardAt = this.#ports.timers.now();
  }

  /** It answered something that shows it is in service. */
  answered(server: TrunkServer, text: string): void {
    this.heard(server);
    server.missed = 0;
    this.#note(server, 'answers', text, 0);
  }

  silent(server: TrunkServer, text: string): void {
    this.#note(server, 'silent', text, AVOIDED_MS);
  }

  /** By 503 (RFC 3261 21.5.4). */
  refused(server: TrunkServer, text: string, retryAfterS: number | undefined): void {
    this.heard(server);
    this.#note(server, 'refuses', text, retryAfterS === undefined ? AVOIDED_MS : Math.min(retryAfterS * 1000, LONGEST_AVOIDED_MS));
  }

  /** Whether a message from there may be the trunk's. `port` undefined: any. */
  has(address: string, port: number | undefined): boolean {
    for (const { hop } of this.#servers.values()) if (hop.address === address && (port === undefined || hop.port === port)) return true;
    return false;
  }

  close(): void {
    this.#closed = true;
    this.#again?.stop();
    this.#waiting = [];
  }

  #note(server: TrunkServer, state: ServerState, text: string, avoidedMs: number): void {
    const isNew = server.state !== state;
    server.state = state;
    server.text = text;
    server.avoidedUntil = this.#ports.timers.now() + avoidedMs;
    if (isNew) this.#ports.changed();
  }

  #locate(): void {
    const { dns, random, families } = this.#ports;
    void locate(this.#target, dns, { transports: ['udp', 'tcp', 'tls'], families, random }).then((located) => {
      if (this.#closed) return;
      const before = `${this.#trouble} ${[...this.#servers.keys()].join()}`;
      if (located.ok) this.#take(located.servers);
      this.#trouble = located.ok ? undefined : located.reason;
      for (const told of this.#waiting.splice(0)) told();
      if (before !== `${this.#trouble} ${[...this.#servers.keys()].join()}`) this.#ports.changed();
      this.#again?.stop();
      this.#again = this.#ports.timers.start(located.ok ? RENEWED_MS : RETRIED_MS, () => this.#locate());
    });
  }

  #take(located: readonly LocatedServer[]): void {
    this.#located = located;
    const servers = new Map<string, TrunkServer>();
    for (const { hops } of [...located].sort((a, b) => a.rank - b.rank || b.weight - a.weight)) {
      for (const hop of hops) {
        const key = keyOf(hop);
        // Carriers that are reached by UDP mostly drop TCP in silence: a large INVITE would die of RFC 3261 18.1.1, and a call with it.
        const own = hop.transport === 'udp' ? { ...hop, keepsUdp: true } : hop;
        servers.set(key, this.#servers.get(key) ?? { hop: own, state: 'unknown', text: 'not heard of yet', heardAt: undefined, answersOptions: false, missed: 0, avoidedUntil: 0 });
      }
    }
    this.#servers = servers;
  }
}

function isAvoided(server: TrunkServer, now: number): boolean {
  return (server.state === 'silent' || server.state === 'refuses') && server.avoidedUntil > now;
}

function keyOf({ transport, address, port }: AddressHop): string {
  return `${transport}:${address}:${port}`;
}

/** The cache below knows how long answers are good. */
const RENEWED_MS = 15_000;
const RETRIED_MS = 3_000;
const AVOIDED_MS = 30_000;
const LONGEST_AVOIDED_MS = 300_000;
