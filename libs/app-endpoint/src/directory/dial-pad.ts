/**
 * What is dialled for a word by the letters on the keys (ITU-T E.161). Letters with accents are dialled as without; where a language also writes two letters
 * for one (ä as ae), both are given. What is no Latin letter is left out; a word without any has none.
 */
export function dialledFor(word: string): readonly string[] {
  const plain = plainOf(word, single);
  const doubled = plainOf(word, double);
  return [...new Set([plain, doubled].map((letters) => [...letters].map((letter) => keys[letter] ?? '').join('')))].filter((digits) => digits !== '');
}

function plainOf(word: string, written: Readonly<Record<string, string>>): string {
  return [...word.normalize('NFC').toLowerCase()].map((letter) => written[letter] ?? letter.normalize('NFD').replaceAll(/\p{M}/gu, '')).join('');
}

const single: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i' };
const double: Readonly<Record<string, string>> = { ...single, ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' };

const keys: Readonly<Record<string, string>> = Object.fromEntries(
  ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'].flatMap((letters, index) => [...letters].map((letter) => [letter, String(index + 2)])),
);
