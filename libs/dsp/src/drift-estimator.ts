/**
 * From the fill of a buffer between two clocks to the ratio of a DriftResamplers channel: the control loop of a card's clock.
 *
 * A Kalman filter of two states (the fill that jitter hides, and the drift) that knows what it has ordered itself; the order is the drift
 * plus what brings the fill back to its target. How far it believes a reading follows from the jitter it has seen, so it is quick on a
 * quiet buffer (100 ppm within 10 s) and calm on a noisy one, where nothing could be known sooner.
 */
export class DriftEstimator {
  readonly #tick: number;
  readonly #rate: number;
  readonly #maxPpm: number;
  #target: number;
  #at: Estimate | null = null;
  #ppm = 0;

  constructor({ targetSamples, tickSamples = 160, rate = 8_000, maxPpm = 300 }: DriftSettings) {
    this.#target = targetSamples;
    this.#tick = tickSamples;
    this.#rate = rate;
    this.#maxPpm = maxPpm;
  }

  /** Once a tick: the samples in the buffer, always read at the same moment of it. @returns ppm for DriftResamplers.set, positive empties the buffer */
  update(fillSamples: number): number {
    const at = (this.#at ??= this.#begin(fillSamples));
    this.#predict(at);
    this.#correct(at, fillSamples);

    // Slow enough that what is not known of the fill moves the ratio by no more than `calmPpm`.
    const unknown = Math.sqrt(at.fillVariance);
    const seconds = Math.min(slowestSeconds, Math.max(quickestSeconds, unknown / (calmPpm * 1e-6 * this.#rate)));
    const towardsTarget = ((at.fill - this.#target) / (seconds * this.#rate)) * 1e6;
    this.#ppm = clamp(this.driftPpm + towardsTarget, this.#maxPpm);
    return this.#ppm;
  }

  /** How much faster the source's clock is than the sink's, as far as it is known. */
  get driftPpm(): number {
    return this.#at === null ? 0 : (this.#at.drift / this.#tick) * 1e6;
  }

  /** One standard deviation of `driftPpm`. */
  get uncertaintyPpm(): number {
    return this.#at === null ? startPpm : (Math.sqrt(this.#at.driftVariance) / this.#tick) * 1e6;
  }

  /** Root mean square of what the readings jitter by, in samples. */
  get jitterSamples(): number {
    return this.#at === null ? 0 : Math.sqrt(this.#at.noise);
  }

  /** An adaptive jitter buffer changed its mind. */
  set target(samples: number) {
    this.#target = samples;
  }

  /** Samples were added to the buffer (or, negative, taken or lost) outside of the two clocks. */
  shift(samples: number): void {
    if (this.#at !== null) this.#at.fill += samples;
  }

  #begin(fill: number): Estimate {
    const noise = (this.#tick / 20) ** 2;
    return { fill, drift: 0, fillVariance: noise, covariance: 0, driftVariance: (startPpm * 1e-6 * this.#tick) ** 2, noise, readings: 0, outside: 0 };
  }

  #predict(at: Estimate): void {
    at.fill += at.drift - this.#ppm * 1e-6 * this.#tick;
    at.fillVariance += 2 * at.covariance + at.driftVariance + fillWander;
    at.covariance += at.driftVariance;
    at.driftVariance += (wanderPpm * 1e-6 * this.#tick) ** 2;
  }

  #correct(at: Estimate, reading: number): void {
    const deviation = Math.sqrt(at.fillVariance + at.noise);
    const surprise = reading - at.fill;
    const believed = clamp(surprise, 4 * deviation);
    at.outside = surprise === believed ? 0 : at.outside + Math.sign(surprise);
    // Not jitter any more: the buffer was refilled or ran dry. What is known of the clocks stays.
    if (Math.abs(at.outside) >= outsideTicks) {
      Object.assign(at, { fill: reading, fillVariance: at.noise, covariance: 0, outside: 0 });
      return;
    }
    at.readings += 1;
    const weight = Math.max(1 / noiseTicks, 1 / (at.readings + 25));
    at.noise = Math.max(leastNoise, at.noise + weight * (believed * believed - at.noise));

    const fillGain = at.fillVariance / (at.fillVariance + at.noise);
    const driftGain = at.covariance / (at.fillVariance + at.noise);
    at.fill += fillGain * believed;
    at.drift += driftGain * believed;
    at.driftVariance -= driftGain * at.covariance;
    at.covariance *= 1 - fillGain;
    at.fillVariance *= 1 - fillGain;
  }
}

export interface DriftSettings {
  /** Where the fill is to stay. */
  readonly targetSamples: number;
  /** Between two readings; 160 is 20 ms at 8 kHz. */
  readonly tickSamples?: number;
  readonly rate?: number;
  /** What may be ordered, drift and return to the target together. */
  readonly maxPpm?: number;
}

/** Samples, and samples a tick. */
interface Estimate {
  fill: number;
  drift: number;
  fillVariance: number;
  covariance: number;
  driftVariance: number;
  /** Variance of what the readings jitter by. */
  noise: number;
  readings: number;
  /** Readings in a row that were unbelievably high, or (negative) low. */
  outside: number;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

/** Crystals of telephony cards and of network clocks are within ±50 ppm each. */
const startPpm = 150;
/** A crystal's walk with temperature, a tick: 1 ppm in about ten seconds. */
const wanderPpm = 0.045;
/** What the fill walks by itself, samples² a tick: a network's delay changes. */
const fillWander = 1e-4;
/** Rounding to samples and blocks of eight in a card's driver, samples². */
const leastNoise = 1;
const noiseTicks = 500;
const outsideTicks = 50;
const quickestSeconds = 1.5;
const slowestSeconds = 30;
const calmPpm = 15;
