import { rms0Dbm0 } from './signals.ts';

/** The answer tone of V.25 and V.8: 2100 Hz, by choice modulated by 15 Hz and with phase reversals every 450 ms. */
export function answerTone(levelDbm0: number, samples: number, { frequencyHz = 2_100, modulated = false, reversalMs = 0 }: { readonly frequencyHz?: number; readonly modulated?: boolean; readonly reversalMs?: number } = {}): Float64Array {
  const peak = rms0Dbm0 * Math.SQRT2 * 10 ** (levelDbm0 / 20);
  return Float64Array.from({ length: samples }, (_, n) => {
    const envelope = modulated ? 1 + 0.2 * Math.sin((2 * Math.PI * 15 * n) / 8_000) : 1;
    const sign = reversalMs > 0 && Math.floor(n / (reversalMs * 8)) % 2 === 1 ? -1 : 1;
    return peak * envelope * sign * Math.sin((2 * Math.PI * frequencyHz * n) / 8_000);
  });
}

/** V.21 channel 2 (mark 1650 Hz, space 1850 Hz, 300 bit/s), phase-continuous. */
export function v21Signal(bits: readonly number[], levelDbm0: number, { offsetHz = 0, bitsPerSecond = 300 }: { readonly offsetHz?: number; readonly bitsPerSecond?: number } = {}): Float64Array {
  const peak = rms0Dbm0 * Math.SQRT2 * 10 ** (levelDbm0 / 20);
  let phase = 0;
  return Float64Array.from({ length: Math.floor((bits.length * 8_000) / bitsPerSecond) }, (_, n) => {
    phase += (2 * Math.PI * ((bits[Math.floor((n * bitsPerSecond) / 8_000)] === 1 ? 1_650 : 1_850) + offsetHz)) / 8_000;
    return peak * Math.sin(phase);
  });
}

/** HDLC flags, 01111110 each. */
export function hdlcFlags(count: number): readonly number[] {
  return Array.from({ length: count * 8 }, (_, n) => (n % 8 === 0 || n % 8 === 7 ? 0 : 1));
}
