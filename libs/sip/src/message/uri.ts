import { is, isDigit, isHex, parseInteger, password as passwordPart, skip, uriHeaderPart, uriParameterPart, userPart } from './characters.ts';
import { wireText } from './latin1.ts';
import { isUri, schemeEnd } from './name-address.ts';
import { mostParameters } from './parameters.ts';
import { skipHost } from './via.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** A SIP or SIPS URI (RFC 3261 19.1). Parts are as written (still escaped) except scheme and host, which are lower case. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Escaped, as written; `unescapeUser` reads it. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** An IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Lower-case names; '' for one without value. */
  readonly parameters: Pairs;
  /** name=value pairs after '?', as written. */
  readonly headers: Pairs;
}

/** A tel URI (RFC 3966). */
export interface TelUri {
  readonly scheme: 'tel';
  /** Without visual separators, with '+' when global. */
  readonly number: string;
  readonly parameters: Pairs;
}

const none: Pairs = [];

/** undefined when not a well-formed sip/sips URI (another scheme included). */
export function parseUri(text: string): SipUri | undefined {
  const colon = schemeEnd(text, 0);
  if (colon !== 3 && colon !== 4) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;

  // '@' may stand nowhere but after userinfo, so the first one ends it: ';' and '?' before it belong to the user (RFC 4475 3.1.1.9).
  let at = colon + 1;
  let user: string | undefined;
  let password: string | undefined;
  const separator = text.indexOf('@', at);
  if (separator >= 0) {
    const userEnd = skipEscaped(text, at, userPart);
    if (userEnd === at || userEnd > separator) return undefined;
    user = text.slice(at, userEnd);
    if (userEnd < separator) {
      if (text.charCodeAt(userEnd) !== 0x3a || skipEscaped(text, userEnd + 1, passwordPart) !== separator) return undefined;
      password = text.slice(userEnd + 1, separator);
    }
    at = separator + 1;
  }

  const hostEnd = skipHost(text, at);
  if (hostEnd < 0) return undefined;
  const host = text.slice(at, hostEnd).toLowerCase();
  at = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(at) === 0x3a) {
    const digits = at + 1;
    at = digits;
    while (isDigit(text.charCodeAt(at))) at += 1;
    port = parseInteger(text.slice(digits, at), 65_535);
    if (port === undefined) return undefined;
  }

  let parameters = none;
  if (text.charCodeAt(at) === 0x3b) {
    const found: [string, string][] = [];
    at = readPairs(text, at, 0x3b, uriParameterPart, found);
    if (at < 0) return undefined;
    for (const pair of found) pair[0] = pair[0].toLowerCase();
    parameters = found;
  }
  let headers = none;
  if (text.charCodeAt(at) === 0x3f) {
    const found: [string, string][] = [];
    at = readPairs(text, at, 0x26, uriHeaderPart, found);
    if (at < 0) return undefined;
    headers = found;
  }
  return at === text.length ? { scheme, user, password, host, port, parameters, headers } : undefined;
}

/** `at` is the character before the first pair. Returns where the pairs end, -1 when malformed. */
function readPairs(text: string, at: number, separator: number, part: number, into: [string, string][]): number {
  do {
    const name = at + 1;
    const nameEnd = skipEscaped(text, name, part);
    if (nameEnd <= name || into.length === mostParameters) return -1;
    let value = '';
    at = nameEnd;
    if (text.charCodeAt(at) === 0x3d) {
      at = skipEscaped(text, nameEnd + 1, part);
      if (at < 0) return -1;
      value = text.slice(nameEnd + 1, at);
      // RFC 3261 19.1.1: pvalue is not empty; hvalue may be.
      if (value === '' && separator === 0x3b) return -1;
    } else if (separator === 0x26) return -1;
    into.push([text.slice(name, nameEnd), value]);
  } while (text.charCodeAt(at) === separator);
  return at;
}

/** End of a run of characters of that class and %XX escapes; -1 at a broken escape. */
function skipEscaped(text: string, at: number, part: number): number {
  for (;;) {
    at = skip(text, at, part);
    if (text.charCodeAt(at) !== 0x25) return at;
    if (!isHex(text.charCodeAt(at + 1)) || !isHex(text.charCodeAt(at + 2))) return -1;
    at += 3;
  }
}

export function parseTelUri(text: string): TelUri | undefined {
  if (schemeEnd(text, 0) !== 3 || text.slice(0, 3).toLowerCase() !== 'tel') return undefined;
  let number = '';
  let at = 4;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x3b) break;
    // RFC 3966 5.1.1: visual separators say nothing.
    if (code === 0x2d || code === 0x2e || code === 0x28 || code === 0x29) continue;
    // '+' first only; a local number may hold hexadecimal digits, '*' and '#'.
    if (!isHex(code) && code !== 0x2a && code !== 0x23 && !(code === 0x2b && at === 4)) return undefined;
    number += text.charAt(at);
  }
  if (number === '' || number === '+') return undefined;
  const parameters: [string, string][] = [];
  if (at < text.length) {
    at = readPairs(text, at, 0x3b, uriParameterPart, parameters);
    if (at !== text.length) return undefined;
    for (const pair of parameters) pair[0] = pair[0].toLowerCase();
  }
  return { scheme: 'tel', number, parameters };
}

/** Lower-case scheme of any URI, undefined when there is none. */
export function uriScheme(text: string): string | undefined {
  const end = schemeEnd(text, 0);
  return end < 0 || !isUri(text, 0, text.length) ? undefined : text.slice(0, end).toLowerCase();
}

/** Parts are written as they are: escape a user with `escapeUser` first. */
export function formatUri(uri: {
  readonly scheme?: 'sip' | 'sips';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly parameters?: Pairs;
  readonly headers?: Pairs;
}): string {
  let text = `${uri.scheme ?? 'sip'}:`;
  if (uri.user !== undefined) text += uri.password === undefined ? `${uri.user}@` : `${uri.user}:${uri.password}@`;
  text += uri.host.includes(':') && !uri.host.startsWith('[') ? `[${uri.host}]` : uri.host;
  if (uri.port !== undefined) text += `:${String(uri.port)}`;
  for (const [name, value] of uri.parameters ?? none) text += value === '' ? `;${name}` : `;${name}=${value}`;
  let separator = '?';
  for (const [name, value] of uri.headers ?? none) {
    text += `${separator}${name}=${value}`;
    separator = '&';
  }
  return text;
}

/** Parameters that must stand in both or in neither; by the examples of RFC 3261 19.1.4 `transport` is one of them. */
const decisive = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** RFC 3261 19.1.4. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  if (a.scheme !== b.scheme || a.host !== b.host || a.port !== b.port) return false;
  if (!sameText(a.user, b.user) || !sameText(a.password, b.password)) return false;
  for (const name of decisive) if ((uriParameter(a, name) === undefined) !== (uriParameter(b, name) === undefined)) return false;
  for (const [name, value] of a.parameters) {
    const other = uriParameter(b, name);
    if (other !== undefined && normalEscapes(value).toLowerCase() !== normalEscapes(other).toLowerCase()) return false;
  }
  return a.headers.length === b.headers.length && sortedHeaders(a) === sortedHeaders(b);
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && normalEscapes(a) === normalEscapes(b);
}

function sortedHeaders(uri: SipUri): string {
  return uri.headers.map(([name, value]) => `${normalEscapes(name).toLowerCase()}=${normalEscapes(value)}`).sort().join('&');
}

/** RFC 3261 19.1.4: a character outside `reserved` equals its escape; the others do not. */
function normalEscapes(text: string): string {
  if (!text.includes('%')) return text;
  return replaceEscapes(text, (code, escape) => (reserved.includes(String.fromCharCode(code)) || code <= 0x20 || code >= 0x7f || code === 0x25 ? escape.toUpperCase() : String.fromCharCode(code)));
}

const reserved = ';/?:@&=+$,';

function replaceEscapes(text: string, replace: (code: number, escape: string) => string): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    if (isHex(text.charCodeAt(at + 1)) && isHex(text.charCodeAt(at + 2))) {
      const escape = text.slice(at, at + 3);
      result += text.slice(from, at) + replace(Number.parseInt(escape.slice(1), 16), escape);
      at += 3;
      from = at;
    } else at += 1;
  }
  return result + text.slice(from);
}

/** Value of a parameter by lower-case name; '' for one without value. */
export function uriParameter(uri: SipUri | TelUri, name: string): string | undefined {
  for (const parameter of uri.parameters) if (parameter[0] === name) return parameter[1];
  return undefined;
}

/** Decodes %XX (into the bytes, as latin1). */
export function unescapeUser(user: string): string {
  return user.includes('%') ? replaceEscapes(user, (code) => String.fromCharCode(code)) : user;
}

/** Escapes what may not stand in a user part (RFC 3261 25.1); takes any text, beyond ASCII as UTF-8. '#' is escaped too. */
export function escapeUser(user: string): string {
  let text = '';
  for (const character of wireText(user)) {
    const code = character.charCodeAt(0);
    text += is(code, userPart) && code !== 0x23 && code !== 0x25 ? character : `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
