import { wireText } from '../message/latin1.ts';
import type { DigestAlgorithm, Hashing } from './hashing.ts';

/** What is stored instead of a password: H(username:realm:password) (RFC 7616 3.4.2). Arguments are ordinary text. */
export function computeHa1(hashing: Hashing, algorithm: DigestAlgorithm, username: string, realm: string, password: string): string {
  return digest(hashing, algorithm, wireText(`${username}:${realm}:${password}`));
}

/** What both sides compute of one request; texts as they stand on the wire. `qop` undefined is RFC 2069's form. */
export interface ResponseInput {
  readonly ha1: string;
  readonly nonce: string;
  readonly qop: { readonly nc: string; readonly cnonce: string } | undefined;
  /** '' for the server's own proof (RFC 7616 3.5). */
  readonly method: string;
  readonly uri: string;
}

/** RFC 7616 3.4.1; without qop RFC 2617 3.2.2.1. */
export function digestResponse(hashing: Hashing, algorithm: DigestAlgorithm, input: ResponseInput): string {
  const ha2 = digest(hashing, algorithm, `${input.method}:${input.uri}`);
  return digest(hashing, algorithm, input.qop === undefined
    ? `${input.ha1}:${input.nonce}:${ha2}`
    : `${input.ha1}:${input.nonce}:${input.qop.nc}:${input.qop.cnonce}:auth:${ha2}`);
}

/** Takes the same time wherever the texts differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i += 1) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** A quoted-string (RFC 3261 25.1). */
export function quoted(text: string): string {
  return text.includes('"') || text.includes('\\') ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}

function digest(hashing: Hashing, algorithm: DigestAlgorithm, text: string): string {
  return algorithm === 'MD5' ? hashing.md5(text) : hashing.sha256(text);
}
