import type { SipRequest } from '../message/message.ts';
import { parseMaxForwards, tokens } from '../message/values.ts';
import { uriScheme } from '../message/uri.ts';
import { intervalForAnswer } from './session-timer.ts';
import type { HeaderLines, SessionTimerSettings } from './session.ts';
import { isSdp } from './user-agent.ts';

export interface RequestPolicy {
  /** Methods taken inside and outside of dialogs. */
  readonly dialogMethods: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  /** Value of Allow. */
  readonly allow: string;
  /** Option tags we honour. */
  readonly extensions: ReadonlySet<string>;
  readonly sessionTimer: SessionTimerSettings;
}

export interface Refusal {
  readonly status: number;
  readonly headers: HeaderLines;
}

/** What RFC 3261 8.2 has to say against a request before anybody looks at it; undefined when nothing. */
export function refusalOf(request: SipRequest, policy: RequestPolicy): Refusal | undefined {
  const { method, headers, to } = request;
  const isInDialog = to.tag !== undefined;
  // 8.2.1
  if (!(isInDialog ? policy.dialogMethods : policy.methods).has(method)) {
    return { status: knownMethods.has(method) || policy.methods.has(method) ? 405 : 501, headers: [['Allow', policy.allow]] };
  }
  // 8.2.2.1
  if (!isTakenUri(request.uri)) return { status: 416, headers: [] };
  // 8.2.2.3
  const unsupported = headers.has('Require') ? tokens(headers, 'Require').filter((tag) => !policy.extensions.has(tag)) : [];
  if (unsupported.length > 0) return { status: 420, headers: [['Unsupported', unsupported.join(', ')]] };
  // 8.2.3
  if (request.body.length > 0 && describesSession(method)) {
    const refusal = contentRefusal(request);
    if (refusal !== undefined) return refusal;
  }
  if (method !== 'INVITE' || isInDialog) return undefined;
  // 20.1: whatever we answered would be no use.
  if (headers.has('Accept') && !takesSdp(headers.list('Accept'))) return { status: 406, headers: [] };
  // 16.3: a call is passed on, so its hops are counted; whatever ends here is not.
  const hops = headers.get('Max-Forwards');
  if (hops !== undefined && parseMaxForwards(hops) === 0) return { status: 483, headers: [] };
  // RFC 4028 9
  const interval = headers.has('Session-Expires') ? intervalForAnswer(request, policy.sessionTimer) : undefined;
  return interval?.tooSmall === true ? { status: 422, headers: interval.headers } : undefined;
}

function contentRefusal({ headers }: SipRequest): Refusal | undefined {
  const encoding = headers.get('Content-Encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return { status: 415, headers: [['Accept-Encoding', 'identity']] };
  const type = headers.get('Content-Type');
  if (type !== undefined && isSdp(type)) return undefined;
  const disposition = headers.get('Content-Disposition');
  // RFC 3261 20.11: what is marked as optional is simply not read.
  if (disposition !== undefined && /;\s*handling\s*=\s*optional/i.test(disposition)) return undefined;
  return { status: 415, headers: [['Accept', 'application/sdp']] };
}

function takesSdp(accepted: readonly string[]): boolean {
  return accepted.some((range) => {
    const end = range.indexOf(';');
    const type = (end < 0 ? range : range.slice(0, end)).trim().toLowerCase();
    return type === 'application/sdp' || type === 'application/*' || type === '*/*';
  });
}

function describesSession(method: string): boolean {
  return method === 'INVITE' || method === 'UPDATE' || method === 'PRACK';
}

function isTakenUri(uri: string): boolean {
  if (uri.startsWith('sip:')) return true;
  const scheme = uriScheme(uri);
  return scheme === 'sip' || scheme === 'sips' || scheme === 'tel';
}

const knownMethods = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'REGISTER', 'PRACK', 'UPDATE', 'INFO', 'REFER', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'PUBLISH']);
