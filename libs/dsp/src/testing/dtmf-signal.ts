import { silence } from './signals.ts';

/** A digit as a test wants it, right and wrong. */
export interface DtmfSignal {
  readonly digit: string;
  /** Of each tone; -10 when absent. */
  readonly lowDbm0?: number;
  readonly highDbm0?: number;
  /** Off the nominal frequency, in percent. */
  readonly lowOffPercent?: number;
  readonly highOffPercent?: number;
  readonly lowOffHz?: number;
  readonly highOffHz?: number;
  readonly ms?: number;
}

/** Both tones, beginning and ending at once, with the phases given (radians). */
export function dtmfSignal({ digit, lowDbm0 = -10, highDbm0 = -10, lowOffPercent = 0, highOffPercent = 0, lowOffHz = 0, highOffHz = 0, ms = 50 }: DtmfSignal, phases: readonly [number, number] = [0, 0]): Float64Array {
  const place = dtmfDigits.indexOf(digit);
  const low = lowGroupHz[place >> 2]! * (1 + lowOffPercent / 100) + lowOffHz;
  const high = highGroupHz[place & 3]! * (1 + highOffPercent / 100) + highOffHz;
  const tone = (hertz: number, level: number, phase: number, n: number): number => peak0Dbm0 * 10 ** (level / 20) * Math.sin(phase + (2 * Math.PI * hertz * n) / 8_000);
  return Float64Array.from({ length: Math.round(ms * 8) }, (_, n) => tone(low, lowDbm0, phases[0], n) + tone(high, highDbm0, phases[1], n));
}

/** One after another. */
export function joined(...parts: readonly ArrayLike<number>[]): Float64Array {
  const all = silence(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function silenceMs(ms: number): Float64Array {
  return silence(Math.round(ms * 8));
}

/** Rows first, as on a telephone with a fourth column. */
export const dtmfDigits = '123A456B789C*0#D';
export const lowGroupHz: readonly number[] = [697, 770, 852, 941];
export const highGroupHz: readonly number[] = [1_209, 1_336, 1_477, 1_633];

const peak0Dbm0 = 16_141 * Math.SQRT2;
