/** The discrete Fourier transform of one size, a power of two, in place. */
export class Fourier {
  readonly #size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, n) => Math.cos((2 * Math.PI * n) / size));
    this.#sines = Float64Array.from({ length: size / 2 }, (_, n) => Math.sin((2 * Math.PI * n) / size));
  }

  /** Sums of x[n]·exp(-2πi·k·n/size), or with `direction` 1 of exp(+…): no factor either way. */
  transform(re: Float64Array, im: Float64Array, direction: -1 | 1 = -1): void {
    this.#permute(re, im);
    const size = this.#size;
    for (let span = 2; span <= size; span *= 2) {
      const half = span / 2;
      const step = size / span;
      for (let from = 0; from < size; from += span) {
        for (let k = 0; k < half; k++) {
          const n = from + k;
          const m = n + half;
          const cosine = this.#cosines[k * step]!;
          const sine = direction * this.#sines[k * step]!;
          const x = re[m]! * cosine - im[m]! * sine;
          const y = re[m]! * sine + im[m]! * cosine;
          re[m] = re[n]! - x;
          im[m] = im[n]! - y;
          re[n]! += x;
          im[n]! += y;
        }
      }
    }
  }

  /** Into the order of mirrored bits. */
  #permute(re: Float64Array, im: Float64Array): void {
    for (let n = 1, mirrored = 0; n < this.#size; n++) {
      let bit = this.#size >> 1;
      for (; mirrored & bit; bit >>= 1) mirrored ^= bit;
      mirrored ^= bit;
      if (n >= mirrored) continue;
      const [x, y] = [re[n]!, im[n]!];
      re[n] = re[mirrored]!;
      im[n] = im[mirrored]!;
      re[mirrored] = x;
      im[mirrored] = y;
    }
  }
}
