import { addSamples, sine } from '../signals.ts';

/** ITU-T G.168 6.4.2.7, test 6: single and two-frequency tones. */
export const narrowBandTonesHz: readonly (readonly number[])[] = [[697], [941], [1_336], [1_633], [697, 1_209], [770, 1_336], [852, 1_477], [941, 1_633]];

/** One tone at the level, or two that have it together: the lower one 2 dB weaker. */
export function tonesAt(levelDbm0: number, [low, high]: readonly number[], samples: number): Float64Array {
  if (high === undefined) return sine(low!, levelDbm0, samples);
  return addSamples(sine(low!, levelDbm0 - 4.1, samples), sine(high, levelDbm0 - 2.1, samples));
}
