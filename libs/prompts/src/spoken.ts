import { builtFile, letterClip, phraseClip, uploadedFile, wordClip } from './clips.ts';
import type { Clip } from './clips.ts';
import type { Grammar } from './grammar/grammar.ts';
import { grammars } from './grammar/grammars.ts';
import type { NounId } from './grammar/noun.ts';
import type { Language } from './language.ts';
import type { PhraseId } from './texts/en.ts';
import { phraseTexts } from './phrase-texts.ts';
import type { CalendarDay, Piece, Said, TimeOfDay } from './said.ts';

/** In whose words something is said. */
export interface Voice {
  readonly language: Language;
  /** Whether somebody's own recording has this name, relative to the folder of sounds: it wins over the one that came along. */
  isUploaded(file: string): boolean;
  /** The file of a prompt of the configuration in this language; `undefined`: there is none, and nothing is said. */
  promptFile(prompt: string): string | undefined;
}

/** What a player plays to say it. What cannot be said (no such day, a minute 61, a letter of another alphabet) is left out; never throws. */
export function spoken(said: readonly Said[], voice: Voice): readonly Piece[] {
  const utterances = said.flatMap((one) => uttered(one, voice, grammars[voice.language]));
  return utterances.map((utterance, index) => pieceOf(utterance, utterances[index + 1], voice));
}

/** Between what is said and the files: a word knows what is behind it only when all is known. */
type Utterance = { readonly phrase: PhraseId } | { readonly word: string } | { readonly letter: string } | { readonly pauseMs: number } | { readonly piece: Piece };

function uttered(said: Said, voice: Voice, grammar: Grammar): readonly Utterance[] {
  if ('phrase' in said) return [{ phrase: said.phrase }];
  if ('number' in said) return said.of === undefined ? number(said.number, grammar) : count(said.number, said.of, grammar);
  if ('ordinal' in said) return isWithin(said.ordinal, 1, 31) ? [{ word: grammar.ordinal(said.ordinal) }] : number(said.ordinal, grammar);
  if ('digits' in said) return digits(said.digits, grammar);
  if ('spelled' in said) return spelled(said.spelled, grammar);
  if ('time' in said) return isTime(said.time) ? words(grammar.time(said.time)) : [];
  if ('date' in said) return date(said.date, said.today, grammar);
  if ('durationS' in said) return duration(said.durationS, grammar);
  if ('prompt' in said) {
    const file = voice.promptFile(said.prompt);
    return file === undefined ? [] : [{ piece: { file } }];
  }
  return [{ piece: said }];
}

function words(texts: readonly string[]): readonly Utterance[] {
  return texts.map((word) => ({ word }));
}

function number(value: number, grammar: Grammar): readonly Utterance[] {
  return isWithin(value, 0, 999_999) ? words(grammar.number(value)) : digits(Number.isFinite(value) ? String(Math.trunc(Math.abs(value))) : '', grammar);
}

function count(value: number, noun: NounId, grammar: Grammar): readonly Utterance[] {
  const { none, one, several, gender } = grammar.nouns[noun];
  if (value === 0 || value === 1) return [{ word: value === 0 ? none : one }];
  return [...(isWithin(value, 2, 999_999) ? words(grammar.number(value, gender)) : number(value, grammar)), { word: several }];
}

/** In the groups that were written; a long number without any in groups of three, of which no one digit is left over. */
function digits(text: string, grammar: Grammar): readonly Utterance[] {
  const written = text.split(/\s+/).map((group) => [...group].filter((digit) => Object.hasOwn(grammar.digits, digit)).join('')).filter((group) => group !== '');
  const groups = written.length === 1 && written[0]!.length > 4 ? inThrees(written[0]!) : written;
  return groups.flatMap((group, index) => [...(index === 0 ? [] : [{ pauseMs: groupPauseMs }]), ...[...group].map((digit) => ({ word: grammar.digits[digit]! }))]);
}

function inThrees(text: string): readonly string[] {
  const groups = text.match(/.{1,3}/gs) ?? [];
  const last = groups.at(-1)!;
  return last.length > 1 ? groups : [...groups.slice(0, -2), groups.at(-2)! + last];
}

function spelled(text: string, grammar: Grammar): readonly Utterance[] {
  return [...text.normalize('NFC').toLowerCase()].flatMap((character): Utterance[] => {
    if (grammar.letters.includes(character)) return [{ letter: character }];
    if (Object.hasOwn(grammar.digits, character) && /\d/.test(character)) return [{ word: grammar.digits[character]! }];
    if (/[\s-]/.test(character)) return [{ pauseMs: groupPauseMs }];
    // A language without the accent says the letter below it.
    return [...character.replaceAll('ß', 'ss').normalize('NFD')].filter((part) => /[a-z]/.test(part)).map((letter) => ({ letter }));
  });
}

function date(day: CalendarDay, today: Omit<CalendarDay, 'weekday'> | undefined, grammar: Grammar): readonly Utterance[] {
  if (!isWithin(day.month, 1, 12) || !isWithin(day.day, 1, 31) || !isWithin(day.weekday, 0, 6) || !isWithin(day.year, 1000, 9999)) return [];
  const distance = today === undefined ? undefined : dayNumber(day) - dayNumber(today);
  if (distance === -1) return [{ word: grammar.days.yesterday }];
  if (distance === 0) return [{ word: grammar.days.today }];
  if (distance === 1) return [{ word: grammar.days.tomorrow }];
  return words(grammar.date(day, today?.year !== day.year));
}

function duration(seconds: number, grammar: Grammar): readonly Utterance[] {
  if (!(seconds >= 0) || !Number.isFinite(seconds)) return [];
  const whole = Math.round(seconds);
  const parts: readonly (readonly [number, NounId])[] = [
    [Math.floor(whole / 3600), 'hours'],
    [Math.floor(whole / 60) % 60, 'minutes'],
    [whole % 60, 'seconds'],
  ];
  const said = parts.filter(([value]) => value > 0).slice(0, 2);
  if (said.length === 0) return count(0, 'seconds', grammar);
  return said.flatMap(([value, noun], index) => [...(index === 0 ? [] : [{ word: grammar.and }]), ...count(value, noun, grammar)]);
}

function isTime({ hour, minute, second }: TimeOfDay): boolean {
  return isWithin(hour, 0, 23) && isWithin(minute, 0, 59) && (second === undefined || isWithin(second, 0, 59));
}

function isWithin(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to;
}

/** Days since the first of March of the year 0: months from March on have the same lengths in every year. */
function dayNumber({ year, month, day }: Omit<CalendarDay, 'weekday'>): number {
  const [y, m] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * m + 2) / 5) + day;
}

function pieceOf(utterance: Utterance, next: Utterance | undefined, voice: Voice): Piece {
  if ('piece' in utterance) return utterance.piece;
  if ('pauseMs' in utterance) return { silenceMs: utterance.pauseMs };
  if ('phrase' in utterance) return { file: fileOf([phraseClip(utterance.phrase)], voice) };
  const clip = (ending: Clip['ending']) => ('word' in utterance ? wordClip(utterance.word, ending) : letterClip(utterance.letter, ending));
  // Somebody who records a word once wants it everywhere.
  return { file: fileOf(isLast(next, voice) ? [clip('closed'), clip('open')] : [clip('open')], voice) };
}

/** A sentence ends with a word when nothing is behind it, or another sentence. */
function isLast(next: Utterance | undefined, { language }: Voice): boolean {
  if (next === undefined) return true;
  if ('phrase' in next) return /^[¿¡\p{Lu}]/u.test(phraseTexts[language][next.phrase]);
  return 'piece' in next && !('file' in next.piece);
}

function fileOf(ids: readonly [string, ...string[]], voice: Voice): string {
  return ids.map((id) => uploadedFile(voice.language, id)).find((file) => voice.isUploaded(file)) ?? builtFile(voice.language, ids[0]);
}

const groupPauseMs = 150;
