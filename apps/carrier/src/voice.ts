/** What a call speaks, as samples: tones one after the other, over and over. */
export interface VoiceSegment {
  readonly frequenciesHz: readonly number[];
  /** null: for ever. */
  readonly ms: number | null;
}

export type Voice = readonly VoiceSegment[];

export function steadyTone(hz: number): Voice {
  return [{ frequenciesHz: [hz], ms: null }];
}

export const silence: Voice = [{ frequenciesHz: [], ms: null }];

// The precise audible tone plan of North America (GR-506).
export const ringingTone: Voice = [{ frequenciesHz: [440, 480], ms: 2_000 }, { frequenciesHz: [], ms: 4_000 }];
export const specialInformationTone: Voice = [{ frequenciesHz: [985.2], ms: 380 }, { frequenciesHz: [1_370.6], ms: 274 }, { frequenciesHz: [1_776.7], ms: 380 }, { frequenciesHz: [], ms: 1_000 }];

/** The sample at an instant, in 1/8000 s since it began; each tone at `levelDbm0`. */
export function sampleOf(voice: Voice, at: number, levelDbm0: number): number {
  const segment = segmentAt(voice, at);
  let sample = 0;
  for (const hz of segment?.frequenciesHz ?? []) sample += Math.sin((2 * Math.PI * hz * at) / 8_000);
  return Math.round(sample * zeroDbm0 * 10 ** (levelDbm0 / 20));
}

function segmentAt(voice: Voice, at: number): VoiceSegment | undefined {
  const [first] = voice;
  if (first === undefined || first.ms === null) return first;
  let rest = (at / 8) % voice.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
  for (const segment of voice) {
    if (segment.ms === null || rest < segment.ms) return segment;
    rest -= segment.ms;
  }
  return undefined;
}

/** Amplitude of a sine of 0 dBm0 (ITU-T G.711: +3.17 dBm0 is full scale of µ-law). */
export const zeroDbm0 = 32_636 / 10 ** (3.17 / 20);
