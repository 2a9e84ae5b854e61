import type { DestinationClass, Kind } from '@tipring/config';
import type { AvailabilityState, Cause, EndpointId, Party } from '@tipring/telephony';

/**
 * How a routing decision came about, in the order in which things were looked at. Plain JSON; written by the code that routes, for
 * `POST /routing/explain` and for every real call.
 */
export interface Explanation {
  /** The wall clock that schedules were asked for, ms since the epoch. */
  readonly at: number;
  readonly from: Party;
  readonly endpoint: EndpointId;
  /** As dialled, or as the trunk gave it. */
  readonly number: string;
  /** Of a trunk's or line's call: what came in by. Of an extension's: whose. */
  readonly caller: { readonly kind: Kind | 'unknown'; readonly id: string; readonly key: string };
  readonly steps: readonly ExplanationStep[];
  /** Rules that did not fit and are not among the steps: a real call keeps the first few only. */
  readonly moreNotMatched: number;
  readonly candidates: readonly Candidate[];
  /** Of ring groups whose members take turns, who begins now. Absent: nobody does. */
  readonly turns?: readonly { readonly ringGroup: string; readonly member: string }[];
  /** Numbers outside to which extensions forward it, at once or once its telephones do not take it. Absent: none. */
  readonly outside?: readonly ForwardedOutside[];
  readonly decision: Decision;
}

export interface ForwardedOutside {
  /** Whose limits it counts for. */
  readonly extensionId: string;
  readonly e164: string | null;
  readonly class: DestinationClass;
}

/** One thing that was looked at. */
export interface ExplanationStep {
  /** What: a rule of the configuration, or what is built in. */
  readonly what: { readonly kind: Kind | 'application' | 'feature' | 'emergency' | 'internalNumber' | 'recording' | 'numbering' | 'permission' | 'fraudLimits' | 'loopGuard'; readonly id: string | null; readonly key: string };
  readonly verdict: 'matched' | 'notMatched' | 'applied' | 'passed' | 'refused';
  /** Stable, for machines: `otherPrefix`, `scheduleClosed`, `notPermitted` … */
  readonly code: string;
  /** A sentence for people. */
  readonly text: string;
}

/** A way the call could take, in the order of trying. */
export interface Candidate {
  readonly endpoint: EndpointId;
  readonly kind: 'trunk' | 'line' | 'device' | 'station' | 'application';
  readonly key: string;
  /** By which group or rule it came in. */
  readonly via: string;
  readonly state: AvailabilityState | 'unknown';
  readonly stateText: string;
  /** What it would be given. */
  readonly number: string;
  readonly shown: string | null;
  /** Of the tariff's currency for the first minute; null: no rate. */
  readonly cost: number | null;
  /** False: passed over; `stateText` says why. */
  readonly tried: boolean;
}

export type Decision =
  | { readonly is: 'routed'; readonly direction: 'internal' | 'inbound' | 'outbound'; readonly to: string; readonly class: DestinationClass; readonly e164: string | null }
  | { readonly is: 'refused'; readonly cause: Cause; readonly text: string }
  | { readonly is: 'asksPin'; readonly pinSet: string };
