import type { CallEvent, CallView } from './call-control.ts';
import type { CallLog } from './call-log.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/** A call's attempts as they are written down, and told: what is news is told once the attempt is on its way, so that nobody who hears it holds it up. */
export class CallAttempts {
  readonly #log: CallLog;
  readonly #surroundings: CallSurroundings;
  #news: News[] | undefined;

  constructor(log: CallLog, surroundings: CallSurroundings) {
    this.#log = log;
    this.#surroundings = surroundings;
  }

  routed(at: number, route: Route): Route {
    const { state } = this.#log;
    const { direction, emergency, explanation, attempts, features } = route;
    state.direction = direction;
    if (features !== undefined) state.features = features;
    if (explanation !== undefined) this.#log.tell(at, 'routed', `ways: ${attempts.map(nameOf).join(', ')}`, undefined, { explanation });
    if (emergency === undefined) return route;
    state.emergency = emergency.number;
    this.#tellLater({ type: 'call.emergency', number: emergency.number, isTest: emergency.isTest, explanation: explanation ?? null });
    return route;
  }

  /** `next`: what is tried in its place, null: nothing. */
  failed(at: number, outcome: Outcome, next: Attempt | null): void {
    const former = this.#log.failed(at, outcome);
    if (next === null || former === undefined) return;
    const { cause, evidence } = outcome;
    const afterMs = Math.max(0, at - former.startedAt);
    this.#log.tell(at, 'rerouted', `${nameOf(former)} failed after ${(afterMs / 1000).toFixed(1)} s: ${evidence.text}; next is ${nameOf(next)}`, undefined, { cause, kind: evidence.kind, afterMs });
    const from = { name: former.name, endpoints: former.endpoints, number: former.number };
    const to = { name: next.name ?? null, endpoints: next.endpoints, number: next.number };
    // Forwarding is no incident.
    if (next.on === undefined) this.#tellLater({ type: 'call.rerouted', rerouting: { from, cause, evidence, to, afterMs } });
  }

  launched(at: number, { name, endpoints, number }: Attempt, legs: readonly LegId[], call: { view(): CallView }): void {
    this.#log.attempted({ name: name ?? null, endpoints: [...endpoints], number, startedAt: at, answeredAt: null, endedAt: null, cause: null, evidence: null, legs: [...legs] });
    const news = this.#news;
    this.#news = undefined;
    if (news !== undefined) for (const one of news) this.#surroundings.publish({ ...one, at, call: call.view() });
  }

  /** These are rung later than the others of the attempt. */
  grew({ endpoints }: Attempt, legs: readonly LegId[]): void {
    const attempt = this.#log.state.attempts.at(-1);
    attempt?.endpoints.push(...endpoints);
    attempt?.legs.push(...legs);
  }

  #tellLater(news: News): void {
    if (this.#surroundings.observed) (this.#news ??= []).push(news);
  }
}

type News = Omit<Extract<CallEvent, { type: 'call.rerouted' }>, 'at' | 'call'> | Omit<Extract<CallEvent, { type: 'call.emergency' }>, 'at' | 'call'>;

/** For people. */
function nameOf({ name, endpoints }: Pick<Attempt, 'endpoints'> & { readonly name?: string | null }): string {
  return name ?? endpoints.join(' and ');
}
