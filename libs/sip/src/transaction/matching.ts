import type { SipRequest } from '../message/message.ts';
import { isReliable } from '../transport/flow.ts';
import type { Flow, Hop } from '../transport/flow.ts';

/** What a branch begins with that is unique in itself (RFC 3261 8.1.1.7). */
export const magicCookie = 'z9hG4bK';

/** By what a server transaction is found. */
export interface ServerKeys {
  readonly key: string;
  /** `mergeKey` of a request outside a dialog. */
  readonly merge: string | undefined;
}

/** Two requests with the same key belong to one server transaction (RFC 3261 17.2.3); `method` is INVITE for an ACK and for what a CANCEL means. */
export function serverKey(request: SipRequest, method: string): string {
  const { via } = request;
  const { branch } = via;
  if (branch !== undefined && branch.length > magicCookie.length && branch.startsWith(magicCookie)) return flat(`${branch} ${via.host}:${via.port ?? ''} ${method}`);
  // RFC 2543: no unique branch. The To tag is left out, since the ACK has the one of our response.
  return flat(`${request.uri} ${request.from.tag ?? ''} ${request.callId} ${request.cseq.number} ${via.host}:${via.port ?? ''} ${branch ?? ''} ${method}`);
}

/** Equal for copies of one request that came by different ways (RFC 3261 8.2.2.2). */
export function mergeKey(request: SipRequest): string {
  return flat(`${request.callId} ${request.cseq.number} ${request.from.tag ?? ''} ${request.method}`);
}

/** Where responses go (RFC 3261 18.2.2, RFC 3581 4): the connection, or the source address at the asked-for port. */
export function responseHop(request: SipRequest, flow: Flow): Hop {
  const { via } = request;
  if (isReliable(flow.transport) || via.rport !== undefined) return { flow };
  const port = via.port ?? 5060;
  if (port === flow.remote.port) return { flow };
  return { transport: flow.transport, address: flow.remote.address, port };
}

/** A To tag that is the same for a repeated request, though nothing was kept of it (RFC 3261 8.2.7). */
export function statelessTag(key: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** The engine keeps joined text as a tree of slices, each of which holds its whole message; reading a character makes it one piece. */
function flat(text: string): string {
  return text.charCodeAt(0) === 0 ? '' : text; // (a mere read would be optimized away)
}
