import type { Language } from './language.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import type { PhraseTexts } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';

export const phraseTexts: Readonly<Record<Language, PhraseTexts>> = { en, de, fr, es };
