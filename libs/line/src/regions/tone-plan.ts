import type { Tone } from '@tipring/dsp';
import type { Confidence } from './fact.ts';

/** What is heard on a line of the country. Absent: not known, or not used there. */
export type TonePlan = Readonly<Record<'dial' | 'ringing' | 'busy', ToneFact>> & { readonly [name in ToneName]?: ToneFact };

/** The words of ITU-T E.182; `offHook` is its howler, `stutterDial` what it calls special dial tone. */
export type ToneName = (typeof toneNames)[number];

export const toneNames = [
  'dial',
  /** Once a prefix is dialled: more digits are wanted. */
  'secondDial',
  /** Instead of dial tone while a message waits or calls are diverted. */
  'stutterDial',
  'ringing',
  'busy',
  /** Also reorder tone: no way to the called exchange. */
  'congestion',
  'numberUnobtainable',
  'specialInformation',
  'callWaiting',
  /** The receiver was left off the hook. */
  'offHook',
] as const;

/** A tone of a country, and how we know. */
export interface ToneFact {
  /** What we play, and expect first. */
  readonly tone: Tone;
  /** Also met: other exchanges of the country, or other tables. Accepted, never played. */
  readonly alternates?: readonly Tone[];
  /** What the source allows of `tone`. Absent: the source says nothing, and the detector has its own. */
  readonly tolerance?: Tolerance;
  /** Tones of the same plan that no ear and no detector tells from this one or its alternates. Told from one side. */
  readonly sameAs?: readonly ToneName[];
  readonly source: string;
  readonly confidence: Confidence;
}

export interface Tolerance {
  /** Either way, of each frequency. */
  readonly frequencyHz: number;
  /** Part of each duration, either way: 0.1 is ±10 %. Absent: continuous, or not said. */
  readonly cadence?: number;
}
