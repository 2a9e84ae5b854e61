import type { NumberPattern } from '../numbers.ts';

/** What a pattern takes, place by place, a bit for each digit; behind the last one any number more of it when `repeats` (RFC 3435 2.1.5: also none of it). */
export interface Places {
  readonly digits: readonly number[];
  readonly repeats: boolean;
}

/** Whether the first pattern takes every number that the second one does. */
export function covers(wide: Places, narrow: Places): boolean {
  const fixed = leastOf(wide);
  if (leastOf(narrow) < fixed || (narrow.repeats && !wide.repeats)) return false;
  if (!wide.repeats && narrow.digits.length !== wide.digits.length) return false;
  // Behind its last place a repeating pattern takes more of the same.
  return narrow.digits.every((digits, at) => (digits & ~placeAt(wide, at)) === 0);
}

/** Whether it takes this number. */
export function takes(pattern: NumberPattern, number: string): boolean {
  const places = placesOf(pattern);
  if (number.length < leastOf(places) || (!places.repeats && number.length > places.digits.length)) return false;
  return [...number].every((digit, at) => (bitOf(digit) & placeAt(places, at)) !== 0);
}

export function placesOf(pattern: NumberPattern): Places {
  const repeats = pattern.endsWith('.');
  const symbols = (repeats ? pattern.slice(0, -1) : pattern).matchAll(/\[([^\]]*)\]|[^[\]]/g);
  return { digits: [...symbols].map(([symbol, several]) => (several !== undefined ? severalOf(several) : symbol === 'x' ? anyDigit : bitOf(symbol))), repeats };
}

/** How many digits a number of it has at the least. */
function leastOf({ digits, repeats }: Places): number {
  return digits.length - (repeats ? 1 : 0);
}

function placeAt({ digits }: Places, at: number): number {
  return digits[Math.min(at, digits.length - 1)] ?? 0;
}

/** `2-57` → 2, 3, 4, 5 and 7. */
function severalOf(text: string): number {
  let bits = 0;
  for (const [, from = '', to = from] of text.matchAll(/([0-9])(?:-([0-9]))?/g)) for (let digit = Number(from); digit <= Number(to); digit += 1) bits |= 1 << digit;
  return bits;
}

function bitOf(symbol: string): number {
  return 1 << '0123456789*#+'.indexOf(symbol);
}

const anyDigit = 0b11_1111_1111;
