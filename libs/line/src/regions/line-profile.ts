import type { CallerIdScheme } from './caller-id/scheme.ts';
import type { PulseDialing } from './dialing/pulse-dialing.ts';
import type { DcTermination } from './electrical/dc-termination.ts';
import type { Network } from './electrical/network.ts';
import type { Fact } from './fact.ts';
import type { ToneName } from './tone-plan.ts';

/** What a line of the country is like, its tones apart. Absent: not known. */
export interface LineProfile {
  readonly ringing?: Ringing;
  /** `by: 'none'` is knowledge: networks there have none. */
  readonly callerId?: Fact<CallerIdScheme>;
  /** What the telephone company's line wants to see at its end. */
  readonly termination?: Termination;
  readonly dialing?: Dialing;
  readonly supervision?: Supervision;
}

export interface Ringing {
  readonly cadence: Fact<RingCadence>;
  /** Other cadences that networks there use, so that one line tells calls apart. Not the PBX's own distinctive ringing. */
  readonly distinctive?: Fact<readonly RingCadence[]>;
  readonly frequency?: Fact<RingFrequency>;
  /** What reaches the telephone. */
  readonly voltage?: Fact<RingVoltage>;
}

/** On, off, on, off … in ms, over and over. */
export type RingCadence = readonly number[];

export interface RingFrequency {
  readonly hz: number;
  /** What the specification allows, if it says. */
  readonly within?: readonly [leastHz: number, mostHz: number];
}

/** AC, root mean square. */
export interface RingVoltage {
  readonly leastVrms: number;
  readonly mostVrms: number;
}

export interface Termination {
  readonly ac: Fact<Network>;
  readonly dc?: Fact<DcTermination>;
}

export interface Dialing {
  readonly flash?: Fact<Flash>;
  readonly pulse?: Fact<PulseDialing>;
}

/** A hook flash: register recall, timed break. */
export interface Flash {
  /** How long we open the loop of a line. */
  readonly sendMs: number;
  /** What exchanges there take for one, and so what we take for one from a telephone made for them. Longer than any pulse. */
  readonly recognised: readonly [leastMs: number, mostMs: number];
}

export interface Supervision {
  /** What a line there does once the far end hung up, the likeliest first. */
  readonly disconnect: Fact<readonly DisconnectSignal[]>;
  /** Whether the line's polarity is reversed when the called party answers. */
  readonly answerReversal?: Fact<'common' | 'on request' | 'none'>;
}

/** `batteryDenial`: also open switching interval, forward disconnect, K-break, calling party control. */
export type DisconnectSignal =
  | { readonly by: 'batteryDenial'; readonly ms: number }
  | { readonly by: 'polarityReversal' }
  | { readonly by: 'tone'; readonly tone: ToneName }
  | { readonly by: 'none' };
