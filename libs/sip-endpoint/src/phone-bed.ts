import { FakeTimers } from '@tipring/clock';
import { FakeGateway } from '@tipring/gateway';
import { computeHa1, createRequest, DigestClient, DigestServer, nodeHashing, SessionLayer, TransactionLayer, VirtualWire } from '@tipring/sip';
import type {
  GuardFailure, HeaderLines, Hop, IncomingInvite, ServerTransaction, Session, SessionEvent, SipRequest, SipResponse, SocketAddress, TransportName, VirtualStation,
} from '@tipring/sip';
import { Exchange, type BugReport, type CallBegun, type CallRecord, type Codec } from '@tipring/telephony';
import { GatewayMedia } from './gateway-media.ts';
import { SipEndpoints } from './sip-endpoints.ts';
import type { Account } from './sip-endpoints-ports.ts';

export const REALM = 'pbx.example';
export const PBX: SocketAddress = { address: '10.0.0.1', port: 5060 };
export const codecs: readonly Codec[] = [
  { name: 'PCMA', clockRate: 8000 },
  { name: 'PCMU', clockRate: 8000 },
  { name: 'G722', clockRate: 8000 },
];

/** One message on the wire. */
export interface Sighting {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** A network in virtual time with one PBX (its gateway a fake) and scripted phones. */
export class PhoneBed {
  readonly timers = new FakeTimers();
  readonly gateway = new FakeGateway({ timers: this.timers, latencyMs: 1, address: PBX.address });
  readonly wire: VirtualWire;
  readonly seen: Sighting[] = [];
  readonly accounts = new Map<string, Account>();
  /** Dialled number → devices. */
  readonly extensions = new Map<string, string[]>();
  readonly random = mulberry32(1);
  pbx: Pbx;
  #mediaTimeout: 'note' | 'release' = 'note';

  constructor(how: { readonly loss?: number; readonly mediaTimeout?: 'note' | 'release' } = {}) {
    this.#mediaTimeout = how.mediaTimeout ?? 'note';
    this.wire = new VirtualWire({
      timers: this.timers,
      random: this.random,
      ...(how.loss === undefined ? {} : { loss: how.loss }),
      tap: (from, to, bytes) => this.seen.push({ from: from.address, to: to.address, text: new TextDecoder().decode(bytes) }),
    });
    this.pbx = new Pbx(this, this.#mediaTimeout);
    this.pass(10);
    this.gateway.sent.length = 0;
  }

  /** kill -9 of the controller, and a new one: it has the registrations, and asks the gateway what is up. */
  restart(): void {
    const rows = this.pbx.endpoints.bindings.export(this.wallClock());
    this.pbx.kill();
    this.pbx = new Pbx(this, this.#mediaTimeout);
    this.pbx.endpoints.bindings.import(rows, this.wallClock());
    this.timers.advance(10);
  }

  /** A phone of an extension, registered. */
  phone(username: string, extension: string, last: number, how: PhoneSettings = {}): Phone {
    this.accounts.set(username, {
      deviceId: `d-${username}`, username, extension, displayName: `Phone ${username}`, enabled: true, algorithm: 'MD5',
      ha1: computeHa1(nodeHashing, 'MD5', username, REALM, `secret-${username}`),
    });
    this.extensions.set(extension, [...(this.extensions.get(extension) ?? []), `d-${username}`]);
    const phone = new Phone(this, username, `10.0.0.${last}`, how);
    phone.register();
    this.pass();
    return phone;
  }

  pass(ms = 100): void {
    this.timers.advance(ms);
  }

  wallClock = (): number => 1_800_000_000_000 + Math.floor(this.timers.now());

  /** Requests of that method that went to this address, newest last. */
  requests(method: string, to: string): string[] {
    return this.seen.filter((one) => one.to === to && one.text.startsWith(`${method} `)).map((one) => one.text);
  }

  /** Commands of the gateway by kind. */
  commands(): string[] {
    return this.gateway.sent.map((command) => command.do);
  }
}

/** The PBX as apps/pbx wires it. */
export class Pbx {
  readonly begun: CallBegun[] = [];
  readonly records: CallRecord[] = [];
  readonly bugs: BugReport[] = [];
  readonly failures: GuardFailure[] = [];
  readonly changes: string[] = [];
  readonly station: VirtualStation;
  readonly transactions: TransactionLayer;
  readonly media: GatewayMedia;
  readonly endpoints: SipEndpoints;
  readonly exchange: Exchange;
  #alive = true;

  constructor(bed: PhoneBed, mediaTimeout: 'note' | 'release') {
    const { timers } = bed;
    this.station = bed.wire.attach([{ transport: 'udp', ...PBX }, { transport: 'tcp', ...PBX }], {
      onMessage: (bytes, flow) => this.#alive && this.transactions.receiveBytes(bytes, flow),
      onFlowClosed: (flow) => this.#alive && this.endpoints.flowClosed(flow),
      onError: () => {},
    });
    this.transactions = new TransactionLayer(this.station, timers, bed.random);
    this.media = new GatewayMedia(bed.gateway);
    let adopted = false;
    this.media.audited = (held) => {
      if (adopted) this.exchange.gatewayReturned(held.map((one) => one.context));
      else this.exchange.adopt(held);
      adopted = true;
    };
    this.media.audit();
    this.endpoints = new SipEndpoints(
      {
        accounts: { byUsername: (username) => bed.accounts.get(username) },
        exchange: { offer: (offer) => this.exchange.offer(offer) },
        registrations: { changed: (change) => this.changes.push(`${change.what} ${change.binding.contact}`) },
        guard: { authenticated: () => {}, failed: (_flow, failure) => this.failures.push(failure) },
      },
      {
        sessions: (user) => new SessionLayer({ transactions: this.transactions, timers, random: bed.random }, user, { product: 'Tipring', methods: ['REGISTER'], dialogMethods: [], sessionTimer: { expiresS: 1800, minimumS: 90 }, extensions: ['path'] }),
        transport: this.station,
        digest: new DigestServer({ realm: REALM, secret: 'k', hosts: [PBX.address] }, nodeHashing, 'boot', bed.wallClock()),
        registrar: {},
        timers,
        wallClock: bed.wallClock,
      },
      this.media,
      { domain: REALM, codecs, mediaTimeout },
    );
    let calls = 0;
    const started = Math.floor(timers.now());
    this.exchange = new Exchange(
      {
        routes: {
          resolve: ({ number }) => {
            const devices = bed.extensions.get(number);
            if (devices === undefined) return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${number}` } };
            return { ok: true, route: { direction: 'internal', attempts: [{ endpoints: devices, number, timeoutMs: 30_000 }] } };
          },
        },
        endpoints: { find: (id) => this.endpoints.find(id) },
        media: this.media,
        records: { begun: (line) => this.begun.push(line), ended: (record) => this.records.push(record) },
      },
      timers,
      { wallClock: bed.wallClock, newId: () => `c${started}-${++calls}`, media: { codecs, digits: 'rtpEvent' }, setupMs: 180_000, releasingMs: 5_000, bug: (report) => this.bugs.push(report) },
    );
  }

  /** Nothing more is sent or heard by this one. */
  kill(): void {
    this.#alive = false;
    this.station.leave();
  }

  get record(): CallRecord {
    const record = this.records.at(-1);
    if (record === undefined) throw new Error('no record yet');
    return record;
  }
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
  session: Session | undefined;
  readonly transactions: TransactionLayer;
  readonly layer: SessionLayer;
  readonly #bed: PhoneBed;
  readonly #transport: TransportName;
  readonly #sdp: string;
  #cseq = 0;

  constructor(bed: PhoneBed, username: string, address: string, how: PhoneSettings) {
    this.#bed = bed;
    this.username = username;
    this.address = address;
    this.#transport = how.transport ?? 'udp';
    this.#sdp = how.sdp ?? sdp(address);
    const station = bed.wire.attach([{ transport: this.#transport, address, port: 5060 }], {
      onMessage: (bytes, flow) => this.transactions.receiveBytes(bytes, flow),
      onFlowClosed: () => {},
      onError: () => {},
    });
    this.transactions = new TransactionLayer(station, bed.timers, bed.random);
    this.layer = new SessionLayer(
      { transactions: this.transactions, timers: bed.timers, random: bed.random },
      { onInvite: (invite) => this.incoming.push(invite), onRequest: (_transaction: ServerTransaction) => {} },
      { product: 'Phone', methods: [], dialogMethods: [], sessionTimer: { expiresS: 0, minimumS: 90 } },
    );
  }

  /** Of one request: it begins without a nonce. */
  #digest(): DigestClient {
    return new DigestClient([{ username: this.username, password: `secret-${this.username}` }], nodeHashing, () => this.#bed.random().toString(36).slice(2));
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

  call(number: string, how: { readonly offer?: string | 'none'; readonly from?: string; readonly headers?: HeaderLines; readonly password?: 'none' } = {}): Session {
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
        authenticate: (challenge: SipResponse, request: SipRequest) => {
          if (how.password === 'none' || digest.challenged(challenge) === 'refused') return undefined;
          return digest.authorize(request.method, request.uri)[0]?.[1];
        },
      },
      (event) => this.events.push(event),
    );
    return this.session;
  }

  /** Takes the newest INVITE. */
  take(): Session {
    const invite = this.incoming.at(-1);
    if (invite === undefined) throw new Error(`${this.username} was not called`);
    this.session = invite.take((event) => this.events.push(event), { contactUser: this.username });
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

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

