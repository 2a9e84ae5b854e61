import { expect, it } from 'vitest';
import { builtFile, clips } from './clips.ts';
import { languageOf, languages } from './language.ts';
import { phraseTexts } from './phrase-texts.ts';

it.each(languages)('in %s no two clips have the same file', (language) => {
  const ids = clips(language).map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it.each(languages)('in %s a file’s name is plain', (language) => {
  expect(clips(language).map(({ id }) => builtFile(language, id)).filter((file) => !/^prompts\/[a-z]{2}\/([a-z]+\/)?[A-Za-z0-9][A-Za-z0-9.-]*\.wav$/.test(file))).toEqual([]);
});

it('a phrase goes on in all languages, or ends in all', () => {
  const isClosed = (text: string) => /[.!?]$/.test(text);
  const differing = Object.entries(phraseTexts.en).filter(([id, text]) => languages.some((language) => isClosed(phraseTexts[language][id as keyof typeof phraseTexts.en]) !== isClosed(text)));
  expect(differing).toEqual([]);
});

it('a language is known by its tag, whatever the country', () => {
  expect([languageOf('de-AT'), languageOf('FR'), languageOf('es-419'), languageOf('pt-BR'), languageOf(undefined), languageOf('deu')]).toEqual(['de', 'fr', 'es', 'en', 'en', 'en']);
});
