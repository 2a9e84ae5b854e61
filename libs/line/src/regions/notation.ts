import type { Tone, ToneSegment } from '@tipring/dsp';
import type { ToneFact } from './tone-plan.ts';

/** How the tables are written. Hz and milliseconds everywhere; frequencies of one list sound together. */

export type Frequencies = number | readonly number[];

export function continuous(...frequenciesHz: readonly number[]): Tone {
  return { segments: [{ frequenciesHz, durationMs: null }] };
}

/** On, off, on, off … over and over. */
export function cadence(frequencies: Frequencies, ...onOffMs: readonly number[]): Tone {
  return { segments: beats(frequencies, onOffMs) };
}

/** On and off so many times, then continuous. */
export function stutter(frequencies: Frequencies, times: number, ...onOffMs: readonly number[]): Tone {
  const bursts = Array.from({ length: times }, () => beats(frequencies, onOffMs)).flat();
  return { segments: [...bursts, { frequenciesHz: list(frequencies), durationMs: null }], repeatFrom: bursts.length };
}

/** One frequency after the other, each for its time; 0 Hz is silence. */
export function sequence(...steps: readonly (readonly [hz: number, ms: number])[]): Tone {
  return { segments: steps.map(([hz, ms]) => ({ frequenciesHz: hz === 0 ? [] : [hz], durationMs: ms })) };
}

/** Frequency 1 modulated by frequency 2, written f1*f2 in the tables: continuous, or with a cadence. */
export function modulated(carrierHz: number, frequencyHz: number, ...onOffMs: readonly number[]): Tone {
  const sounding = { frequenciesHz: [carrierHz], modulation: { frequencyHz, depth: 0.9 } };
  if (onOffMs.length === 0) return { segments: [{ ...sounding, durationMs: null }] };
  return { segments: onOffMs.map((durationMs, index) => (index % 2 === 0 ? { ...sounding, durationMs } : { frequenciesHz: [], durationMs })) };
}

/** Three rising tones of a third of a second, then a second of silence (ITU-T E.180 6). */
export function specialInformation([low, middle, high] = [950, 1400, 1800], gapMs = 0, onMs = 330): Tone {
  const gap = gapMs === 0 ? [] : [[0, gapMs] as const];
  return sequence([low!, onMs], ...gap, [middle!, onMs], ...gap, [high!, onMs], [0, 1000]);
}

type More = Pick<ToneFact, 'tolerance' | 'sameAs'>;

/** Makers of facts that come from one source. */
export interface Source {
  standard(tone: Tone, more?: More): ToneFact;
  common(tone: Tone, more?: More): ToneFact;
  disputed(tone: Tone, alternates: readonly Tone[], more?: More): ToneFact;
}

export function from(source: string): Source {
  return {
    standard: (tone, more) => ({ tone, source, confidence: 'standard', ...more }),
    common: (tone, more) => ({ tone, source, confidence: 'common', ...more }),
    disputed: (tone, alternates, more) => ({ tone, alternates, source, confidence: 'disputed', ...more }),
  };
}

/** ITU-T E.180 Supplement 2 (04/98) with the national lists before and after it (Operational Bulletin 781 of 2003), as public tables repeat them. */
export const itu = from('ITU-T E.180 Suppl. 2 (04/98) and Operational Bulletin 781 (2003)');
/** Where the ITU lists nothing, or nothing of use. */
export const tables = from('Public tables of national tones, compared');

/** E.180 6: ±50 Hz, 330 ±70 ms. */
export const sitTolerance = { frequencyHz: 50, cadence: 0.21 };
/** The special information tone of most countries. */
export const sit = itu.standard(specialInformation(), { tolerance: sitTolerance });

function beats(frequencies: Frequencies, onOffMs: readonly number[]): ToneSegment[] {
  return onOffMs.map((durationMs, index) => ({ frequenciesHz: index % 2 === 0 ? list(frequencies) : [], durationMs }));
}

function list(frequencies: Frequencies): readonly number[] {
  return typeof frequencies === 'number' ? [frequencies] : frequencies;
}
