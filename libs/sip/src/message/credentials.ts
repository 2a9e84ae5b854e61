import { skip, skipQuoted, skipSpace, token, unquote } from './characters.ts';
import { mostParameters } from './parameters.ts';

/** A challenge (WWW-Authenticate, Proxy-Authenticate) or credentials (Authorization, Proxy-Authorization), RFC 3261 20.7, 25.1. */
export interface AuthenticationValue {
  /** As written: 'Digest'. */
  readonly scheme: string;
  /** By lower-case name, unquoted and unescaped. */
  parameter(name: string): string | undefined;
  /** Was the value a quoted string? (RFC 7616 3.4 tells them apart: algorithm, qop and nc are not.) */
  isQuoted(name: string): boolean;
}

/** undefined when malformed (a parameter twice included: which one was meant cannot be known). */
export function parseAuthentication(text: string): AuthenticationValue | undefined {
  const schemeEnd = skip(text, 0, token);
  if (schemeEnd === 0) return undefined;
  const scheme = text.slice(0, schemeEnd);
  // Name, value and quotedness of each, one after the other: about ten parameters, looked through when asked.
  const parameters: string[] = [];
  let at = skipSpace(text, schemeEnd);
  if (at === schemeEnd || at === text.length) return undefined;
  for (;;) {
    const nameEnd = skip(text, at, token);
    if (nameEnd === at) return undefined;
    const name = text.slice(at, nameEnd).toLowerCase();
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) !== 0x3d) return undefined;
    at = skipSpace(text, at + 1);
    const quoted = text.charCodeAt(at) === 0x22;
    const end = quoted ? skipQuoted(text, at) : skipBare(text, at);
    if (end <= at || parameters.length === mostParameters * 3 || find(parameters, name) >= 0) return undefined;
    parameters.push(name, quoted ? unquote(text.slice(at, end)) : text.slice(at, end), quoted ? '"' : '');
    at = skipSpace(text, end);
    if (at === text.length) break;
    if (text.charCodeAt(at) !== 0x2c) return undefined;
    at = skipSpace(text, at + 1);
    // A trailing comma is written by some phones and says nothing.
    if (at === text.length) break;
  }
  return {
    scheme,
    parameter(name) {
      const index = find(parameters, name);
      return index < 0 ? undefined : parameters[index + 1];
    },
    isQuoted(name) {
      const index = find(parameters, name);
      return index >= 0 && parameters[index + 2] !== '';
    },
  };
}

/** An unquoted value; URIs and base64 are found unquoted too, so it runs to the comma or white space. */
function skipBare(text: string, at: number): number {
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === 0x2c || code === 0x22) break;
    at += 1;
  }
  return at;
}

function find(parameters: readonly string[], name: string): number {
  for (let index = 0; index < parameters.length; index += 3) if (parameters[index] === name) return index;
  return -1;
}
