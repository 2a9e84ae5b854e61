/** New work that can be refused before anything is invested: an initial INVITE, or a REGISTER. */
export type AdmissionWork = 'call' | 'registration';

export interface AdmissionSettings {
  /**
   * Event-loop utilisation above which the rate is cut. Close to 1, since refusals cost too: at three times the maximum of
   * REGISTERs, 503s alone take a fifth of the loop, and 80 % of the maximum does not fit below 0.96.
   */
  readonly ceiling: number;
  /** Cost of an answered piece of work in units of one call. */
  readonly cost: Readonly<Record<AdmissionWork, number>>;
  /** Cost of a first try without credentials, which ends in a challenge, in units of one call. */
  readonly challengeCost: number;
  /** Units per second: never less, and what is held for no limit at all. */
  readonly leastRate: number;
  readonly mostRate: number;
}

/**
 * Overload control: additive increase, multiplicative decrease of the rate of new work, governed by how busy the event
 * loop is. The excess is to be answered 503 with Retry-After, statelessly (RFC 3261 21.5.4). Work that shows credentials goes
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
  /** Windows of saturation in a row. */
  #saturated = 0;

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

  /** Feed every 100 ms with the event loop's utilisation since the last time, 0..1. */
  observe(utilisation: number): void {
    const now = this.#now();
    const elapsedS = (now - this.#observedAt) / 1000;
    if (elapsedS <= 0) return;
    this.#fill();
    const carried = this.#admitted / elapsedS;
    this.#carried = this.#carried === 0 ? carried : this.#carried * 0.7 + carried * 0.3;
    const refused = this.#refused;
    this.#observedAt = now;
    this.#admitted = 0;
    this.#refused = 0;
    if (utilisation > this.#settings.ceiling) this.#cut(utilisation);
    else this.#raise(utilisation, refused > 0);
  }

  /** Seconds for Retry-After; spread, so that those refused together do not come back together. */
  retryAfterS(): number {
    return LEAST_RETRY_S + (this.#refusedTotal % RETRY_SPREAD_S);
  }

  #cut(utilisation: number): void {
    const { ceiling, leastRate } = this.#settings;
    // What was let in is the measure, not the limit: that may have been far above the load.
    const base = Math.min(this.#rate, Math.max(this.#carried, leastRate));
    this.#saturated = utilisation >= SATURATED ? this.#saturated + 1 : 0;
    // How far beyond saturation the load is cannot be seen, so each further window of it cuts deeper.
    const factor = this.#saturated === 0 ? ceiling / utilisation : 1 - Math.min(DEEPEST_CUT, SATURATED_CUT * this.#saturated);
    this.#setRate(Math.max(leastRate, base * factor));
  }

  #raise(utilisation: number, wanted: boolean): void {
    this.#saturated = 0;
    const { ceiling, mostRate } = this.#settings;
    // Nobody was refused: the limit is not what holds the load down, so it may go away quickly.
    const step = wanted ? Math.min(RAISE, (ceiling - utilisation) * GAIN) : RAISE;
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

const SATURATED = 0.99;
const SATURATED_CUT = 0.03;
const DEEPEST_CUT = 0.3;
const RAISE = 0.1;
const GAIN = 0.4;
const RAISE_UNITS = 1;
const BURST_S = 0.1;
const LEAST_RETRY_S = 2;
const RETRY_SPREAD_S = 7;

export const defaultAdmissionSettings: AdmissionSettings = {
  ceiling: 0.97,
  cost: { call: 1, registration: 0.2 },
  challengeCost: 0.1,
  leastRate: 20,
  mostRate: 100_000,
};
