/** Which numbers can be dialled, and when one is complete. Made by `digitMap`. */
export interface DigitMap {
  readonly patterns: readonly Pattern[];
  /** Complete as soon as they are dialled, whatever the patterns say. */
  readonly emergency: readonly string[];
}

/** What is dialled, position by position; then perhaps a pause. */
interface Pattern {
  readonly positions: readonly Position[];
  readonly endsInPause: boolean;
}

/** One digit of these, or with `repeats` any number of them, none too. */
interface Position {
  readonly digits: string;
  readonly repeats: boolean;
}

/**
 * `immediate`: a number is complete when any pattern has all of it (RFC 3435 2.1.5). `longest`: not before no pattern could take
 * another digit.
 */
export type DigitMatching = 'immediate' | 'longest';

/** `partial`: more is needed. `pausing`: complete unless more is dialled before a short pause is over. */
export type Dialled = 'impossible' | 'partial' | 'pausing' | 'complete';

/** `at`: the place in the text, from 0. */
export interface DigitMapFault {
  readonly at: number;
  readonly problem: 'empty' | 'symbol' | 'rangeOpen' | 'rangeEmpty' | 'rangeBackwards' | 'nothingToRepeat' | 'afterPause' | 'parenthesis' | 'tooLong';
}

export type DigitMapResult = { readonly ok: true; readonly map: DigitMap } | { readonly ok: false; readonly fault: DigitMapFault };

/**
 * Reads a digit map as RFC 3435 2.1.5 writes it: patterns between `|`, all of them in parentheses or not; digits `0`-`9`, `*`, `#`, `A`-`D`;
 * `x` for any of `0`-`9`; `[2-57]` for one of several; `.` for any number, also none, of what is before it; `T` at the end for a pause.
 * Spaces and ends of lines around a pattern do not count.
 */
export function digitMap(text: string, emergency: readonly string[] = []): DigitMapResult {
  if (text.length > longestText) return refuse(longestText, 'tooLong');
  const [from, to] = withinParentheses(text);
  const patterns: Pattern[] = [];
  let at = from;
  for (const part of text.slice(from, to).split('|')) {
    const pattern = patternOf(text, at, at + part.length);
    if ('problem' in pattern) return { ok: false, fault: pattern };
    patterns.push(pattern);
    at += part.length + 1;
  }
  return { ok: true, map: { patterns, emergency } };
}

/** What has been dialled so far, by the map. */
export function dialled(map: DigitMap, digits: string, matching: DigitMatching): Dialled {
  if (map.emergency.includes(digits)) return 'complete';
  const isEmergencyBegun = map.emergency.some((number) => number.startsWith(digits));
  const fits = map.patterns.map((pattern) => fitOf(pattern, digits)).filter((fit) => fit !== null);
  const mayGoOn = isEmergencyBegun || fits.some(({ takesMore }) => takesMore);
  const full = fits.filter(({ isFull }) => isFull);
  if (full.length === 0) return mayGoOn ? 'partial' : 'impossible';
  if (full.every(({ endsInPause }) => endsInPause)) return 'pausing';
  return isEmergencyBegun || (matching === 'longest' && mayGoOn) ? 'pausing' : 'complete';
}

interface Fit {
  readonly isFull: boolean;
  readonly takesMore: boolean;
  readonly endsInPause: boolean;
}

/** How a pattern takes the digits; null: not at all. All places it may have come to are followed at once, so no pattern takes long. */
function fitOf({ positions, endsInPause }: Pattern, digits: string): Fit | null {
  let places = reached(positions, [0]);
  for (const digit of digits) {
    const next = [...places].flatMap((place) => {
      const position = positions[place];
      if (position === undefined || !position.digits.includes(digit)) return [];
      return [position.repeats ? place : place + 1];
    });
    places = reached(positions, next);
  }
  if (places.size === 0) return null;
  return { isFull: places.has(positions.length), takesMore: [...places].some((place) => place < positions.length), endsInPause };
}

/** With those that are reached by skipping what may be there no time at all. */
function reached(positions: readonly Position[], from: readonly number[]): ReadonlySet<number> {
  const places = new Set<number>();
  for (let place of from) {
    places.add(place);
    while (positions[place]?.repeats === true) places.add(++place);
  }
  return places;
}

/** Where the patterns begin and end. Parentheses elsewhere are symbols that are not known. */
function withinParentheses(text: string): readonly [from: number, to: number] {
  const from = text.length - text.trimStart().length;
  const to = text.trimEnd().length;
  return text[from] === '(' && to - from > 1 && text[to - 1] === ')' ? [from + 1, to - 1] : [0, text.length];
}

function patternOf(text: string, from: number, to: number): Pattern | DigitMapFault {
  const part = text.slice(from, to);
  const end = from + part.trimEnd().length;
  const positions: Position[] = [];
  let at = from + part.length - part.trimStart().length;
  if (at >= end) return { at: from, problem: 'empty' };
  while (at < end) {
    const symbol = text[at]!.toUpperCase();
    if (symbol === 'T' && positions.length === 0) return { at, problem: 'empty' };
    if (symbol === 'T') return at + 1 < end ? { at: at + 1, problem: 'afterPause' } : { positions, endsInPause: true };
    if (symbol === '.') {
      const last = positions.at(-1);
      if (last === undefined || last.repeats) return { at, problem: 'nothingToRepeat' };
      positions[positions.length - 1] = { ...last, repeats: true };
      at++;
      continue;
    }
    if (symbol === '(' || symbol === ')') return { at, problem: 'parenthesis' };
    const close = symbol === '[' ? text.indexOf(']', at) : at;
    if (close === -1 || close >= end) return { at, problem: 'rangeOpen' };
    const digits = symbol === '[' ? rangeOf(text, at + 1, close) : symbol === 'X' ? '0123456789' : isDigit(symbol) ? symbol : { at, problem: 'symbol' as const };
    if (typeof digits !== 'string') return digits;
    positions.push({ digits, repeats: false });
    at = close + 1;
  }
  return { positions, endsInPause: false };
}

/** `2-57` is 2, 3, 4, 5 and 7. */
function rangeOf(text: string, from: number, to: number): string | DigitMapFault {
  if (from === to) return { at: from, problem: 'rangeEmpty' };
  let digits = '';
  for (let at = from; at < to; at++) {
    const first = text[at]!.toUpperCase();
    if (!isDigit(first)) return { at, problem: 'symbol' };
    digits += first;
    if (text[at + 1] !== '-' || at + 1 >= to) continue;
    const last = text[at + 2]!.toUpperCase();
    if (!isNumeral(first) || !isNumeral(last)) return { at: at + 2, problem: at + 2 === to ? 'rangeOpen' : 'symbol' };
    if (last < first) return { at, problem: 'rangeBackwards' };
    for (let digit = Number(first) + 1; digit <= Number(last); digit++) digits += digit;
    at += 2;
  }
  return digits;
}

function isDigit(symbol: string): boolean {
  return symbol.length === 1 && '0123456789*#ABCD'.includes(symbol);
}

function isNumeral(symbol: string): boolean {
  return symbol >= '0' && symbol <= '9';
}

function refuse(at: number, problem: DigitMapFault['problem']): DigitMapResult {
  return { ok: false, fault: { at, problem } };
}

const longestText = 4_096;
