/** Character classes of RFC 3261 25.1, looked up by byte. Every scanner of this folder asks here, so each is one pass. */
export const token = 1;
/** Call-ID's `word`. */
export const word = 2;
/** What a user part may hold unescaped: unreserved and user-unreserved; also '#', which phones send unescaped in feature codes. */
export const userPart = 4;
export const password = 8;
export const uriParameterPart = 16;
export const uriHeaderPart = 32;
/** hostname and IPv4address; '_' is no hostname but is found in private networks. */
export const hostPart = 64;
/** A header parameter's unquoted value: token and host, and what phones write there although they should quote it. */
export const parameterPart = 128;

const alphanumeric = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const tokenMarks = "-.!%*_+`'~";
const mark = "-_.!~*'()";
const classes = new Uint8Array(256);

function grant(flag: number, characters: string): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    classes[code] = (classes[code] ?? 0) | flag;
  }
}

grant(token | word | userPart | password | uriParameterPart | uriHeaderPart | hostPart | parameterPart, alphanumeric);
grant(token | word | parameterPart, tokenMarks);
grant(word, '()<>:\\"/[]?{}');
grant(userPart | password | uriParameterPart | uriHeaderPart, mark);
grant(userPart, '&=+$,;?/#');
grant(password, '&=+$,');
grant(uriParameterPart, '[]/:&+$');
grant(uriHeaderPart, '[]/?:+$');
grant(hostPart, '-._');
grant(parameterPart, "[]:/@?&$#(){}|^=");
for (let code = 0x80; code <= 0xff; code += 1) classes[code] = (classes[code] ?? 0) | parameterPart;

/** `code` is a byte or a latin1 character; NaN (past the end) is in no class. */
export function is(code: number, flag: number): boolean {
  return ((classes[code] ?? 0) & flag) !== 0;
}

export function isToken(text: string): boolean {
  if (text.length === 0) return false;
  for (let at = 0; at < text.length; at += 1) if (!is(text.charCodeAt(at), token)) return false;
  return true;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isHex(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

export function isAlpha(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Linear white space of an unfolded value. */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function skipSpace(text: string, at: number): number {
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** End of the run of characters of that class. */
export function skip(text: string, at: number, flag: number): number {
  while (at < text.length && is(text.charCodeAt(at), flag)) at += 1;
  return at;
}

/** `at` is the opening quote; returns the place after the closing one, -1 when it never closes (RFC 3261 25.1 quoted-string). */
export function skipQuoted(text: string, at: number): number {
  for (at += 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at += 1;
  }
  return -1;
}

/** What stands in a quoted-string, without its quotes and escapes. */
export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (!inner.includes('\\')) return inner;
  let plain = '';
  for (let at = 0; at < inner.length; at += 1) {
    if (inner.charCodeAt(at) === 0x5c) at += 1;
    plain += inner.charAt(at);
  }
  return plain;
}

/** Digits only, at most `most`; undefined otherwise. Never loses precision: it stops as soon as it is too large. */
export function parseInteger(text: string, most: number): number | undefined {
  if (text.length === 0) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    value = value * 10 + (code - 0x30);
    if (value > most) return undefined;
  }
  return value;
}
