import { randomBytes } from 'node:crypto';
import { nodeTimers } from '@tipring/clock';
import {
  createRequest, createResponse, DigestClient, type Flow, type HeaderLines, type IncomingInvite, NodeTransport, nodeHashing, parseUri, SessionLayer, type SipResponse, TransactionLayer,
} from '@tipring/sip';
import { BankParty } from './bank-party.ts';
import { pause } from './each.ts';
import type { DemoDevice } from './pbx.ts';

export interface BankCall {
  readonly caller: BankParty;
  readonly called: BankParty;
}

/** A call as its caller sees it. */
export interface BankAttempt {
  readonly caller: BankParty;
  readonly callId: string;
  /** Settles when it is answered, refused or over; never rejects. */
  readonly outcome: Promise<BankOutcome>;
}

export type BankOutcome =
  | { readonly type: 'answered'; readonly afterMs: number }
  | { readonly type: 'refused'; readonly status: number }
  | { readonly type: 'ended'; readonly detail: string };

/** What a phone does when it is called. */
export type BankBehaviour = 'answer' | 'busy' | 'ring';

export interface PhoneBankOptions {
  /** The PBX, or a proxy before it. */
  readonly registrar: { readonly address: string; readonly port: number };
  readonly devices: readonly DemoDevice[];
  /** Each party of each call takes the next even port; after the highest the first comes again. */
  readonly firstRtpPort: number;
  /** Default: all answer. */
  readonly behaviour?: (username: string) => BankBehaviour;
  /** How long a phone rings before it answers. Default 0. */
  readonly ringMs?: () => number;
  /** Every party that is called, before it answers, with the user part it was called by. */
  readonly arrived?: (party: BankParty, username: string) => void;
  /** Every response to an INVITE as it comes in. `turnedAway`: a 503 with Retry-After. */
  readonly responded?: (callId: string, status: number, turnedAway: boolean) => void;
}

/**
 * Many phones in one process, on one UDP socket, made of our own SIP stack: they register, call, answer, hold and hang up.
 * Who is called is told by the user part of the Request-URI. For tests of the PBX under load and under kill; that it
 * speaks with others is proved by other people's phones in tools/interop.
 */
export class PhoneBank {
  readonly #options: PhoneBankOptions;
  readonly #timers = nodeTimers();
  readonly #transport: NodeTransport;
  readonly #transactions: TransactionLayer;
  readonly #sessions: SessionLayer;
  /** Who waits for the called side of a call, by `from>to`, in the order of placing. */
  readonly #arrivals = new Map<string, ((party: BankParty) => void)[]>();
  /** RFC 3261 10.2.4: one Call-ID a phone, with rising CSeq. */
  readonly #registrations = new Map<string, number>();
  readonly #ringing = new Set<BankParty>();
  #nextPort: number;
  #turnedAway = 0;

  static async start(options: PhoneBankOptions): Promise<PhoneBank> {
    let receive: (bytes: Uint8Array, flow: Flow) => void = () => {};
    const transport = await NodeTransport.open(
      { listen: [{ transport: 'udp', address: options.registrar.address, port: 0 }] },
      { onMessage: (bytes, flow) => receive(bytes, flow), onFlowClosed() {}, onError() {} },
    );
    const bank = new PhoneBank(options, transport);
    const { responded } = options;
    receive = (bytes, flow) => {
      if (responded !== undefined) tellResponse(bytes, responded);
      bank.#transactions.receiveBytes(bytes, flow);
    };
    return bank;
  }

  private constructor(options: PhoneBankOptions, transport: NodeTransport) {
    this.#options = options;
    this.#transport = transport;
    this.#nextPort = options.firstRtpPort;
    this.#transactions = new TransactionLayer(transport, this.#timers, Math.random);
    this.#sessions = new SessionLayer(
      { transactions: this.#transactions, timers: this.#timers, random: Math.random },
      { onInvite: (invite) => this.#arrive(invite), onRequest: (transaction) => transaction.respond(createResponse(transaction.request, 405)) },
      { product: 'Tipring phone bank', methods: [], dialogMethods: ['NOTIFY'], sessionTimer: { expiresS: 0, minimumS: 90 } },
    );
  }

  /** Dialogs that live at this side. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** How often `call` was answered 503. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** All devices register; resolves when each has its 200. */
  async register(): Promise<void> {
    for (const device of this.#options.devices) await this.registerDevice(device);
  }

  /** A first registration, or a fresh one. @throws {Error} when it is refused or unanswered */
  registerDevice(device: DemoDevice, expiresS = 3600): Promise<void> {
    const [local] = this.#transport.listening;
    const hop = { transport: 'udp', ...this.#options.registrar } as const;
    return new Promise((resolve, reject) => {
      const attempt = (extra: readonly (readonly [string, string])[]) => {
        const cseq = (this.#registrations.get(device.username) ?? 0) + 1;
        this.#registrations.set(device.username, cseq);
        const request = createRequest({
          method: 'REGISTER',
          uri: `sip:${this.host}`,
          headers: [
            ['Max-Forwards', '70'],
            ['From', `<sip:${device.username}@${this.host}>;tag=${randomBytes(6).toString('hex')}`],
            ['To', `<sip:${device.username}@${this.host}>`],
            ['Call-ID', `bank-${device.username}`],
            ['CSeq', `${cseq} REGISTER`],
            ['Contact', `<sip:${device.username}@${local?.address}:${local?.port}>`],
            ['Expires', String(expiresS)],
            ...extra,
          ],
        });
        this.#transactions.request(request, hop, {
          onResponse: (response) => {
            if (response.status === 200) return resolve();
            if (response.status === 401 && extra.length === 0) {
              const value = authorization(device, response, 'REGISTER', request.uri);
              if (value !== undefined) return attempt([['Authorization', value]]);
            }
            if (response.status >= 200) reject(new Error(`${device.username} was not registered: ${response.status}`));
          },
          onFailure: (failure, detail) => reject(new Error(`${device.username} was not registered: ${failure} ${detail}`)),
        });
      };
      attempt([]);
    });
  }

  /**
   * Places a call and waits until both sides have it up. A PBX that is full for the moment (503) is asked again, and that is
   * counted in `turnedAway`. @throws {Error} when it does not come to that
   */
  async call(from: DemoDevice, to: DemoDevice): Promise<BankCall> {
    for (let attempt = 1; ; attempt += 1) {
      const arrival = this.#expect(from, to);
      const { caller, outcome } = this.place(from, to.extension);
      const became = await outcome;
      if (became.type === 'answered') return { caller, called: await arrival.party };
      arrival.forget();
      const why = became.type === 'refused' ? `was refused: ${became.status}` : `ended: ${became.detail}`;
      if (became.type !== 'refused' || became.status !== 503 || attempt === ATTEMPTS) throw new Error(`the call from ${from.extension} to ${to.extension} ${why}`);
      this.#turnedAway += 1;
      await pause(500);
    }
  }

  /** Places a call to any number and does not wait; `headers` of its INVITE, e.g. Replaces. */
  place(from: DemoDevice, number: string, headers: HeaderLines = []): BankAttempt {
    const caller = new BankParty(this.#takePort(), 0);
    const placedAt = performance.now();
    const outcome = new Promise<BankOutcome>((resolve) => {
      const session = this.#sessions.invite(
        {
          hop: { transport: 'udp', ...this.#options.registrar },
          uri: `sip:${number}@${this.host}`,
          from: `<sip:${from.username}@${this.host}>`,
          to: `<sip:${number}@${this.host}>`,
          contactUser: from.username,
          headers,
          offer: this.#sdp(caller.rtpPort, 'sendrecv', 1),
          authenticate: (challenge, request) => authorization(from, challenge, request.method, request.uri),
        },
        (event) => {
          caller.note(event);
          switch (event.type) {
            case 'provisional':
              if (event.sdp !== undefined) caller.pbxRtpPort = audioPort(event.sdp);
              return;
            case 'accepted':
              caller.pbxRtpPort = audioPort(event.sdp ?? '');
              return resolve({ type: 'answered', afterMs: performance.now() - placedAt });
            case 'rejected':
              return resolve({ type: 'refused', status: event.status });
            case 'ended':
              return resolve({ type: 'ended', detail: event.detail });
            case 'offer':
              return this.#answerOffer(caller, event.sdp);
            case 'request':
              return caller.session.respond(event.transaction, 200);
            default:
          }
        },
      );
      caller.begin(session);
    });
    return { caller, callId: caller.session.callId, outcome };
  }

  /** One that rings and does not answer by itself. */
  answer(party: BankParty): void {
    if (this.#ringing.delete(party)) party.session.accept(this.#sdp(party.rtpPort, 'sendrecv', 1));
  }

  /** Holds (sendonly) or resumes by re-INVITE; resolves with whether the PBX took it. */
  async hold(party: BankParty, direction: 'sendonly' | 'sendrecv', timeoutMs = 10_000): Promise<boolean> {
    const from = party.events.length;
    party.session.reinvite(this.#sdp(party.rtpPort, direction, 2 + from));
    return (await party.heard(['answer', 'offerRefused', 'ended'], from, timeoutMs)) === 'answer';
  }

  /** Hangs up at one party; resolves with whether the other one was told. */
  async hangUp(party: BankParty, other: BankParty, timeoutMs = 10_000): Promise<boolean> {
    party.session.end();
    return (await other.heard(['ended'], 0, timeoutMs)) === 'ended' && other.endedBy === 'remote';
  }

  async close(): Promise<void> {
    this.#timers.close();
    await this.#transport.close();
  }

  /** The host part of its addresses. */
  get host(): string {
    return `${this.#options.registrar.address}:${this.#options.registrar.port}`;
  }

  #takePort(): number {
    const port = this.#nextPort;
    this.#nextPort = port + 2 > 65_534 ? this.#options.firstRtpPort : port + 2;
    return port;
  }

  #expect(from: DemoDevice, to: DemoDevice): { readonly party: Promise<BankParty>; forget(): void } {
    const pair = `${from.extension}>${to.username}`;
    const waiting = this.#arrivals.get(pair) ?? [];
    this.#arrivals.set(pair, waiting);
    let take: (party: BankParty) => void = () => {};
    const party = new Promise<BankParty>((resolve) => (take = resolve));
    waiting.push(take);
    return {
      party,
      forget: () => {
        const at = waiting.indexOf(take);
        if (at >= 0) waiting.splice(at, 1);
      },
    };
  }

  #arrive(invite: IncomingInvite): void {
    const username = parseUri(invite.request.uri)?.user ?? '';
    const behaviour = this.#options.behaviour?.(username) ?? 'answer';
    if (behaviour === 'busy') return invite.refuse(486);
    const party = new BankParty(this.#takePort(), audioPort(invite.offer ?? ''));
    const { from } = invite.request;
    party.from = { number: parseUri(from.uri)?.user ?? null, name: from.displayName ?? null };
    party.begin(
      invite.take((event) => {
        party.note(event);
        if (event.type === 'offer') this.#answerOffer(party, event.sdp);
        else if (event.type === 'request') party.session.respond(event.transaction, 200);
      }),
    );
    this.#options.arrived?.(party, username);
    party.session.provisional(180);
    if (behaviour === 'ring') return void this.#ringing.add(party);
    const ringMs = this.#options.ringMs?.() ?? 0;
    if (ringMs > 0) this.#timers.start(ringMs, () => party.session.accept(this.#sdp(party.rtpPort, 'sendrecv', 1)));
    else party.session.accept(this.#sdp(party.rtpPort, 'sendrecv', 1));
    const pair = `${parseUri(invite.request.from.uri)?.user ?? ''}>${username}`;
    this.#arrivals.get(pair)?.shift()?.(party);
  }

  /** RFC 3264 8.4: whoever is put on hold only listens, until it is taken back. */
  #answerOffer(party: BankParty, offer: string): void {
    party.pbxRtpPort = audioPort(offer);
    const offered = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(offer)?.[1] ?? 'sendrecv';
    const direction = offered === 'sendonly' ? 'recvonly' : offered === 'recvonly' ? 'sendonly' : offered;
    party.session.answerOffer(this.#sdp(party.rtpPort, direction, 2 + party.events.length));
  }

  #sdp(rtpPort: number, direction: string, version: number): string {
    const { address } = this.#options.registrar;
    return [
      'v=0', `o=bank ${rtpPort} ${version} IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0',
      `m=audio ${rtpPort} RTP/AVP 0 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', `a=${direction}`, '',
    ].join('\r\n');
  }
}

/** Each request is challenged by itself: calls of one phone overlap, and each nonce is answered once. */
function authorization(device: DemoDevice, challenge: SipResponse, method: string, uri: string): string | undefined {
  const client = new DigestClient([{ username: device.username, password: device.password }], nodeHashing, () => randomBytes(8).toString('hex'));
  return client.challenged(challenge) === 'retry' ? client.authorize(method, uri)[0]?.[1] : undefined;
}

function tellResponse(bytes: Uint8Array, responded: NonNullable<PhoneBankOptions['responded']>): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!text.startsWith('SIP/2.0 ') || !/^CSeq: *\d+ INVITE/im.test(text)) return;
  const callId = /^Call-ID: *([^\r\n]+)/im.exec(text)?.[1];
  if (callId !== undefined) responded(callId.trim(), Number(text.slice(8, 11)), text.startsWith('SIP/2.0 503') && /^Retry-After:/im.test(text));
}

function audioPort(sdp: string): number {
  return Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
}

const ATTEMPTS = 20;
