import { ownText } from '../digest/own-text.ts';
import type { Flow } from '../transport/flow.ts';
import { RecentMap } from '../transport/recent-map.ts';
import { sourceOf } from './source.ts';

/**
 * Why credentials were not taken. `staleNonce`, `foreignNonce` and `replayed` had the right password: the phone is asked
 * again and answers by itself. They are counted and can be looked at, and nobody is told of them.
 */
export type AuthenticationFailureKind =
  | 'wrongPassword'
  | 'unknownUser'
  | 'disabledDevice'
  | 'otherUser'
  | 'wrongAlgorithm'
  | 'wrongUri'
  | 'malformed'
  | 'staleNonce'
  | 'foreignNonce'
  | 'replayed';

/** What one source did with one user name, and how often. */
export interface AuthenticationFailure {
  /** As the guard names sources: an IPv4 address, an IPv6 /64. */
  readonly source: string;
  /** Of the last one. */
  readonly port: number;
  readonly transport: string;
  /** As it was given, cut at 64 characters. */
  readonly user: string;
  readonly kind: AuthenticationFailureKind;
  readonly method: string;
  readonly count: number;
  /** Instants of the clock handed in, ms. */
  readonly first: number;
  readonly last: number;
}

export interface AuthenticationFailuresSettings {
  /** Entries kept of those that are told, and again of those that are not; the longest unused go. */
  readonly capacity: number;
  /** The same source, user name and kind is told again no sooner than this. */
  readonly everyMs: number;
  /** And no more than this many in that time altogether: user names and UDP sources can be made up without end. */
  readonly most: number;
}

/** Who could not prove himself, for people. Memory and what is told are bounded, whatever comes; no timers. */
export class AuthenticationFailures {
  /** How many there were of each kind. */
  readonly counts: Record<AuthenticationFailureKind, number> = {
    wrongPassword: 0, unknownUser: 0, disabledDevice: 0, otherUser: 0, wrongAlgorithm: 0, wrongUri: 0, malformed: 0, staleNonce: 0, foreignNonce: 0, replayed: 0,
  };
  /** Hears of the first one at once, later of those that came since. Must not throw. */
  onFailure: (failure: AuthenticationFailure, sinceLastTold: number) => void = () => {};
  readonly #now: () => number;
  readonly #settings: AuthenticationFailuresSettings;
  readonly #wrong: RecentMap<string, Entry>;
  readonly #harmless: RecentMap<string, Entry>;
  #windowSince: number;
  #toldInWindow = 0;

  /** `now` in ms, monotonic. */
  constructor(now: () => number, settings: Partial<AuthenticationFailuresSettings> = {}) {
    this.#now = now;
    this.#settings = { ...defaultSettings, ...settings };
    this.#wrong = new RecentMap(this.#settings.capacity);
    this.#harmless = new RecentMap(this.#settings.capacity);
    this.#windowSince = now();
  }

  note(flow: Flow, user: string, kind: AuthenticationFailureKind, method: string): void {
    this.counts[kind] += 1;
    const now = this.#now();
    const isHarmless = kind === 'staleNonce' || kind === 'foreignNonce' || kind === 'replayed';
    const entries = isHarmless ? this.#harmless : this.#wrong;
    const source = sourceOf(flow.remote.address);
    const name = user.length > LONGEST_USER ? user.slice(0, LONGEST_USER) : user;
    const key = `${source} ${kind} ${name}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { source, port: 0, transport: flow.transport, user: ownText(name), kind, method: ownText(method), count: 0, first: now, last: now, toldAt: undefined, untold: 0 };
      entries.set(key, entry);
    }
    entry.port = flow.remote.port;
    entry.count += 1;
    entry.last = now;
    entry.untold += 1;
    if (!isHarmless) this.#tell(entry, now);
  }

  /** The latest first. */
  recent(): AuthenticationFailure[] {
    const all = [...this.#wrong.entries(), ...this.#harmless.entries()].map(([, entry]) => shown(entry));
    return all.sort((a, b) => b.last - a.last);
  }

  #tell(entry: Entry, now: number): void {
    const { everyMs, most } = this.#settings;
    if (entry.toldAt !== undefined && now - entry.toldAt < everyMs) return;
    if (now - this.#windowSince >= everyMs) {
      this.#windowSince = now;
      this.#toldInWindow = 0;
    }
    if (this.#toldInWindow >= most) return;
    this.#toldInWindow += 1;
    const { untold } = entry;
    entry.toldAt = now;
    entry.untold = 0;
    this.onFailure(shown(entry), untold);
  }
}

interface Entry {
  readonly source: string;
  port: number;
  readonly transport: string;
  readonly user: string;
  readonly kind: AuthenticationFailureKind;
  readonly method: string;
  count: number;
  readonly first: number;
  last: number;
  /** Undefined: never told. */
  toldAt: number | undefined;
  untold: number;
}

function shown({ toldAt: _toldAt, untold: _untold, ...failure }: Entry): AuthenticationFailure {
  return failure;
}

const LONGEST_USER = 64;
const defaultSettings: AuthenticationFailuresSettings = { capacity: 2_000, everyMs: 60_000, most: 60 };
