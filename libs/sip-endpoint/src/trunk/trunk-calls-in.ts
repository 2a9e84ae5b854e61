import { parseNameAddress, parseSessionExpires, tokens } from '@tipring/sip';
import type { Flow, SipRequest } from '@tipring/sip';
import { userOf } from '../identity.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import type { AddressGroups } from './source-blocks.ts';
import type { TrunkLink } from './trunk-link.ts';

/** How sure it is that a request is a trunk's, 0: it is not. The surest takes it. */
export type Likeness = 0 | 1 | 2 | 3 | 4;

/** What an arriving call is compared with. */
export interface Candidate {
  readonly trunk: ConfiguredTrunk;
  /** Undefined: it is disabled, and has none. */
  readonly link: TrunkLink | undefined;
  readonly contactUser: string;
  /** Whether an address is one of those that are configured. */
  readonly isSource: (address: AddressGroups) => boolean;
}

/** Where a request comes from; the address read once, for it is compared with every trunk. */
export interface Source {
  readonly flow: Flow;
  readonly groups: AddressGroups;
  /** Whether devices are registered from there, so that an address alone proves nothing. */
  readonly hasDevices: () => boolean;
}

/**
 * Whether a request comes from this trunk.
 * A call for the contact of a registration counts only from where we registered: whoever else knows it makes ghost calls.
 */
export function likenessOf({ trunk, link, contactUser, isSource }: Candidate, request: SipRequest, { flow, groups, hasDevices }: Source): Likeness {
  const { peering } = trunk;
  const { address, port } = flow.remote;
  switch (peering.type) {
    case 'certificate':
      return flow.certified?.some((name) => peering.names.some((one) => one.toLowerCase() === name)) === true ? 4 : 0;
    case 'registration': {
      const user = userOf(request.uri);
      const isOwn = link?.registrar?.isOwn(flow) === true;
      if (user === contactUser) return isOwn || link?.servers.has(address, undefined) === true ? 4 : 0;
      // A carrier opens its own connections, from whatever port.
      const isServer = () => flow.transport === 'udp' ? link?.servers.has(address, port) === true : link?.servers.has(address, undefined) === true && !hasDevices();
      if (!isOwn && !isServer()) return 0;
      return user === peering.username || userOf(request.to.uri) === peering.username ? 3 : 1;
    }
    case 'address':
      if (isSource(groups)) return 3;
      if (peering.sources.length > 0 || link === undefined) return 0;
      // Over streams the port is of no meaning.
      if (flow.transport === 'udp' && link.servers.has(address, port)) return 2;
      return link.servers.has(address, undefined) && !hasDevices() ? 1 : 0;
  }
}

/** The number that was called, as written; undefined: nobody. */
export function calledNumber(request: SipRequest, { trunk, contactUser }: Candidate): string | undefined {
  if (trunk.calledIn === 'to') return userOf(request.to.uri);
  const user = userOf(request.uri);
  if (user !== contactUser) return user;
  // Our own contact says only which trunk it is (RFC 3455 4.2: what was called stands in P-Called-Party-ID).
  const called = parseNameAddress(request.headers.get('P-Called-Party-ID') ?? '');
  const named = called === undefined ? undefined : userOf(called.uri);
  if (named !== undefined) return named;
  const to = userOf(request.to.uri);
  return to === undefined || to === contactUser ? account(trunk) : to;
}

/** RFC 4028 9: Min-SE where the session timer it asks for is too short for this trunk; a peer that cannot do it is not refused. */
export function tooShort({ headers }: SipRequest, { sessionTimer }: ConfiguredTrunk): number | undefined {
  const asked = parseSessionExpires(headers.get('Session-Expires') ?? '');
  const isKnown = tokens(headers, 'Supported').includes('timer');
  return asked !== undefined && asked.seconds < sessionTimer.minimumS && isKnown ? sessionTimer.minimumS : undefined;
}

function account({ peering }: ConfiguredTrunk): string | undefined {
  return peering.type === 'registration' ? peering.username : undefined;
}
