import type { Timers } from '@tipring/clock';
import { createRequest, createResponse, DigestClient, nodeHashing, SessionLayer, TransactionLayer } from '@tipring/sip';
import type {
  HeaderLines, Hop, IncomingInvite, ServerTransaction, Session, SessionEvent, SipRequest, SipResponse, SocketAddress, TransportName, VirtualWire,
} from '@tipring/sip';

export const REALM = 'pbx.example';
export const PBX: SocketAddress = { address: '10.0.0.1', port: 5060 };

/** Where the phones live. */
export interface Network {
  readonly wire: VirtualWire;
  readonly timers: Timers;
  readonly random: () => number;
}

export interface PhoneSettings {
  readonly transport?: TransportName;
  readonly sdp?: string;
}

/** A phone made of the stack's own session layer, doing what the test says. */
export class Phone {
  readonly username: string;
  readonly address: string;
  readonly incoming: IncomingInvite[] = [];
  /** Of all its sessions, oldest first. */
  readonly events: SessionEvent[] = [];
  /** NOTIFYs that came, each as `Event | Subscription-State | first line of the body`. */
  readonly notified: string[] = [];
  /** What it answers to them; 0: nothing. */
  answersNotify = 200;
  /** The newest. */
  session: Session | undefined;
  readonly sessions: Session[] = [];
  readonly transactions: TransactionLayer;
  readonly layer: SessionLayer;
  readonly #network: Network;
  readonly #transport: TransportName;
  readonly #sdp: string;
  #cseq = 0;

  constructor(network: Network, username: string, address: string, how: PhoneSettings) {
    this.#network = network;
    this.username = username;
    this.address = address;
    this.#transport = how.transport ?? 'udp';
    this.#sdp = how.sdp ?? sdp(address);
    const station = network.wire.attach([{ transport: this.#transport, address, port: 5060 }], {
      onMessage: (bytes, flow) => this.transactions.receiveBytes(bytes, flow),
      onFlowClosed: () => {},
      onError: () => {},
    });
    this.transactions = new TransactionLayer(station, network.timers, network.random);
    this.layer = new SessionLayer(
      { transactions: this.transactions, timers: network.timers, random: network.random },
      { onInvite: (invite) => this.incoming.push(invite), onRequest: (_transaction: ServerTransaction) => {} },
      { product: 'Phone', methods: [], dialogMethods: ['NOTIFY'], sessionTimer: { expiresS: 0, minimumS: 90 } },
    );
  }

  /** Of one request: it begins without a nonce. */
  #digest(): DigestClient {
    return new DigestClient([{ username: this.username, password: `secret-${this.username}` }], nodeHashing, () => this.#network.random().toString(36).slice(2));
  }

  get hop(): Hop {
    return { transport: this.#transport, ...PBX };
  }

  /** `answers` gets each final response. */
  register(how: { readonly expires?: number; readonly aor?: string; readonly headers?: HeaderLines; readonly contact?: string } = {}, answers: (response: SipResponse) => void = () => {}): void {
    const uri = `sip:${REALM}`;
    const digest = this.#digest();
    const aor = how.aor ?? this.username;
    const via = this.#transport === 'udp' ? '' : `;transport=${this.#transport}`;
    const send = (authorization: HeaderLines, tries: number): void => {
      const request = createRequest({
        method: 'REGISTER', uri,
        headers: [
          ['Max-Forwards', '70'], ['From', `<sip:${aor}@${REALM}>;tag=r${++this.#cseq}`], ['To', `<sip:${aor}@${REALM}>`], ['Call-ID', `reg-${this.address}`], ['CSeq', `${this.#cseq} REGISTER`],
          ['Contact', how.contact ?? `<sip:${this.username}@${this.address}:5060${via}>`], ['Expires', String(how.expires ?? 600)], ...(how.headers ?? []), ...authorization,
        ],
      });
      this.transactions.request(request, this.hop, {
        onResponse: (response) => {
          if (response.status < 200) return;
          if (response.status === 401 && tries > 0 && digest.challenged(response) === 'retry') return send(digest.authorize('REGISTER', uri), tries - 1);
          answers(response);
        },
        onFailure: () => {},
      });
    };
    send([], 1);
  }

  call(number: string, how: { readonly offer?: string | 'none'; readonly from?: string; readonly headers?: HeaderLines; readonly password?: 'none'; readonly maxForwards?: number } = {}): Session {
    const offer = how.offer ?? this.#sdp;
    const digest = this.#digest();
    this.session = this.layer.invite(
      {
        hop: this.hop,
        uri: `sip:${number}@${REALM}`,
        from: how.from ?? `<sip:${this.username}@${REALM}>`,
        to: `<sip:${number}@${REALM}>`,
        contactUser: this.username,
        ...(offer === 'none' ? {} : { offer }),
        ...(how.headers === undefined ? {} : { headers: how.headers }),
        ...(how.maxForwards === undefined ? {} : { maxForwards: how.maxForwards }),
        authenticate: (challenge: SipResponse, request: SipRequest) => {
          if (how.password === 'none' || digest.challenged(challenge) === 'refused') return undefined;
          return digest.authorize(request.method, request.uri)[0]?.[1];
        },
      },
      (event) => this.#hear(event),
    );
    this.sessions.push(this.session);
    return this.session;
  }

  /** A request in a call of its own. @returns a place where its final response will be. */
  ask(method: string, headers: HeaderLines, session = this.session): { response?: SipResponse | undefined } {
    const asked: { response?: SipResponse | undefined } = {};
    session?.request(method, { headers }, (response) => (asked.response = response));
    return asked;
  }

  /** Takes the newest INVITE. */
  take(): Session {
    const invite = this.incoming.at(-1);
    if (invite === undefined) throw new Error(`${this.username} was not called`);
    this.session = invite.take((event) => this.#hear(event), { contactUser: this.username });
    this.sessions.push(this.session);
    return this.session;
  }

  ring(): Session {
    const session = this.take();
    session.provisional(180);
    return session;
  }

  /** Rings already, or not. */
  answer(description = this.#sdp): Session {
    const session = this.session === undefined || this.session.phase === 'ended' || this.session.phase === 'confirmed' ? this.take() : this.session;
    session.accept(description);
    return session;
  }

  of<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
  }

  /** A request outside of its calls, with its password. @returns the status of the last answer that came while `pass` let it; undefined: none. */
  askOutside(method: string, headers: HeaderLines, pass: () => void): number | undefined {
    const uri = `sip:${REALM}`;
    const digest = this.#digest();
    let status: number | undefined;
    const send = (authorization: HeaderLines, cseq: number): void => {
      const request = createRequest({
        method, uri,
        headers: [
          ['Max-Forwards', '70'], ['From', `<sip:${this.username}@${REALM}>;tag=o${++this.#cseq}`], ['To', `<${uri}>`], ['Call-ID', `out-${this.#cseq}-${this.address}`], ['CSeq', `${cseq} ${method}`],
          ['Contact', `<sip:${this.username}@${this.address}:5060>`], ...headers, ...authorization,
        ],
      });
      this.transactions.request(request, this.hop, {
        onResponse: (response) => {
          if (response.status === 401 && cseq === 1 && digest.challenged(response) === 'retry') return send(digest.authorize(method, uri), 2);
          status = response.status;
        },
        onFailure: () => {},
      });
    };
    send([], 1);
    pass();
    return status;
  }

  /** Its description with another direction. */
  description(direction: string): string {
    return sdp(this.address, { direction, version: 2 });
  }

  #hear(event: SessionEvent): void {
    this.events.push(event);
    if (event.type !== 'request') return;
    const { headers, body } = event.transaction.request;
    const [line] = new TextDecoder().decode(body).split('\r\n');
    this.notified.push(`${headers.get('Event')} | ${headers.get('Subscription-State')} | ${line}`);
    if (this.answersNotify > 0) event.transaction.respond(createResponse(event.transaction.request, this.answersNotify));
  }

  types(): string[] {
    return this.events.map((event) => event.type).filter((type) => type !== 'changed' && type !== 'acknowledged');
  }
}

/** A phone's description. */
export function sdp(address: string, how: { readonly formats?: string; readonly direction?: string; readonly version?: number; readonly lines?: readonly string[]; readonly port?: number } = {}): string {
  return [
    'v=0', `o=- 77 ${how.version ?? 1} IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0',
    `m=audio ${how.port ?? 4000} RTP/AVP ${how.formats ?? '8 0 101'}`, 'a=rtpmap:101 telephone-event/8000', `a=${how.direction ?? 'sendrecv'}`, ...(how.lines ?? []), '',
  ].join('\r\n');
}
