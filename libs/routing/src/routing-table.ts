import type { Snapshot } from '@tipring/config';
import type { EndpointId, RouteExplanation, RouteOutcome, RouteRequest } from '@tipring/telephony';
import type { Call, Verdict } from './call.ts';
import { callerAt, toldOf } from './caller.ts';
import type { Explanation } from './explanation.ts';
import { callFromOutside } from './inbound-call.ts';
import { goTo } from './destinations/go.ts';
import { sentTo } from './destinations/sent-to.ts';
import { dialInside } from './inside-call.ts';
import type { NumberingFacts } from './numbers/numbering.ts';
import { Office } from './office.ts';
import type { RoutingState } from './routing-state.ts';
import type { Price } from './tariff.ts';
import { type Detail, Trace } from './trace.ts';

export interface Resolution {
  /** Its `explanation` is the one beside it. */
  readonly outcome: RouteOutcome;
  readonly explanation: Explanation;
}

/** What whoever routes calls needs of a table. */
export interface Routing {
  /** Where a call may go, and why. Never throws. */
  resolve(request: RouteRequest, state: RoutingState, detail: Detail): Resolution;
  /** Ids of the line groups that a line is in. */
  lineGroupsOf(lineId: EndpointId): readonly string[];
  /** What a call to this number costs by this trunk or line; null: there is no rate. */
  priceOf(via: EndpointId, e164: string): Price | null;
}

/** `RoutingTable.compile`. */
export type CompileRouting = (snapshot: Snapshot, facts: NumberingFacts) => Routing;

/** A configuration made ready to route calls by. Keeps nothing of a call. */
export class RoutingTable implements Routing {
  readonly #office: Office;

  private constructor(office: Office) {
    this.#office = office;
  }

  /** Once for each snapshot. */
  static compile(snapshot: Snapshot, facts: NumberingFacts): RoutingTable {
    return new RoutingTable(new Office(snapshot, facts));
  }

  /** One pass decides and explains. */
  resolve(request: RouteRequest, state: RoutingState, detail: Detail): Resolution {
    const office = this.#office;
    const trace = new Trace(detail);
    const caller = callerAt(request.endpoint, office);
    const talker = request.connects === undefined ? caller : callerAt(request.connects, office);
    const call: Call = { request, caller, talker, office, state, trace, go: goTo };
    const verdict = request.destination !== undefined ? sentTo(request.destination, call) : caller.is === 'line' || caller.is === 'trunk' ? callFromOutside(caller, call) : dialInside(request.number, call);
    const explanation = trace.explanation({ at: state.at, from: request.from, endpoint: request.endpoint, number: request.number, caller: toldOf(caller) }, verdict.decision);
    return { outcome: outcomeOf(verdict, explanation), explanation };
  }

  /** What reaches an emergency service from here, without prefixes. */
  get emergencyNumbers(): readonly string[] {
    return this.#office.emergency.genuine;
  }

  /** Routed as these are, and reach nobody. */
  get emergencyTestNumbers(): readonly string[] {
    return this.#office.emergency.tests;
  }

  lineGroupsOf(lineId: EndpointId): readonly string[] {
    return this.#office.groupsOf(lineId);
  }

  priceOf(via: EndpointId, e164: string): Price | null {
    const { snapshot } = this.#office;
    const trunk = snapshot.trunks.get(via);
    if (trunk !== undefined) return this.#office.priceBy(trunk.tariff, e164);
    for (const group of this.lineGroupsOf(via)) {
      const price = this.#office.priceBy(snapshot.lineGroups.get(group)?.tariff ?? null, e164);
      if (price !== null) return price;
    }
    return null;
  }
}

function outcomeOf(verdict: Verdict, told: Explanation): RouteOutcome {
  // Opaque to calls, and plain JSON.
  const explanation = told as unknown as RouteExplanation;
  if (verdict.ok) return { ok: true, route: { ...verdict.route, explanation } };
  const { cause, text, asks } = verdict;
  return { ok: false, cause, evidence: { kind: 'routing', text }, explanation, ...(asks === undefined ? {} : { asks }) };
}
