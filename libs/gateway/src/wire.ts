import type { ContextId, GatewayCommand, GatewayEvent, GatewayRefusal, MediaMode, PayloadCodec, RemoteMedia, TerminationId } from './contract.ts';

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

export function writeEvent(event: GatewayEvent): string {
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
  const fault = faultOf(value);
  if (fault !== null) return refused(n, fault);
  delete value.n;
  return { n, command: value as unknown as GatewayCommand };
}

type Fields = Record<string, unknown>;

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

function faultOf(value: Fields): string | null {
  switch (value.do as GatewayCommand['do']) {
    case 'add':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? remoteFault(value.remote) ?? modeFault(value.mode) ?? localFault(value);
    case 'modify':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? remoteFault(value.remote) ?? modeFault(value.mode);
    case 'topology':
      return idFault(value, 'context') ?? joinedFault(value.joined);
    case 'attach':
      return idFault(value, 'context') ?? (typeof value.blob === 'string' ? null : 'blob must be a string');
    case 'subtract':
      return idFault(value, 'context') ?? idFault(value, 'termination');
    case 'release':
    case 'inspect':
      return idFault(value, 'context');
    case 'signal':
      return idFault(value, 'context') ?? idFault(value, 'termination') ?? signalFault(value.signal);
    case 'audit':
    case 'metrics':
      return null;
    default:
      return 'unknown command';
  }
}

function idFault(value: Fields, field: 'context' | 'termination'): string | null {
  return isId(value[field]) ? null : `${field} must be a string of 1 to ${idLimit} characters`;
}

function isId(value: unknown): value is ContextId | TerminationId {
  return typeof value === 'string' && value.length > 0 && value.length <= idLimit;
}

function remoteFault(value: unknown): string | null {
  if (value === undefined) return null;
  if (!isObject(value)) return 'remote must be an object';
  const remote = value as Partial<RemoteMedia>;
  if (!isMediaAddress(remote.rtp)) return 'remote.rtp must be { address, port }';
  if (remote.rtcp !== undefined && !isMediaAddress(remote.rtcp)) return 'remote.rtcp must be { address, port }';
  if (remote.rtcpMux !== undefined && typeof remote.rtcpMux !== 'boolean') return 'remote.rtcpMux must be true or false';
  if (!Array.isArray(remote.codecs) || remote.codecs.length > codecLimit) return `remote.codecs must be a list of at most ${codecLimit}`;
  return remote.codecs.every(isPayloadCodec) ? null : 'remote.codecs: each needs payloadType 0–127, name and clockRate';
}

function isMediaAddress(value: unknown): boolean {
  return isObject(value) && isAddress(value.address) && isPort(value.port);
}

/** An address literal by its characters; the socket layer says whether it is one. Names are not resolved here. */
function isAddress(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 2 || value.length > 45) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const digit = code >= 0x30 && code <= 0x3a; // 0–9 and ':'
    const hex = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
    if (!digit && !hex && code !== 0x2e) return false;
  }
  return true;
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536;
}

function isPayloadCodec(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { payloadType, name, clockRate, channels, parameters } = value as Partial<PayloadCodec>;
  if (!Number.isInteger(payloadType) || (payloadType as number) < 0 || (payloadType as number) > 127) return false;
  if (typeof name !== 'string' || name.length === 0 || name.length > 64) return false;
  if (!Number.isInteger(clockRate) || (clockRate as number) < 1000 || (clockRate as number) > 384_000) return false;
  return (channels === undefined || Number.isInteger(channels)) && (parameters === undefined || typeof parameters === 'string');
}

function modeFault(value: unknown): string | null {
  return value === undefined || modes.includes(value as MediaMode) ? null : 'mode must be sendrecv, sendonly, recvonly or inactive';
}

function localFault(value: Fields): string | null {
  if (value.address !== undefined && !isAddress(value.address)) return 'address must be an IP address';
  if (value.local === undefined) return null;
  const port = isObject(value.local) ? value.local.rtpPort : undefined;
  // RFC 3550 11: RTP on an even port, RTCP on the next.
  return isPort(port) && (port as number) % 2 === 0 ? null : 'local.rtpPort must be an even port';
}

function joinedFault(value: unknown): string | null {
  if (!Array.isArray(value) || value.length > joinedLimit) return `joined must be a list of at most ${joinedLimit} pairs`;
  for (const pair of value as unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2 || !isId(pair[0]) || !isId(pair[1])) return 'joined: each must be a pair of terminations';
    if (pair[0] === pair[1]) return 'joined: a termination cannot be joined with itself';
  }
  return null;
}

function signalFault(value: unknown): string | null {
  if (!isObject(value)) return 'signal must be an object';
  if (value.type === 'silence') return null;
  if (value.type === 'tone') return toneFault(value.tone) ?? (isBetween(value.levelDbm0, -60, 0) ? null : 'signal.levelDbm0 must be -60 to 0');
  if (value.type !== 'digit') return 'signal.type must be digit, tone or silence';
  if (typeof value.digit !== 'string' || value.digit.length !== 1 || !digits.includes(value.digit)) return `signal.digit must be one of ${digits}`;
  return isBetween(value.durationMs, 40, 8000) ? null : 'signal.durationMs must be 40 to 8000';
}

/** A tone that can be played: @tipring/dsp's Tone. */
function toneFault(value: unknown): string | null {
  if (!isObject(value) || !Array.isArray(value.segments) || value.segments.length === 0 || value.segments.length > segmentLimit) return `signal.tone must have 1 to ${segmentLimit} segments`;
  const repeats = value.repeatFrom;
  if (repeats !== undefined && repeats !== null && !(Number.isInteger(repeats) && isBetween(repeats, 0, value.segments.length - 1))) return 'signal.tone.repeatFrom must be the number of a segment, or null';
  return (value.segments as unknown[]).every(isSegment) ? null : 'signal.tone.segments: each needs up to four frequenciesHz of 20 to 3900, and durationMs or null';
}

function isSegment(value: unknown): boolean {
  if (!isObject(value) || !Array.isArray(value.frequenciesHz) || value.frequenciesHz.length > 4) return false;
  if (!value.frequenciesHz.every((frequency) => isBetween(frequency, 20, 3900))) return false;
  if (value.sweepToHz !== undefined && !isBetween(value.sweepToHz, 20, 3900)) return false;
  if (value.levelDb !== undefined && !isBetween(value.levelDb, -60, 20)) return false;
  const { modulation } = value;
  if (modulation !== undefined && (value.frequenciesHz.length !== 1 || !isObject(modulation) || !isBetween(modulation.frequencyHz, 1, 200) || !isBetween(modulation.depth, 0, 1))) return false;
  return value.durationMs === null || isBetween(value.durationMs, 1, 3_600_000);
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const modes: readonly MediaMode[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const digits = '0123456789*#ABCD';
const idLimit = 128;
const codecLimit = 32;
const joinedLimit = 1024;
/** Of a tone. */
const segmentLimit = 32;
