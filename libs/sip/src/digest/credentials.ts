import { parseAuthentication } from '../message/credentials.ts';
import type { HeaderFields } from '../message/message.ts';
import type { DigestAlgorithm } from './hashing.ts';

/** What a client proved itself with; texts as on the wire, unquoted. */
export interface Credentials {
  readonly username: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  /** null: one we do not do. */
  readonly algorithm: DigestAlgorithm | null;
  /** undefined: the form of RFC 2069, without counting. */
  readonly qop: { readonly nc: string; readonly cnonce: string } | undefined;
  readonly nc: number | undefined;
}

/** The credentials for our realm; 'absent' when there are none (a request may carry those for others, RFC 3261 22.3). */
export function readCredentials(headers: HeaderFields, kind: 'user' | 'proxy', realm: string): Credentials | 'absent' | 'malformed' {
  let verdict: 'absent' | 'malformed' = 'absent';
  for (const line of headers.lines(kind === 'user' ? 'Authorization' : 'Proxy-Authorization')) {
    const value = parseAuthentication(line);
    if (value === undefined) {
      verdict = 'malformed';
      continue;
    }
    if (value.scheme.toLowerCase() !== 'digest' || value.parameter('realm') !== realm) continue;
    const username = value.parameter('username');
    const nonce = value.parameter('nonce');
    const uri = value.parameter('uri');
    const response = value.parameter('response');
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined || nonce.length > MAX_NONCE) return 'malformed';
    const algorithm = readAlgorithm(value.parameter('algorithm'));
    const qop = value.parameter('qop');
    if (qop === undefined) return { username, nonce, uri, response: response.toLowerCase(), algorithm, qop: undefined, nc: undefined };
    const nc = value.parameter('nc');
    const cnonce = value.parameter('cnonce');
    if (qop.toLowerCase() !== 'auth' || nc === undefined || cnonce === undefined) return 'malformed';
    const count = readCount(nc);
    if (count === undefined) return 'malformed';
    return { username, nonce, uri, response: response.toLowerCase(), algorithm, qop: { nc, cnonce }, nc: count };
  }
  return verdict;
}

/** Absent is MD5 (RFC 7616 3.3). */
export function readAlgorithm(text: string | undefined): DigestAlgorithm | null {
  if (text === undefined) return 'MD5';
  const name = text.toUpperCase();
  return name === 'MD5' || name === 'SHA-256' ? name : null;
}

/** 8 hexadecimal digits; a few clients write fewer. Zero was never counted. */
function readCount(text: string): number | undefined {
  if (text.length === 0 || text.length > 8) return undefined;
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = HEX.indexOf(text.charAt(i));
    if (digit < 0) return undefined;
    count = count * 16 + (digit > 15 ? digit - 6 : digit);
  }
  return count === 0 ? undefined : count;
}

const HEX = '0123456789abcdefABCDEF';
/** Ours have about 60. */
const MAX_NONCE = 256;
