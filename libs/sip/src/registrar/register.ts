import { quoted } from '../digest/ha1.ts';
import { parseContacts } from '../message/contact.ts';
import type { Contact } from '../message/contact.ts';
import type { HeaderFields, SipRequest } from '../message/message.ts';
import { parseUri, sameUri } from '../message/uri.ts';
import type { SipUri } from '../message/uri.ts';
import { parseDeltaSeconds, tokens } from '../message/values.ts';
import type { Flow } from '../transport/flow.ts';
import type { Binding, BindingChange } from './binding.ts';
import { ownText } from '../digest/own-text.ts';

export interface RegistrarSettings {
  /** Seconds; an interval below is answered 423 (RFC 3261 10.3 step 7). Default 60. */
  readonly minExpires?: number;
  /** When the phone names no interval. Default 3600. */
  readonly defaultExpires?: number;
  /** A longer interval is shortened to this. Default 7200. */
  readonly maxExpires?: number;
  /** Contacts an address of record may have; of more, those that end soonest yield. Default 10. */
  readonly maxContacts?: number;
  /** RFC 3327 5.3: Path although the phone does not say `Supported: path`. Default 'refuse' (420), as the RFC recommends. */
  readonly pathWithoutSupport?: 'accept' | 'refuse';
}

/** Who registers (already authenticated and permitted), and by which flow. `now` is `Timers.now()`. */
export interface Registrant {
  readonly aor: string;
  readonly device: string;
  readonly flow: Flow;
  readonly now: number;
}

/** Hand `status` and `headers` to createResponse, and the outcome to `Bindings.apply`. A refusal leaves `bindings` as they were. */
export interface RegisterOutcome {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bindings: readonly Binding[];
  readonly changes: readonly BindingChange[];
}

/**
 * RFC 3261 10.3 for one REGISTER that is already authenticated and meant for us. All or nothing: a refusal changes no
 * binding. `current`: what is registered now (`Bindings.of`).
 */
export function register(request: SipRequest, current: readonly Binding[], who: Registrant, settings: RegistrarSettings = {}): RegisterOutcome {
  const { headers } = request;
  // 10.3 step 2, 8.2.2.3.
  const required = headers.has('Require') ? tokens(headers, 'Require') : NOTHING;
  const unsupported = required.filter((option) => option !== 'path');
  if (unsupported.length > 0) return refuse(current, 420, 'Bad Extension', [['Unsupported', unsupported.join(', ')]]);
  const path = headers.has('Path') ? headers.list('Path') : NOTHING;
  // RFC 3327 5.3: the phone is to learn of a proxy that put itself there without being asked.
  if (path.length > 0 && (settings.pathWithoutSupport ?? 'refuse') === 'refuse' && !required.includes('path') && !tokens(headers, 'Supported').includes('path')) {
    return refuse(current, 420, 'Bad Extension', [['Unsupported', 'path']]);
  }

  const contacts = parseContacts(headers);
  if (contacts === undefined) return refuse(current, 400, 'Malformed Contact');
  const live = current.every((binding) => binding.expiresAt > who.now) ? current : current.filter((binding) => binding.expiresAt > who.now);
  if (contacts === '*') return removeAll(request, live);
  if (contacts.length === 0) return accept(live, [], who.now, NOTHING);
  if (contacts.length > (settings.maxContacts ?? DEFAULT_MAX_CONTACTS)) return refuse(current, 403, 'Too Many Contacts');

  const wishes: Wish[] = [];
  for (const contact of contacts) {
    const uri = parseUri(contact.uri);
    if (uri === undefined) return refuse(current, 400, 'Contact Is No SIP URI');
    const seconds = interval(contact, headers, settings);
    if (seconds === 'brief') return refuse(current, 423, 'Interval Too Brief', [['Min-Expires', String(settings.minExpires ?? DEFAULT_MIN_EXPIRES)]]);
    const wish: Wish = {
      contact, uri, seconds, instance: contact.parameter('+sip.instance'), regId: regIdOf(contact),
      same: live.find((binding) => binding.contact === contact.uri || isSameUri(binding, uri)),
    };
    // Ordering is checked for all before anything changes (10.3 step 7: the update is atomic).
    for (const binding of live) {
      if (binding.callId === request.callId && binding.cseq >= request.cseq.number && (binding === wish.same || supersedes(wish, binding, request, who, path))) {
        return refuse(current, 500, 'CSeq Out Of Order');
      }
    }
    wishes.push(wish);
  }

  const changes: BindingChange[] = [];
  const gone = new Set<Binding>();
  for (const binding of live) {
    if (wishes.some((wish) => wish.same === binding)) continue;
    const mover = wishes.find((wish) => supersedes(wish, binding, request, who, path));
    if (mover === undefined) continue;
    gone.add(binding);
    changes.push({ aor: binding.aor, what: 'removed', why: mover.seconds === 0 ? 'unregistered' : 'replaced', binding });
  }
  const made: Binding[] = [];
  for (const wish of wishes) {
    const { same } = wish;
    if (same !== undefined) {
      // The same contact twice in one request: the first counts.
      if (gone.has(same)) continue;
      gone.add(same);
      if (wish.seconds === 0) changes.push({ aor: same.aor, what: 'removed', why: 'unregistered', binding: same });
    }
    if (wish.seconds === 0 || made.some((binding) => binding.contact === wish.contact.uri || isSameUri(binding, wish.uri))) continue;
    const binding = bind(wish, request, who, path);
    changes.push({ aor: binding.aor, what: same === undefined ? 'added' : 'refreshed', why: 'registered', binding });
    made.push(binding);
  }
  const kept = evict(gone.size === 0 ? live : live.filter((binding) => !gone.has(binding)), (settings.maxContacts ?? DEFAULT_MAX_CONTACTS) - made.length, changes);
  // Not a spread: concat gives a list without spare room, and there is one for every phone.
  const next = kept.concat(made);
  if (next.length > 1) next.sort((a, b) => b.q - a.q);
  return accept(next, changes, who.now, path);
}

interface Wish {
  readonly contact: Contact;
  readonly uri: SipUri;
  /** 0 = remove. */
  readonly seconds: number;
  readonly instance: string | undefined;
  readonly regId: number | undefined;
  /** The binding of this contact that there is. */
  readonly same: Binding | undefined;
}

/** 10.2.2, 10.3 step 6: `Contact: *` only with Expires 0. */
function removeAll(request: SipRequest, live: readonly Binding[]): RegisterOutcome {
  const expires = request.headers.get('Expires');
  if (expires === undefined || parseDeltaSeconds(expires) !== 0) return refuse(live, 400, 'Contact * Needs Expires 0');
  if (live.some((binding) => binding.callId === request.callId && binding.cseq >= request.cseq.number)) return refuse(live, 500, 'CSeq Out Of Order');
  const changes = live.map((binding): BindingChange => ({ aor: binding.aor, what: 'removed', why: 'unregistered', binding }));
  return { status: 200, reason: 'OK', headers: [], bindings: [], changes };
}

/** Seconds granted: the Contact's, else the Expires header's, else ours (10.3 step 7). */
function interval(contact: Contact, headers: HeaderFields, settings: RegistrarSettings): number | 'brief' {
  const max = settings.maxExpires ?? DEFAULT_MAX_EXPIRES;
  let seconds = contact.expires;
  if (seconds === undefined) {
    const expires = headers.get('Expires');
    // 10.2.1.1, 20.19: a malformed value means 3600.
    seconds = expires === undefined ? (settings.defaultExpires ?? DEFAULT_EXPIRES) : (parseDeltaSeconds(expires) ?? 3600);
  }
  if (seconds > 0 && seconds < (settings.minExpires ?? DEFAULT_MIN_EXPIRES)) return 'brief';
  return Math.min(seconds, max);
}

function isSameUri(binding: Binding, uri: SipUri): boolean {
  const other = parseUri(binding.contact);
  return other !== undefined && sameUri(other, uri);
}

/**
 * Is this other contact the same phone, as it was before it moved (new port, new address, restarted)? A call to the stale
 * one would ring nowhere, or at a stranger. The phone says so by its instance (RFC 5626 5.1), by going on with its
 * Call-ID under the same user name (RFC 3261 10.2.4), or by coming over the same flow. Who names a contact that we know
 * has not moved: the others are then further contacts of an agent that has several.
 */
function supersedes(wish: Wish, binding: Binding, request: SipRequest, who: Registrant, path: readonly string[]): boolean {
  if (wish.same !== undefined) return false;
  if (wish.instance !== undefined && binding.instance !== undefined) return wish.instance === binding.instance && wish.regId === binding.regId;
  if (wish.seconds === 0) return false;
  if (binding.callId === request.callId) return parseUri(binding.contact)?.user === wish.uri.user;
  // Through an edge proxy many phones share a flow.
  return binding.flow.id === who.flow.id && path.length === 0 && binding.path.length === 0;
}

function bind(wish: Wish, request: SipRequest, who: Registrant, path: readonly string[]): Binding {
  const { same } = wish;
  const userAgent = request.headers.get('User-Agent');
  return {
    aor: keptText(who.aor, same?.aor),
    device: who.device === who.aor ? keptText(who.aor, same?.aor) : keptText(who.device, same?.device),
    contact: keptText(wish.contact.uri, same?.contact),
    q: wish.contact.q,
    // Whole milliseconds are held without a box around each number.
    expiresAt: Math.ceil(who.now) + wish.seconds * 1000,
    since: same?.since ?? Math.floor(who.now),
    callId: keptText(request.callId, same?.callId),
    cseq: request.cseq.number,
    instance: wish.instance === undefined ? undefined : keptText(wish.instance, same?.instance),
    regId: wish.regId,
    path: path.length === 0 ? NOTHING : path.map(ownText),
    flow: same?.flow.id === who.flow.id ? same.flow : who.flow,
    userAgent: userAgent === undefined ? undefined : keptText(userAgent, same?.userAgent),
  };
}

/** The text we hold already, when it is the same: a refresh allocates next to nothing. */
function keptText(text: string, former: string | undefined): string {
  return text === former ? former : ownText(text);
}

/** A phone that restarts on random ports without naming itself leaves strays behind; those that end soonest go. */
function evict(kept: readonly Binding[], room: number, changes: BindingChange[]): readonly Binding[] {
  if (kept.length <= room) return kept;
  const leaving = [...kept].sort((a, b) => a.expiresAt - b.expiresAt).slice(0, kept.length - room);
  for (const binding of leaving) changes.push({ aor: binding.aor, what: 'removed', why: 'evicted', binding });
  return kept.filter((binding) => !leaving.includes(binding));
}

/** 10.3 step 8: every current binding, each with what is left of its interval. RFC 3327 5.3: Path comes back. */
function accept(bindings: readonly Binding[], changes: readonly BindingChange[], now: number, path: readonly string[]): RegisterOutcome {
  const headers: [string, string][] = [];
  for (const binding of bindings) {
    let value = `<${binding.contact}>;expires=${Math.max(1, Math.round((binding.expiresAt - now) / 1000))}`;
    if (binding.q < 1000) value += `;q=${(binding.q / 1000).toString()}`;
    if (binding.instance !== undefined) value += `;+sip.instance=${quoted(binding.instance)}`;
    if (binding.regId !== undefined) value += `;reg-id=${binding.regId}`;
    headers.push(['Contact', value]);
  }
  for (const value of path) headers.push(['Path', value]);
  if (path.length > 0) headers.push(['Supported', 'path']);
  return { status: 200, reason: 'OK', headers, bindings, changes };
}

function refuse(current: readonly Binding[], status: number, reason: string, headers: RegisterOutcome['headers'] = []): RegisterOutcome {
  return { status, reason, headers, bindings: current, changes: [] };
}

/** RFC 5626 11.1: 1 to 2^31 − 1. Means nothing without an instance (6). */
function regIdOf(contact: Contact): number | undefined {
  const text = contact.parameter('reg-id');
  if (text === undefined || contact.parameter('+sip.instance') === undefined) return undefined;
  const number = parseDeltaSeconds(text);
  return number === undefined || number === 0 || number > 0x7fff_ffff ? undefined : number;
}

const NOTHING: readonly string[] = [];
const DEFAULT_MIN_EXPIRES = 60;
const DEFAULT_EXPIRES = 3600;
const DEFAULT_MAX_EXPIRES = 7200;
const DEFAULT_MAX_CONTACTS = 10;
