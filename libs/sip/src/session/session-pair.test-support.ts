import { FakeTimers } from '@tipring/clock';
import { parseMessage } from '../message/parse.ts';
import type { SipMessage } from '../message/message.ts';
import { TransactionLayer } from '../transaction/transaction-layer.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { VirtualWire } from '../transport/virtual-wire.ts';
import type { TransportName } from '../transport/flow.ts';
import { SessionLayer } from './session-layer.ts';
import type { SessionSettings } from './session-settings.ts';
import type { IncomingInvite, OutgoingInvite, Session, SessionEvent } from './session.ts';

/** Test support: whole SIP stacks on a virtual wire, in virtual time. */
export interface Party {
  readonly address: string;
  readonly transactions: TransactionLayer;
  readonly sessions: SessionLayer;
  /** INVITEs that came and are not decided. */
  readonly invites: IncomingInvite[];
  readonly requests: ServerTransaction[];
  /** Calls another; events are collected. */
  call(to: Party, outgoing?: Partial<OutgoingInvite>): Call;
  /** Takes the INVITE that came last. */
  take(): Call;
  /** Off the wire, as a process that was killed. */
  leave(): void;
}

export interface Call {
  readonly session: Session;
  readonly events: SessionEvent[];
  /** Types of the events, `changed` left out. */
  readonly story: string[];
  event<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }>;
}

export class Office {
  readonly timers = new FakeTimers();
  readonly wire: VirtualWire;
  /** Every message sent: `10.0.0.1 > 10.0.0.2 INVITE` or `… 200 INVITE`; `lost` first when it was. */
  readonly log: string[] = [];
  readonly sent: SipMessage[] = [];
  readonly random: () => number;
  /** Decides which messages vanish, beyond the random loss; may change those that do not. */
  swallow: (message: SipMessage) => boolean = () => false;
  #stations = 0;

  constructor(loss = 0, delayMs: readonly [number, number] = [1, 1], duplication = 0, seed = 20_261_122) {
    this.random = seeded(seed);
    this.wire = new VirtualWire({
      timers: this.timers,
      random: this.random,
      loss,
      delayMs,
      duplication,
      tap: (from, to, bytes, passed) => this.#record(from.address, to.address, bytes, passed),
    });
  }

  party(settings: Partial<SessionSettings> = {}, onInvite?: (invite: IncomingInvite) => void, transportName: TransportName = 'udp', address = `10.0.0.${String(++this.#stations)}`): Party {
    const invites: IncomingInvite[] = [];
    const requests: ServerTransaction[] = [];
    const listener = { transport: transportName, address, port: 5060 };
    let transactions: TransactionLayer | undefined;
    const station = this.wire.attach([listener], {
      onMessage: (bytes, flow) => {
        const outcome = parseMessage(bytes);
        if (!outcome.ok) transactions?.receiveBytes(bytes, flow);
        else if (!this.swallow(outcome.message)) transactions?.receive(outcome.message, flow);
      },
      onFlowClosed() {},
      onError() {},
    });
    let isGone = false;
    const transport = { ...station, send: (...sending: Parameters<typeof station.send>) => (isGone ? undefined : station.send(...sending)) };
    const layer = (transactions = new TransactionLayer(transport, this.timers, this.random));
    const sessions = new SessionLayer(
      { transactions: layer, timers: this.timers, random: this.random },
      { onInvite: onInvite ?? ((invite) => invites.push(invite)), onRequest: (transaction) => requests.push(transaction) },
      { product: 'Tipring', methods: ['REGISTER'], dialogMethods: ['REFER', 'NOTIFY'], sessionTimer: { expiresS: 0, minimumS: 90 }, ...settings },
    );
    const newCall = (begin: (listener: (event: SessionEvent) => void) => Session): Call => {
      const events: SessionEvent[] = [];
      const session = begin((event) => events.push(event));
      return callOf(session, events);
    };
    return {
      address,
      transactions: layer,
      sessions,
      invites,
      requests,
      call: (to, outgoing = {}) =>
        newCall((collect) =>
          sessions.invite(
            { hop: { transport: transportName, address: to.address, port: 5060 }, uri: `sip:bob@${to.address}`, from: `<sip:alice@${address}>`, to: `<sip:bob@${to.address}>`, offer: 'v=0 offer', ...outgoing },
            collect,
          ),
        ),
      take() {
        const invite = invites.pop();
        if (invite === undefined) throw new Error('no INVITE came');
        return newCall((collect) => invite.take(collect));
      },
      leave() {
        isGone = true;
        station.leave();
      },
    };
  }

  pass(ms: number): void {
    this.timers.advance(ms);
  }

  /** How many sent messages match, `INVITE` a request, `200 INVITE` a response. */
  count(what: string): number {
    return this.log.filter((line) => line.endsWith(`: ${what}`) && !line.startsWith('lost')).length;
  }

  #record(from: string, to: string, bytes: Uint8Array, passed: boolean): void {
    const outcome = parseMessage(bytes);
    const what = outcome.ok ? (outcome.message.kind === 'request' ? `: ${outcome.message.method}` : `: ${outcome.message.status} ${outcome.message.cseq.method}`) : ': malformed';
    this.log.push(`${passed ? '' : 'lost '}${from} > ${to}${what}`);
    if (outcome.ok) this.sent.push(outcome.message);
  }
}

/** An answered call; `caller` and `callee` have their stories so far. */
export function established(office: Office, alice: Party, bob: Party, outgoing: Partial<OutgoingInvite> = {}): { readonly caller: Call; readonly callee: Call } {
  const caller = alice.call(bob, outgoing);
  office.pass(5);
  const callee = bob.take();
  callee.session.accept('v=0 answer');
  office.pass(5);
  return { caller, callee };
}

export function callOf(session: Session, events: SessionEvent[]): Call {
  return {
    session,
    events,
    get story() {
      return events.filter((event) => event.type !== 'changed').map((event) => event.type);
    },
    event<T extends SessionEvent['type']>(type: T) {
      const found = events.findLast((event) => event.type === type);
      if (found === undefined) throw new Error(`no ${type} among ${events.map((event) => event.type).join(', ')}`);
      return found as Extract<SessionEvent, { type: T }>;
    },
  };
}

export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
