import { displayText, escapeUser, formatNameAddress, parseNameAddresses, parsePrivacy, parseTelUri, parseUri, unescapeUser, wireText } from '@tipring/sip';
import type { HeaderLines, NameAddress, SipRequest } from '@tipring/sip';
import type { Party } from '@tipring/telephony';
import type { Account } from './sip-endpoints-ports.ts';

/**
 * Who calls: what the account says, whatever the phone writes. Its From is a wish and its P-Asserted-Identity an
 * assertion only a trusted network may make (RFC 3325 5): neither is passed on. A P-Preferred-Identity can only prefer
 * what the account has anyway.
 */
export function callerOf(request: SipRequest, account: Account): Party {
  const party = { number: account.extension, name: account.displayName };
  return wantsPrivacy(request) ? { ...party, anonymous: true } : party;
}

/** RFC 3323 4.2, RFC 3325 9.3; an anonymous From alone (4.1.1.3) is understood too. */
export function wantsPrivacy(request: SipRequest): boolean {
  const privacy = parsePrivacy(request.headers.get('Privacy') ?? '');
  if (privacy?.some((value) => value === 'id' || value === 'user' || value === 'header') === true) return true;
  return isAnonymous(request.from);
}

function isAnonymous(from: NameAddress): boolean {
  return parseUri(from.uri)?.host === 'anonymous.invalid';
}

/** The number dialled: user part of the Request-URI, or a telephone number; undefined when it names nobody. */
export function dialledNumber(request: SipRequest): string | undefined {
  return userOf(request.uri);
}

/** Under which names the request may be its sender's, most telling first; the credentials' own come last. */
export function claimedUsers(request: SipRequest): string[] {
  const users: string[] = [];
  const address = request.method === 'REGISTER' ? request.to : request.from;
  if (!isAnonymous(address)) push(users, userOf(address.uri));
  else for (const preferred of parseNameAddresses(request.headers, 'P-Preferred-Identity') ?? []) push(users, userOf(preferred.uri));
  return users;
}

/** The user part as ordinary text; for a tel URI its number without visual separators. */
export function userOf(uri: string): string | undefined {
  const sip = parseUri(uri);
  if (sip !== undefined) {
    if (sip.user === undefined || sip.user === '') return undefined;
    // RFC 3261 19.1.6: a telephone-subscriber's parameters stand in the user part.
    const end = sip.user.indexOf(';');
    return displayText(unescapeUser(end < 0 ? sip.user : sip.user.slice(0, end)));
  }
  return parseTelUri(uri)?.number.replaceAll(/[-.()]/g, '');
}

/** The caller as the called phone is to see it. */
export interface ShownCaller {
  readonly from: string;
  /** P-Asserted-Identity and Privacy. */
  readonly headers: HeaderLines;
  readonly contactUser: string;
}

export function shownCaller(party: Party, domain: string, to: 'trusted' | 'anybody'): ShownCaller {
  const isKnown = party.number !== '';
  const user = isKnown ? escapeUser(party.number) : unavailable.user;
  const identity = formatNameAddress({ ...(party.name === undefined ? {} : { displayName: wireText(party.name) }), uri: `sip:${user}@${isKnown ? domain : unavailable.domain}` });
  // RFC 3325 7: between those who trust each other the identity travels with the wish to withhold it.
  const asserted: HeaderLines = to === 'trusted' && isKnown ? [['P-Asserted-Identity', identity]] : [];
  if (party.anonymous !== true) return { from: identity, headers: asserted, contactUser: user };
  return { from: '"Anonymous" <sip:anonymous@anonymous.invalid>', headers: [...asserted, ['Privacy', 'id']], contactUser: 'anonymous' };
}

/** P-Asserted-Identity (and Privacy) for one who has a call already: whom it talks to now. A number that is withheld goes to the trusted only. */
export function shownParty(party: Party, domain: string, to: 'trusted' | 'anybody'): HeaderLines {
  const { from, headers } = shownCaller(party, domain, to);
  // A number that nobody withholds is no secret to a telephone of the office; it has no other way to hear of it.
  return headers.some(([name]) => name === 'P-Asserted-Identity') ? headers : [['P-Asserted-Identity', from], ...headers];
}

function push(users: string[], user: string | undefined): void {
  if (user !== undefined) users.push(user);
}

/**
 * 3GPP TS 23.003, unavailable user identity: nobody knows who calls, as on a line without caller ID. A user part is never empty (RFC 3261
 * 25.1): as Contact it could not be answered, and the called phone's BYE would be refused.
 */
const unavailable = { user: 'unavailable', domain: 'unknown.invalid' } as const;
