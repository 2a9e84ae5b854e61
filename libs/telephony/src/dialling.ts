import type { EndpointId } from './endpoint.ts';
import type { DialRequest, Diversion, Party } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import type { RouteDestination } from './route-destination.ts';
import type { Attempt, Route, RouteOutcome, RouteRequest, Routes } from './route.ts';

/** Who dials, and what came with it. Plain JSON. */
export interface Dialled {
  readonly call: CallId;
  readonly endpoint: EndpointId;
  readonly from: Party;
  /** As dialled. */
  readonly number: string;
  readonly destination?: RouteDestination;
  /** See RouteRequest. */
  readonly connects?: EndpointId;
  /** The caller as others see him, where routing says nothing else; absent: who dials. They differ when a call is sent on. */
  readonly shown?: Party;
  readonly diversions?: readonly Diversion[] | undefined;
  /** How often it may still be passed on, us included; undefined: nobody counts. */
  readonly hopsLeft?: number | undefined;
}

/** What is left of a route once it is being followed: plain JSON, for the blob. */
export interface DiallingState {
  readonly dialled: Dialled;
  readonly route: Pick<Route, 'from' | 'diversions'> | null;
  readonly hopsLeft: number | null;
}

/** How a call is dialled: asked of routing, once or, with PINs, more often; then what each attempt is to be told. */
export class Dialling {
  readonly #dialled: Dialled;
  readonly #routes: Routes;
  #route: Pick<Route, 'from' | 'diversions'> | undefined;
  #hopsLeft: number | undefined;

  constructor(dialled: Dialled, routes: Routes) {
    this.#dialled = dialled;
    this.#routes = routes;
    this.#hopsLeft = dialled.hopsLeft;
  }

  static resumed({ dialled, route, hopsLeft }: DiallingState, routes: Routes): Dialling {
    const dialling = new Dialling(dialled, routes);
    dialling.#route = route ?? undefined;
    dialling.#hopsLeft = hopsLeft ?? undefined;
    return dialling;
  }

  get state(): DiallingState {
    const { from, diversions } = this.#route ?? {};
    const route = { ...(from === undefined ? {} : { from }), ...(diversions === undefined ? {} : { diversions }) };
    return { dialled: this.#dialled, route: this.#route === undefined ? null : route, hopsLeft: this.#hopsLeft ?? null };
  }

  /** `refusal`: no call may be made now; one for help may. */
  resolve(refusal: Outcome | null, pin?: string): RouteOutcome {
    const { call, endpoint, from, number, destination, connects, diversions } = this.#dialled;
    const request: RouteRequest = { call, endpoint, from, number, ...(destination === undefined ? {} : { destination }), ...(connects === undefined ? {} : { connects }), ...(pin === undefined ? {} : { pin }), ...(diversions === undefined ? {} : { diversions }) };
    const outcome = this.#routes.resolve(request);
    if (refusal !== null && !(outcome.ok && outcome.route.emergency !== undefined)) return { ok: false, ...refusal };
    if (!outcome.ok) return outcome;
    this.#hopsLeft = this.#hopsAfter(outcome.route);
    // A call for help that goes in a circle still finds help on its way.
    const isLoop = this.#hopsLeft !== undefined && this.#hopsLeft < 0;
    if (isLoop && outcome.route.emergency !== undefined) this.#hopsLeft = 0;
    else if (isLoop) return { ok: false, ...loop, ...(outcome.route.explanation === undefined ? {} : { explanation: outcome.route.explanation }) };
    this.#route = outcome.route;
    return outcome;
  }

  request(attempt: Attempt, media: MediaProfile): DialRequest {
    const { call, from, shown } = this.#dialled;
    const route = this.#route;
    const { priority, answerMode, alertInfo } = attempt;
    const diversions = attempt.diversions ?? route?.diversions;
    const hopsLeft = attempt.diversions === undefined ? this.#hopsLeft : this.#hopsAfter(attempt);
    return {
      context: call, from: attempt.from ?? route?.from ?? shown ?? from, number: attempt.number, media,
      ...(priority === undefined ? {} : { priority }),
      ...(diversions === undefined ? {} : { diversions }),
      ...(hopsLeft === undefined ? {} : { hopsLeft: Math.max(0, hopsLeft) }),
      ...(answerMode === undefined ? {} : { answerMode }),
      ...(alertInfo === undefined ? {} : { alertInfo }),
    };
  }

  /** Each diversion is a hop, and so are we. What began here has hops to count only once it is passed on. */
  #hopsAfter({ diversions }: Pick<Route, 'diversions'>): number | undefined {
    const { hopsLeft } = this.#dialled;
    const passedOn = (diversions?.length ?? 0) - (this.#dialled.diversions?.length ?? 0);
    if (hopsLeft !== undefined) return hopsLeft - 1 - Math.max(0, passedOn);
    return passedOn > 0 ? FIRST_HOPS - passedOn : undefined;
  }
}

const loop: Outcome = { cause: 'noRouteToDestination', evidence: { kind: 'loop', text: 'passed on too often: it goes in a circle' } };

/** RFC 3261 8.1.1.6. */
const FIRST_HOPS = 70;
