import { commandFault } from './command-fault.ts';
import type { GatewayCommand, GatewayEvent, GatewayRefusal } from './contract.ts';
import type { Fields } from './fields.ts';
import type { PlayerGatewayEvent } from './player-contract.ts';
import type { PortGatewayEvent } from './port-contract.ts';

/**
 * The gateway protocol on the wire: one JSON object a line, UTF-8.
 *
 *   controller → gateway   {"n":7,"do":"add","context":"c1",…}
 *                          {"n":8,"do":"attach","context":"c1"}⇥the blob as it is, if it has no line break; else "blob":"…" inside
 *   gateway → controller   {"n":7,"ok":{…}}   {"n":7,"no":{"code":"noPort","text":"…"}}   {"event":"digit",…}
 *                          {"bye":"replaced","text":"…"}   another controller has taken this gateway; the connection ends
 */

/** Characters in one line, without its end. The longest is an `audit` reply of a full gateway or an `attach`. */
export const maximumCommandLength = 256 * 1024;
export const maximumReplyLength = 256 * 1024 * 1024;

export type FromGateway =
  | { readonly type: 'ok'; readonly n: number; readonly reply: unknown }
  | { readonly type: 'no'; readonly n: number | null; readonly refusal: GatewayRefusal }
  | { readonly type: 'event'; readonly event: GatewayEvent }
  | { readonly type: 'playerEvent'; readonly event: PlayerGatewayEvent }
  | { readonly type: 'portEvent'; readonly event: PortGatewayEvent }
  | { readonly type: 'bye'; readonly reason: string; readonly text: string }
  /** Not of this protocol; skipped. */
  | { readonly type: 'unreadable'; readonly text: string };

export type ParsedCommand =
  | { readonly n: number; readonly command: GatewayCommand; readonly refusal?: undefined }
  | { readonly n: number | null; readonly command?: undefined; readonly refusal: GatewayRefusal };

export function writeCommand(n: number, command: GatewayCommand): string {
  // A blob is a few kilobytes of JSON: written into a JSON string it would be escaped here and unescaped there, for every call.
  if (command.do === 'attach' && typeof command.blob === 'string' && !command.blob.includes('\n')) return `{"n":${n},"do":"attach","context":${JSON.stringify(command.context)}}\t${command.blob}\n`;
  return `{"n":${n},${JSON.stringify(command).slice(1)}\n`;
}

/** `reply` is the reply's JSON, so that a caller with a hot path may build it itself. */
export function writeReply(n: number, reply: string): string {
  return `{"n":${n},"ok":${reply}}\n`;
}

export function writeRefusal(n: number | null, refusal: GatewayRefusal): string {
  return `{"n":${n},"no":${JSON.stringify(refusal)}}\n`;
}

export function writeEvent(event: GatewayEvent | PlayerGatewayEvent | PortGatewayEvent): string {
  return `${JSON.stringify(event)}\n`;
}

export function writeBye(reason: string, text: string): string {
  return `${JSON.stringify({ bye: reason, text })}\n`;
}

/** Reads a line of a gateway. Its replies are ours, so their insides are trusted; never throws. */
export function readFromGateway(line: string): FromGateway {
  const value = parseObject(line);
  if (value === null) return { type: 'unreadable', text: line.slice(0, 80) };
  if ('ok' in value && typeof value.n === 'number') return { type: 'ok', n: value.n, reply: value.ok };
  if ('no' in value) return { type: 'no', n: typeof value.n === 'number' ? value.n : null, refusal: value.no as GatewayRefusal };
  if (value.event === 'port' || value.event === 'card') return { type: 'portEvent', event: value as unknown as PortGatewayEvent };
  if (value.event === 'announced' || value.event === 'recorded') return { type: 'playerEvent', event: value as unknown as PlayerGatewayEvent };
  if ('event' in value) return { type: 'event', event: value as unknown as GatewayEvent };
  if (typeof value.bye === 'string') return { type: 'bye', reason: value.bye, text: String(value.text) };
  return { type: 'unreadable', text: line.slice(0, 80) };
}

/** Reads a line of a controller at the gateway's edge. Never throws: what is not a command is a refusal. */
export function readCommand(line: string): ParsedCommand {
  const value = readAttach(line) ?? parseObject(line);
  if (value === null) return refused(null, 'not a JSON object');
  const n = value.n;
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 0) return refused(null, 'n must be a whole number');
  const fault = commandFault(value);
  if (fault !== null) return refused(n, fault);
  delete value.n;
  return { n, command: value as unknown as GatewayCommand };
}

/** An attach with its blob behind a tab; null for every other line, a command with a tab between its tokens included. */
function readAttach(line: string): Fields | null {
  const tab = line.indexOf('\t');
  const value = tab < 0 ? null : parseObject(line.slice(0, tab));
  if (value === null || value.do !== 'attach') return null;
  // A copy: a slice would keep the whole chunk it was read in for as long as the call lasts.
  return { ...value, blob: ` ${line.slice(tab + 1)}`.slice(1) };
}

function parseObject(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function refused(n: number | null, text: string): ParsedCommand {
  return { n, refusal: { code: 'badCommand', text } };
}
