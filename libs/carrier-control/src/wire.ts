import type { CarrierAct } from './carrier-act.ts';
import type { CarriedMessage, CarrierState } from './carrier-state.ts';

/** One JSON object a line over a UNIX socket, both ways; a reply bears its request’s number. */
export type CarrierRequest =
  | { readonly n: number; readonly ask: 'state' }
  /** The last 500 at most, those after a number. */
  | { readonly n: number; readonly ask: 'messages'; readonly after: number }
  | { readonly n: number; readonly act: CarrierAct };

export type CarrierReply = { readonly n: number; readonly reply: unknown } | { readonly n: number | null; readonly refusal: CarrierRefusal };

export interface CarrierReplies {
  readonly state: CarrierState;
  readonly messages: readonly CarriedMessage[];
  readonly act: Acted;
}

/** `call`: of the act `call`, the call it began. */
export interface Acted {
  readonly call?: string;
}

/** `noSuchCall`: none of that name, or it is over; `unreachable`: the carrier is not there, or does not answer. */
export interface CarrierRefusal {
  readonly code: 'badRequest' | 'noSuchCall' | 'noSuchCustomer' | 'notNow' | 'unreachable';
  readonly text: string;
}

export type CarrierOutcome<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: CarrierRefusal };

/** Characters in a line. */
export const maximumRequestLength = 16_384;
export const maximumReplyLength = 4 * 1024 * 1024;
