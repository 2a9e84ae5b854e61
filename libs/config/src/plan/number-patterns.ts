import type { NumberPattern } from '../numbers.ts';

/** What a pattern takes, place by place; behind the last one any number more of it when `repeats` (RFC 3435 2.1.5: also none of it). */
interface Places {
  readonly digits: readonly string[];
  readonly repeats: boolean;
}

/** Whether the first pattern takes every number that the second one does. */
export function covers(wide: NumberPattern, narrow: NumberPattern): boolean {
  if (wide === narrow) return true;
  const [a, b] = [placesOf(wide), placesOf(narrow)];
  const fixed = a.digits.length - (a.repeats ? 1 : 0);
  const least = b.digits.length - (b.repeats ? 1 : 0);
  if (least < fixed || (b.repeats && !a.repeats)) return false;
  if (!a.repeats && b.digits.length !== a.digits.length) return false;
  // Behind its last place a repeating pattern takes more of the same.
  return b.digits.every((digits, at) => {
    const taken = a.digits[Math.min(at, a.digits.length - 1)] ?? '';
    return [...digits].every((digit) => taken.includes(digit));
  });
}

/** Whether it takes this number. */
export function takes(pattern: NumberPattern, number: string): boolean {
  const { digits, repeats } = placesOf(pattern);
  const least = digits.length - (repeats ? 1 : 0);
  if (number.length < least || (!repeats && number.length > digits.length)) return false;
  return [...number].every((digit, at) => (digits[Math.min(at, digits.length - 1)] ?? '').includes(digit));
}

function placesOf(pattern: NumberPattern): Places {
  const repeats = pattern.endsWith('.');
  const digits = [...(repeats ? pattern.slice(0, -1) : pattern).matchAll(/\[([^\]]*)\]|[^[\]]/g)].map(([symbol, several]) => (several === undefined ? (symbol === 'x' ? '0123456789' : symbol) : severalOf(several)));
  return { digits, repeats };
}

/** `2-57` → 23457. */
function severalOf(text: string): string {
  return text.replace(/([0-9])-([0-9])/g, (_range, from: string, to: string) => Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_one, at) => Number(from) + at).join(''));
}
