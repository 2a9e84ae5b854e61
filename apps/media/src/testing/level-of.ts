/**
 * Of one frequency, dBm0: the median over blocks of 50 ms, in which it has whole periods. On a machine that is
 * busy a packet may be late and made up; that is a few blocks, and they do not count.
 */
export function levelOf(samples: ArrayLike<number>, frequency: number, rate: number): number {
  const block = rate / 20;
  const levels: number[] = [];
  for (let from = 0; from + block <= samples.length; from += block) {
    let re = 0;
    let im = 0;
    for (let n = from; n < from + block; n++) {
      re += samples[n]! * Math.cos((2 * Math.PI * frequency * n) / rate);
      im += samples[n]! * Math.sin((2 * Math.PI * frequency * n) / rate);
    }
    levels.push(20 * Math.log10(((Math.hypot(re, im) / block) * Math.SQRT2) / 16_141 + 1e-9));
  }
  return levels.sort((a, b) => a - b)[levels.length >> 1]!;
}
