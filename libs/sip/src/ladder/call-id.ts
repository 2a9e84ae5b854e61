import { decodeLatin1 } from '../message/latin1.ts';

/** The Call-ID of a message, from its bytes; '' when it has none. For every message of every call, so nothing else is looked at. */
export function callIdOf(bytes: Uint8Array): string {
  for (let at = bytes.indexOf(LF) + 1; at > 0 && at < bytes.length; at = bytes.indexOf(LF, at) + 1) {
    const first = bytes[at]!;
    let end = 0;
    // C, c; I, i (RFC 3261 7.3.3); a line end is the end of the header fields.
    if (first === 0x43 || first === 0x63) end = isCallId(bytes, at) ? at + 7 : 0;
    else if (first === 0x49 || first === 0x69) end = at + 1;
    else if (first === CR || first === LF) return '';
    if (end === 0) continue;
    while (isBlank(bytes[end])) end += 1;
    if (bytes[end] !== COLON) continue;
    let start = end + 1;
    while (isBlank(bytes[start])) start += 1;
    end = start;
    while (end < bytes.length && bytes[end]! > 0x20) end += 1;
    return decodeLatin1(bytes, start, end);
  }
  return '';
}

/** `Call-ID`, in any case; '-' has the bit that lower case has. */
function isCallId(bytes: Uint8Array, at: number): boolean {
  for (let index = 1; index < 7; index += 1) if ((bytes[at + index]! | 0x20) !== name[index]) return false;
  return true;
}

function isBlank(code: number | undefined): boolean {
  return code === 0x20 || code === 0x09;
}

const name = [...'call-id'].map((character) => character.charCodeAt(0));
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
