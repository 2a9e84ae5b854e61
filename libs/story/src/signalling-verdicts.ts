import type { LadderMessage } from '@tipring/sip';
import type { CallRecord } from '@tipring/telephony';
import { isPrivate } from './addresses.ts';
import { natHint } from './audio-verdicts.ts';
import type { CallFacts, LegFacts } from './call-facts.ts';
import type { Severity, Verdict } from './verdict.ts';
import { capital, listed, seconds } from './words.ts';

/* What was wrong between this PBX and a SIP telephone or trunk. */

export function signallingVerdicts(facts: CallFacts): readonly Verdict[] {
  const { legs, record } = facts;
  const acks = legs.filter(isUnacknowledged);
  const vanished = legs.filter((leg) => !acks.includes(leg) && hasVanished(leg, record));
  return [
    ...acks.map(ackMissing),
    ...(vanished.length === 0 ? [] : [partyVanished(vanished)]),
    ...legs.flatMap((leg) => failure(leg, facts) ?? []),
    ...legs.flatMap(alg),
  ];
}

/** A leg that was never answered, for a reason that is nobody's will. */
function failure(facts: LegFacts, { record, legs }: CallFacts): Verdict | null {
  const { leg } = facts;
  if (leg.carrier === 'line' || leg.carrier === 'station' || leg.answeredAt !== null) return null;
  if (leg.cause === 'answeredElsewhere') return null;
  // Somebody else of those that were called answered: the call did what it was for.
  const severity: Severity = record.answeredAt === null ? 'error' : 'warning';
  if (leg.role === 'caller') {
    // The called side has its own verdict; this is about a caller with whom nothing could be agreed on.
    return legs.length === 1 && isMismatch(facts) ? codecMismatch(facts, severity) : null;
  }
  if (isMismatch(facts)) return codecMismatch(facts, severity);
  return authentication(facts, severity) ?? unresolvable(facts, severity) ?? unavailable(facts, severity) ?? noResponse(facts, severity) ?? serverFailure(facts, severity);
}

function isMismatch({ leg, steps }: LegFacts): boolean {
  const final = finalTo('INVITE', steps.map(({ message }) => message), leg.role === 'caller' ? 'sent' : 'received');
  return final?.status === 488 || final?.status === 606 || final?.status === 415 || leg.cause === 'incompatibleDestination';
}

function codecMismatch({ leg, name, remote, local, steps }: LegFacts, severity: Severity): Verdict {
  const final = finalTo('INVITE', steps.map(({ message }) => message), leg.role === 'caller' ? 'sent' : 'received');
  const warning = final?.headers.find((header) => header.name === 'Warning')?.value;
  return {
    code: 'codecMismatch', severity, legs: [leg.id],
    title: `${capital(name)} and this PBX have no codec in common.`,
    cause: leg.role === 'caller' ? 'Nothing that it offered is spoken here, or it offers encrypted audio alone.' : 'It refused everything that it was offered.',
    remedy: 'Enable PCMA or PCMU (G.711) there; every device of this PBX can be reached with those, for what differs is converted.',
    evidence: [
      ...(remote === null ? [] : [`it ${leg.role === 'caller' ? 'offered' : 'has'}: ${remote.codecs.join(', ') || 'no codec that is known'} (${remote.protocol})`]),
      ...(local === null ? [] : [`this PBX ${leg.role === 'caller' ? 'has' : 'offered'}: ${local.codecs.join(', ')}`]),
      ...(final === undefined ? [] : [final.start]),
      ...(warning === undefined ? [] : [`Warning: ${warning}`]),
      ...(leg.evidence === null ? [] : [leg.evidence.text]),
    ],
  };
}

function authentication({ leg, name, steps }: LegFacts, severity: Severity): Verdict | null {
  const messages = steps.map(({ message }) => message);
  const final = finalTo('INVITE', messages, 'received');
  const proofs = messages.filter(({ direction, method, status, headers }) => direction === 'sent' && method === 'INVITE' && status === null && headers.some((header) => header.name === 'Authorization' || header.name === 'Proxy-Authorization'));
  const challenges = messages.filter(({ direction, method, status }) => direction === 'received' && method === 'INVITE' && (status === 401 || status === 407));
  const isUnproved = final?.status === 401 || final?.status === 407;
  const isForbidden = final?.status === 403 && (leg.carrier === 'trunk' || proofs.length > 0);
  const isUnregistered = leg.evidence?.kind === 'registration' && leg.carrier === 'trunk';
  if (!isUnproved && !isForbidden && !isUnregistered) return null;
  const isTrunk = leg.carrier === 'trunk';
  const realm = /realm="([^"]*)"/.exec(challenges.at(-1)?.headers.find((header) => /Authenticate$/.test(header.name))?.value ?? '')?.[1];
  return {
    code: isTrunk ? 'trunkAuthentication' : 'authentication', severity, legs: [leg.id],
    title: isUnregistered ? `${capital(name)} is not registered with its carrier.` : `${capital(name)} did not accept who we are${isForbidden ? ': it forbids the call' : ''}.`,
    cause: isUnregistered ? (leg.evidence?.text ?? '') : isUnproved && proofs.length === 0 ? 'It asks for a user name and password, and none are set that fit.' : isUnproved ? 'The user name or the password is wrong: it asked again after both had been given.' : proofs.length > 0 ? 'User name and password were given and it says no: the account may be locked, out of credit, or not allowed to call this number or to show this caller.' : 'It knows this PBX by its address or not at all: the address may have changed, or the account may not call this number or show this caller.',
    remedy: isTrunk ? 'Compare user name, authentication name, password and domain with what the carrier gave; ask it whether this address, this number and this caller’s number are allowed.' : 'Compare user name and password at that device.',
    evidence: [
      ...(challenges.length === 0 ? [] : [`${challenges.length} challenges${realm === undefined ? '' : ` of realm "${realm}"`}, ${proofs.length} times answered with credentials`]),
      ...(final === undefined ? [] : [final.start]),
      ...(leg.evidence === null ? [] : [leg.evidence.text]),
    ],
  };
}

function unresolvable({ leg, name }: LegFacts, severity: Severity): Verdict | null {
  const { evidence } = leg;
  if (evidence === null || (evidence.kind !== 'dns' && !/\bDNS\b|does not resolve|not be resolved|no address for|ENOTFOUND/i.test(evidence.text))) return null;
  return {
    code: 'unresolvable', severity, legs: [leg.id],
    title: `The name of ${name} could not be resolved to an address.`,
    cause: 'The name server did not answer or does not know the name, so nothing could be sent.',
    remedy: 'Compare the server’s name with what the carrier gave, and see that this machine’s name servers answer.',
    evidence: [evidence.text],
  };
}

function noResponse({ leg, name, steps }: LegFacts, severity: Severity): Verdict | null {
  const messages = steps.map(({ message }) => message);
  const invites = messages.filter(({ direction, method, status }) => direction === 'sent' && method === 'INVITE' && status === null);
  const isSilent = !messages.some(({ direction, status }) => direction === 'received' && status !== null);
  // Whoever waits for it may give up sooner than the timers.
  const isRepeated = isSilent && invites.some(({ times }) => times >= 3);
  const kind = leg.evidence?.kind;
  const isTrunk = leg.carrier === 'trunk';
  const fellSilent = isTrunk && kind === 'timer' && leg.cause === 'networkOutOfOrder';
  if (!isRepeated && !fellSilent && kind !== 'transport' && !(isSilent && kind === 'timer')) return null;
  return {
    code: 'noResponse', severity, legs: [leg.id],
    title: isSilent ? `${capital(name)} did not answer at all, not even that it is trying.` : `${capital(name)} stopped answering while it was called.`,
    cause: isTrunk ? 'Its server is down, or a firewall or a lost route is between it and this PBX.' : 'It is switched off or unplugged, has moved to another address without registering anew, or its NAT has forgotten it.',
    remedy: isTrunk ? 'See whether the server answers OPTIONS from here and whether the carrier reports a fault; a second trunk takes calls over meanwhile.' : 'Restart the device; if it happens again, let it register more often (every 60 to 120 s behind NAT).',
    evidence: [
      ...invites.map(({ remote, times, lastAt, at }) => `INVITE to ${remote.address}:${remote.port}, ${times === 1 ? 'once' : `${times} times in ${seconds(lastAt - at)}`}${isSilent ? ', without any response' : ''}`),
      ...(leg.evidence === null ? [] : [leg.evidence.text]),
    ],
  };
}

/** It was not even asked. */
function unavailable({ leg, name }: LegFacts, severity: Severity): Verdict | null {
  const { evidence } = leg;
  if (leg.carrier !== 'trunk' || evidence === null || (evidence.kind !== 'limit' && evidence.kind !== 'disabled')) return null;
  const isFull = evidence.kind === 'limit';
  return {
    code: 'trunkUnavailable', severity: isFull ? severity : 'info', legs: [leg.id],
    title: `${capital(name)} was not used: ${isFull ? 'all of its channels were taken' : 'it is switched off'}.`,
    cause: evidence.text,
    remedy: isFull ? 'If it happens often, raise its limit if the carrier gives more, or add a further way to the route.' : 'Enable it, or take it out of the route.',
    evidence: [evidence.text],
  };
}

function serverFailure({ leg, name, steps }: LegFacts, severity: Severity): Verdict | null {
  const final = finalTo('INVITE', steps.map(({ message }) => message), 'received');
  const status = final?.status ?? 0;
  if (final === undefined || status < 500 || status >= 600) return null;
  const after = final.headers.find((header) => header.name === 'Retry-After' || header.name === 'Reason' || header.name === 'Warning');
  return {
    code: 'serverFailure', severity, legs: [leg.id],
    title: `${capital(name)} could not take the call: ${final.start.slice('SIP/2.0 '.length)}.`,
    cause: status === 503 ? 'It is overloaded, in maintenance, or has no channel left.' : 'Something failed at its side.',
    remedy: leg.carrier === 'trunk' ? 'If it goes on, tell the carrier the Call-ID and the time; if it says it is full, more channels are needed.' : 'Look into the device’s own log.',
    evidence: [final.start, ...(after === undefined ? [] : [`${after.name}: ${after.value}`]), `Call-ID: ${final.callId}`],
  };
}

/** Our 200 to its INVITE was repeated until we gave up (RFC 3261 13.3.1.4). */
function isUnacknowledged({ leg, steps }: LegFacts): boolean {
  const messages = steps.map(({ message }) => message);
  return messages.some(({ direction, status, method, times, cseq, lastAt, at }) =>
    leg.role === 'caller' && direction === 'sent' && status === 200 && method === 'INVITE' && times >= 4 && lastAt - at > 3_000 && !messages.some((other) => other.direction === 'received' && other.method === 'ACK' && other.status === null && other.cseq === cseq && other.at >= at));
}

function ackMissing(facts: LegFacts): Verdict {
  const { leg, name, steps } = facts;
  const ok = steps.find(({ message }) => message.direction === 'sent' && message.status === 200 && message.method === 'INVITE')?.message;
  const ours = steps.find(({ message }) => message.direction === 'sent' && message.status === 200)?.message.headers.find((header) => header.name === 'Contact')?.value;
  const hint = natHint(facts);
  return {
    code: 'ackMissing', severity: 'error', legs: [leg.id],
    title: `${capital(name)} never acknowledged the answer (no ACK), so the call was ended after ${ok === undefined ? 'a while' : seconds(ok.lastAt - ok.at)}.`,
    cause: 'The 200 OK does not reach it, or its ACK goes elsewhere: it sends it to the address in our Contact, which it cannot reach (NAT, SIP ALG, a proxy that is left out).',
    remedy: 'See that the address in the Contact can be reached from there; switch SIP ALG off in routers between.',
    evidence: [
      ...(ok === undefined ? [] : [`200 OK sent ${ok.times} times in ${seconds(ok.lastAt - ok.at)}, no ACK received`]),
      ...(ours === undefined ? [] : [`our Contact: ${ours}`]),
      ...(hint?.evidence ?? []),
    ],
  };
}

/** It was there, and then it was not: nothing that we sent was answered any more, or its audio ended with everything else. */
function hasVanished({ leg, steps }: LegFacts, { evidence }: CallRecord): boolean {
  if (leg.answeredAt === null || leg.carrier === 'line' || leg.carrier === 'station') return false;
  return unansweredBye(steps.map(({ message }) => message)) !== undefined || isLostInDialog(leg) || (evidence.kind === 'silence' && isSilentToTheEnd(leg));
}

function isLostInDialog({ evidence }: LegFacts['leg']): boolean {
  return evidence?.kind === 'timer' || evidence?.kind === 'transport' || evidence?.kind === 'mediaTimeout';
}

function isSilentToTheEnd({ media }: LegFacts['leg']): boolean {
  return media !== null && media.received.packets > 0 && media.silences.at(-1)?.to === null;
}

/** Repeated, and no answer of any kind: once is what is still on its way. */
function unansweredBye(messages: readonly LadderMessage[]): LadderMessage | undefined {
  return messages.find(({ direction, method, status, times, cseq, at }) =>
    direction === 'sent' && method === 'BYE' && status === null && times >= 3 && !messages.some((other) => other.direction === 'received' && other.method === 'BYE' && other.status !== null && other.cseq === cseq && other.at >= at));
}

function partyVanished(vanished: readonly LegFacts[]): Verdict {
  const silent = vanished.flatMap(({ leg: { media }, name }) => {
    const last = media?.silences.at(-1);
    return last !== undefined && last.to === null && media !== null && media.received.packets > 0 ? [`${name}: ${media.received.packets} packets came, then none until the end`] : [];
  });
  const byes = vanished.flatMap(({ steps, name }) => {
    const bye = unansweredBye(steps.map(({ message }) => message));
    return bye === undefined ? [] : [`${name}: BYE sent ${bye.times} times in ${seconds(bye.lastAt - bye.at)}, not answered`];
  });
  return {
    code: 'partyVanished', severity: 'error', legs: vanished.map(({ leg }) => leg.id),
    title: `${capital(listed(vanished.map(({ name }) => name)))} vanished during the call: nothing came any more, and nobody hung up.`,
    cause: 'The device lost its power or its network, was restarted, or the way to it (Wi-Fi, VPN, a NAT that forgot it) was lost.',
    remedy: 'See whether the device was restarted at that time and whether others on the same switch or access point were affected too.',
    evidence: [...silent, ...byes, ...vanished.flatMap(({ leg, name }) => (leg.evidence === null || !isLostInDialog(leg) ? [] : [`${name}: ${leg.evidence.text}`]))],
  };
}

/**
 * What it says of itself does not fit together: its Via names its private address, its session description or Contact the address of the router that it came
 * through. A device that knows of NAT says the same everywhere; a router that rewrites SIP seldom finds all of it.
 */
function alg({ leg, name, steps, source }: LegFacts): readonly Verdict[] {
  if (source === null || isPrivate(source)) return [];
  const request = steps.find(({ message }) => message.direction === 'received' && message.status === null && message.method === 'INVITE');
  if (request === undefined) return [];
  const value = (wanted: string): string => request.message.headers.find((header) => header.name === wanted)?.value ?? '';
  const via = /SIP\/2\.0\/\w+\s+\[?([^\s;\]]+?)\]?(?::\d+)?(?:;|$)/.exec(value('Via'))?.[1] ?? '';
  const contact = /@\[?([^>;:\]]+)/.exec(value('Contact'))?.[1] ?? '';
  const described = request.sdp?.media[0]?.address ?? '';
  if (!isPrivate(via) || (contact !== source && described !== source)) return [];
  return [{
    code: 'sipAlg', severity: 'info', legs: [leg.id],
    title: `A router between ${name} and this PBX rewrites SIP (ALG), or the device itself does so in part.`,
    cause: `Its Via names ${via}, its ${described === source ? 'session description' : 'Contact'} already the public address ${source}.`,
    remedy: 'If calls of it lose their audio or end after half a minute, switch SIP ALG off in that router first.',
    evidence: [`Via: ${via}`, `Contact: ${contact}`, `c= ${described}`, `came from ${source}`],
  }];
}

/** The last final response to a request of that method. */
function finalTo(method: string, messages: readonly LadderMessage[], direction: 'sent' | 'received'): LadderMessage | undefined {
  return messages.findLast((message) => message.direction === direction && message.method === method && message.status !== null && message.status >= 200);
}
