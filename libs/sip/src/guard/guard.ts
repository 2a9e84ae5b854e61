import type { Flow } from '../transport/flow.ts';
import { RecentMap } from '../transport/recent-map.ts';
import { sourceOf } from './source.ts';

/** `limited`: drop this one; `banned`: drop, and refuse connections. Neither gets an answer: an answer helps a scanner. */
export type GuardVerdict = 'pass' | 'limited' | 'banned';

/**
 * What a source did wrong. A first request without credentials and a stale nonce are not wrong (RFC 7616 3.3).
 * `scan`: a request for what only a scanner asks (many extensions, methods out of nowhere).
 */
export type GuardFailure = 'wrongCredentials' | 'unknownUser' | 'scan' | 'malformed';

/** For people: GET /security/blocks. */
export interface Block {
  /** The address, `address:port` where phones that authenticated share it, or an IPv6 /64. */
  readonly source: string;
  readonly reason: string;
  /** Instants of the clock handed in, ms. */
  readonly since: number;
  readonly until: number;
  /** Messages dropped since. */
  readonly refused: number;
}

export interface GuardSettings {
  /** Messages per second that a source without authentication may send, and how many at once. */
  readonly ratePerS: number;
  readonly burst: number;
  /** A source is banned when its failures within the window weigh this much; the weights are FAILURE_WEIGHT. */
  readonly banScore: number;
  readonly windowMs: number;
  /** First ban; each further one of the same source is twice as long, up to `longestBanMs`. */
  readonly banMs: number;
  readonly longestBanMs: number;
  /** How long an authentication is good for; longer than a registration. */
  readonly trustMs: number;
  /** Entries kept of each kind (sources, trusted flows, blocks). */
  readonly capacity: number;
  /** Addresses that are never limited nor banned, such as static trunks. */
  readonly exempt: (address: string) => boolean;
}

/**
 * Stands before the parser. A flow that authenticated is trusted by itself: what others do at its address never limits or
 * bans it. Where such a flow exists, failures of its neighbours are held against their port and not against the address, so
 * that a phone which restarts behind the same NAT gets in. No timers: everything is settled when asked.
 */
export class Guard {
  /** Hears of each ban when it begins. Must not throw. */
  onBlock: (block: Block) => void = () => {};
  /** Bans since the beginning. */
  bans = 0;
  #settings: GuardSettings;
  readonly #now: () => number;
  readonly #trusted: RecentMap<string, Trust>;
  readonly #suspects: RecentMap<string, Suspect>;
  readonly #blocks: RecentMap<string, OpenBlock>;
  /** Sources at which a flow has authenticated, and until when that counts. */
  readonly #shared: RecentMap<string, number>;

  /** `now` in ms, monotonic. */
  constructor(now: () => number, settings: Partial<GuardSettings> = {}) {
    this.#settings = { ...defaultGuardSettings, ...settings };
    this.#now = now;
    const { capacity } = this.#settings;
    this.#trusted = new RecentMap(capacity);
    this.#suspects = new RecentMap(capacity);
    this.#blocks = new RecentMap(capacity);
    this.#shared = new RecentMap(capacity);
  }

  /** New limits from now on; what is banned stays so, and `capacity` stays as it was. */
  adjust(settings: Partial<Omit<GuardSettings, 'capacity'>>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** Counts one message of this flow; ask before it is parsed. */
  admits(flow: Flow): GuardVerdict {
    const now = this.#now();
    const trust = this.#trusted.get(flow.id);
    if (trust !== undefined && trust.until > now) return 'pass';
    const { address } = flow.remote;
    if (this.#settings.exempt(address)) return 'pass';
    const source = sourceOf(address);
    if (this.#blocks.size > 0 && (this.#isBlocked(source, now) || this.#isBlocked(portOf(source, flow), now))) return 'banned';
    return this.#take(this.#suspect(source, now), now) ? 'pass' : 'limited';
  }

  /** Whether a connection from there may be accepted. Nothing is counted. */
  admitsConnection(address: string): boolean {
    const block = this.#blocks.get(sourceOf(address));
    return block === undefined || block.until <= this.#now();
  }

  /** The flow has shown valid credentials. */
  authenticated(flow: Flow): void {
    const until = this.#now() + this.#settings.trustMs;
    const source = sourceOf(flow.remote.address);
    this.#shared.set(source, until);
    const trust = this.#trusted.get(flow.id);
    if (trust === undefined) {
      this.#trusted.set(flow.id, { until, failures: 0 });
      return;
    }
    trust.until = until;
    trust.failures = 0;
  }

  /** The flow did something wrong. A trusted flow loses its trust only by a row of its own failures. */
  failed(flow: Flow, failure: GuardFailure): void {
    const now = this.#now();
    const trust = this.#trusted.get(flow.id);
    if (trust !== undefined && trust.until > now) {
      trust.failures += 1;
      if (trust.failures < FAILURES_OF_A_TRUSTED_FLOW) return;
      this.#trusted.delete(flow.id);
    }
    const { address } = flow.remote;
    if (this.#settings.exempt(address)) return;
    const source = sourceOf(address);
    const culprit = (this.#shared.get(source) ?? 0) > now ? portOf(source, flow) : source;
    this.#accuse(culprit, failure, now);
  }

  /**
   * Something that speaks against a flow without being wrong in itself, such as a scanner's User-Agent (see `scannerOf`). Failures
   * weigh double from then on; alone it does nothing.
   */
  evidence(flow: Flow, what: string): void {
    const source = sourceOf(flow.remote.address);
    this.#suspect(source, this.#now()).evidence = what;
  }

  /** What is banned now, the latest ban first. */
  blocks(): Block[] {
    const now = this.#now();
    const open: Block[] = [];
    for (const [source, block] of this.#blocks.entries()) {
      if (block.until > now) open.push({ source, reason: block.reason, since: block.since, until: block.until, refused: block.refused });
    }
    return open.sort((a, b) => b.since - a.since);
  }

  /** `source` as `blocks` names it. False when it was not banned. Its failures are forgotten. */
  unblock(source: string): boolean {
    this.#suspects.delete(source);
    return this.#blocks.delete(source);
  }

  #isBlocked(source: string, now: number): boolean {
    const block = this.#blocks.get(source);
    if (block === undefined) return false;
    if (block.until > now) {
      block.refused += 1;
      return true;
    }
    this.#blocks.delete(source);
    return false;
  }

  #accuse(source: string, failure: GuardFailure, now: number): void {
    const { windowMs, banScore, banMs, longestBanMs } = this.#settings;
    const suspect = this.#suspect(source, now);
    if (now - suspect.windowSince > windowMs) {
      suspect.windowSince = now;
      suspect.score = 0;
      suspect.failures = 0;
    }
    suspect.failures += 1;
    suspect.score += FAILURE_WEIGHT[failure] * (suspect.evidence === '' ? 1 : 2);
    if (suspect.score < banScore) return;
    const lasts = Math.min(longestBanMs, banMs * 2 ** suspect.bans);
    const seconds = Math.max(1, Math.round((now - suspect.windowSince) / 1000));
    const reason = `${suspect.failures} failures in ${seconds} s, last: ${failure}${suspect.evidence === '' ? '' : `; ${suspect.evidence}`}`;
    const block = { reason, since: now, until: now + lasts, refused: 0 };
    this.#blocks.set(source, block);
    this.bans += 1;
    suspect.bans = Math.min(suspect.bans + 1, 20);
    suspect.score = 0;
    suspect.failures = 0;
    suspect.windowSince = now;
    this.onBlock({ source, ...block });
  }

  #suspect(source: string, now: number): Suspect {
    let suspect = this.#suspects.get(source);
    if (suspect === undefined) {
      suspect = { tokens: this.#settings.burst, filledAt: now, windowSince: now, score: 0, failures: 0, bans: 0, evidence: '' };
      this.#suspects.set(source, suspect);
    }
    return suspect;
  }

  #take(suspect: Suspect, now: number): boolean {
    const { ratePerS, burst } = this.#settings;
    suspect.tokens = Math.min(burst, suspect.tokens + ((now - suspect.filledAt) * ratePerS) / 1000);
    suspect.filledAt = now;
    if (suspect.tokens < 1) return false;
    suspect.tokens -= 1;
    return true;
  }
}

interface Trust {
  until: number;
  /** Since the last success. */
  failures: number;
}

interface Suspect {
  tokens: number;
  filledAt: number;
  windowSince: number;
  score: number;
  failures: number;
  bans: number;
  evidence: string;
}

interface OpenBlock {
  readonly reason: string;
  readonly since: number;
  readonly until: number;
  refused: number;
}

function portOf(source: string, flow: Flow): string {
  return `${source}:${flow.remote.port}`;
}

const FAILURE_WEIGHT: Readonly<Record<GuardFailure, number>> = { wrongCredentials: 1, unknownUser: 2, scan: 4, malformed: 1 };

const FAILURES_OF_A_TRUSTED_FLOW = 20;

export const defaultGuardSettings: GuardSettings = {
  ratePerS: 100,
  burst: 400,
  banScore: 20,
  windowMs: 60_000,
  banMs: 600_000,
  longestBanMs: 86_400_000,
  trustMs: 7_500_000,
  capacity: 100_000,
  exempt: () => false,
};
