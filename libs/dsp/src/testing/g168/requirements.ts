/** Requirements of ITU-T G.168 that several tests share. Levels in dBm0, as the meter of 6.4.1.2.1 has them. */

/** Figure of test 2B: the most that may be left of a far end of that level, without the non-linear processor. */
export function residualLimitDbm0(farDbm0: number): number {
  return (25 / 30) * farDbm0 - 30;
}
