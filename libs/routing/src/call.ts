import type { Destination, DestinationClass, Extension } from '@tipring/config';
import type { Cause, Diversion, Party, Route, RouteRequest } from '@tipring/telephony';
import type { Caller } from './caller.ts';
import type { Decision } from './explanation.ts';
import type { Office } from './office.ts';
import type { RoutingState } from './routing-state.ts';
import type { Incoming } from './rules/inbound-rules.ts';
import type { Trace } from './trace.ts';

/** A call whose way is being looked for, and all that is asked for it. */
export interface Call {
  readonly request: RouteRequest;
  /** Who asks, and whose rights hold. */
  readonly caller: Caller;
  /** Who is to talk there: the caller, unless he sends somebody else. */
  readonly talker: Caller;
  readonly office: Office;
  readonly state: RoutingState;
  readonly trace: Trace;
  /** Where it is sent to from somewhere; `destinations/go.ts`. */
  readonly go: GoTo;
}

/** @param sender who sends it there, for who is told that it is not taken */
export type GoTo = (destination: Destination, sender: string, passing: Passing, call: Call) => Verdict;

/** How a call comes to where it is sent, and what has become of it before. */
export interface Passing {
  /** The caller as telephones inside show him; undefined: as he came. */
  readonly from: Party | undefined;
  /** Without what was put before his name, for numbers outside. */
  readonly caller: Party;
  readonly callerE164: string | null;
  /** By whom it was passed on, the first of them first. */
  readonly diversions: readonly Diversion[] | undefined;
  /** Ids of what has passed it on here, none of them twice. */
  readonly passedBy: readonly string[];
  /** How often it depends on how a telephone ended whether it comes here at all. */
  readonly conditions: number;
  /** Whose rights hold for numbers outside; null: who wrote the rule that sends it there has permitted it. */
  readonly forwarder: Extension | null;
  /** Of a call from outside. */
  readonly incoming: Incoming | null;
}

/** What becomes of it. */
export type Verdict =
  | { readonly ok: true; readonly route: Route; readonly decision: Extract<Decision, { is: 'routed' }> }
  | { readonly ok: false; readonly cause: Cause; readonly text: string; readonly decision: Exclude<Decision, { is: 'routed' }>; readonly asks?: 'pin' };

export function routed(route: Route, to: string, of: DestinationClass, e164: string | null): Verdict {
  return { ok: true, route, decision: { is: 'routed', direction: route.direction, to, class: of, e164 } };
}

export function refused(cause: Cause, text: string): Extract<Verdict, { ok: false }> {
  return { ok: false, cause, text, decision: { is: 'refused', cause, text } };
}

/** As the configuration names refusals. */
export const refusalCauses = { busy: 'userBusy', rejected: 'rejected', unallocated: 'unallocatedNumber' } as const satisfies Readonly<Record<string, Cause>>;
