/*
 * The watchdog of a line. It believes nobody: the line is off-hook when the port says so or its machine does, whatever the other says,
 * and from the order to the port on, until the port says that it is on-hook.
 *
 *            off-hook, and no leg of a call                    timer watchdog
 *   asleep ────────────────────────────────► counting its time ──────────────► bites, and counts again
 *      ▲                                            │
 *      └──── on-hook, or a leg ─────────────────────┘
 */
export interface Watchdog {
  readonly port: Hook;
  readonly machine: Hook;
  readonly leg: 'live' | 'none';
  readonly bites: number;
}

type Hook = 'offHook' | 'onHook';

export type WatchdogInput =
  | { readonly type: 'port'; readonly is: Hook }
  | { readonly type: 'machine'; readonly is: Hook }
  | { readonly type: 'leg'; readonly is: 'live' | 'none' }
  | { readonly type: 'timeout' };

export const watchdogAsleep: Watchdog = { port: 'onHook', machine: 'onHook', leg: 'none', bites: 0 };

export function watchdog(state: Watchdog, input: WatchdogInput): readonly [Watchdog, 'bites' | null] {
  switch (input.type) {
    case 'port': return [{ ...state, port: input.is }, null];
    case 'machine': return [{ ...state, machine: input.is }, null];
    case 'leg': return [{ ...state, leg: input.is }, null];
    case 'timeout': return counts(state) ? [{ ...state, bites: state.bites + 1 }, 'bites'] : [state, null];
  }
}

/** Whether its timer runs. */
export function counts({ port, machine, leg }: Watchdog): boolean {
  return leg === 'none' && (port === 'offHook' || machine === 'offHook');
}
