import { hostPart, is, isDigit, isSpace, parseInteger, skip, skipSpace, token } from './characters.ts';
import { elementEnd } from './elements.ts';
import { defaultLimits } from './limits.ts';
import type { HeaderFields, SipRequest, Via } from './message.ts';
import { findParameter, skipParameters } from './parameters.ts';

/** Where bytes came from. */
export interface Source {
  readonly address: string;
  readonly port: number;
}

/** One Via element; undefined when malformed. */
export function parseVia(text: string): Via | undefined {
  const parsed = parseViaAt(text, 0);
  return parsed !== undefined && parsed.end === text.length ? parsed.via : undefined;
}

/** The Via element at `from` of a field that may hold several; `end` is the comma after it or the text's end. */
export function parseViaAt(text: string, from: number): { readonly via: Via; readonly end: number } | undefined {
  // sent-protocol: white space may stand around the slashes (RFC 3261 25.1 SLASH).
  const start = skipSpace(text, from);
  let at = skip(text, start, token);
  if (at === start) return undefined;
  at = slash(text, at);
  const version = at;
  at = at < 0 ? -1 : skip(text, at, token);
  if (at <= version) return undefined;
  const transportStart = slash(text, at);
  if (transportStart < 0) return undefined;
  const transportEnd = skip(text, transportStart, token);
  if (transportEnd === transportStart || !isSpace(text.charCodeAt(transportEnd))) return undefined;

  const hostStart = skipSpace(text, transportEnd);
  const hostEnd = skipHost(text, hostStart);
  if (hostEnd < 0) return undefined;
  at = skipSpace(text, hostEnd);
  let port: number | undefined;
  if (text.charCodeAt(at) === 0x3a) {
    const digits = skipSpace(text, at + 1);
    at = digits;
    while (isDigit(text.charCodeAt(at))) at += 1;
    port = parseInteger(text.slice(digits, at), 65_535);
    if (port === undefined) return undefined;
  }
  const end = skipParameters(text, at);
  if (end < 0 || (end < text.length && text.charCodeAt(end) !== 0x2c)) return undefined;
  return { via: new WrittenVia(text, start, transportStart, transportEnd, hostStart, hostEnd, port, at, end), end };
}

function slash(text: string, at: number): number {
  at = skipSpace(text, at);
  return text.charCodeAt(at) === 0x2f ? skipSpace(text, at + 1) : -1;
}

/** End of a host name, IPv4 address or bracketed IPv6 reference; -1 when there is none. */
export function skipHost(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x5b) {
    const end = skip(text, start, hostPart);
    return end === start ? -1 : end;
  }
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5d) return at > start + 2 ? at + 1 : -1;
    // Hexadecimal groups, an IPv4 tail; a zone (RFC 6874) is no part of SIP's grammar.
    if (code !== 0x3a && code !== 0x2e && !(is(code, hostPart) && code !== 0x2d && code !== 0x5f)) return -1;
  }
  return -1;
}

class WrittenVia implements Via {
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly #text: string;
  readonly #start: number;
  readonly #parameters: number;
  readonly #end: number;

  constructor(text: string, start: number, transportStart: number, transportEnd: number, hostStart: number, hostEnd: number, port: number | undefined, parameters: number, end: number) {
    this.#text = text;
    this.#start = start;
    this.#parameters = parameters;
    this.#end = end;
    this.transport = text.slice(transportStart, transportEnd);
    this.host = text.slice(hostStart, hostEnd);
    this.port = port;
    this.branch = findParameter(text, parameters, end, 'branch');
  }

  get rport(): string | undefined {
    return findParameter(this.#text, this.#parameters, this.#end, 'rport');
  }

  get received(): string | undefined {
    return findParameter(this.#text, this.#parameters, this.#end, 'received');
  }

  get text(): string {
    return this.#text.slice(this.#start, this.#end).trimEnd();
  }
}

/** Every Via, topmost first; undefined when one is malformed. */
export function parseVias(headers: HeaderFields): Via[] | undefined {
  const elements = headers.list('Via');
  if (elements.length > defaultLimits.listElements) return undefined;
  const vias: Via[] = [];
  for (const element of elements) {
    const via = parseVia(element);
    if (via === undefined) return undefined;
    vias.push(via);
  }
  return vias;
}

/** Writes received (RFC 3261 18.2.1) and rport (RFC 3581 4) into the topmost Via. */
export function stampVia(request: SipRequest, source: Source): void {
  const field = request.headers.get('Via');
  if (field === undefined) return;
  const stamped = stampedVia(field, source);
  if (stamped !== field) request.headers.replaceFirst('Via', stamped);
}

/** The field with its first element stamped; unchanged when there is nothing to say or nothing to read. */
export function stampedVia(field: string, source: Source): string {
  const via = parseViaAt(field, 0)?.via;
  if (via === undefined) return field;
  const host = via.host.startsWith('[') ? via.host.slice(1, -1) : via.host;
  const asksPort = via.rport !== undefined;
  // RFC 3581 4: with rport asked for, received is written even if it equals sent-by.
  if (!asksPort && host === source.address) return field;
  const end = elementEnd(field, 0);
  return `${withoutParameters(field.slice(0, end))};received=${source.address}${asksPort ? `;rport=${String(source.port)}` : ''}${field.slice(end)}`;
}

/** Without any received and rport: the sender may not choose them (RFC 3261 18.2.1 adds, so an old one would answer first). */
function withoutParameters(element: string): string {
  let kept = '';
  let from = 0;
  while (from < element.length) {
    let end = from + 1;
    for (let quoted = false; end < element.length; end += 1) {
      const code = element.charCodeAt(end);
      if (code === 0x22) quoted = !quoted;
      else if (code === 0x5c && quoted) end += 1;
      else if (code === 0x3b && !quoted) break;
    }
    const part = element.slice(from, end);
    const name = part.slice(1).split('=', 1)[0]?.trim().toLowerCase();
    if (from === 0 || (name !== 'received' && name !== 'rport')) kept += part;
    from = end;
  }
  return kept.trimEnd();
}
