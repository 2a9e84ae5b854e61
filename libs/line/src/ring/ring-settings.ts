import type { RingCadence } from '../regions/line-profile.ts';

/** What ringing is on a line. */
export interface RingSettings {
  /** What this line may ring with, on and off in turn, in ms; the first is the ordinary one, the others are distinctive. */
  readonly cadences: readonly RingCadence[];
  /** Of the alternating current. */
  readonly frequencyHz: { readonly least: number; readonly most: number };
  /** Root mean square. Bells want 40; less is induction, or the pulses of a parallel telephone (48 V on and off: 24). */
  readonly leastVolts: number;
  /** A burst with the right frequency is a ring once it has lasted so long. */
  readonly realAfterMs: number;
  /** What announces caller ID so (RP-AS of ETSI EN 300 659-1) is no ring. */
  readonly pulseMs: { readonly least: number; readonly most: number };
  /** A burst that goes on for longer is none. */
  readonly longestBurstMs: number;
  /** The caller has given up when nothing has begun or ended for so long. */
  readonly lossMs: number;
}

/**
 * From the cadences of a country or carrier (at least one) all that follows from them. `announcement`: caller ID is announced by a ring
 * pulse of 200 to 300 ms, or (NTT) by bursts of 500 ms.
 */
export function ringSettings(cadences: readonly RingCadence[], announcement: 'pulse' | 'bursts' | 'none' = 'none'): RingSettings {
  const on = cadences.flatMap((cadence) => cadence.filter((_ms, index) => index % 2 === 0));
  const off = cadences.flatMap((cadence) => cadence.filter((_ms, index) => index % 2 === 1));
  const pulseMs = announcement === 'bursts' ? { least: 350, most: 650 } : { least: 150, most: 350 };
  const shortest = announcement === 'none' ? 200 : pulseMs.most + 50;
  return {
    cadences,
    frequencyHz: { least: 15, most: 68 },
    leastVolts: 25,
    realAfterMs: Math.max(shortest, Math.min(400, 0.75 * Math.min(...on))),
    pulseMs,
    longestBurstMs: Math.max(4_000, 2 * Math.max(...on)),
    lossMs: Math.max(6_000, Math.max(...off) + 2_000),
  };
}
