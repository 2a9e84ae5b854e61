export { builtFile, type Clip, clips, uploadedFile } from './clips.ts';
export type { NounId } from './grammar/noun.ts';
export { type Language, languageOf, languages } from './language.ts';
export { phraseTexts } from './phrase-texts.ts';
export type { CalendarDay, Piece, Said, TimeOfDay } from './said.ts';
export { spoken, type Voice } from './spoken.ts';
export type { PhraseId, PhraseTexts } from './texts/en.ts';
