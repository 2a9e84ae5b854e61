import { rms0Dbm0 } from './signals.ts';

/** A 1200 bit/s transmitter as it is found in the field: what each figure is off by. An independent check of FskSender. */
export interface FskSignal {
  readonly markHz: number;
  readonly spaceHz: number;
  /** Of both tones together, were they equal. */
  readonly levelDbm0: number;
  /** Mark over space in dB. */
  readonly twistDb?: number;
  readonly bitsPerSecond?: number;
  readonly seizureBits?: number;
  readonly markBits?: number;
  readonly betweenBits?: number;
}

export const bell202 = { markHz: 1_200, spaceHz: 2_200 };
export const v23 = { markHz: 1_300, spaceHz: 2_100 };

/** The bits of a message with seizure, mark, start and stop bits; 8 bits a character. */
export function fskBits(message: ArrayLike<number>, { seizureBits = 300, markBits = 180, betweenBits = 0 }: Partial<FskSignal> = {}): readonly (0 | 1)[] {
  const bits: (0 | 1)[] = [];
  for (let n = 0; n < seizureBits; n++) bits.push(n % 2 === 0 ? 0 : 1);
  for (let n = 0; n < markBits; n++) bits.push(1);
  for (let n = 0; n < message.length; n++) {
    bits.push(0);
    for (let k = 0; k < 8; k++) bits.push(((message[n]! >> k) & 1) as 0 | 1);
    for (let k = 0; k <= betweenBits; k++) bits.push(1);
  }
  return [...bits, 1, 1, 1];
}

/** Phase-continuous FSK at 8 kHz. */
export function fskSignal(message: ArrayLike<number>, signal: FskSignal): Float64Array {
  const bits = fskBits(message, signal);
  const samplesPerBit = 8_000 / (signal.bitsPerSecond ?? 1_200);
  const peak = rms0Dbm0 * Math.SQRT2 * 10 ** (signal.levelDbm0 / 20);
  const twist = 10 ** ((signal.twistDb ?? 0) / 40);
  const samples = new Float64Array(Math.ceil(bits.length * samplesPerBit));
  const steps = 12;
  let phase = 0;
  for (let n = 0; n < samples.length; n++) {
    const now = bits[Math.min(bits.length - 1, Math.floor(n / samplesPerBit))]!;
    samples[n] = peak * (now === 1 ? twist : 1 / twist) * Math.sin(phase);
    for (let k = 0; k < steps; k++) {
      const bit = bits[Math.min(bits.length - 1, Math.floor((n + (k + 0.5) / steps) / samplesPerBit))]!;
      phase += (2 * Math.PI * (bit === 1 ? signal.markHz : signal.spaceHz)) / 8_000 / steps;
    }
  }
  return samples;
}
