/**
 * Crosses out, in place and without changing its length, what must not be kept of a message: the proofs of credentials (RFC 7616 3.4, and whatever
 * another scheme sends), keys of SRTP (RFC 4568 9.1), and digits that were pressed (they may be a PIN).
 */
export function redact(bytes: Uint8Array): void {
  const isRequest = bytes[3] !== SLASH;
  const isInfo = isRequest && startsWith(bytes, 0, 'info ');
  let at = bytes.indexOf(LF) + 1;
  for (; at > 0 && at < bytes.length; at = bytes.indexOf(LF, at) + 1) {
    const first = bytes[at]! | 0x20;
    // '\r' and '\n' with the bit that lower case has.
    if (first === 0x2d || first === 0x2a) break;
    if (isRequest && ((first === 0x61 && startsWith(bytes, at, 'authorization')) || (first === 0x70 && startsWith(bytes, at, 'proxy-authorization')))) redactCredentials(bytes, at);
  }
  if (at <= 0) return;
  for (; at > 0 && at < bytes.length; at = bytes.indexOf(LF, at) + 1) {
    if (isInfo) crossOutDigits(bytes, at);
    else if (bytes[at] === 0x61 && bytes[at + 2] === 0x63 && startsWith(bytes, at, 'a=crypto:')) crossOut(bytes, after(bytes, at, 'inline:'));
  }
}

/** Of a digest `response` alone, the rest tells what went wrong; of any other scheme everything. */
function redactCredentials(bytes: Uint8Array, line: number): void {
  const value = after(bytes, line, ':');
  if (value < 0) return;
  const end = lineEnd(bytes, line);
  let start = value;
  while (start < end && bytes[start]! <= SPACE) start += 1;
  if (!startsWith(bytes, start, 'digest')) {
    while (start < end && bytes[start]! > SPACE) start += 1;
    return crossOut(bytes, start + 1);
  }
  for (let at = start; at < end; at += 1) {
    if (!startsWith(bytes, at, 'response') || isName(bytes[at - 1])) continue;
    at += 8;
    while (at < end && (bytes[at] === EQUALS || bytes[at] === QUOTE || bytes[at]! <= SPACE)) at += 1;
    for (; at < end && isName(bytes[at]); at += 1) bytes[at] = X;
  }
}

/** To the end of the line. */
function crossOut(bytes: Uint8Array, from: number): void {
  if (from < 0) return;
  for (let at = from; at < bytes.length && bytes[at] !== CR && bytes[at] !== LF; at += 1) bytes[at] = X;
}

/** `Signal=5` of application/dtmf-relay; a line with nothing but a digit of application/dtmf. */
function crossOutDigits(bytes: Uint8Array, line: number): void {
  if (startsWith(bytes, line, 'signal')) return crossOut(bytes, after(bytes, line, '='));
  if (lineEnd(bytes, line) - line <= 2) crossOut(bytes, line);
}

function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(LF, at);
  return end < 0 ? bytes.length : end;
}

/** Where `text` ends in this line; -1: it is not there. */
function after(bytes: Uint8Array, line: number, text: string): number {
  const end = lineEnd(bytes, line);
  for (let at = line; at < end; at += 1) if (startsWith(bytes, at, text)) return at + text.length;
  return -1;
}

/** `text` is in lower case. */
function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const [code, wanted] = [bytes[at + index] ?? 0, text.charCodeAt(index)];
    if (code !== wanted && !(code >= 0x41 && code <= 0x5a && (code | 0x20) === wanted)) return false;
  }
  return true;
}

function isName(code: number | undefined): boolean {
  return code !== undefined && ((code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a));
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const X = 0x78;
const SLASH = 0x2f;
