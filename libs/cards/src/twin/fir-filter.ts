import { taps } from './echo-path.ts';
import type { PathResponse } from './path-response.ts';

/**
 * A line path of one direction, in blocks that may come in parts. Its response may change between parts; what is under way goes on
 * by the new one.
 */
export class FirFilter {
  readonly #blockSamples: number;
  /** The last tap first, `#count` of them: as samples lie, so that both are read upwards. */
  readonly #response = new Float64Array(taps);
  #count = 0;
  #tail: PathResponse['tail'] = null;
  /** The tail's part of the last output. */
  #discharge = 0;
  /** The response is another: what is discharged has to be reckoned anew. */
  #charge: 'known' | 'unknown' = 'known';
  /** What went before the block, the block, and what the last four outputs read too far. */
  readonly #samples: Float64Array;
  /** Nothing but zeros in `#samples`. */
  #quiet = true;
  #block: 'silent' | 'sounds' = 'silent';

  constructor(blockSamples: number) {
    this.#blockSamples = blockSamples;
    this.#samples = new Float64Array(taps - 1 + blockSamples + overread);
  }

  /** Null lets nothing through. */
  set response(response: PathResponse | null) {
    this.#count = response?.taps.length ?? 0;
    for (let n = 0; n < this.#count; n++) this.#response[n] = response!.taps[this.#count - 1 - n]!;
    this.#tail = response?.tail ?? null;
    this.#charge = 'unknown';
  }

  /** Adds the response to these samples of `block` to the same ones of `into`. Parts come in order, until the block is whole. */
  add(block: Float32Array, into: Float32Array, from = 0, to: number = block.length): void {
    let silent = true;
    for (let n = from; n < to && silent; n++) silent = block[n] === 0;
    if (!silent) {
      this.#quiet = false;
      this.#block = 'sounds';
    }
    if (!this.#quiet) {
      const samples = this.#samples;
      for (let n = from; n < to; n++) samples[taps - 1 + n] = block[n]!;
      if (this.#count > 0) this.#convolve(into, from, to);
      if (this.#tail !== null) this.#discharges(this.#tail, into, from, to);
    }
    if (to === this.#blockSamples) this.#next();
  }

  #discharges({ gain, ratio }: NonNullable<PathResponse['tail']>, into: Float32Array, from: number, to: number): void {
    const samples = this.#samples;
    // The sample that is as old as the first tap of the tail.
    const first = taps - 1 - this.#count;
    if (this.#charge === 'unknown') {
      this.#discharge = 0;
      for (let at = from; at < first + from; at++) this.#discharge = this.#discharge * ratio + gain * samples[at]!;
      this.#charge = 'known';
    }
    let discharge = this.#discharge;
    for (let n = from; n < to; n++) {
      discharge = discharge * ratio + gain * samples[first + n]!;
      into[n]! += discharge;
    }
    this.#discharge = discharge;
  }

  #next(): void {
    if (this.#quiet) return;
    // A silent block is longer than the taps.
    if (this.#block === 'silent' && (this.#tail === null || Math.abs(this.#discharge) < inaudible)) {
      this.#samples.fill(0);
      this.#discharge = 0;
      this.#quiet = true;
    } else this.#samples.copyWithin(0, this.#blockSamples, this.#blockSamples + taps - 1);
    this.#block = 'silent';
  }

  /** Four outputs at a time: each sample and tap is read once for all of them, and no sum waits for itself. */
  #convolve(into: Float32Array, from: number, to: number): void {
    const samples = this.#samples;
    const response = this.#response;
    const count = this.#count;
    const first = taps - count;
    for (let n = from; n < to; n += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let at = first + n;
      let s0 = samples[at]!;
      let s1 = samples[at + 1]!;
      let s2 = samples[at + 2]!;
      for (let m = 0; m < count; m += 4, at += 4) {
        const s3 = samples[at + 3]!;
        const s4 = samples[at + 4]!;
        const s5 = samples[at + 5]!;
        const s6 = samples[at + 6]!;
        const t0 = response[m]!;
        const t1 = response[m + 1]!;
        const t2 = response[m + 2]!;
        const t3 = response[m + 3]!;
        a += t0 * s0 + t1 * s1 + t2 * s2 + t3 * s3;
        b += t0 * s1 + t1 * s2 + t2 * s3 + t3 * s4;
        c += t0 * s2 + t1 * s3 + t2 * s4 + t3 * s5;
        d += t0 * s3 + t1 * s4 + t2 * s5 + t3 * s6;
        s0 = s4;
        s1 = s5;
        s2 = s6;
      }
      into[n]! += a;
      // A part need not be of whole fours.
      if (n + 1 < to) into[n + 1]! += b;
      if (n + 2 < to) into[n + 2]! += c;
      if (n + 3 < to) into[n + 3]! += d;
    }
  }
}

const overread = 8;
const inaudible = 0.01;
