import type { Impairment } from '@tipring/sip-endpoint';
import type { DrillLog, KeptDrill } from '@tipring/store';
import type { Cause, EndpointId } from '@tipring/telephony';

/** What was asked for, as it is kept. */
export interface DrillQuestion {
  readonly number: string;
  readonly extensionId: string;
  readonly impairment: Impairment;
  /** Who asked: an API key. */
  readonly by: string;
}

/** One way that was tried. `gotThrough`: it rang, was heard or answered; `afterMs` is from the begin of the attempt. */
export interface DrillAttempt {
  readonly name: string | null;
  readonly endpoints: readonly EndpointId[];
  readonly outcome: 'failed' | 'gotThrough';
  readonly afterMs: number;
  readonly cause: Cause | null;
  readonly text: string;
}

export interface DrillResult {
  /** Another way got through after the impaired trunk had failed. */
  readonly passed: boolean;
  /** From the begin of the call until something rang, was heard or answered; null: nothing did. */
  readonly gotThroughAfterMs: number | null;
  readonly attempts: readonly DrillAttempt[];
  /** A sentence for people. */
  readonly text: string;
}

export type Drill = KeptDrill<DrillQuestion, DrillResult>;
/** Drills as they are kept; those that go on are in `Drills`. */
export type KeptDrills = DrillLog<DrillQuestion, DrillResult>;
