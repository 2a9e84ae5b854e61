import type { CallAttempts } from './call-attempts.ts';
import type { OriginateRequest } from './call-control.ts';
import type { CallInput } from './call-inputs.ts';
import type { CallLegs } from './call-legs.ts';
import type { CallLog } from './call-log.ts';
import type { Caller } from './call-machine.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import { offerable } from './codec-choice.ts';
import { type Dialled, Dialling, type DiallingState } from './dialling.ts';
import type { Endpoint, Offer } from './endpoint.ts';
import type { DialRequest, LegId, Party } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Route, RouteExplanation, RouteOutcome } from './route.ts';

/** Who is called in a call: asked of routing, and rung. */
export class CallDialler {
  readonly #log: CallLog;
  readonly #legs: CallLegs;
  readonly #attempts: CallAttempts;
  readonly #surroundings: CallSurroundings;
  /** Undefined: nobody is dialled, as in a call that was taken back while it talked. */
  #dialling: Dialling | undefined;
  /** The first party of a call that was originated. */
  #first: Pick<OriginateRequest, 'first' | 'answerMode' | 'shown'> = {};
  /** Whom who is called talks to from now on. */
  #called: Party | undefined;

  constructor(log: CallLog, legs: CallLegs, attempts: CallAttempts, surroundings: CallSurroundings) {
    this.#log = log;
    this.#legs = legs;
    this.#attempts = attempts;
    this.#surroundings = surroundings;
  }

  get state(): DiallingState | undefined {
    return this.#dialling?.state;
  }

  resume(state: DiallingState): void {
    this.#dialling = Dialling.resumed(state, this.#surroundings.ports.routes);
    this.#called = { number: state.dialled.number };
  }

  offered(leg: LegId, { endpoint, from, number, diversions, hopsLeft, media }: Offer, refusal: Outcome | null): CallInput {
    const outcome = this.dial({ endpoint, from, number, diversions, hopsLeft }).resolve(refusal);
    if (outcome.ok) return { type: 'offered', leg, media, route: this.#routed(outcome.route) };
    return outcome.asks === 'pin' ? { type: 'asks', leg, media } : this.refused(leg, outcome);
  }

  originated(request: OriginateRequest, refusal: Outcome | null): CallInput {
    this.#first = request;
    const { from, together = [], party, to, destination, intoCall, timeoutMs = FIRST_PARTY_MS } = request;
    const first: Attempt = { endpoints: [from, ...together], number: this.#log.state.from.number, timeoutMs };
    const { media } = this.#surroundings.settings;
    if (intoCall !== undefined) return refusal === null ? { type: 'originated', first, media, route: null, goesOver: true } : this.refused(null, refusal);
    const outcome = this.dial({ endpoint: from, from: party, number: to, ...(destination === undefined ? {} : { destination }) }).resolve(refusal);
    if (!outcome.ok && outcome.asks === undefined) return this.refused(null, outcome);
    return { type: 'originated', first, media, route: outcome.ok ? this.#routed(outcome.route) : null, goesOver: false };
  }

  /** From now on this is dialled. */
  dial(dialled: Omit<Dialled, 'call'>): Dialling {
    this.#called = { number: dialled.number };
    return (this.#dialling = new Dialling({ call: this.#log.state.id, ...dialled }, this.#surroundings.ports.routes));
  }

  /** For who is sent on, or consults: as routing says for `dialled`. It is dialled only when it is followed. */
  resolve(dialled: Omit<Dialled, 'call'>): { readonly outcome: RouteOutcome; readonly follow: () => Route } {
    const dialling = new Dialling({ call: this.#log.state.id, ...dialled }, this.#surroundings.ports.routes);
    const outcome = dialling.resolve(null);
    const follow = (): Route => {
      if (!outcome.ok) throw new Error('what routing refused is not followed');
      this.#dialling = dialling;
      this.#called = { number: dialled.number };
      return this.#routed(outcome.route);
    };
    return { outcome, follow };
  }

  refused(leg: LegId | null, { cause, evidence, explanation }: Outcome & { readonly explanation?: RouteExplanation }): CallInput {
    this.#log.tell(this.#now(), 'refused', evidence.text, undefined, explanation === undefined ? { cause } : { cause, explanation });
    return { type: 'refused', leg, outcome: { cause, evidence } };
  }

  /** What is the very next input. */
  tryPin(pin: string, { leg, media }: Caller): CallInput {
    const outcome = this.#dialling?.resolve(null, pin);
    if (outcome === undefined) throw new Error('nobody asked for a PIN');
    if (outcome.ok) return { type: 'routed', route: this.#routed(outcome.route) };
    return outcome.asks === 'pin' ? { type: 'asks', leg, media } : this.refused(leg, outcome);
  }

  /** Fills `legs` while it rings them. `isFurther`: as part of the attempt that is being made. */
  ring(attempt: Attempt, media: MediaProfile, role: 'caller' | 'called', isFurther: boolean, legs: LegId[], call: Parameters<CallAttempts['launched']>[3]): void {
    const { ports, settings } = this.#surroundings;
    const request = role === 'caller' ? this.#firstRequest(attempt, media) : this.#dialling?.request(attempt, offerable(media, settings.transcoded));
    if (request === undefined) throw new Error('a call in which nobody dials rings nobody');
    const party = role === 'caller' ? this.#log.state.from : (this.#called ?? { number: attempt.number });
    const startedAt = this.#now();
    for (const name of attempt.endpoints) {
      const { first } = this.#first;
      const endpoints: readonly Endpoint[] = role === 'caller' && first !== undefined ? [first] : ports.endpoints.find(name);
      for (const endpoint of endpoints) {
        legs.push(this.#legs.enter(this.#now(), { endpoint: endpoint.id, role, party, how: 'originated' }, (id, listener) => endpoint.originate(id, { ...request, ...attempt.given?.[name] }, listener)));
      }
    }
    if (legs.length === 0) throw new Error(`nothing to ring for ${attempt.endpoints.join(', ')}`);
    if (isFurther) this.#attempts.grew(attempt, legs);
    else if (role === 'called') this.#attempts.launched(startedAt, attempt, legs, call);
  }

  /** Who is rung for a call of its own sees whom it will talk to. */
  #firstRequest({ number }: Attempt, media: MediaProfile): DialRequest {
    const { id, to } = this.#log.state;
    const { answerMode, shown } = this.#first;
    return { context: id, from: shown ?? { number: to }, number, media, ...(answerMode === undefined ? {} : { answerMode }) };
  }

  #routed(route: Route): Route {
    return this.#attempts.routed(this.#now(), route);
  }

  #now(): number {
    return this.#surroundings.settings.wallClock();
  }
}

const FIRST_PARTY_MS = 30_000;
