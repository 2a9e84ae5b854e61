import type { Cause } from './cause.ts';
import type { Endpoint, EndpointId } from './endpoint.ts';
import type { ArrivalAs, CallOperations, Transfer } from './call-operations.ts';
import type { Evidence, LegId, Party } from './leg.ts';
import type { CallDirection, CallId, LegRole } from './record.ts';
import type { RouteDestination } from './route-destination.ts';
import type { RouteExplanation } from './route.ts';

/**
 * 'asking': the caller is asked for a PIN. 'held': talking, and at least one side holds. 'parked': one party waits, in a slot or for who consults somebody
 * else. 'releasing': over for the parties, the last answers are awaited.
 */
export type CallState = 'trying' | 'asking' | 'ringing' | 'talking' | 'held' | 'parked' | 'releasing';

export type LegState = 'trying' | 'ringing' | 'early' | 'answered' | 'held' | 'released';

export interface LegView {
  readonly id: LegId;
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  readonly state: LegState;
  /** Who is behind it. */
  readonly party: Party;
  readonly isMuted: boolean;
  readonly reference: string;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
}

/** A call as it stands. A copy: it does not change afterwards. */
export interface CallView {
  readonly id: CallId;
  readonly state: CallState;
  readonly direction: CallDirection;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly from: Party;
  /** As dialled. */
  readonly to: string;
  /** Also those that are over. */
  readonly legs: readonly LegView[];
  readonly recovered: boolean;
  /** The emergency number it goes to; null: an ordinary call. */
  readonly emergency: string | null;
  /** The slot in which its party waits; null: none. */
  readonly parked: { readonly lot: string; readonly slot: string } | null;
  /** null: it is not recorded. */
  readonly recording: 'running' | 'paused' | null;
}

/** One attempt as an event names it. */
export interface AttemptName {
  readonly name: string | null;
  readonly endpoints: readonly EndpointId[];
  readonly number: string;
}

/** A way that failed, and the next that is tried: the incident of a fail-over. The caller notices nothing but time. */
export interface Rerouting {
  readonly from: AttemptName;
  readonly cause: Cause;
  readonly evidence: Evidence;
  readonly to: AttemptName;
  /** From the begin of the attempt to its failure. */
  readonly afterMs: number;
}

interface CallEventParts {
  /** Ms since the epoch. */
  readonly at: number;
  readonly call: CallView;
}

/** What happens to calls, for REST and its event stream. `call.started` and `call.ended` come exactly once for every attempt. */
export type CallEvent =
  | (CallEventParts & { readonly type: 'call.started' | 'call.ringing' | 'call.answered' })
  | (CallEventParts & { readonly type: 'call.held' | 'call.resumed'; readonly leg: LegId })
  /** At each change of its state. `call`: the transferee's. */
  | (CallEventParts & { readonly type: 'call.transferred'; readonly transfer: Transfer })
  | (CallEventParts & { readonly type: 'call.parked'; readonly lot: string; readonly slot: string; readonly by: EndpointId })
  /** `leg`: who took it out of its slot; null: nobody did, it goes back. */
  | (CallEventParts & { readonly type: 'call.retrieved'; readonly lot: string; readonly slot: string; readonly leg: LegId | null })
  /** Answered by a leg that was not rung for it. */
  | (CallEventParts & { readonly type: 'call.pickedUp'; readonly leg: LegId })
  /** The parties of `other` are in this one now. */
  | (CallEventParts & { readonly type: 'call.merged'; readonly other: CallId })
  | (CallEventParts & { readonly type: 'call.recording'; readonly is: 'running' | 'paused' | 'stopped' })
  /** Who is in it has changed otherwise than by its begin and end. */
  | (CallEventParts & { readonly type: 'call.partiesChanged' })
  /** A leg came or has another state, and nothing else told of it: for who follows each leg, as presence does. Once for all that happened at one time. */
  | (CallEventParts & { readonly type: 'call.legsChanged' })
  | (CallEventParts & { readonly type: 'call.rerouted'; readonly rerouting: Rerouting })
  /** These two are told once the next leg, or the first, was originated, and not before. `explanation`: how routing came to it, with the location if it has one. */
  | (CallEventParts & { readonly type: 'call.emergency'; readonly number: string; readonly isTest: boolean; readonly explanation: RouteExplanation | null })
  | (CallEventParts & { readonly type: 'call.ended'; readonly cause: Cause });

export type CallListener = (event: CallEvent) => void;

/** Click to dial: `from` is rung first and sees `to`; when it answers, `to` is dialled for it. */
export interface OriginateRequest {
  /** The endpoint to ring first (a device). All its contacts ring. */
  readonly from: EndpointId;
  /** Rung in place of whatever has the name `from`: a party of our own, as a drill's SilentEndpoint. Such a call is not taken back after a restart. */
  readonly first?: Endpoint;
  /** Whose call it is: shown to the called side, and asked for in routing. */
  readonly party: Party;
  /** The number to dial, as dialled. */
  readonly to: string;
  /** Dialled in place of `to`, which then is only shown. */
  readonly destination?: RouteDestination;
  /** How long `from` may ring; default 30,000. */
  readonly timeoutMs?: number;
  readonly answerMode?: 'auto';
  /** Endpoints that are rung together with `from`: the first to answer is it. */
  readonly together?: readonly EndpointId[];
  /** Who it is for, as those who are rung first see it; absent: `to`. */
  readonly shown?: Party;
  /** Who answers comes into that call, as this; `to` is not dialled, only shown. */
  readonly intoCall?: { readonly call: CallId; readonly as: ArrivalAs };
}

/** What the API may do with calls. `Exchange` is it. */
export interface CallControl extends CallOperations {
  /** Returns the new call's id at once; what comes of it is told by events and the record. While draining the call is refused and recorded. */
  originate(request: OriginateRequest): CallId;
  /** False: no such call (any more). `cause` is given to all parties; default normalClearing. */
  hangUp(call: CallId, cause?: Cause): boolean;
  calls(): readonly CallView[];
  call(id: CallId): CallView | undefined;
  /** Returns what ends the observation. A listener that throws is reported as a bug and does not disturb the call. */
  observe(listener: CallListener): () => void;
}
