import { isAlpha, isDigit, isSpace, skipQuoted, skipSpace, unquote } from './characters.ts';
import type { HeaderFields, NameAddress } from './message.ts';
import { defaultLimits } from './limits.ts';
import { findParameter, formatParameter, quote, skipParameters } from './parameters.ts';

/** undefined when malformed. A URI without `<>` gives its parameters to the header (RFC 3261 20). */
export function parseNameAddress(text: string): NameAddress | undefined {
  const start = skipSpace(text, 0);
  let at = start;
  if (text.charCodeAt(at) === 0x22) {
    at = skipQuoted(text, at);
    if (at < 0) return undefined;
    const nameEnd = at;
    at = skipSpace(text, at);
    return text.charCodeAt(at) === 0x3c ? bracketed(text, at, start, nameEnd) : undefined;
  }
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3c) return bracketed(text, at, start, at);
    if (code === 0x3a) return bare(text, start);
    // Tokens by the grammar; phones also write names with other characters unquoted, which is unambiguous but for these.
    if (code === 0x22 || code === 0x2c || code === 0x3b || code === 0x3e) return undefined;
  }
  return undefined;
}

/** `at` is the '<'. */
function bracketed(text: string, at: number, nameStart: number, nameEnd: number): NameAddress | undefined {
  const end = text.indexOf('>', at);
  if (end < 0 || !isUri(text, at + 1, end)) return undefined;
  return withParameters(text, nameStart, nameEnd, at + 1, end, end + 1);
}

function bare(text: string, start: number): NameAddress | undefined {
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x3b || isSpace(code)) break;
    // RFC 3261 20.10: a URI with a comma or question mark must be in brackets.
    if (code === 0x2c || code === 0x3f) return undefined;
  }
  if (!isUri(text, start, end)) return undefined;
  return withParameters(text, start, start, start, end, end);
}

function withParameters(text: string, nameStart: number, nameEnd: number, uriStart: number, uriEnd: number, at: number): NameAddress | undefined {
  return skipParameters(text, at) === text.length ? new WrittenAddress(text, nameStart, nameEnd, uriStart, uriEnd, at) : undefined;
}

/** Scheme, colon, then something without white space, controls, quotes or brackets (RFC 3261 25.1 absoluteURI, loosely: the scheme's own grammar is `parseUri`'s). */
export function isUri(text: string, start: number, end: number): boolean {
  const colon = schemeEnd(text, start);
  if (colon < 0 || colon + 1 >= end) return false;
  for (let at = colon + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x22 || code === 0x3c || code === 0x3e || code === 0x7f) return false;
  }
  return true;
}

/** Place of the colon after a scheme, -1 when there is none. */
export function schemeEnd(text: string, at: number): number {
  if (!isAlpha(text.charCodeAt(at))) return -1;
  for (at += 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) return at;
    if (!isAlpha(code) && !isDigit(code) && code !== 0x2b && code !== 0x2d && code !== 0x2e) return -1;
  }
  return -1;
}

class WrittenAddress implements NameAddress {
  readonly uri: string;
  readonly tag: string | undefined;
  readonly #text: string;
  readonly #nameStart: number;
  readonly #nameEnd: number;
  readonly #parameters: number;

  constructor(text: string, nameStart: number, nameEnd: number, uriStart: number, uriEnd: number, parameters: number) {
    this.#text = text;
    this.#nameStart = nameStart;
    this.#nameEnd = nameEnd;
    this.#parameters = parameters;
    this.uri = text.slice(uriStart, uriEnd);
    this.tag = this.parameter('tag');
  }

  get displayName(): string | undefined {
    const written = this.#text.slice(this.#nameStart, this.#nameEnd).trim();
    if (written === '') return undefined;
    return written.charCodeAt(0) === 0x22 ? unquote(written) : written;
  }

  parameter(name: string): string | undefined {
    return findParameter(this.#text, this.#parameters, this.#text.length, name);
  }
}

/** All elements of a name-address header (Route, Record-Route, Path, P-Asserted-Identity …); undefined when one is malformed. */
export function parseNameAddresses(headers: HeaderFields, name: string): NameAddress[] | undefined {
  const elements = headers.list(name);
  if (elements.length > defaultLimits.listElements) return undefined;
  const addresses: NameAddress[] = [];
  for (const element of elements) {
    const address = parseNameAddress(element);
    if (address === undefined) return undefined;
    addresses.push(address);
  }
  return addresses;
}

/** `"Display" <uri>;name=value`; the display name is quoted and escaped, any text is allowed. */
export function formatNameAddress(parts: {
  readonly displayName?: string | undefined;
  readonly uri: string;
  readonly parameters?: readonly (readonly [name: string, value: string])[];
}): string {
  let text = parts.displayName === undefined || parts.displayName === '' ? `<${parts.uri}>` : `${quote(parts.displayName)} <${parts.uri}>`;
  for (const [name, value] of parts.parameters ?? []) text += formatParameter(name, value);
  return text;
}
