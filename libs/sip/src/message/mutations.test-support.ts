import { parseContacts } from './contact.ts';
import { createResponse } from './create.ts';
import { parseAuthentication } from './credentials.ts';
import { frame } from './frame.ts';
import { defaultLimits } from './limits.ts';
import type { MessageLimits } from './limits.ts';
import type { SipMessage } from './message.ts';
import { parseNameAddresses } from './name-address.ts';
import { parseMessage } from './parse.ts';
import { peek } from './peek.ts';
import { serialize } from './serialize.ts';
import { statelessResponse } from './stateless.ts';
import { parseTelUri, parseUri, sameUri } from './uri.ts';
import {
  parseContentType, parseDeltaSeconds, parseEvent, parseParameterValue, parsePrivacy, parseRAck, parseReason, parseReplaces, parseRetryAfter, parseSessionExpires, tokens,
} from './values.ts';
import { parseVias, stampVia } from './via.ts';

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const specials = Uint8Array.from('\r\n \t:;,<>"\\=@?%()[]\0\xff*/'.split('').map((character) => character.charCodeAt(0)));

/** One damaged message: one to four of flips, cuts, duplications, splices from another message, special characters, and huge repetitions. */
export function mutate(corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const pick = (below: number): number => Math.floor(random() * below);
  const any = (): Uint8Array => corpus[pick(corpus.length)] ?? new Uint8Array(0);
  let bytes = Uint8Array.from(any());
  for (let damage = 1 + pick(4); damage > 0; damage -= 1) {
    const from = pick(bytes.length + 1);
    const to = Math.min(bytes.length, from + pick(60));
    const kind = pick(8);
    if (kind === 0) for (let flips = 1 + pick(8); flips > 0; flips -= 1) { const at = pick(bytes.length); bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8)); }
    else if (kind === 1) bytes = join(bytes.subarray(0, from), bytes.subarray(to));
    else if (kind === 2) bytes = bytes.slice(0, from);
    else if (kind === 3) bytes = join(bytes.subarray(0, to), bytes.subarray(from));
    else if (kind === 4) { const other = any(); const start = pick(other.length + 1); bytes = join(bytes.subarray(0, from), other.subarray(start, start + pick(200)), bytes.subarray(to)); }
    else if (kind === 5) bytes = join(bytes.subarray(0, from), specials.subarray(pick(specials.length), specials.length), bytes.subarray(from));
    else if (kind === 6) { const at = pick(bytes.length); for (let count = 1 + pick(4); count > 0; count -= 1) bytes[at + pick(20)] = specials[pick(specials.length)] ?? 0; }
    // Rare: it costs a thousand times the others.
    else if (pick(20) === 0) bytes = repeat(bytes, from, Math.min(bytes.length, from + 1 + pick(12)), 1 + pick(66_000));
  }
  return bytes;
}

function repeat(bytes: Uint8Array, from: number, to: number, most: number): Uint8Array<ArrayBuffer> {
  const unit = bytes.subarray(from, to);
  const filler = new Uint8Array(unit.length === 0 ? 0 : most);
  for (let at = 0; at < filler.length; at += 1) filler[at] = unit[at % unit.length] ?? 0;
  return join(bytes.subarray(0, from), filler, bytes.subarray(from));
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Everything this folder can do with bytes from the wire. What the parser accepts must survive being written and read
 * again; what it answers must be a whole message. @returns how the parser took it @throws when one of these does not hold
 */
export function exercise(bytes: Uint8Array, limits: MessageLimits = defaultLimits): 'ok' | 'respond' | 'drop' {
  peek(bytes);
  frame(bytes, 0, limits);
  statelessResponse(bytes, 503, 'Service Unavailable', [['Retry-After', '5']], { address: '192.0.2.1', port: 5060 });
  const outcome = parseMessage(bytes, { limits, source: { address: '192.0.2.1', port: 5060 } });
  if (!outcome.ok) {
    if (outcome.refusal.kind === 'drop') return 'drop';
    const head = String.fromCharCode(...outcome.refusal.response.subarray(0, 16));
    if (!head.startsWith(`SIP/2.0 ${String(outcome.refusal.status)} `)) throw new Error('the answer is no response');
    if (frame(outcome.refusal.response).kind !== 'message') throw new Error('the answer is no whole message');
    return 'respond';
  }
  readAll(outcome.message);
  const again = parseMessage(serialize(outcome.message), { limits });
  if (!again.ok) throw new Error(`accepted, but not when written again: ${again.refusal.reason}`);
  if (identity(again.message) !== identity(outcome.message)) throw new Error('written again it is another message');
  if (outcome.message.kind === 'request') {
    const answer = parseMessage(serialize(createResponse(outcome.message, 200, { toTag: 'x' })), { limits });
    if (!answer.ok) throw new Error(`our own response is refused: ${answer.refusal.reason}`);
    stampVia(outcome.message, { address: '192.0.2.1', port: 5060 });
    if (outcome.message.via.received === undefined && outcome.message.via.rport !== undefined) throw new Error('the stamped Via cannot be read');
  }
  return 'ok';
}

function identity(message: SipMessage): string {
  return JSON.stringify([message.kind, message.via.text, message.from.uri, message.from.tag, message.to.uri, message.to.tag, message.callId, message.cseq, message.body.length, [...message.headers].filter(([name]) => !/^(?:l|content-length)$/i.test(name))]);
}

function readAll(message: SipMessage): void {
  const { headers } = message;
  parseVias(headers);
  const contacts = parseContacts(headers);
  if (Array.isArray(contacts)) for (const contact of contacts) void [contact.displayName, contact.expires, contact.q, contact.parameter('+sip.instance')];
  for (const name of ['Route', 'Record-Route', 'Path', 'Refer-To', 'P-Asserted-Identity']) parseNameAddresses(headers, name);
  for (const name of ['Require', 'Supported', 'Allow']) tokens(headers, name);
  const target = parseUri(message.kind === 'request' ? message.uri : message.to.uri);
  const from = parseUri(message.from.uri);
  if (target !== undefined && from !== undefined) sameUri(target, from);
  void [message.from.displayName, message.to.displayName];
  for (const [, value] of headers) {
    for (const read of [parseTelUri, parseAuthentication, parseContentType, parseDeltaSeconds, parseEvent, parseParameterValue, parsePrivacy, parseRAck, parseReason, parseReplaces, parseRetryAfter, parseSessionExpires]) read(value);
  }
}

/** Inputs of the largest size that would cost a parser with backtracking, or one that looks twice, seconds. */
export function pathologicalMessages(size = 65_000): [name: string, bytes: Uint8Array][] {
  const around = (name: string, before: string, unit: string, after = ''): [string, Uint8Array] => {
    const [head = '', tail = ''] = message(before, after);
    const text = head + unit.repeat(Math.max(0, Math.floor((size - head.length - tail.length) / unit.length))) + tail;
    return [name, Uint8Array.from(text, (character) => character.charCodeAt(0))];
  };
  const message = (before: string, after: string): string[] =>
    `OPTIONS sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n${before}|${after}\r\n\r\n`.split('|');
  return [
    around('one field folded again and again', 'Subject: a', '\r\n b'),
    around('folds of nothing', 'Subject: a', '\r\n '),
    around('bare line feeds folded', 'Subject: a', '\n\t'),
    around('many short fields', 'X: y', '\r\nX: y'),
    around('fields without a name', 'X: y', '\r\n:'),
    around('a comma list', 'Contact: <sip:a@x>', ','),
    around('quotes', 'Contact: ', '"\\"'),
    around('an open quote of backslashes', 'Contact: "', '\\'),
    around('open brackets', 'Contact: ', '<'),
    around('parameters', 'Contact: <sip:a@x>', ';a=b'),
    around('parameters with white space', 'Contact: <sip:a@x>', ' \t;'),
    around('white space', 'Contact: <sip:a@x>', ' '),
    around('nested comments', 'Retry-After: 5 ', '(', ')'),
    around('digest parameters', 'Authorization: Digest a=1', ',b=c'),
    around('escapes in a user', 'Contact: <sip:', '%41', '@x>'),
    around('a user of colons', 'Contact: <sip:', ':', '@x>'),
    around('URI parameters', 'Contact: <sip:a@x', ';a', '>'),
    around('route sets', 'Route: <sip:a@x>', ',<sip:a@x>'),
    around('carriage returns', 'Subject: ', '\r'),
    around('zeros', 'Subject: ', '\0'),
    ['line ends only', new Uint8Array(size).fill(0x0a)],
    ['no line end', new Uint8Array(size).fill(0x41)],
    ['spaces', new Uint8Array(size).fill(0x20)],
  ];
}
