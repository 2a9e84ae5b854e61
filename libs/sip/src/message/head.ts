import { is, isSpace, token } from './characters.ts';
import { idOfBytes, nextHash } from './header-names.ts';
import { decodeLatin1 } from './latin1.ts';
import type { MessageLimits } from './limits.ts';

/** One header field line. Those from the wire point into `source`; those we made have name and value only. Never changed but to cache. */
export interface Line {
  /** 0 when the name is not one we know. */
  readonly id: number;
  source: string | undefined;
  readonly start: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Before the line's CRLF; folded lines are inside. */
  readonly end: number;
  readonly folded: boolean;
  name: string | undefined;
  value: string | undefined;
}

/** What one pass over the bytes finds. */
export interface Head {
  /** Everything before the body, one character a byte. */
  readonly text: string;
  /** The start line is text[start, startEnd). */
  readonly start: number;
  readonly startEnd: number;
  readonly lines: Line[];
  readonly bodyStart: number;
  /** The first thing wrong with the form, in words fit for a Reason phrase. The lines that are right are there all the same. */
  readonly fault: string | undefined;
}

/** One pass over the bytes: where the header lines are. CRLFs before the start line are skipped (RFC 3261 7.5); a bare LF ends a line too. */
export function scanHead(bytes: Uint8Array, limits: MessageLimits): Head {
  const length = bytes.length;
  const lines: Line[] = [];
  let fault: string | undefined;
  let at = skipLineEnds(bytes, 0);
  const start = at;
  while (at < length && bytes[at] !== 0x0a) at += 1;
  const startEnd = at > start && bytes[at - 1] === 0x0d ? at - 1 : at;
  at += 1;

  let ended = false;
  while (at < length) {
    const first = bytes[at];
    if (first === 0x0a) { at += 1; ended = true; break; }
    if (first === 0x0d && bytes[at + 1] === 0x0a) { at += 2; ended = true; break; }

    const lineStart = at;
    let hash = 0;
    let code = bytes[at] ?? 0;
    while (is(code, token)) {
      hash = nextHash(hash, code);
      at += 1;
      code = bytes[at] ?? 0;
    }
    const nameEnd = at;
    while (isSpace(code)) { at += 1; code = bytes[at] ?? 0; }
    const named = code === 0x3a && nameEnd > lineStart;
    if (named) at += 1;

    // The value runs to a line end that no white space follows (RFC 3261 7.3.1).
    let folded = false;
    let bareReturn = false;
    let valueStart = at;
    for (; at < length; at += 1) {
      code = bytes[at] ?? 0;
      if (code > 0x0d) continue;
      if (code === 0x0a) {
        const next = bytes[at + 1];
        if (next !== 0x20 && next !== 0x09) break;
        folded = true;
      } else if (code === 0x0d && bytes[at + 1] !== 0x0a) bareReturn = true;
    }
    const lineEnd = at < length && bytes[at - 1] === 0x0d ? at - 1 : at;
    let valueEnd = lineEnd;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1] ?? 0)) valueEnd -= 1;
    while (valueStart < valueEnd && isBlank(bytes[valueStart] ?? 0)) valueStart += 1;
    at += 1;

    if (!named) { fault ??= 'Malformed Header Field'; continue; }
    // A bare CR copied into a response could be read as a line end by the next element.
    if (bareReturn) { fault ??= 'Bare CR In Header'; continue; }
    if (lineEnd - lineStart > limits.headerBytes) { fault ??= 'Header Field Too Long'; continue; }
    if (lines.length === limits.headerCount) { fault ??= 'Too Many Header Fields'; continue; }
    const id = idOfBytes(bytes, lineStart, nameEnd, hash);
    // The text is made once, below: its length is known only at the blank line.
    lines.push({ id, source: undefined, start: lineStart, nameEnd, valueStart, valueEnd, end: lineEnd, folded, name: undefined, value: undefined });
  }
  // Some senders leave out the blank line of a message without body: understood when the last line is whole.
  if (!ended && at !== length) fault ??= 'Missing Blank Line';

  const bodyStart = Math.min(at, length);
  const text = decodeLatin1(bytes, 0, bodyStart);
  for (const line of lines) line.source = text;
  return { text, start, startEnd, lines, bodyStart, fault };
}

/** White space and the line ends of folds. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

export function skipLineEnds(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a)) at += 1;
  return at;
}

/** A line of our own making. */
export function makeLine(id: number, name: string, value: string): Line {
  return { id, source: undefined, start: 0, nameEnd: 0, valueStart: 0, valueEnd: 0, end: 0, folded: false, name, value };
}

export function nameOf(line: Line): string {
  return (line.name ??= line.source === undefined ? '' : line.source.slice(line.start, line.nameEnd));
}

/** Unfolded and trimmed. */
export function valueOf(line: Line): string {
  if (line.value !== undefined) return line.value;
  const written = line.source === undefined ? '' : line.source.slice(line.valueStart, line.valueEnd);
  return (line.value = line.folded ? unfold(written) : written);
}

/** RFC 3261 7.3.1: a line end and the white space after it read as one space. */
function unfold(written: string): string {
  let text = '';
  let from = 0;
  for (let at = 0; at < written.length; at += 1) {
    const code = written.charCodeAt(at);
    if (code !== 0x0a && code !== 0x0d) continue;
    let end = at;
    while (end > from && isSpace(written.charCodeAt(end - 1))) end -= 1;
    text += written.slice(from, end) + ' ';
    while (isBlank(written.charCodeAt(at))) at += 1;
    from = at;
    at -= 1;
  }
  return text + written.slice(from);
}
