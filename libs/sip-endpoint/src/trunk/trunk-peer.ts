import { escapeUser } from '@tipring/sip';
import type { Flow, IncomingInvite } from '@tipring/sip';
import type { Availability, DialRequest, Leg, LegId, LegListener, LegSnapshot } from '@tipring/telephony';
import { AdoptedLeg } from '../adopted-leg.ts';
import type { FarEnd } from '../far-end.ts';
import { InboundLeg } from '../inbound-leg.ts';
import { replacedLeg } from '../replaced-leg.ts';
import { readOffer } from '../read-offer.ts';
import { refusedLeg } from '../refused-leg.ts';
import type { Surroundings } from '../surroundings.ts';
import { CallHistory } from './call-history.ts';
import type { CallingTrunk } from './calling-trunk.ts';
import { Channels } from './channels.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import { digestAnswers } from './digest-answers.ts';
import { impairedSessions } from './impaired-sessions.ts';
import type { LiveTrunk, TrunkEvent, TrunkState } from './live-trunk.ts';
import { sourceBlocks } from './source-blocks.ts';
import { accountName, digestName, domainOf } from './trunk-address.ts';
import { calledNumber, type Candidate, tooShort } from './trunk-calls-in.ts';
import { callerFrom, diversionsIn, trunkCaller, trunkParty } from './trunk-identity.ts';
import { TrunkLeg } from './trunk-leg.ts';
import { TrunkLink } from './trunk-link.ts';
import type { Impairment, TrunkPorts, TrunkStack } from './trunk-ports.ts';

export interface TrunkPeerPorts {
  readonly ports: TrunkPorts;
  readonly stack: TrunkStack;
  readonly surroundings: Surroundings;
  readonly tell: (event: TrunkEvent) => void;
  /** Its last call has ended. */
  readonly idle: () => void;
}

/** One trunk: its link, its calls both ways, and what is thought of it. */
export class TrunkPeer implements Candidate {
  readonly channels: Channels;
  readonly #ports: TrunkPeerPorts;
  /** Legs out that nobody has answered yet. */
  readonly #calling = new Set<TrunkLeg>();
  readonly #history: CallHistory;
  #trunk: ConfiguredTrunk;
  /** Of its configuration, asked at every call that arrives. */
  #known: Pick<Candidate, 'contactUser' | 'isSource'>;
  #link: TrunkLink | undefined;
  #state: { readonly state: TrunkState; readonly since: number; readonly why: string };
  #impaired: { readonly how: Impairment; readonly affects: (request: DialRequest) => boolean } | undefined;

  constructor(trunk: ConfiguredTrunk, ports: TrunkPeerPorts) {
    const { surroundings } = ports;
    this.#trunk = trunk;
    this.#ports = ports;
    this.#known = this.#knownBy();
    this.channels = new Channels(() => surroundings.timers.now());
    this.#history = new CallHistory(surroundings.timers, () => this.#trunk.health.failuresToDown, () => this.#judge());
    this.#state = { state: 'disabled', since: surroundings.timers.now(), why: 'disabled in the configuration' };
    if (trunk.isEnabled) this.#connect();
  }

  /** Of a registration: nobody but the carrier knows it, and it is the same after a restart. */
  get contactUser(): string {
    return this.#known.contactUser;
  }

  get isSource(): Candidate['isSource'] {
    return this.#known.isSource;
  }

  get trunk(): ConfiguredTrunk {
    return this.#trunk;
  }

  get link(): TrunkLink | undefined {
    return this.#link;
  }

  /** As it is configured from now on. Its calls go on; what is said between calls begins anew where it is another now. */
  update(trunk: ConfiguredTrunk): void {
    const before = this.#trunk;
    this.#trunk = trunk;
    this.#known = this.#knownBy();
    if (linkOf(trunk) === linkOf(before)) return;
    // The contact that the new link registers is the old one's: taken back after that, it would be gone.
    this.#disconnect(trunk.isEnabled && accountOf(trunk) === accountOf(before) ? 'drop' : 'unregister', () => {});
    if (trunk.isEnabled) this.#connect();
    this.#judge();
  }

  /** It is no more: its calls go on. `done` when it has unregistered. */
  close(done: () => void): void {
    this.#disconnect('unregister', done);
    this.#trunk = { ...this.#trunk, isEnabled: false };
    this.#judge();
  }

  flowClosed(flow: Flow): void {
    this.#link?.flowClosed(flow);
    for (const leg of [...this.#calling]) leg.flowClosed(flow);
  }

  impair(how: Impairment | null, affects: (request: DialRequest) => boolean): void {
    this.#impaired = how === null ? undefined : { how, affects };
  }

  originate(id: LegId, request: DialRequest, listener: LegListener): Leg {
    const { surroundings } = this.#ports;
    const { timers } = surroundings;
    const link = this.#link;
    if (link === undefined) return refusedLeg(id, 'networkOutOfOrder', { kind: 'disabled', text: `trunk ${this.#trunk.key} is disabled` }, listener, timers);
    const { registrar } = link;
    // A carrier may take a call for help from whoever it knows by his password.
    if (registrar !== undefined && registrar.validUntil === null && request.priority !== 'emergency') {
      return refusedLeg(id, 'networkOutOfOrder', { kind: 'registration', text: `trunk ${this.#trunk.key} is not registered: ${registrar.text}` }, listener, timers);
    }
    // What the carrier permits is the carrier's to say when somebody's life is at stake.
    const full = request.priority === 'emergency' ? undefined : this.channels.full('outbound', this.#trunk.limits);
    if (full !== undefined) return refusedLeg(id, 'noCircuit', { kind: 'limit', text: `trunk ${this.#trunk.key} has ${full}` }, listener, timers);
    const heard = this.#counted(id, 'outbound', listener);
    const leg = new TrunkLeg(id, this.#callingTrunk(link, request), request, (event) => {
      if (event.type === 'answered' || event.type === 'released') this.#calling.delete(leg);
      heard(event);
    }, surroundings);
    this.#calling.add(leg);
    return leg;
  }

  adopt(id: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    const kept = snapshot['session'] as { readonly direction?: unknown } | undefined;
    const direction = kept?.direction === 'in' || snapshot['at'] === 'offered' ? 'inbound' : 'outbound';
    return AdoptedLeg.of(id, snapshot, this.#farEnd(direction === 'inbound' ? 'in' : 'out'), this.#counted(id, direction, listener), this.#ports.surroundings, { authenticate: this.#authenticate() });
  }

  /** A call that was found to be this trunk's. */
  take(invite: IncomingInvite): void {
    const { ports, surroundings } = this.#ports;
    const { request } = invite;
    const trunk = this.#trunk;
    ports.guard.authenticated(invite.flow);
    // Its own other end transfers, and it takes the place of a leg of its own; of nobody else's.
    const replaced = replacedLeg(request, trunk.id, () => false, surroundings);
    if (!replaced.ok) return invite.refuse(replaced.status);
    const number = calledNumber(request, this) ?? (replaced.leg === undefined ? undefined : '');
    // RFC 3261 21.4.23: there is nothing to dial.
    if (number === undefined) return invite.refuse(484);
    const minimumS = tooShort(request, trunk);
    if (minimumS !== undefined) return invite.refuse(422, { headers: [['Min-SE', String(minimumS)]] });
    const offered = readOffer(invite.offer, this.#permitted());
    const refusal = this.#refusal(offered.fault);
    const diversions = diversionsIn(request);
    const contactUser = trunk.peering.type === 'registration' ? this.contactUser : escapeUser(number === '' ? trunk.key : number);
    ports.exchange.offer({
      endpoint: trunk.id,
      from: callerFrom(request, trunk.identity.trusted),
      number,
      media: offered.media,
      hopsLeft: hopsLeft(request.headers.get('Max-Forwards')),
      reference: request.callId,
      ...(replaced.leg === undefined ? {} : { replaces: replaced.leg }),
      ...(diversions.length === 0 ? {} : { diversions }),
      ...(refusal === undefined ? {} : { refusal }),
      accept: (leg, context, listener) => {
        // What is refused was never there to be counted.
        const heard = refusal === undefined ? this.#counted(leg, 'inbound', listener) : listener;
        const session = { authenticate: this.#authenticate(), sessionTimer: trunk.sessionTimer };
        return new InboundLeg(leg, { invite, offer: offered.description, context, contactUser, farEnd: this.#farEnd('in'), session }, heard, surroundings);
      },
    });
  }

  get availability(): Availability {
    const { idleSince, usedMs } = this.channels;
    const { state, why } = this.#state;
    const full = this.channels.full('outbound', this.#trunk.limits);
    const registrar = this.#link?.registrar;
    const isAbsent = registrar !== undefined && registrar.validUntil === null;
    return {
      ...(state === 'disabled' || isAbsent || full === undefined ? { state: isAbsent ? 'absent' : state === 'up' ? 'ready' : state, text: why } : { state: 'full', text: full }),
      idleSince,
      usedMs: Math.round(usedMs),
      isEmergency: false,
    };
  }

  get live(): LiveTrunk {
    const link = this.#link;
    const registrar = link?.registrar;
    return {
      id: this.#trunk.id,
      ...this.#state,
      registration: registrar === undefined ? null : { state: registrationState(registrar), expiresAt: registrar.validUntil, lastStatus: registrar.lastStatus, text: registrar.text },
      options: link?.options ?? null,
      servers: (link?.servers.all ?? []).map(({ hop, state, text }) => ({ transport: hop.transport, address: hop.address, port: hop.port, state, text })),
      calls: { inbound: this.channels.inbound, outbound: this.channels.outbound },
      outcomes: this.#history.view,
    };
  }

  #knownBy(): Pick<Candidate, 'contactUser' | 'isSource'> {
    const { id, key, peering } = this.#trunk;
    const { hashing, contactSecret } = this.#ports.stack;
    return {
      contactUser: peering.type === 'registration' ? `t${hashing.hmacSha256(contactSecret, `trunk ${id}`).slice(0, 20)}` : escapeUser(key),
      isSource: sourceBlocks(peering.type === 'address' ? peering.sources : []),
    };
  }

  #connect(): void {
    const { stack, surroundings, tell } = this.#ports;
    const { id } = this.#trunk;
    this.#link = new TrunkLink(this.#trunk, {
      stack, timers: surroundings.timers, ownDomain: surroundings.settings.domain, contactUser: this.contactUser,
      health: () => this.#trunk.health,
      changed: () => this.#judge(),
      proved: (flow) => this.#ports.ports.guard.authenticated(flow),
      registrationTold: (state, text) => tell({ type: 'registration', id, at: surroundings.timers.now(), state, text }),
    });
    this.#judge();
  }

  #disconnect(how: 'unregister' | 'drop', done: () => void): void {
    const link = this.#link;
    this.#link = undefined;
    this.#history.forgive();
    if (link === undefined) done();
    else link.stop(how, done);
  }

  /** Tells when it is another state than before, and those whose call waits on it. */
  #judge(): void {
    const { state, why } = this.#judged();
    const before = this.#state;
    if (state === before.state) {
      if (why !== before.why) this.#state = { ...before, why };
      return;
    }
    const at = this.#ports.surroundings.timers.now();
    this.#state = { state, since: at, why };
    this.#ports.tell({ type: 'state', id: this.#trunk.id, at, from: before.state, to: state, why });
    if (state === 'down') for (const leg of [...this.#calling]) leg.trunkLost(why);
  }

  #judged(): { readonly state: TrunkState; readonly why: string } {
    if (this.#link === undefined) return { state: 'disabled', why: 'disabled in the configuration' };
    const condition = this.#link.condition;
    if (condition.state === 'down') return condition;
    const { at, lastFailure } = this.#history;
    if (at === 'barred') return { state: 'down', why: `calls fail: ${lastFailure ?? ''}` };
    if (at === 'onTrial') return { state: 'degraded', why: `calls failed, the next one shows whether they still do: ${lastFailure ?? ''}` };
    return condition;
  }

  #counted(leg: LegId, direction: 'inbound' | 'outbound', listener: LegListener): LegListener {
    return this.channels.take(leg, direction, listener, () => {
      if (this.channels.size === 0) this.#ports.idle();
    });
  }

  #callingTrunk(link: TrunkLink, request: DialRequest): CallingTrunk {
    const trunk = this.#trunk;
    const { surroundings } = this.#ports;
    const { servers } = link;
    const domain = domainOf(trunk);
    const host = (trunk.domain ?? trunk.server.host).toLowerCase();
    const routes = link.routes;
    const common = {
      trunk, farEnd: this.#farEnd('out'), servers, domain, routes, contactUser: this.contactUser, authenticate: this.#authenticate(),
      isOwn: (one: string) => one === host || one === trunk.server.host.toLowerCase() || servers.has(one, undefined),
      codecs: ({ media }: DialRequest) => trunk.codecs.flatMap((name) => media.codecs.find((codec) => codec.name.toLowerCase() === name.toLowerCase()) ?? []),
      caller: ({ from, number, diversions = [], priority }: DialRequest) => {
        const caller = trunkCaller(from, number, diversions, trunk.identity, { domain, account: accountName(trunk) });
        // RFC 3261 20.26.
        return priority === undefined ? caller : { ...caller, headers: [...caller.headers, ['Priority', priority] as const] };
      },
    };
    if (this.#impaired?.affects(request) === true) {
      // A drill proves what becomes of its own call, and says nothing of the trunk.
      return { ...common, sessions: impairedSessions(this.#impaired.how, surroundings.timers), draw: () => servers.draw().slice(0, 1), ask: (_server, done) => done('unknowable'), proved: () => {}, saw: () => {}, outcome: () => {} };
    }
    return {
      ...common,
      sessions: surroundings.sessions,
      draw: () => servers.draw(),
      ask: (server, done) => link.ask(server, done),
      proved: (flow) => this.#ports.ports.guard.authenticated(flow),
      saw: (server, what) => {
        if (what.type === 'heard') servers.heard(server);
        else if (what.type === 'answered') servers.answered(server, what.text);
        else if (what.type === 'silent') servers.silent(server, what.text);
        else servers.refused(server, what.text, what.retryAfterS);
      },
      outcome: (what, text) => {
        // Of a link that is no more it says nothing.
        if (this.#link !== link) return;
        if (what === 'failed') link.probeSoon();
        this.#history.add(what, text);
      },
    };
  }

  /** As it is configured when it is asked. */
  #farEnd(direction: 'in' | 'out'): FarEnd {
    const mayRefer = (): boolean => this.#trunk.transfers === 'take';
    return {
      endpoint: this.#trunk.id,
      get mayRefer() {
        return mayRefer();
      },
      // A carrier that is asked anew for a call without need may well refuse it.
      shows: (party) => {
        const headers = trunkParty(party, this.#trunk.identity, { domain: domainOf(this.#trunk), account: accountName(this.#trunk) }, direction);
        return headers.length === 0 ? undefined : { headers, by: 'update' };
      },
    };
  }

  #authenticate(): CallingTrunk['authenticate'] {
    const name = digestName(this.#trunk);
    const { hashing, random } = this.#ports.stack;
    return name === undefined ? undefined : digestAnswers(name, hashing, random);
  }

  #permitted(): Surroundings['settings']['codecs'] {
    const { codecs } = this.#ports.surroundings.settings;
    return this.#trunk.codecs.flatMap((name) => codecs.find((codec) => codec.name.toLowerCase() === name.toLowerCase()) ?? []);
  }

  #refusal(fault: string | undefined): { readonly cause: 'notAllowed' | 'userBusy' | 'incompatibleDestination'; readonly evidence: { readonly kind: string; readonly text: string } } | undefined {
    if (this.#link === undefined) return { cause: 'notAllowed', evidence: { kind: 'disabled', text: `trunk ${this.#trunk.key} is disabled` } };
    const full = this.channels.full('inbound', this.#trunk.limits);
    // 486, not 503: a 503 says of this whole server that it is to be left alone (RFC 3261 21.5.4), a busy one goes where the carrier forwards busy calls.
    if (full !== undefined) return { cause: 'userBusy', evidence: { kind: 'limit', text: `trunk ${this.#trunk.key} has ${full}` } };
    return fault === undefined ? undefined : { cause: 'incompatibleDestination', evidence: { kind: 'sdp', text: fault } };
  }
}

function registrationState({ state }: NonNullable<TrunkLink['registrar']>): NonNullable<LiveTrunk['registration']>['state'] {
  return state.at === 'registered' ? 'registered' : state.at === 'waiting' ? state.why : 'registering';
}

/** What its link is made of; of anything else it hears by asking. */
function linkOf({ isEnabled, server, outboundProxy, domain, peering, health }: ConfiguredTrunk): string {
  return JSON.stringify([isEnabled, server, outboundProxy, domain, peering, health.optionsIntervalS]);
}

/** Whose registration it is, and where. */
function accountOf({ server, domain, peering }: ConfiguredTrunk): string {
  return JSON.stringify([server, domain, peering.type === 'registration' ? peering.username : undefined]);
}

function hopsLeft(maxForwards: string | undefined): number {
  const hops = Number(maxForwards);
  // RFC 3261 8.1.1.6: who does not count has 70.
  return maxForwards !== undefined && Number.isInteger(hops) && hops >= 0 ? hops : 70;
}
