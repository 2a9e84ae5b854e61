import type { Timer, Timers } from '@tipring/clock';
import { createRequest } from '@tipring/sip';
import type { Flow, Hop, SipRequest } from '@tipring/sip';
import type { ConfiguredTrunk, HealthSettings } from './configured-trunk.ts';
import { reachability, type Reachability, unprobed } from './reachability.ts';
import { RegistrarClient } from './registrar-client.ts';
import type { Answer } from './silence-watch.ts';
import { type SignOfLife, SignsOfLife } from './signs-of-life.ts';
import { digestName, domainOf, proxyRoute, targetOf } from './trunk-address.ts';
import type { TrunkStack } from './trunk-ports.ts';
import { type TrunkServer, TrunkServers } from './trunk-servers.ts';

/** How a trunk stands as far as its far end can be told from here. */
export interface LinkCondition {
  readonly state: 'up' | 'degraded' | 'down';
  readonly why: string;
}

export interface TrunkLinkPorts {
  readonly stack: TrunkStack;
  readonly timers: Timers;
  /** Host part of our own addresses. */
  readonly ownDomain: string;
  readonly contactUser: string;
  /** As they are now: limits and patience may change while it runs. */
  readonly health: () => HealthSettings;
  readonly changed: () => void;
  /** It answered a request of ours: it is who we asked. */
  readonly proved: (flow: Flow) => void;
  readonly registrationTold: (state: 'registered' | 'refused' | 'unanswered', text: string) => void;
}

/** The signalling between us and one trunk's servers, without calls: where they are, whether they answer, our registration with them. */
export class TrunkLink {
  readonly servers: TrunkServers;
  readonly registrar: RegistrarClient | undefined;
  readonly domain: string;
  readonly #trunk: ConfiguredTrunk;
  readonly #ports: TrunkLinkPorts;
  readonly #signs: SignsOfLife;
  /** Who waits for the answer of a server that is being asked. */
  readonly #asked = new Map<TrunkServer, ((answer: Answer) => void)[]>();
  readonly #tag: string;
  #reach: Reachability = unprobed;
  #round: Timer | undefined;
  #isAsking = false;
  /** How its registration stands, as was told last: refreshes are no news. */
  #told = '';
  /** Whether DNS had said where its servers are. */
  #wasKnown = false;
  #cseq = 0;
  #options: { lastAnsweredAt: number | null; roundTripMs: number | null; unanswered: number } = { lastAnsweredAt: null, roundTripMs: null, unanswered: 0 };
  #closed = false;

  constructor(trunk: ConfiguredTrunk, ports: TrunkLinkPorts) {
    const { stack, timers } = ports;
    this.#trunk = trunk;
    this.#ports = ports;
    this.domain = domainOf(trunk);
    this.#tag = Math.floor(stack.random() * 2 ** 48).toString(36);
    this.servers = new TrunkServers(targetOf(trunk), { dns: stack.dns, timers, random: stack.random, families: stack.families ?? ['IPv4'], changed: () => this.#serversChanged() });
    this.#signs = new SignsOfLife(stack.transactions, timers, (hop) => this.#writeOptions(hop));
    this.registrar = this.#newRegistrar();
    this.servers.whenKnown(LOCATING_MS, () => {
      if (this.#closed) return;
      this.registrar?.start();
      if (ports.health().optionsIntervalS !== null) this.#probe();
    });
  }

  /** Null: none are sent. */
  get options(): { readonly lastAnsweredAt: number | null; readonly roundTripMs: number | null; readonly unanswered: number } | null {
    return this.#ports.health().optionsIntervalS === null ? null : { ...this.#options };
  }

  /** Preloaded routes of its calls: the outbound proxy, then what the registrar said (RFC 3608). */
  get routes(): readonly string[] {
    return [...proxyRoute(this.#trunk), ...(this.registrar?.serviceRoutes ?? [])];
  }

  get condition(): LinkCondition {
    const { registrar, servers } = this;
    if (servers.all.length === 0 && servers.trouble !== undefined) return { state: 'down', why: servers.trouble };
    if (registrar !== undefined && registrar.validUntil === null) return { state: 'down', why: `not registered: ${registrar.text}` };
    if (this.#reach.at === 'lost') {
      const { answered, needed } = this.#reach;
      const dead = servers.all.find((server) => server.state === 'silent' || server.state === 'refuses');
      return { state: 'down', why: answered === 0 ? `it does not answer: ${dead?.text ?? 'OPTIONS unanswered'}` : `it answers again, ${answered} of ${needed} times that are wanted` };
    }
    const bad = servers.all.filter((server) => server.state === 'silent' || server.state === 'refuses');
    if (bad.length > 0) return { state: 'degraded', why: bad.map((server) => `${server.hop.address}: ${server.text}`).join('; ') };
    if (registrar?.state.at === 'waiting') return { state: 'degraded', why: `its registration cannot be renewed: ${registrar.text}` };
    const answers = servers.all.some((server) => server.state === 'answers') ? 'it answers' : 'nothing is known against it';
    return { state: 'up', why: servers.trouble === undefined ? answers : `${answers}; ${servers.trouble}` };
  }

  /** Whether a server is there; at once where it was heard just now. */
  ask(server: TrunkServer, done: (answer: Answer) => void): void {
    const { timers } = this.#ports;
    if (server.heardAt !== undefined && timers.now() - server.heardAt < FRESH_MS) return done('alive');
    const waiting = this.#asked.get(server);
    if (waiting !== undefined) return void waiting.push(done);
    this.#asked.set(server, [done]);
    this.#signs.ask(server.hop, ASKED_MS, REPEATED_MS, (sign) => {
      const told = this.#asked.get(server) ?? [];
      this.#asked.delete(server);
      this.#learn(server, sign);
      const answer = sign.type === 'response' ? 'alive' : server.answersOptions ? 'dead' : 'unknowable';
      if (answer === 'dead') this.servers.silent(server, sign.type === 'silence' ? sign.text : 'silent');
      for (const one of told) one(answer);
    });
  }

  /** A call failed: the next round does not wait for its time. */
  probeSoon(): void {
    if (this.#isAsking || this.#ports.health().optionsIntervalS === null) return;
    this.#round?.stop();
    this.#round = this.#ports.timers.start(0, () => this.#probe());
  }

  flowClosed(flow: Flow): void {
    this.registrar?.flowClosed(flow);
  }

  /** `done` when it has unregistered, or at once. */
  stop(how: 'unregister' | 'drop', done: () => void): void {
    this.#closed = true;
    this.#round?.stop();
    this.#signs.close();
    const asked = [...this.#asked.values()].flat();
    this.#asked.clear();
    // Whoever waits for an answer goes on without.
    for (const tell of asked) tell('unknowable');
    const end = (): void => {
      this.servers.close();
      done();
    };
    if (how === 'unregister' && this.registrar !== undefined) return this.registrar.stop(end);
    this.registrar?.drop();
    end();
  }

  #newRegistrar(): RegistrarClient | undefined {
    const { peering } = this.#trunk;
    if (peering.type !== 'registration') return undefined;
    const { stack, timers, contactUser, registrationTold, changed } = this.#ports;
    const name = digestName(this.#trunk);
    return new RegistrarClient(
      { username: peering.username, authenticationName: name?.username ?? peering.username, password: peering.password, domain: this.domain, expiresS: peering.expiresS, contactUser, routes: proxyRoute(this.#trunk) },
      {
        transactions: stack.transactions, timers, hashing: stack.hashing, random: stack.random, servers: this.servers, proved: (flow) => this.#ports.proved(flow),
        changed: (state, text) => {
          if (state !== 'expired' && this.#told !== `${state} ${text}`) {
            this.#told = `${state} ${text}`;
            registrationTold(state, text);
          }
          changed();
        },
      },
    );
  }

  #serversChanged(): void {
    if (this.#closed) return;
    const isKnown = this.servers.all.length > 0;
    // DNS is back.
    if (isKnown && !this.#wasKnown) this.registrar?.reachable();
    this.#wasKnown = isKnown;
    this.#ports.changed();
  }

  #probe(): void {
    const { timers, health } = this.#ports;
    const { optionsIntervalS } = health();
    if (optionsIntervalS === null) return;
    const since = timers.now();
    const asked = this.servers.all;
    let open = asked.length;
    let answered = 0;
    let telling = 0;
    this.#isAsking = true;
    const finish = (): void => {
      this.#isAsking = false;
      // Silence of who never answered an OPTIONS, and was heard otherwise, says nothing.
      const wasUnanswered = answered === 0 && telling > 0;
      if (answered > 0) this.#sign('answered');
      else if (wasUnanswered) this.#sign('unanswered');
      else if (asked.length > 0) this.#unknowable();
      if (this.#closed) return;
      // The next after an unanswered one at once: that a trunk is gone is to be known soon.
      const waitMs = wasUnanswered && this.#reach.at === 'answering' ? 0 : Math.max(optionsIntervalS * 1000 - (timers.now() - since), 0);
      this.#round = timers.start(waitMs, () => this.#probe());
    };
    // Nobody to ask: what DNS says, or does not, is a reason of its own.
    if (open === 0) return finish();
    for (const server of asked) {
      this.#signs.ask(server.hop, UNANSWERED_MS, undefined, (sign) => {
        const isUnknowable = sign.type === 'silence' && !server.answersOptions && server.heardAt !== undefined;
        if (!isUnknowable) telling++;
        if (this.#learn(server, sign)) answered++;
        else if (sign.type === 'silence' && !isUnknowable && ++server.missed >= health().failuresToDown) this.servers.silent(server, sign.text);
        if (--open === 0) finish();
      });
    }
  }

  /** Whether it is in service: any answer but 503 shows it. */
  #learn(server: TrunkServer, sign: SignOfLife): boolean {
    if (sign.type === 'silence') return false;
    this.#ports.proved(sign.flow);
    server.answersOptions = true;
    this.#options.roundTripMs = sign.roundTripMs;
    const text = `OPTIONS: ${sign.status} ${sign.reason}`;
    if (sign.status === 503) {
      this.servers.refused(server, text, undefined);
      return false;
    }
    this.#options.lastAnsweredAt = this.#ports.timers.now();
    this.servers.answered(server, text);
    return true;
  }

  #sign(type: 'answered' | 'unanswered'): void {
    const { failuresToDown, successesToUp } = this.#ports.health();
    const before = this.#reach;
    this.#options.unanswered = type === 'answered' ? 0 : this.#options.unanswered + 1;
    this.#reach = reachability(before, { type, at: this.#ports.timers.now() }, { failuresToDown, successesToUp });
    if (before === this.#reach) return;
    const wasSilent = before.at === 'lost' ? before.answered === 0 : before.unanswered > 0 && this.registrar?.state.at === 'waiting';
    if (type === 'answered' && wasSilent) this.registrar?.reachable();
    this.#ports.changed();
  }

  /** It is heard, and never answers OPTIONS: that it did not is held against it no more. */
  #unknowable(): void {
    if (this.#reach === unprobed) return;
    this.#reach = unprobed;
    this.#ports.changed();
  }

  /** RFC 3261 11.1; also what keeps the way through a NAT open. */
  #writeOptions(hop: Hop): SipRequest {
    const { ownDomain, stack, contactUser } = this.#ports;
    const { transport, address, port } = stack.transactions.transport.advertised(hop);
    const host = address.includes(':') ? `[${address}]` : address;
    return createRequest({
      method: 'OPTIONS',
      uri: `sip:${this.domain}`,
      headers: [
        ...proxyRoute(this.#trunk).map((route) => ['Route', route] as const),
        ['Max-Forwards', '70'],
        ['From', `<sip:${contactUser}@${ownDomain}>;tag=${this.#tag}`],
        ['To', `<sip:${this.domain}>`],
        ['Call-ID', `life-${this.#tag}-${++this.#cseq}`],
        ['CSeq', '1 OPTIONS'],
        ['Contact', `<sip:${contactUser}@${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>`],
        ['Accept', 'application/sdp'],
        ['User-Agent', 'Tipring'],
      ],
    });
  }
}

/** RFC 3261 gives 32 s, in which a caller redials three times. */
const UNANSWERED_MS = 2_000;
const ASKED_MS = 1_000;
const REPEATED_MS = 400;
/** A server that was heard so lately need not be asked. */
const FRESH_MS = 300;
/** At the start. */
const LOCATING_MS = 1_000;
