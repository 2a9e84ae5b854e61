import { toCardinal as germanOracle, toOrdinal as germanOrdinals } from 'n2words/de-DE';
import { toCardinal as englishOracle, toOrdinal as englishOrdinals } from 'n2words/en-GB';
import { toCardinal as spanishOracle, toOrdinal as spanishOrdinals } from 'n2words/es-ES';
import { toCardinal as frenchOracle, toOrdinal as frenchOrdinals } from 'n2words/fr-FR';
import { describe, expect, it } from 'vitest';
import { languages } from '../language.ts';
import type { Gender } from './grammar.ts';
import { range } from './grammar.ts';
import { grammars } from './grammars.ts';

/**
 * An implementation of others', with its errors set right: it says `einhunderteinstausend` and `veintiuno mil`, where a one before thousand is
 * `ein` and `un`, and writes `dieciseis`, `veintitres` … without the accents of the Academy.
 */
const oracles = {
  en: englishOracle,
  de: (value: number) => germanOracle(value).replace('einstausend', 'eintausend'),
  fr: frenchOracle,
  es: (value: number) => accented(spanishOracle(value)).replace('veintiuno mil', 'veintiún mil').replace('uno mil', 'un mil'),
};

/** All up to ten thousand, then with steps that meet every last and first digits. */
const values = [...range(0, 10_000), ...range(1, 990).map((step) => 10_000 + step * 999), ...range(11, 998).map((thousands) => thousands * 1000), 999_999];

describe.each(languages)('numbers in %s', (language) => {
  const grammar = grammars[language];
  const joiner = language === 'de' ? '' : ' ';

  it('are those of an independent implementation, up to 999,999', () => {
    const wrong = values.filter((value) => grammar.number(value).join(joiner) !== oracles[language](value));
    expect(wrong.map((value) => [value, grammar.number(value).join(joiner), oracles[language](value)])).toEqual([]);
  });

  it('say of no two numbers the same', () => {
    const seen = new Set(values.map((value) => grammar.number(value).join(joiner)));
    expect(seen.size).toBe(new Set(values).size);
  });

  it('need no word that is not made', () => {
    const vocabulary = new Set([...grammar.vocabulary, ...Object.values(grammar.nouns).flatMap(({ one, several }) => [one, several])]);
    const genders: readonly (Gender | undefined)[] = [undefined, 'masculine', 'feminine', 'neuter'];
    const missing = new Set<string>();
    const ask = (words: readonly string[]) => words.filter((word) => !vocabulary.has(word)).forEach((word) => missing.add(word));
    for (const gender of genders) for (const value of values) ask(grammar.number(value, gender));
    for (const hour of range(0, 23)) for (const minute of range(0, 59)) for (const second of [undefined, 0, 1, 2, 59]) ask(grammar.time({ hour, minute, ...(second === undefined ? {} : { second }) }));
    for (const month of range(1, 12)) for (const day of range(1, 31)) ask(grammar.date({ year: 2026, month, day, weekday: day % 7 }, false));
    for (const year of range(1900, 2100)) ask(grammar.date({ year, month: 1, day: 1, weekday: 0 }, true));
    for (const value of range(1, 31)) ask([grammar.ordinal(value)]);
    expect([...missing]).toEqual([]);
  });
});

it.each([
  ['en', englishOrdinals],
  ['de', germanOrdinals],
  ['fr', frenchOrdinals],
] as const)('ordinals in %s are those of an independent implementation', (language, oracle) => {
  expect(range(1, 31).map((value) => grammars[language].ordinal(value))).toEqual(range(1, 31).map((value) => oracle(value)));
});

it('ordinals in Spanish are those of an independent implementation, and one word from the eleventh to the nineteenth', () => {
  const teens = ['undécimo', 'duodécimo', 'decimotercero', 'decimocuarto', 'decimoquinto', 'decimosexto', 'decimoséptimo', 'decimoctavo', 'decimonoveno'];
  const expected = range(1, 31).map((value) => (value > 10 && value < 20 ? teens[value - 11] : spanishOrdinals(value)));
  expect(range(1, 31).map((value) => grammars.es.ordinal(value))).toEqual(expected);
});

it.each([
  ['de', 1, 'feminine', 'eine'],
  ['de', 1, 'masculine', 'ein'],
  ['de', 21, 'feminine', 'einundzwanzig'],
  ['de', 101, 'feminine', 'ein hundert eins'],
  ['de', 101_001, undefined, 'ein hundert ein tausend eins'],
  ['fr', 1, 'feminine', 'une'],
  ['fr', 11, 'feminine', 'onze'],
  ['fr', 21, 'feminine', 'vingt et une'],
  ['fr', 71, 'feminine', 'soixante et onze'],
  ['fr', 81, 'feminine', 'quatre-vingt-une'],
  ['fr', 91, 'feminine', 'quatre-vingt-onze'],
  ['fr', 21_021, 'feminine', 'vingt et un mille vingt et une'],
  ['fr', 280_000, undefined, 'deux cent quatre-vingt mille'],
  ['es', 1, 'masculine', 'un'],
  ['es', 1, 'feminine', 'una'],
  ['es', 11, 'feminine', 'once'],
  ['es', 21, undefined, 'veintiuno'],
  ['es', 21, 'masculine', 'veintiún'],
  ['es', 31, 'feminine', 'treinta y una'],
  ['es', 101, 'masculine', 'ciento un'],
  ['es', 521, 'feminine', 'quinientas veintiuna'],
  ['es', 221_000, 'feminine', 'doscientas veintiún mil'],
  ['es', 121_100, undefined, 'ciento veintiún mil cien'],
] as const)('%s: %i before a noun that is %s', (language, value, gender, words) => {
  expect(grammars[language].number(value, gender).join(' ')).toBe(words);
});

function accented(words: string): string {
  return words.replaceAll(/\b(dieci|veinti)(seis|dos|tres)\b/g, (_, ten: string, unit: string) => ten + unit.replace(/e(?=i?s$)/, 'é').replace('dos', 'dós'));
}
