import type { Cause } from './cause.ts';
import type { DialRequest, Diversion, Evidence, Leg, LegId, LegListener, LegSnapshot, Party } from './leg.ts';
import type { ContextId, MediaProfile } from './media.ts';

export type EndpointId = string;

/** Anything that can be called. */
export interface Endpoint {
  readonly id: EndpointId;
  /** Never throws: no free line is `released noCircuit`, a phone that is not registered `released subscriberAbsent`. Events never arrive before this returns. */
  originate(leg: LegId, request: DialRequest, listener: LegListener): Leg;
  /** Takes an established leg back after a restart of this process. Never throws; a leg that is gone is `released`. */
  adopt(leg: LegId, snapshot: LegSnapshot, listener: LegListener): Leg;
}

/** An arriving call, as an adapter hands it to the exchange. */
export interface Offer {
  readonly endpoint: EndpointId;
  readonly from: Party;
  /** What was dialled, as dialled. */
  readonly number: string;
  readonly media: MediaProfile;
  /** How often it may still be passed on, so that a loop ends (SIP's Max-Forwards); absent: its adapter does not count. */
  readonly hopsLeft?: number;
  /** By whom it was passed on before it came here, the first of them first (RFC 5806). */
  readonly diversions?: readonly Diversion[];
  /** The adapter's own name of it, for the story (a SIP Call-ID). */
  readonly reference: string;
  /** It takes the place of this leg of a call of ours (RFC 3891): of one that rings, a pickup. Its number is not asked for in routing. */
  readonly replaces?: LegId;
  /** The adapter cannot carry it (no codec that may pass …): the exchange only records it and releases it with this cause. */
  readonly refusal?: { readonly cause: Cause; readonly evidence: Evidence };
  /** The exchange takes it, always and before `offer` returns; a refusal is a `release` to the accepted leg. The adapter makes the leg in that context and reports to the listener from now on. */
  accept(leg: LegId, context: ContextId, listener: LegListener): Leg;
}
