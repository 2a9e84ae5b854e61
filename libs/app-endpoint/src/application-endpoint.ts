import type { DialRequest, Endpoint, EndpointId, Leg, LegId, LegListener, LegSnapshot, Party } from '@tipring/telephony';
import type { Application } from './application.ts';
import { ApplicationLeg, type LegKind } from './application-leg.ts';
import type { ApplicationSurroundings } from './application-ports.ts';

/** An application as an endpoint of calls. Any number of calls may be in it at a time. `language`: what it speaks to this caller unless it says otherwise. */
export class ApplicationEndpoint<State, Ask, Answer> implements Endpoint {
  readonly id: EndpointId;
  readonly #kind: LegKind<State, Ask, Answer>;
  readonly #surroundings: ApplicationSurroundings;

  constructor(id: EndpointId, application: Application<State, Ask, Answer>, language: (from: Party) => string, surroundings: ApplicationSurroundings) {
    this.id = id;
    this.#kind = { endpoint: id, application, language };
    this.#surroundings = surroundings;
  }

  originate(leg: LegId, request: DialRequest, listener: LegListener): Leg {
    return ApplicationLeg.begin(leg, request, this.#kind, this.#surroundings, listener);
  }

  adopt(leg: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    return ApplicationLeg.adopt(leg, snapshot, this.#kind, this.#surroundings, listener);
  }
}
