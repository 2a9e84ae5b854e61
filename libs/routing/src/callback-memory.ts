import type { EndpointId } from '@tipring/telephony';

/** An emergency call left by a trunk or line. */
export interface EmergencyLaunch {
  /** Ms since the epoch. */
  readonly at: number;
  /** The telephone that called. */
  readonly from: EndpointId;
  /** The trunk or line that was tried. */
  readonly via: EndpointId;
  /** The number it showed, E.164; null: a line's own, or nobody knows. */
  readonly shown: string | null;
}

/**
 * Who is to be reached when an emergency service calls back. Of a trunk it is the number that was shown that counts, whichever trunk brings the call; of a line
 * the line itself, since its calls do not say which number they are for.
 */
export class CallbackMemory {
  readonly #keepMs: number;
  /** The last first. */
  #launches: readonly EmergencyLaunch[] = [];

  constructor(keepMs = CALLBACK_MS) {
    this.#keepMs = keepMs;
  }

  launched(launch: EmergencyLaunch): void {
    const same = (one: EmergencyLaunch): boolean => one.from === launch.from && one.via === launch.via && one.shown === launch.shown;
    this.#launches = [launch, ...this.#launches.filter((one) => !same(one) && one.at > launch.at - this.#keepMs)].slice(0, MOST_LAUNCHES);
  }

  /** @param called E.164; '': nobody said, as on a line */
  emergencyCallers(via: EndpointId, called: string, at: number): readonly EndpointId[] {
    if (this.#launches.length === 0) return nobody;
    const reached = this.#launches.filter((one) => one.at > at - this.#keepMs && (called === '' ? one.via === via : one.shown === called));
    return [...new Set(reached.map(({ from }) => from))];
  }

  /** For whoever keeps it over a restart. */
  launches(): readonly EmergencyLaunch[] {
    return this.#launches;
  }
}

const nobody: readonly EndpointId[] = Object.freeze([]);
/** As long as the usual location services keep a caller behind the number that was shown. */
const CALLBACK_MS = 3 * 3_600_000;
const MOST_LAUNCHES = 200;
