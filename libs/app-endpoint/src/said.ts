import type { Tone } from '@tipring/dsp';
import type { NounId, PhraseId } from '@tipring/prompts';

/** What a player plays, in order (the gateway's `announce`). `file`: relative to the gateway's folder of sounds. */
export type Piece =
  | { readonly file: string; readonly fromMs?: number }
  | { readonly tone: Tone; readonly levelDbm0: number; readonly ms: number }
  | { readonly silenceMs: number };

/** The clock on the wall of the site. `weekday`: 0 is Sunday; `month`: from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What an application says, whatever the language: `Phrases` makes pieces of it by the grammar of the caller's. */
export type Said =
  | Piece
  /** One of the spoken set. */
  | { readonly phrase: PhraseId }
  /** A number as a quantity, 0 to 999,999; `of`: counts these, so that it agrees with them (`one message`, `eine Nachricht`). */
  | { readonly number: number; readonly of?: NounId }
  | { readonly ordinal: number }
  /** One by one: telephone numbers, slots. `0`–`9`, `*`, `#`; what is none of these is left out. */
  | { readonly digits: string }
  /** Letter by letter, of a name nobody has recorded. */
  | { readonly spelled: string }
  | { readonly time: Pick<LocalTime, 'hour' | 'minute'> & { readonly second?: number } }
  /** With `today`, one of the last days is said as `today` or `yesterday`. */
  | { readonly date: Pick<LocalTime, 'year' | 'month' | 'day' | 'weekday'>; readonly today?: Pick<LocalTime, 'year' | 'month' | 'day'> }
  /** A prompt of the configuration, in the caller's language if it has that. */
  | { readonly prompt: string };
