import type { Attribute, Connection, MediaDescription, Origin, Result, SessionDescription } from './description.ts';

/** What is wrong, and on which line (from 1). The sender's fault in every case: 400 or 488 is the answer. */
export interface SdpFault {
  readonly kind: 'tooLarge' | 'syntax' | 'version' | 'origin' | 'connection' | 'media' | 'unknownLine';
  readonly line: number;
  readonly text: string;
}

/**
 * Reads a description (RFC 8866). Lenient where phones are sloppy (LF alone, line order inside a section, absent s= and
 * t=, blank lines at the end); strict where a wrong guess would send audio astray. Never throws.
 */
export function parseSdp(input: string | Uint8Array): Result<SessionDescription, SdpFault> {
  const text = typeof input === 'string' ? input : utf8.decode(input);
  if (text.length > MAX_CHARACTERS) return fault('tooLarge', 0, `more than ${MAX_CHARACTERS} characters`);

  let versionSeen = false;
  let origin: Origin | undefined;
  let name = '-';
  let connection: Connection | undefined;
  const information: string[] = [];
  const timing: string[] = [];
  const attributes: Attribute[] = [];
  const media: MediaDescription[] = [];
  // The section being read: the session's, until the first m-line.
  let section: OpenMedia | undefined;
  let at = 0;
  let line = 0;

  while (at < text.length) {
    line += 1;
    if (line > MAX_LINES) return fault('tooLarge', line, `more than ${MAX_LINES} lines`);
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const next = end + 1;
    if (end > at && text.charCodeAt(end - 1) === CR) end -= 1;
    if (end === at) {
      at = next;
      continue;
    }
    const letter = text.charCodeAt(at);
    if (text.charCodeAt(at + 1) !== EQUALS || at + 1 >= end) return fault('syntax', line, 'not `letter=value`');
    const start = at + 2;
    at = next;
    if (!versionSeen && letter !== LETTER_V) return fault('version', line, 'v= does not come first');

    switch (letter) {
      case LETTER_A: {
        const attribute = parseAttribute(text, start, end);
        (section === undefined ? attributes : section.attributes).push(attribute);
        break;
      }
      case LETTER_M: {
        if (media.length >= MAX_MEDIA) return fault('tooLarge', line, `more than ${MAX_MEDIA} m-lines`);
        section = parseMediaLine(text.slice(start, end));
        if (section === undefined) return fault('media', line, 'm-line cannot be read');
        media.push(section);
        break;
      }
      case LETTER_C: {
        const read = parseConnection(text.slice(start, end));
        if (read === undefined) return fault('connection', line, 'c= cannot be read');
        // RFC 8866 5.7 permits several per m-line for layered multicast; a call has one, and the first counts.
        if (section === undefined) connection ??= read;
        else section.connection ??= read;
        break;
      }
      case LETTER_B: case LETTER_I: case LETTER_K: case LETTER_U: case LETTER_E: case LETTER_P:
        (section === undefined ? information : section.information).push(text.slice(start - 2, end));
        break;
      case LETTER_V:
        if (versionSeen || text.slice(start, end).trimEnd() !== '0') return fault('version', line, 'v= is not 0');
        versionSeen = true;
        break;
      case LETTER_O:
        if (origin !== undefined) return fault('origin', line, 'a second o=');
        origin = parseOrigin(text.slice(start, end));
        if (origin === undefined) return fault('origin', line, 'o= cannot be read');
        break;
      case LETTER_S:
        if (section === undefined) name = text.slice(start, end);
        break;
      case LETTER_T: case LETTER_R: case LETTER_Z:
        if (section === undefined) timing.push(text.slice(start - 2, end));
        break;
      // RFC 8866 5: a description with a type letter we do not know is refused whole.
      default:
        return fault('unknownLine', line, `unknown type letter '${text.charAt(start - 2)}'`);
    }
  }
  if (!versionSeen) return fault('version', line, 'no v=');
  if (origin === undefined) return fault('origin', line, 'no o=');
  if (timing.length === 0) timing.push('t=0 0');
  return { ok: true, value: { origin, name, connection, information: exact(information), timing: exact(timing), attributes: exact(attributes), media: media.map(withExactLists) } };
}

/** A list that was pushed to has room for seventeen; it is kept as long as a call. */
function exact<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list.slice();
}

function withExactLists(media: MediaDescription): MediaDescription {
  return { ...media, information: exact(media.information), attributes: exact(media.attributes) };
}

interface OpenMedia extends MediaDescription {
  connection: Connection | undefined;
  readonly information: string[];
  readonly attributes: Attribute[];
}

function parseAttribute(text: string, start: number, end: number): Attribute {
  const colon = text.indexOf(':', start);
  return colon < 0 || colon >= end
    ? { name: text.slice(start, end) }
    : { name: text.slice(start, colon), value: text.slice(colon + 1, end) };
}

/** RFC 8866 5.14: `media port[/count] proto fmt…`. */
function parseMediaLine(text: string): OpenMedia | undefined {
  const parts = fields(text);
  const [kind, ports, protocol] = parts;
  if (kind === undefined || ports === undefined || protocol === undefined) return undefined;
  const slash = ports.indexOf('/');
  const port = parseNumber(slash < 0 ? ports : ports.slice(0, slash), 65_535);
  if (port === undefined) return undefined;
  const formats = parts.slice(3);
  if (slash < 0) return { kind, port, protocol, formats, connection: undefined, information: [], attributes: [] };
  const portCount = parseNumber(ports.slice(slash + 1), 65_535);
  if (portCount === undefined) return undefined;
  return { kind, port, portCount, protocol, formats, connection: undefined, information: [], attributes: [] };
}

/** RFC 8866 5.2: `username sess-id sess-version nettype addrtype unicast-address`. */
function parseOrigin(text: string): Origin | undefined {
  const parts = fields(text);
  const [username, sessionId, version, network, family, address] = parts;
  if (parts.length !== 6 || username === undefined || sessionId === undefined || version === undefined || address === undefined) return undefined;
  if (network !== 'IN' || (family !== 'IP4' && family !== 'IP6')) return undefined;
  return { username, sessionId, version, address: { family, address } };
}

/** RFC 8866 5.7: `IN IP4|IP6 address[/ttl][/count]`. */
function parseConnection(text: string): Connection | undefined {
  const parts = fields(text);
  const [network, family, address] = parts;
  if (parts.length !== 3 || network !== 'IN' || (family !== 'IP4' && family !== 'IP6') || address === undefined) return undefined;
  const slash = address.indexOf('/');
  return slash < 0 ? { family, address } : { family, address: address.slice(0, slash), suffix: address.slice(slash) };
}

/** Parts between spaces; several spaces count as one, as some phones pad. */
export function fields(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf(' ', start);
    if (end < 0) end = text.length;
    if (end > start) parts.push(text.slice(start, end));
    start = end + 1;
  }
  return parts;
}

/** A decimal number without sign, at most `max`; undefined otherwise. */
export function parseNumber(text: string, max: number): number | undefined {
  if (text.length === 0 || text.length > 10) return undefined;
  let number = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number <= max ? number : undefined;
}

function fault(kind: SdpFault['kind'], line: number, text: string): { readonly ok: false; readonly error: SdpFault } {
  return { ok: false, error: { kind, line, text } };
}

const none: readonly never[] = [];
const utf8 = new TextDecoder();
const MAX_CHARACTERS = 65_536;
const MAX_LINES = 1_000;
const MAX_MEDIA = 32;
const CR = 13;
const EQUALS = 61;
const LETTER_A = 97;
const LETTER_B = 98;
const LETTER_C = 99;
const LETTER_E = 101;
const LETTER_I = 105;
const LETTER_K = 107;
const LETTER_M = 109;
const LETTER_O = 111;
const LETTER_P = 112;
const LETTER_R = 114;
const LETTER_S = 115;
const LETTER_T = 116;
const LETTER_U = 117;
const LETTER_V = 118;
const LETTER_Z = 122;
