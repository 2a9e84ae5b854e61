import { scanHead, valueOf } from './head.ts';
import type { Head, Line } from './head.ts';
import { ids } from './header-names.ts';
import { fitForWire, newLine } from './header-block.ts';
import { encodeLatin1 } from './latin1.ts';
import { defaultLimits } from './limits.ts';
import { parseNameAddress } from './name-address.ts';
import { stampedVia } from './via.ts';
import type { Source } from './via.ts';

/**
 * A complete response made by copying header lines as written, with a To tag derived from the request (RFC 3261 8.2.7:
 * the same for a retransmission). undefined for a response, an ACK, or when there is no Via. A malformed Via is copied as
 * it is: the transport answers to where the request came from.
 */
export function statelessResponse(
  bytes: Uint8Array,
  status: number,
  reason: string,
  headers: readonly (readonly [name: string, value: string])[] = [],
  source?: Source,
): Uint8Array | undefined {
  return responseFromHead(scanHead(bytes, defaultLimits), status, reason, headers, source);
}

export function responseFromHead(
  head: Head,
  status: number,
  reason: string,
  headers: readonly (readonly [name: string, value: string])[],
  source: Source | undefined,
): Uint8Array | undefined {
  const start = head.text.slice(head.start, head.startEnd);
  // RFC 3261 17.1.1.3: nothing answers an ACK; a response is never answered.
  if (start.startsWith('ACK ') || start.slice(0, 4).toUpperCase() === 'SIP/') return undefined;

  let vias = '';
  const copied: (Line | undefined)[] = [undefined, undefined, undefined, undefined];
  for (const line of head.lines) {
    if (line.id === ids.via) {
      const value = valueOf(line);
      vias += `Via: ${vias === '' && source !== undefined ? stampedVia(value, source) : value}\r\n`;
    } else {
      const place = mandatory.indexOf(line.id);
      if (place >= 0) copied[place] ??= line;
    }
  }
  if (vias === '') return undefined;

  const [from, to, callId, cseq] = copied;
  let text = `SIP/2.0 ${String(status)} ${fitForWire(reason)}\r\n${vias}`;
  if (from !== undefined) text += `From: ${valueOf(from)}\r\n`;
  if (to !== undefined) text += `To: ${taggedTo(valueOf(to), () => `${vias}${from === undefined ? '' : valueOf(from)}${callId === undefined ? '' : valueOf(callId)}`)}\r\n`;
  if (callId !== undefined) text += `Call-ID: ${valueOf(callId)}\r\n`;
  if (cseq !== undefined) text += `CSeq: ${valueOf(cseq)}\r\n`;
  for (const [name, value] of headers) text += `${name}: ${valueOf(newLine(name, value))}\r\n`;
  return encodeLatin1(`${text}Content-Length: 0\r\n\r\n`, 0);
}

const mandatory: number[] = [ids.from, ids.to, ids.callId, ids.cseq];

/** A To we cannot read is copied as it is: a tag at a guessed place would help nobody. */
function taggedTo(to: string, seed: () => string): string {
  const address = parseNameAddress(to);
  return address === undefined || address.tag !== undefined ? to : `${to};tag=${derivedTag(seed())}`;
}

/** FNV-1a over the text, twice with different offsets: equal requests get equal tags, without state. */
function derivedTag(text: string): string {
  let a = 0x811c_9dc5;
  let b = 0x2f0b_4c47;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x0100_0193);
    b = Math.imul(b ^ (code + at), 0x0100_0193);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
