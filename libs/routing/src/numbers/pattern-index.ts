import type { NumberPattern } from '@tipring/config';

/**
 * Many patterns asked at once: which of them a number fits. Numbers without wildcards are looked up, the others share a tree of their symbols, so that the work is that of
 * the patterns that fit so far and not of all.
 */
export class PatternIndex<Value> {
  readonly #literal = new Map<string, Value[]>();
  readonly #root: Node<Value> = newNode();
  #size = 0;

  /** Without its plus sign: what is compared with E.164 is in an index of its own. @param before digits that are dialled first */
  add(pattern: NumberPattern, value: Value, before = ''): void {
    const symbols = pattern.startsWith('+') ? pattern.slice(1) : pattern;
    this.#size += 1;
    if (isLiteral(symbols)) {
      const values = this.#literal.get(before + symbols);
      if (values === undefined) this.#literal.set(before + symbols, [value]);
      else values.push(value);
      return;
    }
    const { masks, last } = read(before + symbols);
    let node = this.#root;
    for (const mask of masks) node = child(node, mask);
    if (last === null) node.ends.push(value);
    else (node.tails.find(({ mask }) => mask === last) ?? newTail(node, last)).values.push(value);
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Values of all patterns that the whole of `number` fits, in no order; one as often as it has such patterns. */
  match(number: string): readonly Value[] {
    const found = [...(this.#literal.get(number) ?? [])];
    walk(this.#root, number, 0, found);
    return found;
  }

  fits(number: string): boolean {
    return this.#size > 0 && this.match(number).length > 0;
  }
}

/** Patterns of a list as the configuration has it: those with + are for the number as E.164, the others for the number as it was given. */
export class PatternList {
  readonly #given = new PatternIndex<true>();
  readonly #e164 = new PatternIndex<true>();

  constructor(patterns: readonly NumberPattern[]) {
    for (const pattern of patterns) (pattern.startsWith('+') ? this.#e164 : this.#given).add(pattern, true);
  }

  fits(given: string, e164: string | null): boolean {
    return this.#given.fits(given) || (e164 !== null && this.#e164.fits(e164.slice(1)));
  }
}

/** Bit n: the digit n; bits 10 and 11: * and #. */
type Mask = number;

interface Node<Value> {
  readonly children: { readonly mask: Mask; readonly node: Node<Value> }[];
  readonly ends: Value[];
  /** Whatever is left consists of these, if anything is. */
  readonly tails: { readonly mask: Mask; readonly values: Value[] }[];
}

function newNode<Value>(): Node<Value> {
  return { children: [], ends: [], tails: [] };
}

function newTail<Value>(node: Node<Value>, mask: Mask): Node<Value>['tails'][number] {
  const tail = { mask, values: [] };
  node.tails.push(tail);
  return tail;
}

function child<Value>(node: Node<Value>, mask: Mask): Node<Value> {
  const known = node.children.find((one) => one.mask === mask);
  if (known !== undefined) return known.node;
  const next = newNode<Value>();
  node.children.push({ mask, node: next });
  return next;
}

/** A tree: no node is met twice. */
function walk<Value>(node: Node<Value>, number: string, at: number, found: Value[]): void {
  for (const { mask, values } of node.tails) if (consistsOf(number, at, mask)) found.push(...values);
  if (at === number.length) {
    found.push(...node.ends);
    return;
  }
  const bit = bitOf(number.charCodeAt(at));
  for (const { mask, node: next } of node.children) if ((mask & bit) !== 0) walk(next, number, at + 1, found);
}

function consistsOf(number: string, from: number, mask: Mask): boolean {
  for (let at = from; at < number.length; at += 1) if ((bitOf(number.charCodeAt(at)) & mask) === 0) return false;
  return true;
}

/** The symbols of a pattern; `last`: the one that `.` repeats (RFC 3435 2.1.5: any number, also none), which is not among `masks`. */
function read(symbols: string): { masks: Mask[]; last: Mask | null } {
  const masks: Mask[] = [];
  for (let at = 0; at < symbols.length; at += 1) {
    const symbol = symbols[at]!;
    if (symbol === '.') return { last: masks.pop() ?? null, masks };
    if (symbol === 'x') masks.push(ANY_DIGIT);
    else if (symbol === '[') {
      const end = symbols.indexOf(']', at);
      masks.push(oneOf(symbols.slice(at + 1, end)));
      at = end;
    } else masks.push(bitOf(symbol.charCodeAt(0)));
  }
  return { masks, last: null };
}

/** `2-57`: 2, 3, 4, 5 and 7. */
function oneOf(text: string): Mask {
  let mask = 0;
  for (let at = 0; at < text.length; at += 1) {
    const from = Number(text[at]);
    const to = text[at + 1] === '-' ? Number(text[(at += 2)]) : from;
    for (let digit = from; digit <= to; digit += 1) mask |= 1 << digit;
  }
  return mask;
}

function isLiteral(symbols: string): boolean {
  return !/[x[.]/.test(symbols);
}

function bitOf(code: number): Mask {
  if (code >= 48 && code <= 57) return 1 << (code - 48);
  return code === 42 ? 1 << 10 : code === 35 ? 1 << 11 : 0;
}

const ANY_DIGIT: Mask = 0b11_1111_1111;
