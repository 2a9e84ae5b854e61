import type { Piece } from '@tipring/prompts';

/** After it one may speak. */
export const beep: Piece = { tone: { segments: [{ frequenciesHz: [1000], durationMs: null }] }, levelDbm0: -13, ms: 250 };

/** A device that answers at once is not through yet: some telephones cut off what comes first. */
export const pause: Piece = { silenceMs: 400 };

/** The digital milliwatt: 1004 Hz, 0 dBm0 (test line 102; not a submultiple of 8 kHz, so that every code of G.711 is met). */
export const milliwattTone: Piece = { tone: { segments: [{ frequenciesHz: [1004], durationMs: null }] }, levelDbm0: 0, ms: 60_000 };
