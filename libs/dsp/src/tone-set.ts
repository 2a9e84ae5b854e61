import type { Tone } from './tone.ts';
import { tonePattern, type TonePattern, type ToneTolerance } from './tone-pattern.ts';

/** A tone to be recognised; ids are the caller's, several tones may have the same. */
export interface WatchedTone {
  readonly id: string;
  readonly tone: Tone;
  /** What its source allows, where that is more than the set's: hertz of each frequency, and the part of each duration. */
  readonly tolerance?: { readonly frequencyHz?: number; readonly cadence?: number };
}

export interface ToneDetectorOptions extends Partial<ToneTolerance> {
  /** 2: cycles of its cadence before a tone is recognised; the last pause counts as soon as it is long enough. */
  readonly cycles?: number;
  /** 700: for how long a continuous tone must be heard. */
  readonly continuousMs?: number;
}

/** Made once from a regional plan, or several, and watched for on any number of channels. */
export class ToneSet {
  readonly tones: readonly { readonly id: string; readonly pattern: TonePattern }[];
  readonly tolerance: ToneTolerance;
  readonly cycles: number;
  readonly continuousSamples: number;
  /** Mean squares; 1 is 0 dBm0. */
  readonly leastPower: number;
  readonly mostPower: number;

  constructor(tones: readonly WatchedTone[], { cycles = 2, continuousMs = 700, ...tolerance }: ToneDetectorOptions = {}) {
    this.tones = tones.map(({ id, tone, tolerance: wider }) => ({ id, pattern: tonePattern(tone, wider) }));
    this.tolerance = { frequency: 0.015, cadence: 0.12, leastDbm0: -35, mostDbm0: 3, twistDb: 8, ...tolerance };
    this.leastPower = 10 ** (this.tolerance.leastDbm0 / 10);
    this.mostPower = 10 ** (this.tolerance.mostDbm0 / 10);
    this.cycles = cycles;
    this.continuousSamples = continuousMs * 8;
  }
}
