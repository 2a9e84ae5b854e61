import { FakeTimers } from '@tipring/clock';
import { FakeGateway } from '@tipring/gateway';
import { PresenceAgent, type WatchedEntity } from '@tipring/presence';
import { AuthenticationFailures, computeHa1, DigestServer, nodeHashing, SessionLayer, TransactionLayer, VirtualWire } from '@tipring/sip';
import type { GuardFailure, VirtualStation } from '@tipring/sip';
import { Exchange, type BugReport, type CallBegun, type CallRecord, type Codec, type Offer, type RouteOutcome, type RouteRequest } from '@tipring/telephony';
import { GatewayMedia } from './gateway-media.ts';
import { PBX, Phone, type PhoneSettings, REALM } from './scripted-phone.ts';
import { SipEndpoints } from './sip-endpoints.ts';
import { DeviceSubscriptions } from './subscriptions/device-subscriptions.ts';
import type { Account } from './sip-endpoints-ports.ts';
import type { ConfiguredTrunk } from './trunk/configured-trunk.ts';
import { FakeDns } from './trunk/fake-dns.ts';
import type { TrunkEvent } from './trunk/live-trunk.ts';
import { TrunkEndpoints } from './trunk/trunk-endpoints.ts';

/** What the gateway decodes. */
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
  /** Dialled number → route, before extensions. */
  readonly routes = new Map<string, (request: RouteRequest) => RouteOutcome>();
  /** What can be watched; set before the PBX is made anew. */
  watched: readonly WatchedEntity[] = [];
  /** Username → mailbox. */
  readonly mailboxes = new Map<string, string>();
  readonly dns = new FakeDns();
  /** Takes what arrives in place of the exchange: a test that is the call itself. */
  onOffer: ((offer: Offer) => void) | undefined;
  /** The same for what trunks bring. */
  onTrunkOffer: ((offer: Offer) => void) | undefined;
  /** Of other devices' legs that each extension may take the place of. */
  readonly pickups = new Map<string, (leg: string, isEarlyOnly: boolean) => boolean>();
  trunks: readonly ConfiguredTrunk[] = [];
  readonly random: () => number;
  pbx: Pbx;
  /** That may pass. */
  readonly codecs: readonly Codec[];
  #mediaTimeout: 'note' | 'release' = 'note';

  constructor(how: { readonly seed?: number; readonly mediaTimeout?: 'note' | 'release'; readonly codecs?: readonly Codec[] } = {}) {
    this.codecs = how.codecs ?? codecs;
    this.#mediaTimeout = how.mediaTimeout ?? 'note';
    this.random = mulberry32(how.seed ?? 1);
    this.wire = new VirtualWire({
      timers: this.timers,
      random: this.random,
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
    this.pbx.trunks.configure(this.trunks);
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

  /** The trunks there are from now on; resolves when DNS was heard. */
  async configure(...trunks: readonly ConfiguredTrunk[]): Promise<void> {
    this.trunks = trunks;
    this.pbx.trunks.configure(trunks);
    await this.settle();
  }

  /** What waits for promises is done: DNS. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    this.pass();
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
  sessions!: SessionLayer;
  readonly trunks: TrunkEndpoints;
  readonly trunkEvents: TrunkEvent[] = [];
  readonly offers: Offer[] = [];
  /** Addresses that trunks proved to the guard. */
  readonly known = new Set<string>();
  readonly presence: PresenceAgent;
  readonly subscriptions: DeviceSubscriptions;
  readonly exchange: Exchange;
  readonly authenticationFailures: AuthenticationFailures;
  #alive = true;

  constructor(bed: PhoneBed, mediaTimeout: 'note' | 'release') {
    const { timers } = bed;
    this.authenticationFailures = new AuthenticationFailures(() => timers.now());
    this.station = bed.wire.attach([{ transport: 'udp', ...PBX }, { transport: 'tcp', ...PBX }, { transport: 'tls', ...PBX }], {
      onMessage: (bytes, flow) => this.#alive && this.transactions.receiveBytes(bytes, flow),
      onFlowClosed: (flow) => {
        if (!this.#alive) return;
        this.endpoints.flowClosed(flow);
        this.trunks.flowClosed(flow);
      },
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
        exchange: {
          offer: (offer) => {
            if (bed.onOffer === undefined) return this.exchange.offer(offer);
            bed.onOffer(offer);
            return 'c';
          },
        },
        pickups: { mayTake: ({ extension }, leg, isEarlyOnly) => bed.pickups.get(extension)?.(leg, isEarlyOnly) === true },
        registrations: { changed: (change) => this.changes.push(`${change.what} ${change.binding.contact}`) },
        guard: { authenticated: () => {}, failed: (_flow, failure) => this.failures.push(failure) },
        failures: this.authenticationFailures,
        trunks: { take: (invite) => this.trunks.take(invite) },
        subscriptions: { subscribe: (transaction, account) => this.subscriptions.subscribe(transaction, account) },
      },
      {
        sessions: (user) => (this.sessions = new SessionLayer({ transactions: this.transactions, timers, random: bed.random }, user, { product: 'Tipring', methods: ['REGISTER', 'REFER', 'SUBSCRIBE'], dialogMethods: ['REFER', 'SUBSCRIBE'], sessionTimer: { expiresS: 1800, minimumS: 90 }, extensions: ['path', 'replaces', 'norefersub', 'tdialog'] })),
        transport: this.station,
        digest: new DigestServer({ realm: REALM, secret: 'k', hosts: [PBX.address] }, nodeHashing, 'boot', bed.wallClock()),
        registrar: {},
        timers,
        wallClock: bed.wallClock,
      },
      this.media,
      { domain: REALM, codecs: bed.codecs, transcoded: codecs, mediaTimeout },
    );
    this.presence = new PresenceAgent(bed.wallClock);
    this.presence.configure(bed.watched, []);
    this.subscriptions = new DeviceSubscriptions(
      { presence: this.presence, mailboxOf: ({ username }) => bed.mailboxes.get(username), sessions: this.endpoints.surroundings.sessions, timers, wallClock: bed.wallClock, random: bed.random },
      { domain: REALM },
    );
    this.trunks = new TrunkEndpoints(
      {
        exchange: {
          offer: (offer) => {
            this.offers.push(offer);
            if (bed.onTrunkOffer !== undefined) {
              bed.onTrunkOffer(offer);
              return 'c';
            }
            return this.exchange.offer(offer);
          },
        },
        guard: { authenticated: (flow) => this.known.add(flow.remote.address) },
      },
      { transactions: this.transactions, dns: bed.dns, hashing: nodeHashing, random: bed.random, contactSecret: 'c' },
      this.endpoints,
    );
    this.trunks.observe((event) => this.trunkEvents.push(event));
    let calls = 0;
    const started = Math.floor(timers.now());
    this.exchange = new Exchange(
      {
        routes: {
          resolve: (request) => {
            const { number } = request;
            const routed = bed.routes.get(number)?.(request);
            if (routed !== undefined) return routed;
            const devices = bed.extensions.get(number);
            if (devices === undefined) return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${number}` } };
            return { ok: true, route: { direction: 'internal', attempts: [{ endpoints: devices, number, timeoutMs: 30_000 }] } };
          },
        },
        endpoints: {
          find: (id) => {
            const trunks = this.trunks.find(id);
            return trunks.length > 0 ? trunks : this.endpoints.find(id);
          },
        },
        media: this.media,
        records: { begun: (line) => this.begun.push(line), ended: (record) => this.records.push(record) },
      },
      timers,
      { wallClock: bed.wallClock, newId: () => `c${started}-${++calls}`, media: { codecs: bed.codecs, digits: 'rtpEvent' }, transcoded: codecs, setupMs: 180_000, silenceMs: 60_000, releasingMs: 5_000, bug: (report) => this.bugs.push(report) },
    );
    this.exchange.observe((event) => this.presence.hear(event));
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

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

