/**
 * A telephone tone as the tables of ITU-T E.180 Supplement 2 describe it: what is heard and for how long, over and over.
 * Generator and detector both work from it.
 */
export interface Tone {
  /** Played in order, then again from `repeatFrom`. A continuous tone is one segment with `durationMs: null`. */
  readonly segments: readonly ToneSegment[];
  /** The first segment of the part that repeats; what is before it is heard once (stutter dial tone). Absent: 0; null: the tone ends. */
  readonly repeatFrom?: number | null;
}

export interface ToneSegment {
  /** Added with equal levels; none is silence. With `modulation` there is one, the carrier. At most four. */
  readonly frequenciesHz: readonly number[];
  /** Amplitude modulation, as 400*25 in the tables; `depth` 0…1. */
  readonly modulation?: { readonly frequencyHz: number; readonly depth: number };
  /** The one frequency moves here, evenly, until the segment ends (howlers). */
  readonly sweepToHz?: number;
  /** Beside the level of the tone: congestion tones of two levels, howlers that grow louder. Absent: 0. */
  readonly levelDb?: number;
  /** Null lasts for ever. */
  readonly durationMs: number | null;
}
