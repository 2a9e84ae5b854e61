import type { Timer, Timers } from '@tipring/clock';
import { createRequest, parseContacts, parseDeltaSeconds, parseRetryAfter, parseUri } from '@tipring/sip';
import type { ClientTransaction, Flow, Hashing, HeaderLines, Hop, SipRequest, SipResponse, TransactionLayer } from '@tipring/sip';
import { digestAnswers } from './digest-answers.ts';
import { registration, type Registration, type RegistrationEffect, type RegistrationInput, type RegistrationTimer } from './registration.ts';
import type { TrunkServer, TrunkServers } from './trunk-servers.ts';

/** Who registers, as whom, and under which contact. */
export interface Registrant {
  readonly username: string;
  readonly authenticationName: string;
  readonly password: string;
  /** Host of the address of record, and Request-URI. */
  readonly domain: string;
  readonly expiresS: number;
  /** User part of our Contact: what the carrier's calls are known by. */
  readonly contactUser: string;
  readonly routes: readonly string[];
}

export interface RegistrarClientPorts {
  readonly transactions: Pick<TransactionLayer, 'request' | 'transport'>;
  readonly timers: Timers;
  readonly hashing: Hashing;
  readonly random: () => number;
  readonly servers: TrunkServers;
  /** It answered a request of ours. */
  readonly proved: (flow: Flow) => void;
  readonly changed: (state: 'registered' | 'refused' | 'unanswered' | 'expired', text: string) => void;
}

/** Runs a trunk's registration: sends its REGISTERs, answers challenges, reads what is granted. */
export class RegistrarClient {
  readonly #registrant: Registrant;
  readonly #ports: RegistrarClientPorts;
  readonly #callId: string;
  readonly #timers = new Map<RegistrationTimer, Timer>();
  #state: Registration = { at: 'idle' };
  #cseq = 0;
  #pending: Pending | undefined;
  #order: readonly TrunkServer[] = [];
  #text = 'not registered yet';
  #lastStatus: number | null = null;
  #flow: Flow | undefined;
  #registrar: TrunkServer | undefined;
  #serviceRoutes: readonly string[] = [];
  #over: () => void = () => {};

  constructor(registrant: Registrant, ports: RegistrarClientPorts) {
    this.#registrant = registrant;
    this.#ports = ports;
    this.#callId = `reg-${token(ports.random)}`;
  }

  get state(): Registration {
    return this.#state;
  }

  /** A sentence for people. */
  get text(): string {
    return this.#text;
  }

  get lastStatus(): number | null {
    return this.#lastStatus;
  }

  /** Until when the carrier takes calls from us and has our contact; null: not registered. */
  get validUntil(): number | null {
    return 'validUntil' in this.#state ? this.#state.validUntil : null;
  }

  /** RFC 3608: where our calls are to go by, as the carrier said with its 200. */
  get serviceRoutes(): readonly string[] {
    return this.#serviceRoutes;
  }

  start(): void {
    this.#step({ type: 'start' });
  }

  reachable(): void {
    this.#step({ type: 'reachable' });
  }

  flowClosed(flow: Flow): void {
    if (this.#flow?.id !== flow.id) return;
    this.#flow = undefined;
    this.#step({ type: 'flowLost' });
  }

  /** Whether a call that came by this flow may be the registrar's: it is the connection we opened. */
  isOwn(flow: Flow): boolean {
    return this.#flow?.id === flow.id;
  }

  /** Takes it back; `done` when that is answered or is not going to be. */
  stop(done: () => void): void {
    this.#over = done;
    if (this.#state.at === 'over') return done();
    this.#step({ type: 'stop' });
  }

  /** Forgets it without a word. */
  drop(): void {
    this.#forget();
    for (const timer of this.#timers.values()) timer.stop();
    this.#timers.clear();
    this.#state = { at: 'over' };
    this.#over = () => {};
  }

  #step(input: RegistrationInput): void {
    const { expiresS } = this.#registrant;
    const [next, effects] = registration(this.#state, input, { expiresS, random: this.#ports.random });
    this.#state = next;
    for (const effect of effects) this.#do(effect);
    if (next.at === 'over') {
      this.#forget();
      const over = this.#over;
      this.#over = () => {};
      over();
    }
  }

  #do(effect: RegistrationEffect): void {
    switch (effect.do) {
      case 'start':
        this.#timers.get(effect.timer)?.stop();
        this.#timers.set(effect.timer, this.#ports.timers.start(effect.ms, () => {
          this.#timers.delete(effect.timer);
          this.#step({ type: 'timeout', timer: effect.timer });
        }));
        return;
      case 'stop':
        this.#timers.get(effect.timer)?.stop();
        this.#timers.delete(effect.timer);
        return;
      case 'register':
        return this.#register(effect.server, effect.expiresS);
      case 'tell':
        if (effect.state === 'registered') this.#text = 'registered';
        if (effect.state === 'expired') this.#text = `registration ran out; ${this.#text}`;
        return this.#ports.changed(effect.state, this.#text);
    }
  }

  #register(index: number, expiresS: number): void {
    this.#forget();
    if (index === 0 && expiresS > 0) this.#order = this.#ports.servers.draw();
    // It is taken back where it was granted.
    const server = expiresS === 0 ? (this.#registrar ?? this.#order[0]) : this.#order[index];
    if (server === undefined) {
      this.#text = this.#ports.servers.trouble ?? 'no server is known yet';
      // Not inside the step that asked for it.
      const limit = this.#ports.timers.start(0, () => {
        this.#pending = undefined;
        this.#failed(expiresS);
      });
      this.#pending = { transaction: nothingSent, limit };
      return;
    }
    const { authenticationName, password } = this.#registrant;
    const answer = digestAnswers({ username: authenticationName, password }, this.#ports.hashing, this.#ports.random);
    const send = (credentials: HeaderLines, tries: number): ClientTransaction => {
      const request = this.#write(server.hop, expiresS, credentials);
      return this.#ports.transactions.request(request, server.hop, {
        onResponse: (response, flow) => {
          if (response.status < 200) return;
          const challenged = response.status === 401 || response.status === 407;
          const lines = challenged && tries > 0 ? answer(response, request) : undefined;
          if (lines === undefined) return this.#answered(response, flow, server, expiresS);
          if (this.#pending !== undefined) this.#pending.transaction = send(lines, tries - 1);
        },
        onFailure: (_failure, detail) => this.#silent(server, detail, expiresS),
      });
    };
    const limit = this.#ports.timers.start(ANSWER_MS, () => {
      this.#pending?.transaction.abandon();
      this.#silent(server, `REGISTER unanswered for ${ANSWER_MS / 1000} s`, expiresS);
    });
    this.#pending = { transaction: nothingSent, limit };
    this.#pending.transaction = send([], MOST_CHALLENGES);
  }

  #answered(response: SipResponse, flow: Flow, server: TrunkServer, expiresS: number): void {
    const { status, reason, headers } = response;
    this.#forget();
    this.#ports.proved(flow);
    this.#lastStatus = status;
    const retryAfterS = parseRetryAfter(headers.get('Retry-After') ?? '')?.seconds;
    const { servers, timers } = this.#ports;
    if (status !== 503) servers.answered(server, `REGISTER: ${status} ${reason}`);
    else servers.refused(server, `REGISTER: ${status} ${reason}`, retryAfterS);
    if (expiresS === 0) return this.#step({ type: 'unregistered' });
    if (status >= 200 && status < 300) {
      this.#flow = flow;
      this.#registrar = server;
      this.#serviceRoutes = headers.list('Service-Route');
      return this.#step({ type: 'granted', expiresS: this.#granted(response, expiresS), at: timers.now() });
    }
    this.#text = `${status} ${reason}`;
    const minimumS = status === 423 ? parseDeltaSeconds(headers.get('Min-Expires') ?? '') : undefined;
    if (minimumS !== undefined) return this.#step({ type: 'tooBrief', minimumS });
    if (SERVER_TROUBLE.includes(status)) return this.#step({ type: 'unanswered', servers: this.#order.length, retryAfterS });
    this.#step({ type: 'refused', retryAfterS });
  }

  #silent(server: TrunkServer, text: string, expiresS: number): void {
    this.#forget();
    this.#text = text;
    this.#ports.servers.silent(server, text);
    this.#failed(expiresS);
  }

  #failed(expiresS: number): void {
    if (expiresS === 0) return this.#step({ type: 'unregistered' });
    this.#step({ type: 'unanswered', servers: this.#order.length, retryAfterS: undefined });
  }

  /** RFC 3261 10.2.4: of our contact, else of all, else what we asked for. */
  #granted({ headers }: SipResponse, askedS: number): number {
    const contacts = parseContacts(headers);
    const own = contacts === undefined || contacts === '*' ? undefined : contacts.find((contact) => parseUri(contact.uri)?.user === this.#registrant.contactUser);
    return own?.expires ?? parseDeltaSeconds(headers.get('Expires') ?? '') ?? askedS;
  }

  #write(hop: Hop, expiresS: number, credentials: HeaderLines): SipRequest {
    const { username, domain, contactUser, routes } = this.#registrant;
    const { transport, address, port } = this.#ports.transactions.transport.advertised(hop);
    const host = address.includes(':') ? `[${address}]` : address;
    const aor = `<sip:${username}@${domain}>`;
    return createRequest({
      method: 'REGISTER',
      uri: `sip:${domain}`,
      headers: [
        ...routes.map((route) => ['Route', route] as const),
        ['Max-Forwards', '70'],
        ['From', `${aor};tag=${token(this.#ports.random)}`],
        ['To', aor],
        ['Call-ID', this.#callId],
        // RFC 3261 10.2: each one more than the one before, also for another server.
        ['CSeq', `${++this.#cseq} REGISTER`],
        ['Contact', `<sip:${contactUser}@${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}>;expires=${expiresS}`],
        ['Expires', String(expiresS)],
        ['Supported', 'path'],
        ['User-Agent', 'Tipring'],
        ...credentials,
      ],
    });
  }

  #forget(): void {
    this.#pending?.limit.stop();
    this.#pending?.transaction.abandon();
    this.#pending = undefined;
  }
}

interface Pending {
  transaction: Pick<ClientTransaction, 'abandon'>;
  readonly limit: Timer;
}

function token(random: () => number): string {
  return Math.floor(random() * 2 ** 48).toString(36);
}

const nothingSent: Pending['transaction'] = { abandon: () => {} };
/** 408, 500 and 503 are of this server; the next may do. */
const SERVER_TROUBLE: readonly number[] = [408, 430, 500, 502, 503, 504];
const ANSWER_MS = 4_000;
/** A challenge, one of a proxy on the way, and each grown old once. */
const MOST_CHALLENGES = 4;
