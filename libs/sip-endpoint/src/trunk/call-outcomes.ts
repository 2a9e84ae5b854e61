/**
 * What calls tell of a trunk that may well answer OPTIONS: attempts that got no response at all, could not be sent, or were refused by 503 are
 * failures; every other response, a 486 or 404 too, shows that calls are carried.
 *
 *    carrying ── so many failures in a row ──► barred ── trial ──► onTrial ── carried ──► carrying
 *                                                ▲                    │
 *                                                └────── failed ──────┘  each time for twice as long
 *
 * `barred` keeps nobody from calling: routing tries such a trunk last.
 */
export type CallOutcomes =
  | { readonly at: 'carrying'; readonly failed: number }
  | { readonly at: 'barred'; readonly times: number }
  | { readonly at: 'onTrial'; readonly times: number };

export type CallOutcomesInput = { readonly type: 'carried' } | { readonly type: 'failed' } | { readonly type: 'timeout'; readonly timer: 'trial' };

export type CallOutcomesEffect = { readonly do: 'start'; readonly timer: 'trial'; readonly ms: number } | { readonly do: 'stop'; readonly timer: 'trial' };

export const noCallsYet: CallOutcomes = { at: 'carrying', failed: 0 };

export function callOutcomes(state: CallOutcomes, input: CallOutcomesInput, failuresToDown: number): readonly [CallOutcomes, readonly CallOutcomesEffect[]] {
  switch (state.at) {
    case 'carrying':
      if (input.type === 'carried') return [state.failed === 0 ? state : noCallsYet, []];
      if (input.type === 'timeout') return [state, []];
      if (state.failed + 1 < failuresToDown) return [{ at: 'carrying', failed: state.failed + 1 }, []];
      return barred(1);
    case 'barred':
      if (input.type === 'carried') return [noCallsYet, [{ do: 'stop', timer: 'trial' }]];
      if (input.type === 'timeout') return [{ at: 'onTrial', times: state.times }, []];
      return [state, []];
    case 'onTrial':
      if (input.type === 'carried') return [noCallsYet, []];
      return input.type === 'failed' ? barred(state.times + 1) : [state, []];
  }
}

function barred(times: number): readonly [CallOutcomes, readonly CallOutcomesEffect[]] {
  return [{ at: 'barred', times }, [{ do: 'start', timer: 'trial', ms: Math.min(FIRST_BAR_MS * 2 ** (times - 1), LONGEST_BAR_MS) }]];
}

const FIRST_BAR_MS = 30_000;
const LONGEST_BAR_MS = 600_000;
