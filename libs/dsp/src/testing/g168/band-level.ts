import { rms0Dbm0 } from '../signals.ts';

/** dBm0 of what a noise has between two frequencies, over samples [from, to): Welch's method, lines 8 Hz apart. */
export function bandDbm0(signal: ArrayLike<number>, fromHz: number, toHz: number, from = 0, to = signal.length): number {
  let power = 0;
  let segments = 0;
  for (let begin = from; begin + segment <= to; begin += segment / 2, segments++) {
    for (let line = Math.ceil((fromHz * segment) / 8_000); line < (toHz * segment) / 8_000; line++) {
      const twiceCosine = 2 * Math.cos((2 * Math.PI * line) / segment);
      // Goertzel's recursion.
      let [before, last] = [0, 0];
      for (let n = 0; n < segment; n++) [before, last] = [last, signal[begin + n]! * window[n]! + twiceCosine * last - before];
      power += before ** 2 + last ** 2 - twiceCosine * before * last;
    }
  }
  // Both halves of the spectrum; the window's mean square is 1.5.
  return 10 * Math.log10((2 * power) / (segments * segment ** 2 * 1.5) / rms0Dbm0 ** 2);
}

const segment = 1_000;
/** Hann's, of mean 1: otherwise what is loud leaks into the other bands. */
const window = Float64Array.from({ length: segment }, (_, n) => 1 - Math.cos((2 * Math.PI * n) / segment));
