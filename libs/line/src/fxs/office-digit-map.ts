import type { NumberLengths } from '../regions/number-lengths.ts';
import { digitMap, type DigitMap } from './digit-map.ts';

export interface OfficeNumbers {
  /** Complete with their last digit. */
  readonly extensions: readonly string[];
  readonly outside: readonly OutsideNumbers[];
  /** What is dialled to have something done. Absent: nothing. */
  readonly codes?: readonly DialledCode[];
  /** Complete with their last digit whatever else there is, behind a prefix too. */
  readonly emergency: readonly string[];
}

/** `*68`. Behind it comes `nothing`, and it is complete with its last digit; an `internal` number, complete when it is as long as one; or what ends by a pause, perhaps nothing (`any`). */
export interface DialledCode {
  readonly code: string;
  readonly takes: 'nothing' | 'internal' | 'any';
}

/** Numbers that lead out. A pause ends them, unless their route or their country says how long they are. */
export interface OutsideNumbers {
  /** What is dialled before them; '' where nothing is. */
  readonly prefix: string;
  /** Patterns of a digit map that they fit: beginnings and whole numbers. None, or one of an international number (it begins with `+`): any. */
  readonly numbers: readonly string[];
  /** How long the country's own numbers are; absent: that is not known. */
  readonly lengths?: NumberLengths;
}

/** What can be dialled in an office. Of more numbers than a map can say each is ended by a pause but emergency numbers. Null: nothing can be. */
export function officeDigitMap({ extensions, outside, codes = [], emergency }: OfficeNumbers): DigitMap | null {
  const stems = new Map<string, string[]>();
  for (const number of extensions) {
    const stem = number.slice(0, -1);
    const last = stems.get(stem);
    if (last === undefined) stems.set(stem, [number.slice(-1)]);
    else last.push(number.slice(-1));
  }
  const patterns = new Set(Array.from(stems, ([stem, last]) => `${stem}[${last.join('')}]`));
  for (const numbers of outside) for (const pattern of outsidePatterns(numbers)) patterns.add(pattern);
  const lengths = [...new Set(extensions.map(({ length }) => length))];
  for (const code of codes) for (const pattern of codePatterns(code, lengths)) patterns.add(pattern);
  const prefixes = new Set(outside.map(({ prefix }) => prefix));
  const all = [...new Set(emergency.flatMap((number) => [number, ...Array.from(prefixes, (prefix) => prefix + number)]))];
  // A map cannot be without any pattern.
  if (patterns.size === 0 && all.length === 0) return null;
  const read = digitMap([...patterns].join('|'), all);
  if (read.ok) return read.map;
  const any = digitMap(anyNumber, all);
  return any.ok ? any.map : null;
}

function codePatterns({ code, takes }: DialledCode, lengths: readonly number[]): readonly string[] {
  switch (takes) {
    case 'nothing': return [code];
    case 'internal': return lengths.map((length) => code + 'x'.repeat(length));
    case 'any': return [`${code}x.T`];
  }
}

/** Behind a prefix anything is let through: what is no number routing tells. Where nothing is dialled before them, only what their route knows is told from an extension. */
function outsidePatterns({ prefix, numbers, lengths }: OutsideNumbers): readonly string[] {
  if (prefix !== '' || numbers.length === 0 || numbers.some((pattern) => pattern.startsWith('+'))) return lengths === undefined ? [`${prefix}xx.T`] : closedPatterns(lengths).map((pattern) => prefix + pattern);
  return numbers.map((pattern) => (pattern.endsWith('.') ? `${pattern}T` : pattern));
}

/** Where the longest national number has a length, one that has it is complete with its last digit; shorter ones, and what is no national number, end by a pause. */
function closedPatterns({ trunkPrefix, most }: NumberLengths): readonly string[] {
  switch (trunkPrefix) {
    // +1: with 1 before the number or without it.
    case '1': return ['0x.T', '1[01]x.T', ...upTo('1[2-9]', most - 1), ...upTo('[2-9]', most - 1)];
    // Without the trunk prefix there are short codes, and where it may be left out numbers of the own area.
    case '0': return ['00x.T', ...upTo('0[1-9]', most - 1), '[1-9]x.T'];
    default: return ['0x.T', ...upTo('[1-9]', most - 1)];
  }
}

/** What begins so and has up to so many digits more; with all of them it is complete. */
function upTo(begin: string, more: number): readonly string[] {
  return Array.from({ length: more }, (_, index) => `${begin}${'x'.repeat(index + 1)}${index + 1 < more ? 'T' : ''}`);
}

/** `#` ends it. */
const anyNumber = '[0-9*#][0-9*].T';
