import type { Timers } from '@tipring/clock';
import { Bindings, createResponse, escapeUser, isReliable, parseMaxForwards, parseTargetDialog, parseUri, register, serialize, uriParameter } from '@tipring/sip';
import type { DigestServer, Flow, HeaderLines, Hop, IncomingInvite, RegistrarSettings, ServerTransaction, SessionCore, SessionUser, Transport } from '@tipring/sip';
import type { Endpoint, EndpointId, LegId } from '@tipring/telephony';
import { Authenticator } from './authentication.ts';
import { AbsentEndpoint, DeviceEndpoint, hopsTo } from './device-endpoint.ts';
import type { GatewayMedia } from './gateway-media.ts';
import { deviceFarEnd } from './far-end.ts';
import { callerOf, dialledNumber, userOf } from './identity.ts';
import { InboundLeg } from './inbound-leg.ts';
import { readOffer } from './read-offer.ts';
import { replacedLeg } from './replaced-leg.ts';
import type { Account, SipEndpointsPorts, SipEndpointsSettings, SubscriptionRequests } from './sip-endpoints-ports.ts';
import { SessionLegs } from './session-legs.ts';
import type { Surroundings } from './surroundings.ts';

/** The SIP stack this adapter stands on, as apps/pbx made it. */
export interface SipStack {
  /** The session layer, with this adapter as its user; called once. Its settings' `methods` must have REGISTER and REFER, `dialogMethods` REFER and SUBSCRIBE, `extensions` replaces, norefersub and tdialog. */
  readonly sessions: (user: SessionUser) => SessionCore;
  /** For what has no transaction any more: the other ends of calls that a crash interrupted. */
  readonly transport: Pick<Transport, 'send' | 'advertised'>;
  readonly digest: DigestServer;
  /** Asked at each REGISTER. */
  readonly registrar: RegistrarSettings;
  readonly timers: Timers;
  /** Ms since the epoch. */
  readonly wallClock: () => number;
}

/** SIP phones as endpoints: they register, call, and are called at every contact they registered. An endpoint's id is its device's id. */
export class SipEndpoints implements SessionUser {
  /** Where every device can be reached now; the address of record is the device's id. */
  readonly bindings: Bindings;
  readonly #ports: SipEndpointsPorts;
  readonly #stack: SipStack;
  readonly #authenticator: Authenticator;
  /** For `TrunkEndpoints`, which make their legs of the same. */
  readonly surroundings: Surroundings;
  #sdpSessions: number;
  #tags = 0;

  constructor(ports: SipEndpointsPorts, stack: SipStack, media: GatewayMedia, settings: SipEndpointsSettings) {
    this.#ports = ports;
    this.#stack = stack;
    this.#sdpSessions = stack.wallClock();
    this.#authenticator = new Authenticator(ports, stack.digest, stack.wallClock);
    this.bindings = new Bindings(stack.timers, (change) => ports.registrations.changed(change));
    this.surroundings = {
      sessions: stack.sessions(this),
      legs: new SessionLegs(),
      media,
      timers: stack.timers,
      settings,
      send: (hop, message) => stack.transport.send(hop, serialize(message), () => {}),
      advertised: (hop) => stack.transport.advertised(hop),
      sdpSessionId: () => String(++this.#sdpSessions),
    };
  }

  /** For the exchange: one endpoint a contact, or one that is subscriberAbsent. */
  find(device: EndpointId): readonly Endpoint[] {
    const bindings = this.bindings.of(device);
    if (bindings.length === 0) return [new AbsentEndpoint(device, this.surroundings)];
    return bindings.map((binding) => new DeviceEndpoint(device, binding, this.surroundings));
  }

  /** A connection is gone (TransportEvents.onFlowClosed): phones that only it could reach are no longer registered. */
  flowClosed(flow: Flow): void {
    for (const binding of this.bindings.ofFlow(flow.id)) if (hopsTo(binding).length === 1) this.bindings.remove(binding, 'flowClosed');
  }

  /** A phone whose connection is gone may have come back by another one, or listen at the address that it named. */
  alternatives(uri: string, failed: Hop): readonly Hop[] {
    const { transport, remote } = 'flow' in failed ? failed.flow : { transport: failed.transport, remote: failed };
    const target = isReliable(transport) ? parseUri(uri) : undefined;
    if (target === undefined) return [];
    const hops: Hop[] = [];
    for (const { contact, flow } of this.bindings.all()) {
      const known = contact.includes(target.host) ? parseUri(contact) : undefined;
      if (known?.user === target.user && known?.host === target.host && known.port === target.port) hops.push({ flow });
    }
    // Behind NAT the address it names is not the one it came from; and TLS is not opened towards an address alone.
    const named = uriParameter(target, 'transport')?.toLowerCase() ?? 'udp';
    if (target.host === remote.address && (named === 'tcp' || named === 'udp') && !uri.startsWith('sips:')) {
      hops.push({ transport: named, address: target.host, port: target.port ?? 5060 });
    }
    return hops;
  }

  onInvite(invite: IncomingInvite): void {
    if (this.#ports.trunks?.take(invite) === true) return;
    const authentication = this.#authenticator.authenticate(invite.request, invite.flow);
    if (!authentication.ok) return invite.refuse(authentication.status, { headers: authentication.headers });
    const { account } = authentication;
    const { pickups } = this.#ports;
    const replaced = replacedLeg(invite.request, account.deviceId, (leg, isEarlyOnly) => pickups?.mayTake(account, leg, isEarlyOnly) === true, this.surroundings);
    if (!replaced.ok) return invite.refuse(replaced.status);
    const number = dialledNumber(invite.request);
    // RFC 3261 21.4.23: there is nothing to dial. What takes another's place dials nobody.
    if (number === undefined && replaced.leg === undefined) return invite.refuse(484);
    this.#offer(invite, number ?? account.extension, account, replaced.leg);
  }

  onRequest(transaction: ServerTransaction): void {
    const { method } = transaction.request;
    if (method === 'REGISTER') return this.#register(transaction);
    if (method === 'REFER') return this.#refer(transaction);
    if (method === 'SUBSCRIBE' && this.#ports.subscriptions !== undefined) return this.#subscribe(transaction, this.#ports.subscriptions);
    this.#respond(transaction, 405, [['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, UPDATE, INFO, PRACK, REFER']]);
  }

  #offer(invite: IncomingInvite, number: string, account: Account, replaces: LegId | undefined): void {
    const { settings } = this.surroundings;
    const offered = readOffer(invite.offer, settings.codecs);
    this.#ports.exchange.offer({
      endpoint: account.deviceId,
      from: callerOf(invite.request, account),
      number,
      media: offered.media,
      // RFC 3261 8.1.1.6: who does not count has 70. 0 was refused with 483 already.
      hopsLeft: parseMaxForwards(invite.request.headers.get('Max-Forwards') ?? '') ?? 70,
      reference: invite.request.callId,
      ...(replaces === undefined ? {} : { replaces }),
      ...(offered.fault === undefined ? {} : { refusal: { cause: 'incompatibleDestination', evidence: { kind: 'sdp', text: offered.fault } } as const }),
      accept: (leg, context, listener) => new InboundLeg(leg, { invite, offer: offered.description, context, contactUser: escapeUser(number), farEnd: deviceFarEnd(account.deviceId, settings) }, listener, this.surroundings),
    });
  }

  /** Outside of the call it speaks of: Target-Dialog names that (RFC 4538, RFC 5589 6). */
  #refer(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    const authentication = this.#authenticator.authenticate(request, flow);
    if (!authentication.ok) return this.#respond(transaction, authentication.status, authentication.headers);
    const { sessions, legs } = this.surroundings;
    const target = parseTargetDialog(request.headers.get('Target-Dialog') ?? '');
    const spokenOf = target && legs.of(sessions.find({ callId: target.callId, tags: [target.localTag, target.remoteTag] }));
    if (spokenOf?.refer === undefined || spokenOf.endpoint !== authentication.account.deviceId) return this.#respond(transaction, target === undefined ? 403 : 481, []);
    spokenOf.refer(transaction, sessions.openDialog(transaction, (further) => further.respond(createResponse(further.request, 403))));
  }

  #subscribe(transaction: ServerTransaction, subscriptions: SubscriptionRequests): void {
    const authentication = this.#authenticator.authenticate(transaction.request, transaction.flow);
    if (authentication.ok) subscriptions.subscribe(transaction, authentication.account);
    else this.#respond(transaction, authentication.status, authentication.headers);
  }

  #register(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    const authentication = this.#authenticator.authenticate(request, flow);
    if (!authentication.ok) return this.#respond(transaction, authentication.status, authentication.headers);
    const { account } = authentication;
    // RFC 3261 10.3 step 3: nobody registers for somebody else.
    const user = userOf(request.to.uri);
    if (user !== account.username && user !== account.extension) return this.#respond(transaction, 403, []);
    const device = account.deviceId;
    const outcome = register(request, this.bindings.of(device), { aor: device, device, flow, now: this.#stack.timers.now() }, this.#stack.registrar);
    this.bindings.apply(device, outcome);
    this.#respond(transaction, outcome.status, outcome.headers, outcome.reason);
  }

  /** RFC 3261 8.2.6.2: with a To tag, though no dialog comes of it. */
  #respond(transaction: ServerTransaction, status: number, headers: HeaderLines, reason?: string): void {
    transaction.respond(createResponse(transaction.request, status, { reason, headers, toTag: `r${(++this.#tags).toString(36)}` }));
  }
}
