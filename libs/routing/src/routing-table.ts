import type { Snapshot } from '@tipring/config';
import type { EndpointId, RouteOutcome, RouteRequest } from '@tipring/telephony';
import type { Explanation } from './explanation.ts';
import type { RoutingState } from './routing-state.ts';
import type { Price } from './tariff.ts';

/** What the configuration does not say. */
export interface NumberingFacts {
  /** Numbers that reach an emergency service in a country, ISO 3166-1 alpha-2. */
  emergencyNumbers(region: string): readonly string[];
}

/** `all`: every rule is told of; `call`: of those that did not fit, the first few. The outcome is the same. */
export type Detail = 'all' | 'call';

export interface Resolution {
  /** Its `explanation` is the one beside it. */
  readonly outcome: RouteOutcome;
  readonly explanation: Explanation;
}

/** A configuration made ready to route calls by. Never throws, keeps nothing of a call. */
export interface Routing {
  resolve(request: RouteRequest, state: RoutingState, detail: Detail): Resolution;
  /** Ids of the line groups that a line is in. */
  lineGroupsOf(lineId: EndpointId): readonly string[];
  /** What a call to this number costs by this trunk or line; null: there is no rate. */
  priceOf(via: EndpointId, e164: string): Price | null;
}

/** `RoutingTable.compile`. */
export type CompileRouting = (snapshot: Snapshot, facts: NumberingFacts) => Routing;
