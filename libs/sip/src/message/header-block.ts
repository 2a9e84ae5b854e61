import { splitElements } from './elements.ts';
import { makeLine, nameOf, valueOf } from './head.ts';
import type { Line } from './head.ts';
import { headerId, ids, isList } from './header-names.ts';
import { wireText } from './latin1.ts';
import type { HeaderFields, NameAddress, Via } from './message.ts';
import { parseNameAddress } from './name-address.ts';
import { parseCSeq } from './values.ts';
import { parseViaAt } from './via.ts';

type CSeq = { readonly number: number; readonly method: string };

/**
 * The header fields of one message: the lines in wire order, looked through when asked (there are about 15: a map would
 * cost more than it saves). The values that every layer asks for are kept until a field changes.
 */
export class HeaderBlock implements HeaderFields {
  readonly #lines: Line[];
  #via: Via | undefined;
  #from: NameAddress | undefined;
  #to: NameAddress | undefined;
  #cseq: CSeq | undefined;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  get(name: string): string | undefined {
    const at = this.#find(name, 0);
    return at < 0 ? undefined : valueOf(this.#at(at));
  }

  lines(name: string): string[] {
    const values: string[] = [];
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + 1)) values.push(valueOf(this.#at(at)));
    return values;
  }

  list(name: string): string[] {
    if (!isList(headerId(name))) return this.lines(name);
    const elements: string[] = [];
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at + 1)) {
      const value = valueOf(this.#at(at));
      // `Supported:` alone is an empty list (RFC 3261 20.37).
      if (value !== '') splitElements(value, elements);
    }
    return elements;
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  set(name: string, value: string): void {
    const first = this.#find(name, 0);
    for (let at = this.#find(name, first + 1); first >= 0 && at >= 0; at = this.#find(name, at)) this.#lines.splice(at, 1);
    this.replaceFirst(name, value);
  }

  replaceFirst(name: string, value: string): void {
    const line = newLine(name, value);
    const at = this.#find(name, 0);
    if (at < 0) this.#lines.push(line);
    else this.#lines[at] = line;
    this.#changed();
  }

  append(name: string, value: string): void {
    this.#lines.push(newLine(name, value));
    this.#changed();
  }

  prepend(name: string, value: string): void {
    const at = this.#find(name, 0);
    this.#lines.splice(at < 0 ? 0 : at, 0, newLine(name, value));
    this.#changed();
  }

  remove(name: string): void {
    for (let at = this.#find(name, 0); at >= 0; at = this.#find(name, at)) this.#lines.splice(at, 1);
    this.#changed();
  }

  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    for (const line of this.#lines) yield [nameOf(line), valueOf(line)];
  }

  /** The lines themselves, for the writer and for responses that copy them. Not to be changed. */
  get wire(): readonly Line[] {
    return this.#lines;
  }

  /** First field of a known name. */
  first(id: number): string | undefined {
    const lines = this.#lines;
    for (let at = 0; at < lines.length; at += 1) if (lines[at]?.id === id) return valueOf(this.#at(at));
    return undefined;
  }

  /** The topmost Via; undefined when absent or malformed. So are the next three. */
  get via(): Via | undefined {
    if (this.#via === undefined) {
      const value = this.first(ids.via);
      if (value !== undefined) this.#via = parseViaAt(value, 0)?.via;
    }
    return this.#via;
  }

  get from(): NameAddress | undefined {
    return (this.#from ??= this.#nameAddress(ids.from));
  }

  get to(): NameAddress | undefined {
    return (this.#to ??= this.#nameAddress(ids.to));
  }

  get cseq(): CSeq | undefined {
    if (this.#cseq === undefined) {
      const value = this.first(ids.cseq);
      if (value !== undefined) this.#cseq = parseCSeq(value);
    }
    return this.#cseq;
  }

  #nameAddress(id: number): NameAddress | undefined {
    const value = this.first(id);
    return value === undefined ? undefined : parseNameAddress(value);
  }

  #changed(): void {
    this.#via = this.#from = this.#to = this.#cseq = undefined;
  }

  #at(at: number): Line {
    return this.#lines[at] as Line;
  }

  #find(name: string, from: number): number {
    const id = headerId(name);
    const lines = this.#lines;
    if (id !== 0) {
      for (let at = from; at < lines.length; at += 1) if (lines[at]?.id === id) return at;
      return -1;
    }
    const lower = name.toLowerCase();
    for (let at = from; at < lines.length; at += 1) {
      const line = lines[at] as Line;
      if (line.id === 0 && nameOf(line).toLowerCase() === lower) return at;
    }
    return -1;
  }
}

const unfit = /[\r\n\0]|[^\0-\xff]/;
const breaks = /[\r\n\0]+/g;

/** A line we write. */
export function newLine(name: string, value: string): Line {
  return makeLine(headerId(name), name, fitForWire(value));
}

/**
 * Text of ours as it may stand in a line. Beyond latin1 it goes out as UTF-8; a line break would let whoever chose the
 * text (an operator, a caller's name) write header fields of their own, so it becomes a space.
 */
export function fitForWire(text: string): string {
  return unfit.test(text) ? wireText(text.replace(breaks, ' ')) : text;
}
