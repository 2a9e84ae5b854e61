/** New work that can be refused before anything is invested: an initial INVITE, or a REGISTER. */
export type AdmissionWork = 'call' | 'registration';

export interface AdmissionSettings {
  /** How long a message may wait to be read, ms: above it the rate is cut. Well below T1, so that nobody repeats a request for it. */
  readonly targetMs: number;
  /** Cost of an answered piece of work in units of one call. */
  readonly cost: Readonly<Record<AdmissionWork, number>>;
  /** Cost of a first try without credentials, which ends in a challenge, in units of one call. */
  readonly challengeCost: number;
  /** Units per second: never less, and what is held for no limit at all. */
  readonly leastRate: number;
  readonly mostRate: number;
}

/**
 * Overload control: increase slowly, decrease in proportion, of the rate of new work, governed by how long messages wait
 * before they are read. Not by how busy the process is: a loop that is busy and keeps up is no overload, and neither is one
 * that another process keeps from the CPU for a moment. The excess is to be answered 503 with Retry-After, statelessly (RFC 3261 21.5.4). Work that shows credentials goes
 * first, since a challenge has been spent on it already.
 */
export class Admission {
  readonly #settings: AdmissionSettings;
  readonly #now: () => number;
  #rate: number;
  #tokens: number;
  #filledAt: number;
  #observedAt: number;
  #admitted = 0;
  #refused = 0;
  #refusedTotal = 0;
  /** Smoothed rate that was admitted lately, units per second. */
  #carried = 0;
  /** The wait at the last observation, ms. */
  #waited = 0;

  /** `now` in ms, monotonic. */
  constructor(now: () => number, settings: Partial<AdmissionSettings> = {}) {
    this.#settings = { ...defaultAdmissionSettings, ...settings };
    this.#now = now;
    this.#rate = this.#settings.mostRate;
    this.#tokens = this.#burst();
    this.#filledAt = now();
    this.#observedAt = this.#filledAt;
  }

  /** Units of one call per second that are let in; `mostRate` when there is no limit. */
  get ratePerS(): number {
    return this.#rate;
  }

  /** How often `admits` said no. */
  get refused(): number {
    return this.#refusedTotal;
  }

  /** Whether to take on this work. Costs well under a microsecond. */
  admits(work: AdmissionWork, hasCredentials: boolean): boolean {
    this.#fill();
    // What is left below the reserve is for those who have been challenged.
    const reserve = hasCredentials ? 0 : this.#burst() / 2;
    if (this.#tokens <= reserve) {
      this.#refused += 1;
      this.#refusedTotal += 1;
      return false;
    }
    const cost = hasCredentials ? this.#settings.cost[work] : Math.min(this.#settings.challengeCost, this.#settings.cost[work]);
    this.#tokens -= cost;
    this.#admitted += cost;
    return true;
  }

  /** Feed every 100 ms with how long a message had to wait to be read: the shortest wait in that time, which is the standing queue's, ms. */
  observe(waitMs: number): void {
    const now = this.#now();
    const elapsedS = (now - this.#observedAt) / 1000;
    if (elapsedS <= 0) return;
    this.#fill();
    const carried = this.#admitted / elapsedS;
    this.#carried = this.#carried === 0 ? carried : this.#carried * 0.7 + carried * 0.3;
    const refused = this.#refused;
    const former = this.#waited;
    this.#waited = waitMs;
    this.#observedAt = now;
    this.#admitted = 0;
    this.#refused = 0;
    if (waitMs <= this.#settings.targetMs) this.#raise(waitMs, refused > 0);
    // A queue that is shrinking well already needs time, not a further cut.
    else if (waitMs > SHRINKING * former) this.#cut(waitMs);
  }

  /** Seconds for Retry-After; spread, so that those refused together do not come back together. */
  retryAfterS(): number {
    return LEAST_RETRY_S + (this.#refusedTotal % RETRY_SPREAD_S);
  }

  #cut(waitMs: number): void {
    const { targetMs, leastRate } = this.#settings;
    // What was let in is the measure, not the limit: that may have been far above the load.
    const base = Math.min(this.#rate, Math.max(this.#carried, leastRate));
    const excess = (waitMs - targetMs) / targetMs;
    this.#setRate(Math.max(leastRate, base * (1 - Math.min(DEEPEST_CUT, CUT * excess))));
  }

  #raise(waitMs: number, wanted: boolean): void {
    const { targetMs, mostRate } = this.#settings;
    // Nobody was refused: the limit is not what holds the load down, so it may go away quickly.
    const step = wanted ? RAISE_WANTED * (1 - waitMs / targetMs) : RAISE;
    this.#setRate(Math.min(mostRate, this.#rate * (1 + step) + RAISE_UNITS));
  }

  #setRate(rate: number): void {
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, this.#burst());
  }

  #burst(): number {
    return Math.max(2, this.#rate * BURST_S);
  }

  #fill(): void {
    const now = this.#now();
    this.#tokens = Math.min(this.#burst(), this.#tokens + ((now - this.#filledAt) * this.#rate) / 1000);
    this.#filledAt = now;
  }
}

const SHRINKING = 0.7;
const CUT = 0.04;
const DEEPEST_CUT = 0.3;
const RAISE = 0.1;
const RAISE_WANTED = 0.03;
const RAISE_UNITS = 1;
const BURST_S = 0.1;
const LEAST_RETRY_S = 2;
const RETRY_SPREAD_S = 7;

export const defaultAdmissionSettings: AdmissionSettings = {
  targetMs: 20,
  cost: { call: 1, registration: 0.2 },
  challengeCost: 0.1,
  leastRate: 20,
  mostRate: 100_000,
};
