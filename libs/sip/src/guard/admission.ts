import { WorkQueue } from './work-queue.ts';

export interface AdmissionSettings {
  /** How long work may wait where a queue has stood for `patienceMs`; above it new work is refused. */
  readonly standingMs: number;
  /** A burst, or a garbage collection and the queue it leaves, is waited out. */
  readonly patienceMs: number;
  /** How long work may wait in any case; below T1 (500 ms), so that nobody repeats a request for it. */
  readonly longestMs: number;
  /** How much may wait at all: what is read in one turn of the event loop is more than what is done. */
  readonly capacity: number;
}

/**
 * Overload control of new work (initial INVITE, REGISTER, SUBSCRIBE): it waits here for its turn, and beyond a certain wait more of it is
 * refused, to be answered 503 with Retry-After statelessly (RFC 3261 21.5.4). What belongs to a call never comes here and so
 * goes first. Work that shows credentials goes before work that does not: a challenge has been spent on it.
 *
 * The queue stands in the process and not in the socket, where it could be measured only by how long it took, which is known
 * too late: a share of refusals that was steered by that swung from all to nothing (decision 0006).
 */
export class Admission<Work> {
  readonly #settings: AdmissionSettings;
  readonly #refuse: (work: Work) => void;
  readonly #challenged = new WorkQueue<Work>();
  readonly #plain = new WorkQueue<Work>();
  #socketWaitMs = 0;
  #standingSince: number | undefined;
  #refused = 0;
  #refusedShare = 0;

  /** `refuse` answers work that is not taken on; it is called from `enter` and `next`. */
  constructor(refuse: (work: Work) => void, settings: Partial<AdmissionSettings> = {}) {
    this.#refuse = refuse;
    this.#settings = { ...defaultAdmissionSettings, ...settings };
  }

  /** What waits for its turn. */
  get waiting(): number {
    return this.#challenged.length + this.#plain.length;
  }

  /** The share of the last hundreds of requests that was refused, 0..1. */
  get refusedShare(): number {
    return this.#refusedShare;
  }

  get refused(): number {
    return this.#refused;
  }

  /** Takes work in, or refuses it at once. */
  enter(work: Work, hasCredentials: boolean, nowMs: number): void {
    const queue = hasCredentials ? this.#challenged : this.#plain;
    const waitMs = Math.max(this.#socketWaitMs, queue.length === 0 ? 0 : nowMs - queue.headAt);
    const isTooLong = hasCredentials ? waitMs > this.#settings.longestMs : this.#isOverloaded(waitMs, nowMs);
    if (isTooLong || this.waiting >= this.#settings.capacity) return this.#turnAway(work);
    this.#refusedShare -= this.#refusedShare * SHARE_STEP;
    queue.push(work, nowMs);
  }

  /** Takes work in that must come after what has entered before it, whatever the wait: a CANCEL after its INVITE. */
  follow(work: Work, nowMs: number): void {
    if (this.waiting >= this.#settings.capacity) this.#turnAway(work);
    else this.#plain.push(work, nowMs, true);
  }

  /** Whose turn it is. */
  next(nowMs: number): Work | undefined {
    if (this.#challenged.length > 0) return this.#challenged.shift();
    // What has waited while the challenged had their turns is not begun any more: it would be asked for again soon.
    while (this.#plain.length > 0 && !this.#plain.isHeadKept && nowMs - this.#plain.headAt > this.#settings.longestMs) this.#turnAway(this.#plain.shift());
    return this.#plain.length === 0 ? undefined : this.#plain.shift();
  }

  /** Feed with how long a message that is read now has waited in its socket, ms. */
  observe(socketWaitMs: number): void {
    this.#socketWaitMs = socketWaitMs;
  }

  /** How long whatever waits longest has waited, in its socket or here. */
  waitMs(nowMs: number): number {
    const since = Math.min(this.#challenged.headAt, this.#plain.headAt);
    return Math.max(this.#socketWaitMs, since === Number.POSITIVE_INFINITY ? 0 : nowMs - since);
  }

  /** Seconds for Retry-After; spread, so that those refused together do not come back together. */
  retryAfterS(): number {
    return LEAST_RETRY_S + (this.#refused % RETRY_SPREAD_S);
  }

  #isOverloaded(waitMs: number, nowMs: number): boolean {
    const { standingMs, patienceMs, longestMs } = this.#settings;
    if (waitMs < standingMs / 2) this.#standingSince = undefined;
    else this.#standingSince ??= nowMs;
    return waitMs > longestMs || (waitMs > standingMs && nowMs - (this.#standingSince ?? nowMs) > patienceMs);
  }

  #turnAway(work: Work): void {
    this.#refused += 1;
    this.#refusedShare += (1 - this.#refusedShare) * SHARE_STEP;
    this.#refuse(work);
  }
}

const SHARE_STEP = 1 / 256;
const LEAST_RETRY_S = 2;
const RETRY_SPREAD_S = 7;

export const defaultAdmissionSettings: AdmissionSettings = { standingMs: 100, patienceMs: 3000, longestMs: 400, capacity: 20_000 };
