import type { PulseCoding } from '../regions/dialing/pulse-dialing.ts';
import { valuesOf } from '../regions/fact.ts';
import type { Dialing } from '../regions/line-profile.ts';

/** What a station's hook is judged by. All times in ms. */
export interface HookSettings {
  /** A closed loop that is opened sooner was not lifted. */
  readonly liftMs: number;
  /** A break that begins so soon after lifting is a bounce, however long it lasts, unless it is a hang-up. */
  readonly settleMs: number;
  /** A loop that is closed for less, while open, stayed open: contacts that bounce. Must be below the shortest make between pulses, 17 at 20 a second. */
  readonly bounceMs: number;
  /** A break that is longer, and no flash and no pulse, is a hang-up. */
  readonly hangUpMs: number;
  /** Null: a flash is as good as nothing, or a hang-up when it is long. */
  readonly flash: { readonly leastMs: number; readonly mostMs: number } | null;
  /** Null: a telephone that dials pulses is not understood. A break that both would take is a pulse. */
  readonly pulse: PulseHearing | null;
}

export interface PulseHearing {
  readonly leastBreakMs: number;
  readonly mostBreakMs: number;
  /** Closed for so long, and the digit is complete. */
  readonly pauseMs: number;
  readonly coding: PulseCoding;
}

/** For telephones made for a country, or for another that its sources name. Either can be switched off: some flash when they are hung up, some lines crackle. */
export function hookSettings({ flash, pulse }: Dialing, hears: { readonly flash: boolean; readonly pulse: boolean }): HookSettings {
  const flashes = valuesOf(flash).map(({ recognised }) => recognised);
  const leastMs = flash === undefined ? widestFlashMs[0] : Math.min(...flashes.map(([least]) => least));
  const mostMs = flash === undefined ? widestFlashMs[1] : Math.max(...flashes.map(([, most]) => most));
  // A flash of 80 to 95 ms is likelier than a dial so slow.
  const mostBreakMs = hears.flash ? Math.min(longestPulseMs, leastMs - 1) : longestPulseMs;
  return {
    liftMs: 40,
    settleMs: 150,
    bounceMs: 8,
    hangUpMs: 200,
    flash: hears.flash ? { leastMs, mostMs } : null,
    pulse: hears.pulse ? { leastBreakMs: 20, mostBreakMs, pauseMs: 200, coding: pulse?.is.coding ?? 'direct' } : null,
  };
}

/** From the shortest timed break to the longest hook flash of any country. */
const widestFlashMs = [80, 1_000] as const;

/** 10 pulses a second of 60/40 to 67/33, or a worn dial of 7.5; 20 a second have 30 ms and more. */
const longestPulseMs = 95;
