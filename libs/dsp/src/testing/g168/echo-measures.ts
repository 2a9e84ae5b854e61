import { rms0Dbm0 } from '../signals.ts';
import { LevelMeter, windowSamples } from './level-meter.ts';

/** What went through one channel, and what came out. Levels of 16-bit linear samples. */
export interface Recording {
  /** Rin: what was sent to the line. */
  readonly far: Int16Array;
  /** Of Sin, what the hybrid made of far: before the companding. */
  readonly echo: Float64Array;
  /** Of Sin, what the near party said. */
  readonly talk: Float64Array;
  /** Sin, companded. */
  readonly near: Int16Array;
  /** Sout. */
  readonly out: Int16Array;
}

/** Energies of signals over any stretch, of the whole band. */
class Energy {
  readonly #before: Float64Array;

  constructor(samples: number, value: (n: number) => number) {
    this.#before = new Float64Array(samples + 1);
    for (let n = 0; n < samples; n++) this.#before[n + 1] = this.#before[n]! + value(n) ** 2;
  }

  dbm0(from: number, to: number): number {
    return 10 * Math.log10(Math.max(0, this.#before[to]! - this.#before[from]!) / Math.max(1, to - from) / rms0Dbm0 ** 2);
  }
}

/** LRES: level of Sout in the band of the meter (G.168 6.4.1.2.1), dBm0. */
export function residualDbm0({ out }: Recording, from = 0, to = out.length): number {
  return new LevelMeter(out, from, to).levelDbm0();
}

/** The highest reading of the 35 ms meter on Sout. */
export function peakResidualDbm0({ out }: Recording, from = 0, to = out.length): number {
  return new LevelMeter(out, from, to).peakDbm0();
}

/** Echo return loss enhancement, A_CANC of G.168 3.13: what the canceller takes from the echo, dB, over samples [from, to). */
export function erleDb({ near, out }: Recording, from = 0, to = out.length): number {
  return new LevelMeter(near, from, to).levelDbm0() - new LevelMeter(out, from, to).levelDbm0();
}

/**
 * T20, ms: from the first sample until what is left, over 35 ms, is 20 dB below the echo for the first time.
 * Infinity when it never is.
 */
export function t20Ms(recording: Recording): number {
  const { near, out } = recording;
  return firstReach(out.length, new Energy(near.length, (n) => near[n]!), new Energy(out.length, (n) => out[n]!));
}

/** The same through the meter's band-pass. */
export function t20InBandMs({ near, out }: Recording): number {
  const [before, after] = [new LevelMeter(near), new LevelMeter(out)];
  return firstReach(out.length, { dbm0: (from, to) => before.levelDbm0(from, to) }, { dbm0: (from, to) => after.levelDbm0(from, to) });
}

function firstReach(samples: number, before: Pick<Energy, 'dbm0'>, after: Pick<Energy, 'dbm0'>): number {
  const echo = Array.from({ length: Math.floor((samples - windowSamples) / 8) + 1 }, (_, k) => before.dbm0(8 * k, 8 * k + windowSamples));
  // Weaker echo than that says nothing about convergence: it is the pause of a composite source signal, or of speech.
  const hearable = Math.max(...echo) - 10;
  const first = echo.findIndex((level, k) => level > hearable && level - after.dbm0(8 * k, 8 * k + windowSamples) >= 20);
  return first < 0 ? Infinity : first + windowSamples / 8;
}

/**
 * By how much the canceller made a line worse, dB, in its worst 200 ms: the level that leaves it over the level without it.
 * Negative is good. What stays below −50 dBm0 does not count: that much may be left.
 */
export function worseningDb({ near, out }: Recording): number {
  const without = new Energy(near.length, (n) => near[n]!);
  const left = new Energy(out.length, (n) => out[n]!);
  let worst = -Infinity;
  for (let from = 0; from + stretch <= out.length; from += stretch / 2) {
    const level = left.dbm0(from, from + stretch);
    if (level > unheardDbm0) worst = Math.max(worst, level - without.dbm0(from, from + stretch));
  }
  return worst;
}

/** By how much the near party is attenuated, dB: the part of Sout that is a copy of what it said. */
export function talkAttenuationDb({ talk, out }: Recording, from = 0, to = out.length): number {
  let product = 0;
  let energy = 0;
  for (let n = from; n < to; n++) {
    product += out[n]! * talk[n]!;
    energy += talk[n]! ** 2;
  }
  return -20 * Math.log10(product / energy);
}

const unheardDbm0 = -50;
const stretch = 1_600;
