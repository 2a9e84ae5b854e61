import { is, parameterPart, skip, skipQuoted, skipSpace, token, unquote } from './characters.ts';

/** More parameters than this in one element is refused as malformed. */
export const mostParameters = 64;

/**
 * Passes over `;name=value` parameters with white space around ';' and '=' (RFC 3261 25.1 generic-param). Returns the place where
 * they end (the text's end, or a character that belongs to none, after white space), -1 when malformed.
 */
export function skipParameters(text: string, at: number): number {
  let count = 0;
  for (;;) {
    at = skipSpace(text, at);
    if (text.charCodeAt(at) !== 0x3b) return at;
    count += 1;
    if (count > mostParameters) return -1;
    const name = skipSpace(text, at + 1);
    const nameEnd = skip(text, name, token);
    if (nameEnd === name) return -1;
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== 0x3d) continue;
    at = skipSpace(text, at + 1);
    if (text.charCodeAt(at) === 0x22) {
      at = skipQuoted(text, at);
      if (at < 0) return -1;
    } else {
      const value = at;
      at = skip(text, at, parameterPart);
      if (at === value) return -1;
    }
  }
}

/** Value of a parameter, unquoted, in parameters that `skipParameters` has passed; '' for one without value. The first one counts. */
export function findParameter(text: string, at: number, end: number, name: string): string | undefined {
  while (at < end) {
    at = skipSpace(text, at);
    if (at >= end || text.charCodeAt(at) !== 0x3b) return undefined;
    const nameStart = skipSpace(text, at + 1);
    const nameEnd = skip(text, nameStart, token);
    const wanted = nameEnd - nameStart === name.length && sameName(text, nameStart, name);
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== 0x3d) {
      if (wanted) return '';
      continue;
    }
    const value = skipSpace(text, at + 1);
    const quoted = text.charCodeAt(value) === 0x22;
    at = quoted ? skipQuoted(text, value) : skip(text, value, parameterPart);
    if (at < 0) return undefined;
    if (wanted) return quoted ? unquote(text.slice(value, at)) : text.slice(value, at);
  }
  return undefined;
}

/** `name` is in lower case. */
function sameName(text: string, at: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    const code = text.charCodeAt(at + index);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (lower !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** Writes a parameter as it may stand in a header: quoted when its value is no token or host. */
export function formatParameter(name: string, value: string): string {
  if (value === '') return `;${name}`;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    // RFC 3261 25.1 gen-value: token / host / quoted-string; brackets and colons are an IPv6 reference's.
    if (!is(code, token) && code !== 0x5b && code !== 0x5d && code !== 0x3a) return `;${name}=${quote(value)}`;
  }
  return `;${name}=${value}`;
}

const escapes = /["\\]/g;

export function quote(text: string): string {
  return `"${text.replace(escapes, '\\$&')}"`;
}
