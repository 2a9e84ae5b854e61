import type { DestinationClass } from '@tipring/config';
import type { Cause, Route, RouteRequest } from '@tipring/telephony';
import type { Caller } from './caller.ts';
import type { Decision } from './explanation.ts';
import type { Office } from './office.ts';
import type { RoutingState } from './routing-state.ts';
import type { Trace } from './trace.ts';

/** A call whose way is being looked for, and all that is asked for it. */
export interface Call {
  readonly request: RouteRequest;
  readonly caller: Caller;
  readonly office: Office;
  readonly state: RoutingState;
  readonly trace: Trace;
}

/** What becomes of it. */
export type Verdict =
  | { readonly ok: true; readonly route: Route; readonly decision: Extract<Decision, { is: 'routed' }> }
  | { readonly ok: false; readonly cause: Cause; readonly text: string; readonly decision: Exclude<Decision, { is: 'routed' }>; readonly asks?: 'pin' };

export function routed(route: Route, to: string, of: DestinationClass, e164: string | null): Verdict {
  return { ok: true, route, decision: { is: 'routed', direction: route.direction, to, class: of, e164 } };
}

export function refused(cause: Cause, text: string): Verdict {
  return { ok: false, cause, text, decision: { is: 'refused', cause, text } };
}

/** As the configuration names refusals. */
export const refusalCauses = { busy: 'userBusy', rejected: 'rejected', unallocated: 'unallocatedNumber' } as const satisfies Readonly<Record<string, Cause>>;
