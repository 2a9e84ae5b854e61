/** The languages of the spoken set. */
export const languages = ['en', 'de', 'fr', 'es'] as const;

export type Language = (typeof languages)[number];

/** Of a BCP 47 tag (`de-AT`) the language that is spoken to whoever has it; English where there is none. */
export function languageOf(tag: string | undefined): Language {
  const primary = tag?.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary) ?? 'en';
}
