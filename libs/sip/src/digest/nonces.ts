import { ownText } from './own-text.ts';
import { equalInConstantTime } from './ha1.ts';
import type { Hashing } from './hashing.ts';
import { admit, SPENT } from './replay-window.ts';
import type { ReplayWindow } from './replay-window.ts';

/** The counts seen of one nonce, as plain JSON: [nonce, highest nc, bitmap]. */
export type ReplayRows = readonly (readonly [nonce: string, highest: number, seen: number])[];

export interface NonceSettings {
  readonly secret: string;
  readonly realm: string;
  readonly lifetimeMs: number;
  readonly maxNonces: number;
}

/**
 * Stateless nonces: `time.boot-counter.hmac`. Handing one out stores nothing; only a nonce that was used with the right
 * password gets a replay window, so a flood of requests without credentials costs no memory.
 *
 * No replay is ever admitted, by three rules:
 * - a count already seen in its window, or too far below the highest, is a replay;
 * - windows are kept in two generations, each at least a nonce's lifetime long, so a window outlives its nonce. When
 *   there are too many, a generation goes early, and every nonce handed out before it was closed is stale from then on;
 * - a nonce of another run (boot id) is only good when its window was imported, which a clean stop makes possible.
 *   After a kill the windows are lost, so nonces of the run before are stale: the phone is challenged once more with
 *   `stale=true` and answers by itself, without asking for a password.
 */
export class Nonces {
  readonly #hashing: Hashing;
  readonly #settings: NonceSettings;
  readonly #boot: string;
  #counter = 0;
  #young = new Map<string, ReplayWindow>();
  #old = new Map<string, ReplayWindow>();
  #rotatedAtMs: number;
  /** Nonces of this run below this counter, and without a window, are stale. */
  #floor = 0;
  /** The counter when `#old` was closed: every nonce in it is below. */
  #oldClosedAt = 0;

  constructor(settings: NonceSettings, hashing: Hashing, boot: string, epochMs: number) {
    this.#settings = settings;
    this.#hashing = hashing;
    this.#boot = boot;
    this.#rotatedAtMs = epochMs;
  }

  /** Unique also within one millisecond: two phones must not share the counts of one nonce. */
  make(epochMs: number): string {
    this.#counter += 1;
    const open = `${Math.floor(epochMs).toString(36)}.${this.#boot}-${this.#counter.toString(36)}`;
    return `${open}.${this.#mac(open)}`;
  }

  /** Is it ours, and young enough? Costs the same for every nonce that has not been used yet. */
  check(nonce: string, epochMs: number): 'fresh' | 'stale' | 'foreign' {
    const known = this.#window(nonce);
    const last = nonce.lastIndexOf('.');
    if (known === undefined && (last < 0 || !equalInConstantTime(this.#mac(nonce.slice(0, last)), nonce.slice(last + 1)))) return 'foreign';
    const first = nonce.indexOf('.');
    const issuedMs = Number.parseInt(nonce.slice(0, first), 36);
    const ageMs = epochMs - issuedMs;
    // A nonce from the future means that the clock was set back; its age cannot be known.
    if (!(ageMs <= this.#settings.lifetimeMs && ageMs >= -CLOCK_STEP_MS)) return 'stale';
    if (known !== undefined) return 'fresh';
    const dash = nonce.indexOf('-', first);
    if (nonce.slice(first + 1, dash) !== this.#boot) return 'stale';
    return Number.parseInt(nonce.slice(dash + 1, last), 36) < this.#floor ? 'stale' : 'fresh';
  }

  /** Counts one use, after the password proved right. `nc` undefined: without qop there is no count, and the nonce is good once. */
  use(nonce: string, nc: number | undefined, epochMs: number): boolean {
    const known = this.#window(nonce);
    if (known !== undefined) return nc !== undefined && admit(known, nc);
    // Only now: a rotation must not forget the very window that is asked about.
    this.#rotate(epochMs);
    this.#young.set(ownText(nonce), nc === undefined ? { ...SPENT } : { highest: nc, seen: 1 });
    return true;
  }

  export(): ReplayRows {
    return [...this.#old, ...this.#young].map(([nonce, window]) => [nonce, window.highest, window.seen] as const);
  }

  import(rows: ReplayRows): void {
    for (const [nonce, highest, seen] of rows) this.#young.set(nonce, { highest, seen });
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  #window(nonce: string): ReplayWindow | undefined {
    return this.#young.get(nonce) ?? this.#old.get(nonce);
  }

  #rotate(epochMs: number): void {
    const full = this.#young.size >= this.#settings.maxNonces / 2;
    // The margin for clock steps is part of a nonce's life.
    const due = epochMs - this.#rotatedAtMs > this.#settings.lifetimeMs + CLOCK_STEP_MS;
    if (!full && !due) return;
    // Also when due: the clock may have leapt ahead, and may be set back.
    this.#floor = this.#oldClosedAt;
    this.#oldClosedAt = this.#counter + 1;
    this.#old = this.#young;
    this.#young = new Map();
    this.#rotatedAtMs = epochMs;
  }

  #mac(open: string): string {
    return this.#hashing.hmacSha256(this.#settings.secret, `${open}:${this.#settings.realm}`).slice(0, MAC_CHARACTERS);
  }
}

const CLOCK_STEP_MS = 60_000;
/** 132 bits in base64url. */
const MAC_CHARACTERS = 22;
