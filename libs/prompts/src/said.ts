import type { Tone } from '@tipring/dsp';
import type { NounId } from './grammar/noun.ts';
import type { PhraseId } from './texts/en.ts';

/** What a player plays, in order (the gateway's `announce`). `file`: relative to the gateway's folder of sounds. */
export type Piece =
  | { readonly file: string; readonly fromMs?: number }
  | { readonly tone: Tone; readonly levelDbm0: number; readonly ms: number }
  | { readonly silenceMs: number };

/** `month`: from 1; `weekday`: 0 is Sunday. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  /** Said only when it is given: a clock's `and ten seconds`. */
  readonly second?: number;
}

/** What is said, whatever the language: `spoken` makes pieces of it by the grammar of one. */
export type Said =
  | Piece
  /** One of the spoken set. */
  | { readonly phrase: PhraseId }
  /** A quantity, 0 to 999,999; others are said digit by digit. `of`: counts these, and agrees with them (`one message`, `eine Nachricht`). */
  | { readonly number: number; readonly of?: NounId }
  /** 1 to 31 (`third`); others are said as numbers. */
  | { readonly ordinal: number }
  /** One by one: telephone numbers, slots. `0`–`9`, `*`, `#`, `+`; a space is a pause; what is none of these is left out. */
  | { readonly digits: string }
  /** Letter by letter, of a name nobody has recorded. */
  | { readonly spelled: string }
  | { readonly time: TimeOfDay }
  /** With `today`, one of the days about it is said as `yesterday`, `today` or `tomorrow`. The year is said when it is another. */
  | { readonly date: CalendarDay; readonly today?: Omit<CalendarDay, 'weekday'> }
  /** In its two greatest units: `one hour and five minutes`. */
  | { readonly durationS: number }
  /** A prompt of the configuration, in the caller's language if it has that. */
  | { readonly prompt: string };
