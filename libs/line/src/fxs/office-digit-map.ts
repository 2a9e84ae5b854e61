import { digitMap, type DigitMap } from './digit-map.ts';

export interface OfficeNumbers {
  /** Complete with their last digit. */
  readonly extensions: readonly string[];
  /** What leads out; behind it any number, which a pause ends. */
  readonly prefixes: readonly string[];
  /** Complete with their last digit whatever else there is, behind a prefix too. */
  readonly emergency: readonly string[];
}

/** What can be dialled in an office. Null: more than a map can say, and every number must be ended by a pause. */
export function officeDigitMap({ extensions, prefixes, emergency }: OfficeNumbers): DigitMap | null {
  const stems = new Map<string, string[]>();
  for (const number of extensions) {
    const stem = number.slice(0, -1);
    const last = stems.get(stem);
    if (last === undefined) stems.set(stem, [number.slice(-1)]);
    else last.push(number.slice(-1));
  }
  const patterns = [...Array.from(stems, ([stem, last]) => `${stem}[${last.join('')}]`), ...prefixes.map((prefix) => `${prefix}xx.T`)];
  // A map cannot be without any pattern.
  if (patterns.length === 0) return null;
  const read = digitMap(patterns.join('|'), emergency.flatMap((number) => [number, ...prefixes.map((prefix) => prefix + number)]));
  return read.ok ? read.map : null;
}
