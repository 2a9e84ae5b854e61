import { builtFile, clips } from '../clips.ts';
import type { Language } from '../language.ts';
import type { Said } from '../said.ts';
import { spoken } from '../spoken.ts';

/** What one would hear, as text: the clips' texts, `.` behind a word whose voice falls, `…` for a pause, and other sounds by their file. */
export function aloud(said: readonly Said[], language: Language, uploads: readonly string[] = []): string {
  const voice = { language, isUploaded: (file: string) => uploads.includes(file), promptFile: (prompt: string) => (prompt === 'known' ? 'uploads/known.wav' : undefined) };
  return spoken(said, voice)
    .map((piece) => ('file' in piece ? (texts(language).get(piece.file) ?? `<${piece.file}>`) : 'silenceMs' in piece ? '…' : '<tone>'))
    .join(' ');
}

function texts(language: Language): ReadonlyMap<string, string> {
  let made = known.get(language);
  if (made === undefined) {
    made = new Map(clips(language).map(({ id, text, ending }) => [builtFile(language, id), ending === 'closed' && !/[.!?]$/.test(text) ? `${text}.` : text]));
    known.set(language, made);
  }
  return made;
}

const known = new Map<Language, ReadonlyMap<string, string>>();
