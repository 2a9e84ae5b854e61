import { displayText, escapeUser, formatNameAddress, parseNameAddress, parseNameAddresses, parseParameterValue, wireText } from '@tipring/sip';
import type { HeaderLines, NameAddress, SipRequest } from '@tipring/sip';
import type { Diversion, Party } from '@tipring/telephony';
import { userOf, wantsPrivacy } from '../identity.ts';
import type { IdentityPolicy } from './configured-trunk.ts';

/** By which names a trunk calls. */
export interface TrunkNames {
  /** Host part of its addresses. */
  readonly domain: string;
  /** User name of its account with the carrier; undefined: it has none. */
  readonly account: string | undefined;
}

/** The caller as the carrier is to be told. */
export interface TrunkCaller {
  /** Name-addr without tag. */
  readonly from: string;
  /** P-Asserted-Identity, Remote-Party-ID, Privacy, Diversion, History-Info. */
  readonly headers: HeaderLines;
}

/** `sip:+12125550123@domain;user=phone`; what is no number stands as it is. */
export function numberUri(number: string, domain: string): string {
  const phone = /^\+?[0-9]+$/.test(number) ? ';user=phone' : '';
  return `sip:${escapeUser(number)}@${domain}${phone}`;
}

/** Who calls, as this peer wants it told. A withheld number goes only to who asked for it together with the wish (`Privacy: id`), or not at all. */
export function trunkCaller(party: Party, called: string, diversions: readonly Diversion[], policy: IdentityPolicy, names: TrunkNames): TrunkCaller {
  const { domain, account } = names;
  const withheld = party.anonymous === true;
  const number = party.number === '' ? (policy.number ?? '') : party.number;
  const shown = policy.caller === 'account' ? (account ?? number) : policy.caller === 'fixed' ? (policy.number ?? number) : number;
  const headers: (readonly [string, string])[] = [];
  // Without a way to withhold it, a number that is not to be seen is not said: the account calls, or nobody.
  const isSaid = !withheld || policy.privacy !== 'none';
  const from = withheld && (policy.privacy === 'anonymousFrom' || policy.privacy === 'both')
    ? ANONYMOUS
    : isSaid ? address(shown, withheld ? undefined : party.name, domain) : address(account ?? '', undefined, domain);
  // An assertion that does not say that it is private is shown (RFC 3325 9.3).
  const mayAssert = number !== '' && (!withheld || policy.privacy === 'privacy' || policy.privacy === 'both');
  const asserted = formatNameAddress({ ...(party.name === undefined || withheld ? {} : { displayName: wireText(party.name) }), uri: numberUri(number, domain) });
  if (mayAssert && policy.asserted === 'pAssertedIdentity') headers.push(['P-Asserted-Identity', asserted]);
  if (mayAssert && policy.asserted === 'remotePartyId') headers.push(['Remote-Party-ID', `${asserted};party=calling;id-type=subscriber;privacy=${withheld ? 'full' : 'off'};screen=yes`]);
  if (withheld && (policy.privacy === 'privacy' || policy.privacy === 'both')) headers.push(['Privacy', 'id']);
  if (policy.diversion === 'diversion') headers.push(...diversionHeaders(diversions, domain));
  if (policy.diversion === 'historyInfo' && diversions.length > 0) headers.push(['History-Info', history(diversions, called, domain)]);
  return { from, headers };
}

/** Of one who talks over this trunk already: with whom now. Empty: it is not told such things. */
export function trunkParty(party: Party, policy: IdentityPolicy, names: TrunkNames, direction: 'in' | 'out'): HeaderLines {
  if (policy.asserted === 'none') return [];
  const { headers } = trunkCaller(party, '', [], { ...policy, diversion: 'none' }, names);
  return direction === 'out' ? headers : headers.map(([name, value]) => [name, name === 'Remote-Party-ID' ? value.replace(';party=calling', ';party=called') : value] as const);
}

/** Who calls, as a trunk tells it. Its assertions count where it is trusted; the wish to be anonymous always does. */
export function callerFrom(request: SipRequest, trusted: boolean): Party {
  const asserted = trusted ? assertedIn(request) : undefined;
  const said = asserted?.address ?? request.from;
  const number = isUnknown(said) ? '' : (userOf(said.uri) ?? '');
  const name = said.displayName === undefined ? undefined : displayText(said.displayName);
  const party = name === undefined || name === '' || name === number ? { number } : { number, name };
  return wantsPrivacy(request) || asserted?.isPrivate === true ? { ...party, anonymous: true } : party;
}

/** By whom the call was passed on before it came here, the first of them first: Diversion (RFC 5806), else History-Info (RFC 7044). */
export function diversionsIn(request: SipRequest): readonly Diversion[] {
  const diversions: Diversion[] = [];
  // RFC 5806 4.1: the last is written first.
  for (const value of request.headers.list('Diversion').slice(0, MOST_DIVERSIONS)) {
    const diverter = parseNameAddress(value);
    const number = diverter === undefined ? undefined : userOf(diverter.uri);
    if (number !== undefined) diversions.unshift({ number, reason: reasonOf(diverter?.parameter('reason')) });
  }
  if (diversions.length > 0) return diversions;
  const entries = request.headers.list('History-Info').slice(0, MOST_DIVERSIONS + 1);
  // The last entry is the call itself; each before it was left for the reason that stands in its URI.
  for (const value of entries.slice(0, -1)) {
    const entry = parseNameAddress(value);
    const number = entry === undefined ? undefined : userOf(entry.uri.split('?')[0] ?? '');
    const cause = /[?&]Reason=SIP%3[Bb]cause%3[Dd](\d{3})/i.exec(entry?.uri ?? '')?.[1];
    if (number !== undefined && cause !== undefined) diversions.push({ number, reason: CAUSES[cause] ?? 'unconditional' });
  }
  return diversions;
}

function address(user: string, name: string | undefined, domain: string): string {
  if (user === '') return ANONYMOUS;
  return formatNameAddress({ ...(name === undefined ? {} : { displayName: wireText(name) }), uri: numberUri(user, domain) });
}

function diversionHeaders(diversions: readonly Diversion[], domain: string): HeaderLines {
  return [...diversions].reverse().map(({ number, reason }) => ['Diversion', `<${numberUri(number, domain)}>;reason=${DIVERSION_REASONS[reason]};counter=1`] as const);
}

/** RFC 7044 5: each entry says why it was left, in its URI (10.2: the status an own redirection would have had, RFC 4458). */
function history(diversions: readonly Diversion[], called: string, domain: string): string {
  const entries = diversions.map(({ number, reason }, at) => `<${numberUri(number, domain)}?Reason=SIP%3Bcause%3D${HISTORY_CAUSES[reason]}>;index=${index(at)}`);
  entries.push(`<${numberUri(called, domain)}>;index=${index(diversions.length)};mp=${index(diversions.length - 1)}`);
  return entries.join(', ');
}

function index(at: number): string {
  return Array.from({ length: at + 1 }, () => '1').join('.');
}

function assertedIn(request: SipRequest): { readonly address: NameAddress; readonly isPrivate: boolean } | undefined {
  const asserted = parseNameAddresses(request.headers, 'P-Asserted-Identity') ?? [];
  // Of a SIP and a tel URI the first that names a number (RFC 3325 9.1).
  const named = asserted.find((one) => userOf(one.uri) !== undefined);
  if (named !== undefined) return { address: named, isPrivate: false };
  for (const value of request.headers.list('Remote-Party-ID')) {
    const party = parseNameAddress(value);
    if (party === undefined || (party.parameter('party') ?? 'calling').toLowerCase() !== 'calling') continue;
    const privacy = (party.parameter('privacy') ?? 'off').toLowerCase();
    return { address: party, isPrivate: privacy !== 'off' };
  }
  return undefined;
}

function isUnknown({ uri }: NameAddress): boolean {
  const user = userOf(uri)?.toLowerCase();
  return user === undefined || user === 'anonymous' || user === 'unavailable' || user === 'unknown' || user === 'restricted' || uri.includes('@anonymous.invalid') || uri.includes('@unknown.invalid');
}

function reasonOf(text: string | undefined): Diversion['reason'] {
  const reason = parseParameterValue(text ?? '')?.value.replaceAll('"', '').toLowerCase();
  switch (reason) {
    case 'user-busy':
      return 'userBusy';
    case 'no-answer':
      return 'noAnswer';
    case 'unavailable':
    case 'out-of-service':
      return 'unavailable';
    default:
      return 'unconditional';
  }
}

const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';
const DIVERSION_REASONS: Readonly<Record<Diversion['reason'], string>> = { unconditional: 'unconditional', userBusy: 'user-busy', noAnswer: 'no-answer', unavailable: 'unavailable' };
/** RFC 4458 2. */
const HISTORY_CAUSES: Readonly<Record<Diversion['reason'], number>> = { unconditional: 302, userBusy: 486, noAnswer: 408, unavailable: 503 };
const CAUSES: Readonly<Record<string, Diversion['reason']>> = { 302: 'unconditional', 486: 'userBusy', 408: 'noAnswer', 503: 'unavailable', 480: 'unavailable', 404: 'unavailable' };
/** What a hostile header may make us read. */
const MOST_DIVERSIONS = 10;
