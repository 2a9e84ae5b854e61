import { displayText, decodeLatin1 } from '../message/latin1.ts';
import { canonicalName, headerId } from '../message/header-names.ts';
import type { CapturedLadder, CapturedMessage, LadderMessage } from './captured-message.ts';
import { redact } from './redact.ts';

/** The messages as people read them. Whatever came is shown, also what no parser would take: it may be what is wrong. */
export function readLadder({ messages }: CapturedLadder): readonly LadderMessage[] {
  return messages.map(readMessage);
}

function readMessage({ bytes: captured, ...facts }: CapturedMessage): LadderMessage {
  const bytes = captured.slice();
  redact(bytes);
  const text = displayText(decodeLatin1(bytes, 0, bytes.length));
  const [head, body] = parted(text);
  const [start = '', ...lines] = head.replace(/^[\r\n]+/, '').split(/\r?\n/);
  const headers: { name: string; value: string }[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const last = headers.at(-1);
    // RFC 3261 7.3.1: a line that begins with white space goes on with the former.
    if ((line.startsWith(' ') || line.startsWith('\t')) && last !== undefined) last.value += ` ${line.trim()}`;
    else if (colon > 0) headers.push({ name: longName(line.slice(0, colon).trim()), value: line.slice(colon + 1).trim() });
  }
  const value = (name: string): string => headers.find((header) => header.name === name)?.value ?? '';
  const [number = '', method = ''] = value('CSeq').split(/[ \t]+/);
  const isResponse = start.startsWith('SIP/2.0 ');
  return {
    ...facts,
    callId: value('Call-ID'),
    start,
    method: isResponse ? method : (start.split(' ', 1)[0] ?? ''),
    status: isResponse ? Number.parseInt(start.slice(8, 11), 10) || 0 : null,
    cseq: Number.parseInt(number, 10) || 0,
    headers,
    body,
    text,
  };
}

function parted(text: string): [head: string, body: string] {
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? [text, ''] : [text.slice(0, end.index), text.slice(end.index + end[0].length)];
}

function longName(name: string): string {
  const id = headerId(name);
  return id === 0 ? name : canonicalName(id);
}
