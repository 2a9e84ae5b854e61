import { isDigit, isToken, parseInteger } from './characters.ts';
import { elementEnd } from './elements.ts';
import { HeaderBlock } from './header-block.ts';
import { scanHead, valueOf } from './head.ts';
import type { Head } from './head.ts';
import { canonicalName, ids, isList, isSingle } from './header-names.ts';
import { defaultLimits } from './limits.ts';
import type { MessageLimits } from './limits.ts';
import type { ParseOutcome, ParseRefusal } from './message.ts';
import { isUri } from './name-address.ts';
import { responseFromHead } from './stateless.ts';
import type { Source } from './via.ts';
import { parseUri } from './uri.ts';
import { parseMaxForwards, skipCallId } from './values.ts';
import { WireRequest, WireResponse } from './wire-message.ts';

export interface ParseOptions {
  readonly limits?: MessageLimits;
  /** Where the bytes came from: a refusal's response then carries received/rport in its top Via (RFC 3261 18.2.1, RFC 3581 4). */
  readonly source?: Source;
}

/**
 * One whole message (a datagram, a WebSocket message, or what `frame` cut from a stream). Never throws; linear time. Keeps
 * `bytes` for the body: do not overwrite them. Strings taken from the message share its text, so what is kept for long
 * (a binding's contact) holds the head of the message it came in.
 */
export function parseMessage(bytes: Uint8Array, options: ParseOptions = {}): ParseOutcome {
  const limits = options.limits ?? defaultLimits;
  if (bytes.length > limits.messageBytes) return drop('message too large');
  const head = scanHead(bytes, limits);
  if (head.startEnd === head.start) return drop(head.lines.length === 0 ? 'keepalive' : 'no start line');
  const start = head.text.slice(head.start, head.startEnd);
  return start.slice(0, 4).toUpperCase() === 'SIP/' ? parseResponse(bytes, start, head, limits) : parseRequest(bytes, start, head, limits, options.source);
}

function parseResponse(bytes: Uint8Array, line: string, head: Head, limits: MessageLimits): ParseOutcome {
  // RFC 3261 7.2, 25.1 Status-Line. What is wrong with a response cannot be told to anybody (8.1.3): it is dropped.
  if (line.slice(0, 8).toUpperCase() !== 'SIP/2.0 ') return drop('response of another version');
  const status = parseInteger(line.slice(8, 11), 699);
  // The space before an empty reason phrase is left out by some.
  if (status === undefined || status < 100 || (line.length > 11 && line.charCodeAt(11) !== 0x20)) return drop('bad status code');
  const headers = new HeaderBlock(head.lines);
  const fault = headFault(head, limits) ?? fieldFault(headers);
  if (fault !== undefined) return drop(`response: ${fault}`);
  const body = cutBody(bytes, head, headers);
  if (typeof body === 'string') return drop(`response: ${body}`);
  return { ok: true, message: new WireResponse(status, line.slice(12), headers, body) };
}

function parseRequest(bytes: Uint8Array, line: string, head: Head, limits: MessageLimits, source: Source | undefined): ParseOutcome {
  const refuse = (status: number, reason: string): ParseOutcome => {
    const response = responseFromHead(head, status, reason, [], source);
    return response === undefined ? drop(`request: ${reason}`) : { ok: false, refusal: { kind: 'respond', status, reason, response } };
  };

  // RFC 3261 7.1: exactly one space between the three, none elsewhere.
  const methodEnd = line.indexOf(' ');
  const uriEnd = line.lastIndexOf(' ');
  const version = line.slice(uriEnd + 1);
  if (version !== 'SIP/2.0' && version.toUpperCase() !== 'SIP/2.0') {
    // RFC 3261 21.5.6.
    if (isSipVersion(version)) return refuse(505, 'Version Not Supported');
    return line.includes(' SIP/') ? refuse(400, 'Malformed Request-Line') : drop('not SIP');
  }
  const method = line.slice(0, methodEnd);
  if (methodEnd === uriEnd || !isToken(method)) return refuse(400, 'Malformed Request-Line');
  const uri = line.slice(methodEnd + 1, uriEnd);
  if (!isRequestUri(uri)) return refuse(400, 'Malformed Request-URI');

  const headers = new HeaderBlock(head.lines);
  const fault = headFault(head, limits) ?? fieldFault(headers);
  if (fault !== undefined) return refuse(400, fault);
  // RFC 3261 8.1.1.5.
  if (headers.cseq?.method !== method) return refuse(400, 'CSeq Method Mismatch');
  const hops = headers.first(ids.maxForwards);
  if (hops !== undefined && parseMaxForwards(hops) === undefined) return refuse(400, 'Malformed Max-Forwards');
  const body = cutBody(bytes, head, headers);
  if (typeof body === 'string') return refuse(400, body);
  return { ok: true, message: new WireRequest(method, uri, headers, body) };
}

function isSipVersion(text: string): boolean {
  if (text.slice(0, 4).toUpperCase() !== 'SIP/') return false;
  const dot = text.indexOf('.');
  return parseInteger(text.slice(4, dot < 0 ? 4 : dot), Number.MAX_VALUE) !== undefined && parseInteger(text.slice(dot + 1), Number.MAX_VALUE) !== undefined;
}

/** RFC 3261 7.1; another scheme is the core's to refuse (416, 8.2.2.1). */
function isRequestUri(uri: string): boolean {
  if (!isUri(uri, 0, uri.length)) return false;
  const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return true;
  // RFC 3261 19.1.1, table 1: no header component in a Request-URI.
  return parseUri(uri)?.headers.length === 0;
}

/** What is wrong with the lines as lines. */
function headFault(head: Head, limits: MessageLimits): string | undefined {
  if (head.fault !== undefined) return head.fault;
  let seen = 0;
  for (const line of head.lines) {
    if (isSingle(line.id)) {
      const bit = 1 << line.id;
      // RFC 4475 3.3.8, 3.3.9: which of two was meant cannot be known.
      if ((seen & bit) !== 0) return `Multiple ${canonicalName(line.id)}`;
      seen |= bit;
      // An element and its comma take two characters at least: shorter fields need no counting.
    } else if (line.valueEnd - line.valueStart >= 2 * limits.listElements && isList(line.id)) {
      const value = valueOf(line);
      let elements = 0;
      for (let at = 0; at < value.length; at = elementEnd(value, at) + 1) elements += 1;
      if (elements > limits.listElements) return 'Too Many List Elements';
    }
  }
  return undefined;
}

/** RFC 3261 8.1.1: the fields without which no message can be matched or answered. */
function fieldFault(headers: HeaderBlock): string | undefined {
  if (headers.via === undefined) return missingOr(headers, ids.via);
  if (headers.from === undefined) return missingOr(headers, ids.from);
  if (headers.to === undefined) return missingOr(headers, ids.to);
  if (headers.cseq === undefined) return missingOr(headers, ids.cseq);
  const callId = headers.first(ids.callId);
  if (callId === undefined || callId.length === 0 || skipCallId(callId) !== callId.length) return missingOr(headers, ids.callId);
  return undefined;
}

function missingOr(headers: HeaderBlock, id: number): string {
  return `${headers.first(id) === undefined ? 'Missing' : 'Malformed'} ${canonicalName(id)}`;
}

/** RFC 3261 18.3: without Content-Length the datagram's end is the body's; what follows a shorter one is ignored. A string says what is wrong. */
function cutBody(bytes: Uint8Array, head: Head, headers: HeaderBlock): Uint8Array | string {
  const available = bytes.length - head.bodyStart;
  const declared = headers.first(ids.contentLength);
  if (declared === undefined) return bytes.subarray(head.bodyStart);
  const length = parseInteger(declared, 0x7fff_ffff);
  if (length === undefined) return declared.charCodeAt(0) === 0x2d && isDigit(declared.charCodeAt(1)) ? 'Negative Content-Length' : 'Malformed Content-Length';
  if (length > available) return 'Body Shorter Than Content-Length';
  return bytes.subarray(head.bodyStart, head.bodyStart + length);
}

function drop(reason: string): ParseOutcome {
  const refusal: ParseRefusal = { kind: 'drop', reason };
  return { ok: false, refusal };
}
