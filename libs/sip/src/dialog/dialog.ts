import { createRequest } from '../message/create.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { parseNameAddress } from '../message/name-address.ts';
import { parseUri, uriParameter } from '../message/uri.ts';

/** A dialog as plain JSON (RFC 3261 12): it is kept across a restart of the process. */
export interface DialogSnapshot {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To values with their tags, as they are written on requests of ours. */
  readonly local: string;
  readonly remote: string;
  readonly localCSeq: number;
  /** Undefined until the peer sent a request. */
  readonly remoteCSeq: number | undefined;
  /** Contact URI of the peer. */
  readonly remoteTarget: string;
  /** Route values in the order in which we write them. */
  readonly routes: readonly string[];
  readonly secure: boolean;
}

/** A dialog as it lives: what changes are the sequence numbers and the peer's target. */
export interface Dialog extends DialogSnapshot {
  localCSeq: number;
  remoteCSeq: number | undefined;
  remoteTarget: string;
  routes: readonly string[];
}

/** RFC 3261 12.1.1: we answered `request` with that To tag. */
export function uasDialog(request: SipRequest, localTag: string): Dialog {
  return {
    callId: request.callId,
    localTag,
    remoteTag: request.from.tag ?? '',
    local: `${request.headers.get('To') ?? ''};tag=${localTag}`,
    remote: request.headers.get('From') ?? '',
    localCSeq: 0,
    remoteCSeq: request.cseq.number,
    remoteTarget: contactUri(request) ?? request.from.uri,
    routes: request.headers.list('Record-Route'),
    // RFC 3261 12.1.1: a secure dialog asks for TLS and a sips Request-URI.
    secure: request.uri.startsWith('sips:'),
  };
}

/** RFC 3261 12.1.2: the peer answered our INVITE, sent to `requestUri`, with a To tag. */
export function uacDialog(response: SipResponse, requestUri: string): Dialog {
  return {
    callId: response.callId,
    localTag: response.from.tag ?? '',
    remoteTag: response.to.tag ?? '',
    local: response.headers.get('From') ?? '',
    remote: response.headers.get('To') ?? '',
    localCSeq: response.cseq.number,
    remoteCSeq: undefined,
    remoteTarget: contactUri(response) ?? requestUri,
    routes: response.headers.list('Record-Route').reverse(),
    secure: requestUri.startsWith('sips:'),
  };
}

/** RFC 3261 13.2.2.4: the 2xx computes the route set anew, since provisional responses may have come another way. */
export function confirmDialog(dialog: Dialog, response: SipResponse): void {
  dialog.routes = response.headers.list('Record-Route').reverse();
  refreshTarget(dialog, response);
}

/** RFC 3261 12.2: a target refresh request, or its 2xx, may move the peer. */
export function refreshTarget(dialog: Dialog, message: SipMessage): void {
  const uri = contactUri(message);
  if (uri !== undefined) dialog.remoteTarget = uri;
}

/** RFC 3261 12.2.2: takes the number of a request of the peer; false when it is out of order, to be answered 500. ACK and CANCEL have no number of their own. */
export function acceptCSeq(dialog: Dialog, request: SipRequest): boolean {
  const { number } = request.cseq;
  if (dialog.remoteCSeq !== undefined && number <= dialog.remoteCSeq) return false;
  dialog.remoteCSeq = number;
  return true;
}

/** Where the next request goes: the first route, else the peer (RFC 3261 12.2.1.1). */
export function nextUri(dialog: DialogSnapshot): string {
  const route = dialog.routes[0];
  return route === undefined ? dialog.remoteTarget : (parseNameAddress(route)?.uri ?? dialog.remoteTarget);
}

export interface DialogRequestParts {
  /** Number of CSeq when not the next one: an ACK's. */
  readonly cseq?: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
}

/** A request within the dialog (RFC 3261 12.2.1.1), counting CSeq up unless a number is given. Via is the transaction's. */
export function dialogRequest(dialog: Dialog, method: string, parts: DialogRequestParts): SipRequest {
  const headers: (readonly [string, string])[] = [];
  const uri = addRoutes(dialog, headers);
  const cseq = parts.cseq ?? ++dialog.localCSeq;
  headers.push(
    ['Max-Forwards', '70'],
    ['From', dialog.local],
    ['To', dialog.remote],
    ['Call-ID', dialog.callId],
    ['CSeq', `${cseq} ${method}`],
  );
  for (const line of parts.headers) headers.push(line);
  return createRequest(parts.body === undefined ? { method, uri, headers } : { method, uri, headers, body: parts.body });
}

export function dialogSnapshot(dialog: Dialog): DialogSnapshot {
  return { ...dialog };
}

export function dialogFromSnapshot(snapshot: DialogSnapshot): Dialog {
  return { ...snapshot };
}

/** Writes the Route lines and returns the Request-URI. */
function addRoutes(dialog: Dialog, headers: (readonly [string, string])[]): string {
  const [first, ...rest] = dialog.routes;
  if (first === undefined) return dialog.remoteTarget;
  const uri = parseNameAddress(first)?.uri;
  const parsed = uri === undefined ? undefined : parseUri(uri);
  if (uri !== undefined && parsed !== undefined && uriParameter(parsed, 'lr') === undefined) {
    // RFC 3261 12.2.1.1: a strict router stands in the Request-URI, the peer at the end of the routes.
    for (const route of rest) headers.push(['Route', route]);
    headers.push(['Route', `<${dialog.remoteTarget}>`]);
    return uri;
  }
  for (const route of dialog.routes) headers.push(['Route', route]);
  return dialog.remoteTarget;
}

function contactUri(message: SipMessage): string | undefined {
  const value = message.headers.get('Contact');
  return value === undefined ? undefined : parseNameAddress(value)?.uri;
}
