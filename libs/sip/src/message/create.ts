import { fitForWire, HeaderBlock, newLine } from './header-block.ts';
import { makeLine } from './head.ts';
import type { Line } from './head.ts';
import { ids } from './header-names.ts';
import { encodeUtf8 } from './latin1.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { WireRequest, WireResponse } from './wire-message.ts';

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  /** Values may hold any text: beyond latin1 they are written as UTF-8, line breaks become spaces. Content-Length is not given. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text is written as UTF-8. */
  readonly body?: Uint8Array | string | undefined;
}

export interface ResponseParts {
  /** Defaults to the RFC's phrase. */
  readonly reason?: string | undefined;
  /** Added to To when the request's To has no tag. */
  readonly toTag?: string | undefined;
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly body?: Uint8Array | string | undefined;
}

export function createRequest(parts: RequestParts): SipRequest {
  const lines: Line[] = [];
  for (const [name, value] of parts.headers) lines.push(newLine(name, value));
  return new WireRequest(parts.method, fitForWire(parts.uri), new HeaderBlock(lines), bodyBytes(parts.body));
}

/** Via*, From, To, Call-ID, CSeq copied (RFC 3261 8.2.6.2); Record-Route in 101–299 (12.1.1), Timestamp in 100 (8.2.6.1). */
export function createResponse(request: SipRequest, status: number, parts: ResponseParts = {}): SipResponse {
  const lines: Line[] = [];
  for (const line of linesOf(request)) {
    const { id } = line;
    if (id === ids.to && parts.toTag !== undefined && request.to.tag === undefined) {
      lines.push(makeLine(ids.to, 'To', `${request.headers.get('To') ?? ''};tag=${parts.toTag}`));
    } else if (id >= ids.via && id <= ids.cseq) lines.push(line);
    else if (id === ids.recordRoute && status > 100 && status < 300) lines.push(line);
    else if (id === ids.timestamp && status === 100) lines.push(line);
  }
  for (const [name, value] of parts.headers ?? []) lines.push(newLine(name, value));
  return new WireResponse(status, parts.reason === undefined ? reasonPhrase(status) : fitForWire(parts.reason), new HeaderBlock(lines), bodyBytes(parts.body));
}

function linesOf(request: SipRequest): readonly Line[] {
  return request.headers instanceof HeaderBlock ? request.headers.wire : [...request.headers].map(([name, value]) => newLine(name, value));
}

const noBody = new Uint8Array(0);

function bodyBytes(body: Uint8Array | string | undefined): Uint8Array {
  if (body === undefined) return noBody;
  return typeof body === 'string' ? encodeUtf8(body) : body;
}

/** The RFC's phrase for a status, e.g. 486 → 'Busy Here'; the class's words for one nobody defined. */
export function reasonPhrase(status: number): string {
  return phrases[status] ?? phrases[Math.trunc(status / 100) * 100] ?? 'Failure';
}

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying', 180: 'Ringing', 181: 'Call Is Being Forwarded', 182: 'Queued', 183: 'Session Progress', 199: 'Early Dialog Terminated',
  200: 'OK', 202: 'Accepted', 204: 'No Notification',
  300: 'Multiple Choices', 301: 'Moved Permanently', 302: 'Moved Temporarily', 305: 'Use Proxy', 380: 'Alternative Service',
  400: 'Bad Request', 401: 'Unauthorized', 402: 'Payment Required', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  406: 'Not Acceptable', 407: 'Proxy Authentication Required', 408: 'Request Timeout', 410: 'Gone', 412: 'Conditional Request Failed',
  413: 'Request Entity Too Large', 414: 'Request-URI Too Long', 415: 'Unsupported Media Type', 416: 'Unsupported URI Scheme',
  420: 'Bad Extension', 421: 'Extension Required', 422: 'Session Interval Too Small', 423: 'Interval Too Brief', 428: 'Use Identity Header',
  429: 'Provide Referrer Identity', 430: 'Flow Failed', 433: 'Anonymity Disallowed', 436: 'Bad Identity Info', 437: 'Unsupported Credential',
  438: 'Invalid Identity Header', 439: 'First Hop Lacks Outbound Support', 440: 'Max-Breadth Exceeded', 469: 'Bad Info Package',
  470: 'Consent Needed', 480: 'Temporarily Unavailable', 481: 'Call/Transaction Does Not Exist', 482: 'Loop Detected', 483: 'Too Many Hops',
  484: 'Address Incomplete', 485: 'Ambiguous', 486: 'Busy Here', 487: 'Request Terminated', 488: 'Not Acceptable Here', 489: 'Bad Event',
  491: 'Request Pending', 493: 'Undecipherable', 494: 'Security Agreement Required',
  500: 'Server Internal Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Server Time-out',
  505: 'Version Not Supported', 513: 'Message Too Large', 580: 'Precondition Failure',
  600: 'Busy Everywhere', 603: 'Decline', 604: 'Does Not Exist Anywhere', 606: 'Not Acceptable', 607: 'Unwanted', 608: 'Rejected',
};
