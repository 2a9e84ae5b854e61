import { grammars } from './grammar/grammars.ts';
import type { Language } from './language.ts';
import type { PhraseId } from './texts/en.ts';
import { phraseTexts } from './phrase-texts.ts';

/** One recording of the spoken set: what is in one file. */
export interface Clip {
  /** Names it within its language: `voicemail.full`, `words/twenty-one`, `words/twenty-one.end`, `letters/b`. */
  readonly id: string;
  readonly text: string;
  /** `letter`: the name of the letter. */
  readonly is: 'text' | 'letter';
  /** Whether the sentence goes on behind it: the voice stays up, or falls. */
  readonly ending: 'open' | 'closed';
}

/** Each clip that can be asked for in this language, once: what is to be made, and what can be replaced. */
export function clips(language: Language): readonly Clip[] {
  const { letters, vocabulary, digits, nouns, days, and } = grammars[language];
  const words = new Set([...vocabulary, ...Object.values(digits), ...Object.values(nouns).flatMap(({ none, one, several }) => [none, one, several]), ...Object.values(days), and]);
  return [
    ...Object.entries(phraseTexts[language]).map(([id, text]): Clip => ({ id, text, is: 'text', ending: isClosed(text) ? 'closed' : 'open' })),
    ...[...words].flatMap((text): Clip[] => endings.map((ending) => ({ id: wordClip(text, ending), text, is: 'text', ending }))),
    ...[...letters].flatMap((text): Clip[] => endings.map((ending) => ({ id: letterClip(text, ending), text, is: 'letter', ending }))),
  ];
}

export function phraseClip(phrase: PhraseId): string {
  return phrase;
}

export function wordClip(text: string, ending: Clip['ending']): string {
  return `words/${slug(text)}${ending === 'closed' ? '.end' : ''}`;
}

/** Letters that differ by an accent alone are different letters. */
export function letterClip(letter: string, ending: Clip['ending']): string {
  return `letters/${/[a-z]/.test(letter) ? letter : `u${letter.codePointAt(0)!.toString(16).padStart(4, '0')}`}${ending === 'closed' ? '.end' : ''}`;
}

/** Where it is in the gateway's folder of sounds: as it was built, and where somebody's own recording of it would be. */
export function builtFile(language: Language, id: string): string {
  return `prompts/${language}/${id}.wav`;
}

export function uploadedFile(language: Language, id: string): string {
  return `uploads/${language}/${id}.wav`;
}

/** A text that ends without a full stop goes on. */
function isClosed(text: string): boolean {
  return /[.!?]$/.test(text);
}

/** Fit for a file's name and a URL everywhere. */
function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll('ß', 'ss').replaceAll('.', '').normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}

const endings = ['open', 'closed'] as const;
