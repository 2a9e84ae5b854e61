import type { Language } from '../language.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import type { Grammar } from './grammar.ts';
import { spanish } from './spanish.ts';

export const grammars: Readonly<Record<Language, Grammar>> = { en: english, de: german, fr: french, es: spanish };
