import { taps } from './echo-path.ts';

/** A line path of one direction, in blocks. Its response may change at any block; what is under way goes on by the new one. */
export class FirFilter {
  #response: Float64Array | null = null;
  /** What went before the block, then the block. */
  readonly #samples: Float64Array;
  #quiet = true;

  constructor(blockSamples: number) {
    this.#samples = new Float64Array(taps - 1 + blockSamples);
  }

  /** Of whole fours of taps; null lets nothing through. */
  set response(response: Float64Array | null) {
    this.#response = response;
  }

  /** Adds the response to `block` to `into`. */
  add(block: Float32Array, into: Float32Array): void {
    const samples = this.#samples;
    const silent = block.every((sample) => sample === 0);
    if (silent && this.#quiet) return;
    samples.set(block, taps - 1);
    if (this.#response !== null) this.#convolve(this.#response, into);
    samples.copyWithin(0, block.length, block.length + taps - 1);
    // A silent block is longer than the response.
    this.#quiet = silent;
  }

  /** Four sums side by side: one alone would wait for itself at each tap. */
  #convolve(response: Float64Array, into: Float32Array): void {
    const samples = this.#samples;
    const last = taps - 1;
    for (let n = 0; n < into.length; n++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let k = 0, at = n + last; k < response.length; k += 4, at -= 4) {
        a += response[k]! * samples[at]!;
        b += response[k + 1]! * samples[at - 1]!;
        c += response[k + 2]! * samples[at - 2]!;
        d += response[k + 3]! * samples[at - 3]!;
      }
      into[n]! += a + b + (c + d);
    }
  }
}
