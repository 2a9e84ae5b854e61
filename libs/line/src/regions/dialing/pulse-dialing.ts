/** Dialling by breaks of the loop. */
export interface PulseDialing {
  readonly perSecond: 10 | 20;
  /** Of one pulse, in percent: 60 is 60 ms of break and 40 ms of make at 10 a second. */
  readonly breakPercent: number;
  readonly coding: PulseCoding;
  /** The least pause between digits. */
  readonly interDigitMs: number;
}

/**
 * How many pulses a digit has. `direct`: as many as it says, ten for 0 (nearly everywhere). `complement`: ten less as many (New Zealand,
 * Oslo). `plusOne`: one more than it says, so that 0 has one (Sweden).
 */
export type PulseCoding = 'direct' | 'complement' | 'plusOne';

export function pulsesOf(digit: number, coding: PulseCoding): number {
  if (coding === 'plusOne') return digit + 1;
  if (digit === 0) return 10;
  return coding === 'complement' ? 10 - digit : digit;
}

/** The digit of a train of 1 to 10 pulses. */
export function digitOf(pulses: number, coding: PulseCoding): number {
  if (coding === 'plusOne') return pulses - 1;
  if (pulses === 10) return 0;
  return coding === 'complement' ? 10 - pulses : pulses;
}
