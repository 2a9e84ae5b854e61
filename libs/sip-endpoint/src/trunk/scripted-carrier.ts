import { computeHa1, createResponse, DigestServer, nodeHashing, parseContacts, SessionLayer, TransactionLayer } from '@tipring/sip';
import type { DigestAlgorithm, Flow, Hop, IncomingInvite, OutgoingInvite, ServerTransaction, Session, SessionEvent, SipRequest, TransportName, VirtualStation } from '@tipring/sip';
import { type Network, PBX, sdp } from '../scripted-phone.ts';

export interface CarrierSettings {
  readonly address: string;
  readonly port?: number;
  readonly transports?: readonly TransportName[];
  /** Calls to it are challenged with this. */
  readonly challenges?: 'user' | 'proxy';
  readonly algorithm?: DigestAlgorithm;
  /** Names in its certificate. */
  readonly bears?: readonly string[];
  readonly account?: { readonly username: string; readonly password: string };
}

/** A carrier's server made of the stack's own layers, doing what the test says. */
export class Carrier {
  readonly address: string;
  readonly incoming: IncomingInvite[] = [];
  readonly events: SessionEvent[] = [];
  /** REGISTERs that were granted, and how. */
  readonly bindings: { readonly contact: string; readonly expiresS: number; readonly flow: Flow }[] = [];
  session: Session | undefined;
  /** blackHole: hears and says nothing. refuses: 503 to everything. */
  is: 'well' | 'blackHole' | 'refuses' = 'well';
  /** What REGISTER is answered; absent: 200 after the challenge. */
  registrar: ((request: SipRequest) => { readonly status: number; readonly headers?: readonly (readonly [string, string])[] } | undefined) | undefined;
  grantsS: number | undefined;
  /** Where calls go. Absent: they are kept for the test to answer. */
  onInvite: ((invite: IncomingInvite) => void) | undefined;
  answersOptions = true;
  readonly transactions: TransactionLayer;
  readonly layer: SessionLayer;
  readonly station: VirtualStation;
  readonly #settings: CarrierSettings;
  readonly #digest: DigestServer;
  readonly #network: Network;

  constructor(network: Network, settings: CarrierSettings) {
    const { address, port = 5060, transports = ['udp'] } = settings;
    this.address = address;
    this.#settings = settings;
    this.#network = network;
    this.#digest = new DigestServer({ realm: 'carrier.example', secret: 'c', hosts: [address, 'carrier.example'] }, nodeHashing, `boot ${address}`, 1_800_000_000_000);
    this.station = network.wire.attach(transports.map((transport) => ({ transport, address, port, ...(settings.bears === undefined ? {} : { bears: settings.bears }) })), {
      onMessage: (bytes, flow) => {
        if (this.is !== 'blackHole') this.transactions.receiveBytes(bytes, flow);
      },
      onFlowClosed: () => {},
      onError: () => {},
    });
    // Nothing leaves a black hole either.
    const transport = { ...this.station, send: (hop: Hop, bytes: Uint8Array, failed: (reason: string) => void) => (this.is === 'blackHole' ? undefined : this.station.send(hop, bytes, failed)) };
    this.transactions = new TransactionLayer(transport, network.timers, network.random);
    this.layer = new SessionLayer(
      { transactions: this.transactions, timers: network.timers, random: network.random },
      { onInvite: (invite) => this.#receive(invite), onRequest: (transaction) => this.#register(transaction) },
      { product: 'Carrier', methods: ['REGISTER'], dialogMethods: ['NOTIFY'], sessionTimer: { expiresS: 0, minimumS: 90 }, tryingAfterMs: 0 },
    );
    this.transactions.bind({
      onRequest: (transaction) => {
        const { method, to } = transaction.request;
        if (method === 'OPTIONS' && to.tag === undefined) return this.#options(transaction);
        this.layer.onRequest(transaction);
      },
      onAck: (request) => this.layer.onAck(request),
      onCancel: (invite, cancel) => this.layer.onCancel(invite, cancel),
      onStrayResponse: (response, flow) => this.layer.onStrayResponse(response, flow),
      onQuiet: () => this.layer.onQuiet(),
    });
  }

  /** The newest INVITE. */
  get invite(): SipRequest {
    const invite = this.incoming.at(-1);
    if (invite === undefined) throw new Error(`${this.address} was not called`);
    return invite.request;
  }

  get description(): string {
    return sdp(this.address);
  }

  /** Takes the newest INVITE. */
  take(): Session {
    const invite = this.incoming.at(-1);
    if (invite === undefined) throw new Error(`${this.address} was not called`);
    this.session = invite.take((event) => this.#hear(event));
    return this.session;
  }

  answer(description = this.description): Session {
    const session = this.session === undefined || this.session.phase === 'ended' || this.session.phase === 'confirmed' ? this.take() : this.session;
    session.accept(description);
    return session;
  }

  /** Calls us. */
  call(uri: string, how: Partial<OutgoingInvite> = {}): Session {
    const transport = this.#settings.transports?.[0] ?? 'udp';
    this.session = this.layer.invite({ hop: { transport, ...PBX }, uri, from: '<sip:+4930123456@carrier.example>', to: `<${uri}>`, contactUser: 'gw', offer: this.description, ...how }, (event) => this.#hear(event));
    return this.session;
  }

  of<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
  }

  #hear(event: SessionEvent): void {
    this.events.push(event);
    if (event.type === 'request') event.transaction.respond(createResponse(event.transaction.request, 200));
  }

  #receive(invite: IncomingInvite): void {
    if (this.is === 'refuses') return invite.refuse(503);
    const { challenges } = this.#settings;
    if (challenges !== undefined) {
      const challenge = this.#challenge(invite.request, challenges);
      if (challenge !== undefined) return invite.refuse(challenges === 'user' ? 401 : 407, { headers: [challenge] });
    }
    this.incoming.push(invite);
    this.onInvite?.(invite);
  }

  #options(transaction: ServerTransaction): void {
    if (!this.answersOptions) return;
    transaction.respond(createResponse(transaction.request, this.is === 'refuses' ? 503 : 200, { toTag: 'o' }));
  }

  #register(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    const scripted = this.registrar?.(request);
    if (scripted !== undefined) return transaction.respond(createResponse(request, scripted.status, { toTag: 'r', headers: scripted.headers }));
    const challenge = this.#challenge(request, 'user');
    if (challenge !== undefined) return transaction.respond(createResponse(request, 401, { toTag: 'r', headers: [challenge] }));
    const contacts = parseContacts(request.headers);
    const contact = contacts === '*' ? undefined : contacts?.[0];
    const askedS = contact?.expires ?? 3600;
    const expiresS = askedS === 0 ? 0 : (this.grantsS ?? askedS);
    this.bindings.push({ contact: contact?.uri ?? '', expiresS, flow });
    transaction.respond(createResponse(request, 200, { toTag: 'r', headers: expiresS === 0 ? [] : [['Contact', `<${contact?.uri ?? ''}>;expires=${expiresS}`]] }));
  }

  /** The header to refuse with; undefined: the credentials are right, or none are asked for. */
  #challenge(request: SipRequest, kind: 'user' | 'proxy'): readonly [string, string] | undefined {
    const { account, algorithm = 'MD5' } = this.#settings;
    if (account === undefined) return undefined;
    const secret = { username: account.username, algorithm, ha1: computeHa1(nodeHashing, algorithm, account.username, 'carrier.example', account.password) };
    const now = 1_800_000_000_000 + Math.floor(this.#network.timers.now());
    const verdict = this.#digest.verify(request, kind, secret, now);
    return verdict.ok ? undefined : this.#digest.challenge(kind, secret, verdict.stale, now);
  }
}
