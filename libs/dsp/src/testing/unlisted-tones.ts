import type { Tone } from '../tone.ts';

/** Twenty tones as private exchanges play them and no national table lists, for the learner. */
export const unlistedTones: readonly Tone[] = [
  cadence([610], 300, 700),
  cadence([397], 410, 390),
  cadence([533, 661], 260, 260),
  cadence([1_020], 150, 350),
  cadence([287], 800, 1_200),
  cadence([745, 905], 500, 1_500),
  cadence([350, 425], 620, 380),
  cadence([1_333], 90, 210),
  cadence([480, 505], 700, 500),
  cadence([471], 330, 170, 330, 1_170),
  cadence([555], 120, 130, 240, 510),
  cadence([390, 450], 210, 190, 210, 190, 210, 990),
  cadence([860], 1_000, 250),
  cadence([1_750], 200, 200),
  cadence([700, 1_100], 100, 100),
  { segments: [{ frequenciesHz: [440], modulation: { frequencyHz: 30, depth: 0.8 }, durationMs: 600 }, pause(900)] },
  { segments: [{ frequenciesHz: [520], modulation: { frequencyHz: 17, depth: 0.9 }, durationMs: 900 }, pause(1_100)] },
  { segments: [sound([600], 350), sound([800], 350), pause(700)] },
  { segments: [sound([1_200], 180), pause(60), sound([900], 180), pause(580)] },
  { segments: [{ frequenciesHz: [415], durationMs: null }] },
];

function cadence(frequenciesHz: readonly number[], ...durations: readonly number[]): Tone {
  return { segments: durations.map((durationMs, index) => (index % 2 === 0 ? sound(frequenciesHz, durationMs) : pause(durationMs))) };
}

function sound(frequenciesHz: readonly number[], durationMs: number) {
  return { frequenciesHz, durationMs };
}

function pause(durationMs: number) {
  return { frequenciesHz: [], durationMs };
}
