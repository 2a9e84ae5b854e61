import { is, token } from './characters.ts';
import { startsAsSip } from './frame.ts';
import { skipLineEnds } from './head.ts';
import { decodeLatin1 } from './latin1.ts';

/** What an overload guard needs to know before parsing. */
export interface Peek {
  readonly kind: 'request' | 'response' | 'keepalive' | 'garbage';
  /** '' unless a request. */
  readonly method: string;
  /** 0 unless a response. */
  readonly status: number;
  /** To has a tag: within a dialog. */
  readonly inDialog: boolean;
  /** Authorization or Proxy-Authorization is there. */
  readonly hasCredentials: boolean;
}

const garbage: Peek = { kind: 'garbage', method: '', status: 0, inDialog: false, hasCredentials: false };
const keepalive: Peek = { ...garbage, kind: 'keepalive' };

/** Looks only at the start line, at header names and at To. Never throws; makes one small object and no text for the usual methods. */
export function peek(bytes: Uint8Array): Peek {
  const start = skipLineEnds(bytes, 0);
  if (start === bytes.length) return keepalive;
  const lineEnd = bytes.indexOf(0x0a, start);
  if (lineEnd < 0) return garbage;

  let wordEnd = start;
  while (is(bytes[wordEnd] ?? 0, token)) wordEnd += 1;
  let method = '';
  let status = 0;
  if (bytes[wordEnd] === 0x2f && matches(bytes, start, wordEnd, 'sip')) {
    const space = bytes.indexOf(0x20, wordEnd);
    for (let at = space + 1; at < space + 4; at += 1) status = status * 10 + ((bytes[at] ?? 0) - 0x30);
    if (space < 0 || space > lineEnd || !(status >= 100 && status <= 699)) return garbage;
  } else {
    if (bytes[wordEnd] !== 0x20 || wordEnd === start || !startsAsSip(bytes, start)) return garbage;
    method = methodName(bytes, start, wordEnd);
  }

  let inDialog = false;
  let hasCredentials = false;
  for (let at = lineEnd + 1; at < bytes.length; ) {
    const first = (bytes[at] ?? 0) | 0x20;
    // '\n' | 0x20 is '*', '\r' | 0x20 is '-': neither starts a field, so it is the blank line.
    if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] === 0x0a)) break;
    const next = bytes.indexOf(0x0a, at);
    const end = next < 0 ? bytes.length : next;
    if (first === 0x74) inDialog ||= isName(bytes, at, 'to') || isName(bytes, at, 't') ? hasTag(bytes, at) : false;
    else if (first === 0x61) hasCredentials ||= isName(bytes, at, 'authorization');
    else if (first === 0x70) hasCredentials ||= isName(bytes, at, 'proxy-authorization');
    at = end + 1;
  }
  return { kind: status === 0 ? 'request' : 'response', method, status, inDialog, hasCredentials };
}

const methods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'OPTIONS', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'UPDATE', 'PRACK', 'INFO', 'MESSAGE', 'PUBLISH'];

function methodName(bytes: Uint8Array, start: number, end: number): string {
  for (const method of methods) {
    if (method.length !== end - start) continue;
    let at = 0;
    while (at < method.length && bytes[start + at] === method.charCodeAt(at)) at += 1;
    if (at === method.length) return method;
  }
  return decodeLatin1(bytes, start, Math.min(end, start + 64));
}

/** `name` is in lower case; '-' has the bit that lower case has. */
function matches(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index += 1) if (((bytes[start + index] ?? 0) | 0x20) !== name.charCodeAt(index)) return false;
  return true;
}

function isName(bytes: Uint8Array, at: number, name: string): boolean {
  if (!matches(bytes, at, at + name.length, name)) return false;
  at += name.length;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return bytes[at] === 0x3a;
}

/** `;tag=` outside quotes and brackets, in the field that starts at `at` (folds included). */
function hasTag(bytes: Uint8Array, at: number): boolean {
  let quoted = false;
  let bracketed = false;
  for (; at < bytes.length; at += 1) {
    const code = bytes[at];
    if (code === 0x0a && bytes[at + 1] !== 0x20 && bytes[at + 1] !== 0x09) return false;
    if (quoted) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x3c) bracketed = true;
    else if (code === 0x3e) bracketed = false;
    else if (code === 0x3b && !bracketed) {
      let name = at + 1;
      while (isBlank(bytes[name])) name += 1;
      if (!matches(bytes, name, name + 3, 'tag')) continue;
      name += 3;
      while (isBlank(bytes[name])) name += 1;
      if (bytes[name] === 0x3d) return true;
    }
  }
  return false;
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}
