import type { SipRequest } from '../message/message.ts';
import { parseDeltaSeconds, parseEvent } from '../message/values.ts';
import type { HeaderLines } from '../session/session.ts';

/** An event package that we are notifier of (RFC 6665 5.4). */
export interface EventPackage {
  /** Its token in Event and Allow-Events. */
  readonly name: string;
  /** What its NOTIFYs carry, and what is meant where Accept is absent. */
  readonly contentType: string;
  /** Seconds; where Expires is absent. */
  readonly defaultS: number;
}

export interface ExpiryBounds {
  /** Seconds; what is shorter is refused (423), unless it is 0. */
  readonly minimumS: number;
  /** Seconds; what is longer is shortened. */
  readonly maximumS: number;
}

export type SubscribeRequest =
  | { readonly ok: true; readonly package: EventPackage; /** The Event value of its NOTIFYs: package and `id` (RFC 6665 8.2.1). */ readonly event: string; readonly expiresS: number }
  | { readonly ok: false; readonly status: number; readonly headers: HeaderLines };

/** What RFC 6665 4.2.1.1 has a notifier check before anybody is asked about the resource. */
export function readSubscribe(request: SipRequest, packages: readonly EventPackage[], { minimumS, maximumS }: ExpiryBounds): SubscribeRequest {
  const { headers } = request;
  const event = parseEvent(headers.get('Event') ?? '');
  const known = event === undefined ? undefined : packages.find(({ name }) => name === event.value.toLowerCase());
  if (event === undefined || known === undefined) return { ok: false, status: 489, headers: [['Allow-Events', packages.map(({ name }) => name).join(', ')]] };
  // RFC 6665 4.1.2.1: it creates a dialog.
  if (!headers.has('Contact')) return { ok: false, status: 400, headers: [] };
  if (headers.has('Accept') && !headers.list('Accept').some((range) => covers(range, known.contentType))) return { ok: false, status: 406, headers: [['Accept', known.contentType]] };
  const wished = headers.get('Expires');
  const seconds = wished === undefined ? known.defaultS : parseDeltaSeconds(wished);
  if (seconds === undefined) return { ok: false, status: 400, headers: [] };
  // 4.2.1.1: one hour or more is never too brief.
  if (seconds > 0 && seconds < minimumS && seconds < 3600) return { ok: false, status: 423, headers: [['Min-Expires', String(minimumS)]] };
  const id = event.parameter('id');
  return { ok: true, package: known, event: id === undefined || id === '' ? known.name : `${known.name};id=${id}`, expiresS: Math.min(seconds, maximumS) };
}

function covers(range: string, contentType: string): boolean {
  const end = range.indexOf(';');
  const type = (end < 0 ? range : range.slice(0, end)).trim().toLowerCase();
  return type === contentType || type === '*/*' || type === `${contentType.slice(0, contentType.indexOf('/'))}/*`;
}
