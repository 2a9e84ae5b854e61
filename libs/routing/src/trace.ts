import type { Candidate, Decision, Explanation, ExplanationStep, ForwardedOutside } from './explanation.ts';
import type { Way } from './ways/way.ts';

/** `all`: every rule is told of; `call`: of those that did not fit, the first few. The outcome is the same. */
export type Detail = 'all' | 'call';

type What = ExplanationStep['what'];

/** An explanation while it comes about: whoever decides something says so here, in the same breath. */
export class Trace {
  readonly detail: Detail;
  readonly #steps: ExplanationStep[] = [];
  readonly #candidates: Candidate[] = [];
  readonly #turns: { readonly ringGroup: string; readonly member: string }[] = [];
  readonly #outside: ForwardedOutside[] = [];
  #told = 0;
  #moreNotMatched = 0;

  constructor(detail: Detail) {
    this.detail = detail;
  }

  tell(what: What, verdict: ExplanationStep['verdict'], code: string, text: string): void {
    this.#steps.push({ what, verdict, code, text });
  }

  /** Whether a rule that does not fit is told of; else it is counted. Asked first, since making sentences takes longer than rejecting rules. */
  get tellsMore(): boolean {
    return this.detail === 'all' || this.#told < KEPT;
  }

  /** A rule that does not fit. */
  notMatched(what: What, code: string, text: string): void {
    this.#told += 1;
    this.#steps.push({ what, verdict: 'notMatched', code, text });
  }

  /** Rules that do not fit and are not told of. */
  passedOver(count: number): void {
    this.#moreNotMatched += count;
  }

  candidate(way: Way, tried: boolean): void {
    const { endpoint, kind, key, via, state, stateText, number, shown, cost } = way;
    this.#candidates.push({ endpoint, kind, key, via, state, stateText, number, shown, cost, tried });
  }

  forwardedOutside(forwarded: ForwardedOutside): void {
    this.#outside.push(forwarded);
  }

  /** A member of a ring group begins. */
  turn(ringGroup: string, member: string): void {
    this.#turns.push({ ringGroup, member });
  }

  /** Something better was found: what was to be tried is not. */
  passCandidatesOver(): void {
    for (const [at, candidate] of this.#candidates.entries()) this.#candidates[at] = { ...candidate, tried: false };
  }

  explanation(of: Pick<Explanation, 'at' | 'from' | 'endpoint' | 'number' | 'caller'>, decision: Decision): Explanation {
    return { ...of, steps: this.#steps, moreNotMatched: this.#moreNotMatched, candidates: this.#candidates, ...(this.#turns.length === 0 ? {} : { turns: this.#turns }), ...(this.#outside.length === 0 ? {} : { outside: this.#outside }), decision };
  }
}

/** Rules that did not fit and are told of a real call. */
const KEPT = 5;
