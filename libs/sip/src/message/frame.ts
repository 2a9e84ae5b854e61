import { is, token } from './characters.ts';
import { skipLineEnds } from './head.ts';
import { defaultLimits } from './limits.ts';
import type { MessageLimits } from './limits.ts';

/** What stands at the start of a stream's buffered bytes (RFC 3261 18.3, RFC 5626 3.5.1). */
export type Frame =
  /** bytes[start, end) is one message (leading CRLFs skipped); consume `end` bytes. */
  | { readonly kind: 'message'; readonly start: number; readonly end: number }
  /** CRLFCRLF: answer CRLF; consume `end` bytes. */
  | { readonly kind: 'ping'; readonly end: number }
  /** A lone CRLF: consume `end` bytes. When it is all that is buffered it may be half a ping; a side that sent no ping may wait for more. */
  | { readonly kind: 'pong'; readonly end: number }
  /** Call again when at least `need` bytes are buffered, passing `scanned`, so that slow senders cost linear time. */
  | { readonly kind: 'more'; readonly need: number; readonly scanned: number }
  /** Not SIP, too large, or unframeable: close the connection. `parseMessage` of bytes[start, end), when given, makes the answer to send first. */
  | { readonly kind: 'garbage'; readonly reason: string; readonly start?: number; readonly end?: number };

/** `scanned` is what the last `more` over the same bytes gave; 0 after bytes were consumed. */
export function frame(bytes: Uint8Array, scanned = 0, limits: MessageLimits = defaultLimits): Frame {
  const length = bytes.length;
  if (bytes[0] === 0x0d && length === 1) return { kind: 'more', need: 2, scanned: 0 };
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return bytes[2] === 0x0d && bytes[3] === 0x0a ? { kind: 'ping', end: 4 } : { kind: 'pong', end: 2 };
  const start = skipLineEnds(bytes, 0);
  if (start === length) return { kind: 'more', need: length + 1, scanned: 0 };
  // A TLS hello or another protocol shows in the first byte: do not wait for a line end that never comes.
  if (!is(bytes[start] ?? 0, token)) return { kind: 'garbage', reason: 'not SIP' };

  const headEnd = findHeadEnd(bytes, Math.max(start, scanned - 3));
  if (headEnd < 0) {
    if (length - start >= limits.messageBytes) return { kind: 'garbage', reason: 'header too large' };
    if (!startsAsSip(bytes, start)) return { kind: 'garbage', reason: 'not SIP' };
    return { kind: 'more', need: length + 1, scanned: length };
  }
  if (!startsAsSip(bytes, start)) return { kind: 'garbage', reason: 'not SIP' };
  const body = declaredLength(bytes, start, headEnd);
  if (body < 0) return { kind: 'garbage', reason: 'bad Content-Length', start, end: headEnd };
  const end = headEnd + body;
  if (end - start > limits.messageBytes) return { kind: 'garbage', reason: 'message too large', start, end: headEnd };
  return end <= length ? { kind: 'message', start, end } : { kind: 'more', need: end, scanned: headEnd };
}

/** Place after the blank line, -1 when it is not there yet. A line end is LF or CRLF, as in `scanHead`. */
function findHeadEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x0a, from); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (bytes[at + 1] === 0x0a) return at + 2;
    if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) return at + 3;
  }
  return -1;
}

/** Does the start line, as far as it is there, have "SIP/" first or after a space? Without a line end the doubt is the sender's for 8 KB. */
export function startsAsSip(bytes: Uint8Array, start: number): boolean {
  const most = Math.min(bytes.length, start + 8192);
  for (let at = start; at < most; at += 1) {
    if (bytes[at] === 0x0a) return false;
    if (bytes[at] === 0x2f && at >= start + 3 && isSip(bytes, at - 3) && (at === start + 3 || bytes[at - 4] === 0x20)) return true;
  }
  return most < start + 8192;
}

function isSip(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) | 0x20) === 0x73 && ((bytes[at + 1] ?? 0) | 0x20) === 0x69 && ((bytes[at + 2] ?? 0) | 0x20) === 0x70;
}

const contentLength = 'content-length';

/** Value of the one Content-Length; 0 when there is none (RFC 3261 20.14 demands it on streams, but a message without body is often sent bare); -1 when it cannot be trusted. */
function declaredLength(bytes: Uint8Array, start: number, headEnd: number): number {
  let declared = -1;
  for (let at = bytes.indexOf(0x0a, start) + 1; at > 0 && at < headEnd; at = bytes.indexOf(0x0a, at) + 1) {
    const after = afterContentLength(bytes, at);
    if (after < 0) continue;
    const value = readLength(bytes, after);
    if (value < 0 || declared >= 0) return -1;
    declared = value;
  }
  return declared < 0 ? 0 : declared;
}

/** Place after the colon when the line is a Content-Length, -1 otherwise. */
function afterContentLength(bytes: Uint8Array, at: number): number {
  const first = (bytes[at] ?? 0) | 0x20;
  if (first === 0x6c) at += 1;
  else if (first === 0x63) {
    for (let index = 0; index < contentLength.length; index += 1) {
      const code = bytes[at + index] ?? 0;
      if ((code === 0x2d ? code : code | 0x20) !== contentLength.charCodeAt(index)) return -1;
    }
    at += contentLength.length;
  } else return -1;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return bytes[at] === 0x3a ? at + 1 : -1;
}

function readLength(bytes: Uint8Array, at: number): number {
  at = skipFold(bytes, at);
  let value = -1;
  for (let code = bytes[at] ?? 0; code >= 0x30 && code <= 0x39; at += 1, code = bytes[at] ?? 0) {
    value = Math.max(value, 0) * 10 + (code - 0x30);
    if (value > 0x7fff_ffff) return -1;
  }
  const end = skipFold(bytes, at);
  return bytes[end] === 0x0a || (bytes[end] === 0x0d && bytes[end + 1] === 0x0a) ? value : -1;
}

/** White space, and line ends that white space follows (RFC 3261 7.3.1). */
function skipFold(bytes: Uint8Array, at: number): number {
  for (;;) {
    while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
    const next = bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? at + 2 : bytes[at] === 0x0a ? at + 1 : -1;
    if (next < 0 || (bytes[next] !== 0x20 && bytes[next] !== 0x09)) return at;
    at = next;
  }
}
