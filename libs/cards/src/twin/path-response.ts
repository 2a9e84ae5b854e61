/** What a path of the line does to a sample: at once and in the next milliseconds by taps, then by the slow discharge of a capacitor. */
export interface PathResponse {
  /** In whole fours, the first first. */
  readonly taps: Float64Array;
  /** What follows them: `gain`, and `ratio` times as much with each sample. Null: nothing. */
  readonly tail: { readonly gain: number; readonly ratio: number } | null;
}

/**
 * Blocking capacitors of exchanges and bells discharge over many milliseconds, in one exponential: fitted, it takes the place of the
 * later taps, as long as they are that within a millionth of all power. (The low pass of the codecs has died away before.)
 */
export function pathResponse(taps: Float64Array): PathResponse {
  if (taps.length <= tailFrom) return { taps, tail: null };
  const ratio = ratioOf(taps);
  let weighted = 0;
  let weight = 0;
  for (let n = tailFrom, power = 1; n < taps.length; n++, power *= ratio) {
    weighted += taps[n]! * power;
    weight += power ** 2;
  }
  const gain = weighted / weight;
  let wrong = 0;
  for (let n = tailFrom, value = gain; n < taps.length; n++, value *= ratio) wrong += (taps[n]! - value) ** 2;
  const all = taps.reduce((sum, tap) => sum + tap ** 2, 0);
  return ratio > 0 && ratio < 1 && wrong < mostWrong * all ? { taps: taps.slice(0, tailFrom), tail: { gain, ratio } } : { taps, tail: null };
}

/** From each late tap to the next one, in the mean. */
function ratioOf(taps: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (let n = tailFrom; n < taps.length - 1; n++) {
    products += taps[n]! * taps[n + 1]!;
    squares += taps[n]! ** 2;
  }
  return squares === 0 ? 0 : products / squares;
}

/** 7 ms. */
const tailFrom = 56;
const mostWrong = 1e-6;
