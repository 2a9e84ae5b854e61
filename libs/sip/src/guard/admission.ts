export interface AdmissionSettings {
  /** How long a message may wait before it is read, ms; above it new work is refused more and more. Far below T1, so that nobody repeats a request for it. */
  readonly targetMs: number;
  /** Wait at which even those are refused who have been challenged already, ms; everybody at twice that. */
  readonly limitMs: number;
}

/**
 * Overload control of new work (initial INVITE, REGISTER) by how long messages wait to be read: the PIE controller of RFC
 * 8033 (4.2), with a refusal in place of a lost packet. How busy the process is says nothing: a loop that is busy and keeps
 * up is no overload, and a UDP server's queue stands in the kernel where the loop does not see it. What is refused is to be
 * answered 503 with Retry-After, statelessly (RFC 3261 21.5.4). Work that shows credentials goes first, since a challenge
 * has been spent on it.
 */
export class Admission {
  readonly #settings: AdmissionSettings;
  /** Of the work without credentials, 0..1. */
  #refusedShare = 0;
  #waitMs = 0;
  /** What of the share has not yet become a whole refusal: refusals come evenly, not by chance. */
  #due = 0;
  #refused = 0;
  /** RFC 8033 4.4: a burst after quiet, or a garbage collection and the queue it leaves, is waited out, ms. */
  #allowanceMs = LONGEST_BURST_MS;

  constructor(settings: Partial<AdmissionSettings> = {}) {
    this.#settings = { ...defaultAdmissionSettings, ...settings };
  }

  /** The share of new work without credentials that is refused now, 0..1. */
  get refusedShare(): number {
    return this.#refusedShare;
  }

  /** How often `admits` said no. */
  get refused(): number {
    return this.#refused;
  }

  /** How long a message waited at the last observation, ms. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** Whether to take on this work. Costs well under a microsecond. */
  admits(hasCredentials: boolean): boolean {
    const { limitMs } = this.#settings;
    const share = hasCredentials ? (this.#waitMs - limitMs) / limitMs : this.#refusedShare;
    if (share <= 0) return true;
    this.#due += share;
    if (this.#due < 1) return true;
    this.#due -= 1;
    this.#refused += 1;
    return false;
  }

  /** Feed every 20 ms with how long a message that is read now has waited, ms. */
  observe(waitMs: number): void {
    const { targetMs } = this.#settings;
    const isQuiet = this.#refusedShare === 0 && waitMs < targetMs / 2 && this.#waitMs < targetMs / 2;
    this.#allowanceMs = isQuiet ? LONGEST_BURST_MS : Math.max(0, this.#allowanceMs - OBSERVED_EVERY_MS);
    if (this.#allowanceMs === 0) this.#learn(waitMs);
    this.#waitMs = waitMs;
    if (this.#refusedShare === 0) this.#due = 0;
  }

  /** RFC 8033 4.2. */
  #learn(waitMs: number): void {
    const { targetMs } = this.#settings;
    const error = Math.min(LARGEST_STEP, (waitMs - targetMs) / targetMs);
    const trend = Math.min(LARGEST_STEP, (waitMs - this.#waitMs) / targetMs);
    // Gentle while the share is small, so that a light overload is not answered by refusing everybody.
    const gain = Math.max(LEAST_GAIN, Math.min(1, this.#refusedShare * GAIN_PER_SHARE));
    this.#refusedShare = Math.max(0, Math.min(MOST_REFUSED, this.#refusedShare + gain * (INTEGRAL * error + PROPORTIONAL * trend)));
  }

  /** Seconds for Retry-After; spread, so that those refused together do not come back together. */
  retryAfterS(): number {
    return LEAST_RETRY_S + (this.#refused % RETRY_SPREAD_S);
  }
}

const OBSERVED_EVERY_MS = 20;
const LONGEST_BURST_MS = 300;
const INTEGRAL = 0.01;
const PROPORTIONAL = 0.05;
const LEAST_GAIN = 0.1;
const GAIN_PER_SHARE = 2;
const LARGEST_STEP = 5;
const MOST_REFUSED = 0.95;
const LEAST_RETRY_S = 2;
const RETRY_SPREAD_S = 7;

export const defaultAdmissionSettings: AdmissionSettings = { targetMs: 10, limitMs: 150 };
