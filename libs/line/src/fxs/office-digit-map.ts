import { digitMap, type DigitMap } from './digit-map.ts';

export interface OfficeNumbers {
  /** Complete with their last digit. */
  readonly extensions: readonly string[];
  readonly outside: readonly OutsideNumbers[];
  /** Complete with their last digit whatever else there is, behind a prefix too. */
  readonly emergency: readonly string[];
}

/** Numbers that lead out. How long they are the far exchange knows: a pause ends them, unless their route says so. */
export interface OutsideNumbers {
  /** What is dialled before them; '' where nothing is. */
  readonly prefix: string;
  /** Patterns of a digit map that they fit: beginnings and whole numbers. None, or one of an international number (it begins with `+`): any. */
  readonly numbers: readonly string[];
}

/** What can be dialled in an office. Null: more than a map can say, and every number must be ended by a pause. */
export function officeDigitMap({ extensions, outside, emergency }: OfficeNumbers): DigitMap | null {
  const stems = new Map<string, string[]>();
  for (const number of extensions) {
    const stem = number.slice(0, -1);
    const last = stems.get(stem);
    if (last === undefined) stems.set(stem, [number.slice(-1)]);
    else last.push(number.slice(-1));
  }
  const patterns = new Set(Array.from(stems, ([stem, last]) => `${stem}[${last.join('')}]`));
  for (const numbers of outside) for (const pattern of outsidePatterns(numbers)) patterns.add(pattern);
  // A map cannot be without any pattern.
  if (patterns.size === 0) return null;
  const prefixes = new Set(outside.map(({ prefix }) => prefix));
  const read = digitMap([...patterns].join('|'), [...new Set(emergency.flatMap((number) => [number, ...Array.from(prefixes, (prefix) => prefix + number)]))]);
  return read.ok ? read.map : null;
}

/** Behind a prefix anything is let through: what is no number routing tells. Where nothing is dialled before them, only what their route knows is told from an extension. */
function outsidePatterns({ prefix, numbers }: OutsideNumbers): readonly string[] {
  if (prefix !== '') return [`${prefix}xx.T`];
  if (numbers.length === 0 || numbers.some((pattern) => pattern.startsWith('+'))) return ['xx.T'];
  return numbers.map((pattern) => (pattern.endsWith('.') ? `${pattern}T` : pattern));
}
