import { isDigit, isSpace, isToken, parseInteger, skip, skipSpace, token, unquote, word } from './characters.ts';
import { defaultLimits } from './limits.ts';
import type { HeaderFields } from './message.ts';
import { findParameter, skipParameters } from './parameters.ts';

/** A value with parameters: `active;expires=60`. */
export interface ParameterValue {
  readonly value: string;
  /** By lower-case name; '' for one without value. */
  parameter(name: string): string | undefined;
}

const mostSeconds = 0xffff_ffff;

/** Digits only; larger than 2^32-1 reads as 2^32-1 (RFC 3261 20.19); undefined when malformed. */
export function parseDeltaSeconds(text: string): number | undefined {
  if (text.length === 0) return undefined;
  let seconds = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    seconds = Math.min(seconds * 10 + (code - 0x30), mostSeconds);
  }
  return seconds;
}

/** 0–255 (RFC 3261 20.22). */
export function parseMaxForwards(text: string): number | undefined {
  return parseInteger(text, 255);
}

/** RFC 3261 20.16: below 2^31 (8.1.1.5). */
export function parseCSeq(text: string): { readonly number: number; readonly method: string } | undefined {
  const end = firstSpace(text);
  const number = parseInteger(text.slice(0, end), 0x7fff_ffff);
  const method = text.slice(skipSpace(text, end));
  return number !== undefined && isToken(method) ? { number, method } : undefined;
}

/** RFC 3262 7.2. */
export function parseRAck(text: string): { readonly rseq: number; readonly cseq: number; readonly method: string } | undefined {
  const end = firstSpace(text);
  const rseq = parseRSeq(text.slice(0, end));
  const cseq = parseCSeq(text.slice(skipSpace(text, end)));
  return rseq !== undefined && cseq !== undefined ? { rseq, cseq: cseq.number, method: cseq.method } : undefined;
}

/** RFC 3262 7.1: a 32-bit number. */
export function parseRSeq(text: string): number | undefined {
  return parseInteger(text, 0xffff_ffff);
}

function firstSpace(text: string): number {
  let at = 0;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** RFC 4028 4, 5: Session-Expires, Min-SE. */
export function parseSessionExpires(text: string): { readonly seconds: number; readonly refresher: 'uac' | 'uas' | undefined } | undefined {
  const parsed = parseParameterValue(text);
  const seconds = parsed === undefined ? undefined : parseDeltaSeconds(parsed.value);
  if (parsed === undefined || seconds === undefined) return undefined;
  const refresher = parsed.parameter('refresher')?.toLowerCase();
  return { seconds, refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

/** RFC 3261 20.33: `120 (in a meeting);duration=60`. */
export function parseRetryAfter(text: string): { readonly seconds: number; readonly comment: string | undefined; readonly duration: number | undefined } | undefined {
  const digits = skip(text, 0, token);
  const seconds = parseDeltaSeconds(text.slice(0, digits));
  if (seconds === undefined) return undefined;
  let at = skipSpace(text, digits);
  let comment: string | undefined;
  if (text.charCodeAt(at) === 0x28) {
    const end = skipComment(text, at);
    if (end < 0) return undefined;
    comment = text.slice(at + 1, end - 1);
    at = end;
  }
  if (skipParameters(text, at) !== text.length) return undefined;
  const duration = findParameter(text, at, text.length, 'duration');
  return { seconds, comment, duration: duration === undefined ? undefined : parseDeltaSeconds(duration) };
}

/** `at` is the '('; comments nest (RFC 3261 25.1). Place after the closing one, -1 when it never closes. */
function skipComment(text: string, at: number): number {
  let depth = 0;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at += 1;
    else if (code === 0x28) depth += 1;
    else if (code === 0x29) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** RFC 3891 6.1: both tags must be there. */
export function parseReplaces(text: string): { readonly callId: string; readonly toTag: string; readonly fromTag: string; readonly earlyOnly: boolean } | undefined {
  const end = skipCallId(text);
  if (end < 0 || skipParameters(text, end) !== text.length) return undefined;
  const toTag = findParameter(text, end, text.length, 'to-tag');
  const fromTag = findParameter(text, end, text.length, 'from-tag');
  if (!toTag || !fromTag) return undefined;
  return { callId: text.slice(0, end), toTag, fromTag, earlyOnly: findParameter(text, end, text.length, 'early-only') !== undefined };
}

/** End of `word [ "@" word ]` at the start of the text, -1 when there is none (RFC 3261 20.8). */
export function skipCallId(text: string): number {
  let end = skip(text, 0, word);
  if (end === 0) return -1;
  if (text.charCodeAt(end) === 0x40) {
    const host = end + 1;
    end = skip(text, host, word);
    if (end === host) return -1;
  }
  return end;
}

/** RFC 3326. */
export function parseReason(text: string): { readonly protocol: string; readonly cause: number | undefined; readonly text: string | undefined } | undefined {
  const parsed = parseParameterValue(text);
  if (parsed === undefined || !isToken(parsed.value)) return undefined;
  const cause = parsed.parameter('cause');
  return { protocol: parsed.value, cause: cause === undefined ? undefined : parseInteger(cause, 999), text: parsed.parameter('text') };
}

/** RFC 6665 8.4: the package in the value as written, `id` among the parameters. */
export function parseEvent(text: string): ParameterValue | undefined {
  const parsed = parseParameterValue(text);
  return parsed !== undefined && isToken(parsed.value) ? parsed : undefined;
}

/** type/subtype in lower case, without white space. */
export function parseContentType(text: string): ParameterValue | undefined {
  const typeEnd = skip(text, 0, token);
  let at = skipSpace(text, typeEnd);
  if (typeEnd === 0 || text.charCodeAt(at) !== 0x2f) return undefined;
  const subtype = skipSpace(text, at + 1);
  at = skip(text, subtype, token);
  if (at === subtype || skipParameters(text, at) !== text.length) return undefined;
  return valueWithParameters(`${text.slice(0, typeEnd)}/${text.slice(subtype, at)}`.toLowerCase(), text, at);
}

/** RFC 3323 4.2: priv-values in lower case. */
export function parsePrivacy(text: string): string[] | undefined {
  const values: string[] = [];
  for (const value of text.split(';', defaultLimits.listElements)) {
    const priv = value.trim().toLowerCase();
    if (!isToken(priv)) return undefined;
    values.push(priv);
  }
  return values;
}

/** A token or quoted value, then `;name=value`. */
export function parseParameterValue(text: string): ParameterValue | undefined {
  let end = 0;
  while (end < text.length && text.charCodeAt(end) !== 0x3b && !isSpace(text.charCodeAt(end))) end += 1;
  if (end === 0 || skipParameters(text, end) !== text.length) return undefined;
  const value = text.slice(0, end);
  return valueWithParameters(value.startsWith('"') && value.endsWith('"') && end > 1 ? unquote(value) : value, text, end);
}

function valueWithParameters(value: string, text: string, at: number): ParameterValue {
  return { value, parameter: (name) => findParameter(text, at, text.length, name) };
}

/**
 * Every element of all fields of that name (Require, Supported, Unsupported, Allow …). In lower case, for option tags are
 * compared without case (RFC 3261 7.3.1); but methods are not (7.1), so Allow is as written. Empty elements are left out.
 */
export function tokens(headers: HeaderFields, name: string): string[] {
  const elements = headers.list(name).filter((element) => element !== '');
  return name.toLowerCase() === 'allow' ? elements : elements.map((element) => element.toLowerCase());
}
