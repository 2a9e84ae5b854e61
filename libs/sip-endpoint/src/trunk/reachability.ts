/**
 * Whether a trunk answers, by signs of life alone: OPTIONS, and responses to calls.
 *
 *    answering ── so many rounds in a row unanswered ──► lost
 *        ▲                                                │
 *        └── so many in a row answered, twice as many ────┘
 *            for each loss within ten minutes of the last
 *
 * A link that comes and goes is thus soon left out for minutes, and calls are not thrown from one way to another with it.
 */
export type Reachability =
  | { readonly at: 'answering'; readonly unanswered: number; readonly losses: Losses }
  | { readonly at: 'lost'; readonly answered: number; readonly needed: number; readonly losses: Losses };

/** Losses that were close to each other. `lastAt`: ms of the monotonic clock. */
interface Losses {
  readonly count: number;
  readonly lastAt: number;
}

export interface ReachabilityInput {
  readonly type: 'answered' | 'unanswered';
  readonly at: number;
}

export interface ReachabilitySettings {
  readonly failuresToDown: number;
  readonly successesToUp: number;
}

/** Nothing is known against it. */
export const unprobed: Reachability = { at: 'answering', unanswered: 0, losses: { count: 0, lastAt: 0 } };

export function reachability(state: Reachability, input: ReachabilityInput, settings: ReachabilitySettings): Reachability {
  switch (state.at) {
    case 'answering': {
      if (input.type === 'answered') return state.unanswered === 0 ? state : { ...state, unanswered: 0 };
      const unanswered = state.unanswered + 1;
      if (unanswered < settings.failuresToDown) return { ...state, unanswered };
      const { count, lastAt } = state.losses;
      const losses = { count: count > 0 && input.at - lastAt < MEMORY_MS ? Math.min(count + 1, MOST_DOUBLINGS + 1) : 1, lastAt: input.at };
      return { at: 'lost', answered: 0, needed: settings.successesToUp * 2 ** (losses.count - 1), losses };
    }
    case 'lost': {
      if (input.type === 'unanswered') return state.answered === 0 ? state : { ...state, answered: 0 };
      const answered = state.answered + 1;
      return answered < state.needed ? { ...state, answered } : { at: 'answering', unanswered: 0, losses: state.losses };
    }
  }
}

const MEMORY_MS = 600_000;
/** With three to begin with and one every three seconds: ten minutes. */
const MOST_DOUBLINGS = 6;
