/*
 * The watchdog of a line. It believes nobody: not the line's machine, not the exchange. It sees what the port was told, what the port
 * says, and whether a leg of a call is there.
 *
 *              hook off (told or reported)
 *   onHook ────────────────────────────────► offHook ──timer watchdog, if no leg is there──► bites, and waits again
 *      ▲                                        │
 *      └───── the port says that it is on-hook ─┘
 */
export type Watchdog =
  | { readonly at: 'onHook'; readonly leg: 'live' | 'none' }
  /** `bites`: since it went off-hook. */
  | { readonly at: 'offHook'; readonly leg: 'live' | 'none'; readonly bites: number };

export type WatchdogInput =
  | { readonly type: 'hook'; readonly is: 'offHook' | 'onHook' }
  | { readonly type: 'leg'; readonly is: 'live' | 'none' }
  | { readonly type: 'timeout' };

export const watchdogAsleep: Watchdog = { at: 'onHook', leg: 'none' };

export function watchdog(state: Watchdog, input: WatchdogInput): readonly [Watchdog, 'bites' | null] {
  switch (input.type) {
    case 'leg':
      return [state.leg === input.is ? state : { ...state, leg: input.is }, null];
    case 'hook':
      if (state.at === input.is) return [state, null];
      return [input.is === 'offHook' ? { at: 'offHook', leg: state.leg, bites: 0 } : { at: 'onHook', leg: state.leg }, null];
    case 'timeout':
      if (state.at === 'onHook' || state.leg === 'live') return [state, null];
      return [{ ...state, bites: state.bites + 1 }, 'bites'];
  }
}

/** Whether its timer runs; `since` tells one run from the next. */
export function watchdogRuns(state: Watchdog): { readonly since: number } | null {
  return state.at === 'offHook' && state.leg === 'none' ? { since: state.bites } : null;
}
