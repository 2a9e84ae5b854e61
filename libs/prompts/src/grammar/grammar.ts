import type { CalendarDay, TimeOfDay } from '../said.ts';
import type { Nouns } from './noun.ts';

/**
 * How a language says what is not a phrase. Each function makes words: texts that were each spoken as one clip, to be played one after the other.
 * All that can come out is in `vocabulary`, so that it can be made.
 */
export interface Grammar {
  /** A whole number of 0 to 999,999. `before`: the gender of what is counted; without, it stands alone (`eins`, `uno`). */
  number(value: number, before?: Gender): Words;
  /** 1 to 31. */
  ordinal(value: number): string;
  time(time: TimeOfDay): Words;
  date(day: CalendarDay, isYearSaid: boolean): Words;
  /** `0`–`9`, `*`, `#`, `+`. */
  readonly digits: Readonly<Record<string, string>>;
  /** What is spelled; others are said without their accents, or left out. */
  readonly letters: string;
  readonly nouns: Nouns;
  readonly days: { readonly yesterday: string; readonly today: string; readonly tomorrow: string };
  readonly and: string;
  readonly vocabulary: readonly string[];
}

export type Words = readonly string[];

export type Gender = 'masculine' | 'feminine' | 'neuter';

export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
