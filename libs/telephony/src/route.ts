import type { Cause } from './cause.ts';
import type { Endpoint, EndpointId } from './endpoint.ts';
import type { Diversion, Evidence, Party } from './leg.ts';
import type { CallDirection, CallId } from './record.ts';
import type { RouteDestination } from './route-destination.ts';

/** What a call wants: who asks, from where, for which number. */
export interface RouteRequest {
  /** Whose call it will be; absent: nobody's, it is only asked. */
  readonly call?: CallId;
  /** The endpoint the call came from. */
  readonly endpoint: EndpointId;
  readonly from: Party;
  /** As dialled. */
  readonly number: string;
  /** Asked for in place of the number, which then is what is shown. */
  readonly destination?: RouteDestination;
  /** Who is to talk there, where it is not who asks: the party that is transferred. Whether it is a call from outside, and whom the called side has blocked, goes by it. */
  readonly connects?: EndpointId;
  /** What the caller dialled when he was asked for it. */
  readonly pin?: string;
  /** By whom it was passed on, the first of them first. */
  readonly diversions?: readonly Diversion[];
}

/** Endpoints that are rung together. */
export interface Attempt {
  readonly endpoints: readonly EndpointId[];
  /** The number these endpoints are to be given. */
  readonly number: string;
  /** The caller as these are to show him; absent: as the route says. */
  readonly from?: Party;
  readonly priority?: 'emergency';
  /** For people: `trunk carrier`, `line main`. */
  readonly name?: string;
  /** How long they may ring before the attempt is over with noAnswer. */
  readonly timeoutMs: number;
  /** Made only when the former attempt that was made ended with one of these (forwarding, voicemail); absent: whenever another way may help. */
  readonly on?: readonly Cause[];
  /** By which others come `after` it; unique in the route. */
  readonly label?: string;
  /**
   * Made only when the attempt of this label was the last that was made; absent: whichever it was. So that where a call goes that was forwarded since somebody is
   * busy is not where it goes since nobody answers.
   */
  readonly after?: string;
  /** Ms after the attempt's begin at which an endpoint is rung; absent: at once. */
  readonly delays?: Readonly<Record<EndpointId, number>>;
  /** What an endpoint is given in place of the attempt's number and caller: of a mobile that rings together with telephones inside, its trunk. */
  readonly given?: Readonly<Record<EndpointId, { readonly number: string; readonly from?: Party }>>;
  /** By whom the call was passed on to these, in place of the route's. */
  readonly diversions?: readonly Diversion[];
  /** See DialRequest. */
  readonly answerMode?: 'auto';
  readonly alertInfo?: string;
}

/** What the call is to have besides. */
export interface RouteFeatures {
  /** What somebody hears who waits: the class's id; absent: the site's. */
  readonly music?: string;
  /** Recorded from the answer on. */
  readonly record?: boolean;
}

/** Where a call may go: attempts in order; the next one is tried when the former failed for a reason that another way can cure. */
export interface Route {
  readonly direction: CallDirection;
  /** The caller as the called side is to see it; absent: as it came. */
  readonly from?: Party;
  /** At least one. */
  readonly attempts: readonly Attempt[];
  readonly diversions?: readonly Diversion[];
  /** Set of a call to an emergency number: nothing of ours ends it but its parties. */
  readonly emergency?: { readonly number: string; /** Nobody is called by it: it is to prove that one could be. */ readonly isTest: boolean };
  readonly features?: RouteFeatures;
  /** How routing came to it; plain JSON, for the story. */
  readonly explanation?: RouteExplanation;
}

/** Opaque to calls; `@tipring/routing` has its type. */
export type RouteExplanation = Readonly<Record<string, unknown>>;

export type RouteOutcome =
  | { readonly ok: true; readonly route: Route }
  /** Unknown number, no permission …: the attempt is refused with this cause and recorded. */
  | { readonly ok: false; readonly cause: Cause; readonly evidence: Evidence; readonly explanation?: RouteExplanation; /** Asked again with a `pin`, it may be another. */ readonly asks?: 'pin' };

/** Port. Synchronous, from the configuration snapshot in memory; never throws. */
export interface Routes {
  resolve(request: RouteRequest): RouteOutcome;
}

/** Port. Finds what can be called now under an endpoint's name. */
export interface Endpoints {
  /**
   * One Endpoint for every way to reach it (a device: one a registered contact). At least one: for what is unknown or
   * not registered an Endpoint whose `originate` releases at once (subscriberAbsent, outOfOrder …).
   */
  find(endpoint: EndpointId): readonly Endpoint[];
}
