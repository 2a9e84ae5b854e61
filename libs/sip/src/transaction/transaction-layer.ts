import type { Timers } from '@tipring/clock';
import { createRequest, createResponse } from '../message/create.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import { serialize } from '../message/serialize.ts';
import { stampVia } from '../message/via.ts';
import type { Flow, Hop, Transport } from '../transport/flow.ts';
import type { ClientTransaction, ClientUser, Sending } from './client-transaction.ts';
import { InviteClient } from './invite-client.ts';
import { InviteServer } from './invite-server.ts';
import { keep, restore } from './kept-bytes.ts';
import type { KeptBytes } from './kept-bytes.ts';
import { magicCookie, mergeKey, responseHop, serverKey, statelessTag } from './matching.ts';
import type { ServerKeys } from './matching.ts';
import { NonInviteClient } from './non-invite-client.ts';
import { NonInviteServer } from './non-invite-server.ts';
import { OpenServerTransaction } from './open-server-transaction.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { rfcTiming } from './timing.ts';
import { WaitState } from './wait-state.ts';
import type { Machinery, TransactionCounters, TransactionTiming } from './timing.ts';

/** What the transactions bring up (RFC 3261's transaction user). */
export interface TransactionUser {
  /** A new request; not an ACK, not a CANCEL. */
  onRequest(transaction: ServerTransaction): void;
  /** An ACK of a 2xx: it is no transaction's. */
  onAck(request: SipRequest, flow: Flow): void;
  /** A CANCEL of an INVITE that is still unanswered: the user answers both. */
  onCancel(invite: ServerTransaction, cancel: ServerTransaction): void;
  /** A 2xx to an INVITE of ours beyond the first: repeated, or of another branch of a fork (RFC 3261 13.2.2.4). */
  onStrayResponse(response: SipResponse, flow: Flow): void;
  /** A message is through, and what it caused. */
  onQuiet(): void;
}

export interface TransactionSettings {
  readonly timing?: TransactionTiming;
  /** Server transactions without a final response beyond which requests outside a dialog get 503. */
  readonly maximumPending?: number;
  /** The same for all that are kept, those that linger to absorb repetitions included; half as many again for requests within dialogs. */
  readonly maximum?: number;
  readonly retryAfterS?: number;
}

/**
 * The transaction layer (RFC 3261 17), without I/O: messages come in by `receive`, go out by the transport, time passes
 * by the timers. `random` gives numbers in [0, 1), unguessable where peers are not trusted.
 */
export class TransactionLayer {
  readonly counters: TransactionCounters = newCounters();
  readonly transport: Transport;
  readonly #servers = new Map<string, InviteServer | NonInviteServer>();
  readonly #merges = new Set<string>();
  readonly #clients = new Map<string, InviteClient | NonInviteClient>();
  readonly #cancels = new Map<string, NonInviteClient>();
  readonly #settings: Required<TransactionSettings>;
  readonly #machinery: Machinery;
  /** Begins every branch of ours, so that a response to us is known even when its transaction is gone. */
  readonly #branchPrefix: string;
  #branches = 0;
  #pending = 0;
  #user: TransactionUser = nobody;

  constructor(transport: Transport, timers: Timers, random: () => number, settings: TransactionSettings = {}) {
    this.transport = transport;
    this.#settings = { timing: rfcTiming, maximumPending: 5_000, maximum: 400_000, retryAfterS: 5, ...settings };
    this.#branchPrefix = `${magicCookie}${Math.floor(random() * 2 ** 48).toString(36)}-`;
    const { counters } = this;
    this.#machinery = {
      timers,
      transport,
      counters,
      timing: this.#settings.timing,
      longWait: new WaitState(timers, 64 * this.#settings.timing.t1Ms),
      shortWait: new WaitState(timers, this.#settings.timing.t4Ms),
      terminated: (key, side) => this.#forget(key, side),
      answered: () => void this.#pending--,
      stray: (response, flow) => this.#receiveStray(response, flow),
      responseFailed: () => void counters.transportFailures++,
    };
  }

  /** Who gets what the transactions bring up; before that, requests are answered 503. */
  bind(user: TransactionUser): void {
    this.#user = user;
  }

  get timing(): TransactionTiming {
    return this.#settings.timing;
  }

  /** Transactions that are kept, by machine; all return to 0 after the longest timer. */
  get size(): { readonly clients: number; readonly servers: number; readonly pending: number } {
    return { clients: this.#clients.size + this.#cancels.size, servers: this.#servers.size, pending: this.#pending };
  }

  /** One message's bytes as the transport cut them. */
  receiveBytes(bytes: Uint8Array, flow: Flow): void {
    const outcome = parseMessage(bytes, { source: flow.remote });
    if (outcome.ok) {
      this.receive(outcome.message, flow);
      return;
    }
    const { refusal } = outcome;
    this.counters.refusedBytes.set(refusal.reason, (this.counters.refusedBytes.get(refusal.reason) ?? 0) + 1);
    if (refusal.kind === 'respond') this.transport.send({ flow }, refusal.response, this.#machinery.responseFailed);
  }

  receive(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') this.#receiveResponse(message, flow);
    else if (message.method === 'ACK') this.#receiveAck(message, flow);
    else this.#receiveRequest(message, flow);
    this.#user.onQuiet();
  }

  /** Begins a client transaction: puts our Via on top of the request and sends it. Not for ACK. */
  request(request: SipRequest, hop: Hop, user: ClientUser): ClientTransaction {
    if (request.method === 'INVITE') this.counters.inviteClients++;
    else this.counters.nonInviteClients++;
    const direct = this.#write(request, hop);
    const fitting = direct.transport === 'udp' ? this.transport.hopFor(hop, direct.bytes.length) : hop;
    if (fitting === hop) return this.#begin(direct, user);
    // RFC 3261 18.1.1: too large for a datagram; when the peer has no TCP, it goes as a datagram after all.
    let transaction = this.#begin(this.#write(request, fitting), {
      onResponse: (response, flow) => user.onResponse(response, flow),
      onFailure: (failure, detail) => {
        if (failure === 'transport' && this.transport.hopFor(hop, direct.bytes.length) === hop) transaction = this.#begin(this.#write(request, hop), user);
        else user.onFailure(failure, detail);
      },
    });
    return {
      request,
      get hop() {
        return transaction.hop;
      },
      abandon: () => transaction.abandon(),
    };
  }

  /** Sends the CANCEL of an INVITE of ours (RFC 3261 9.1): same branch, Request-URI and Route. Its own response is of no interest. */
  cancel(invite: ClientTransaction, headers: readonly (readonly [string, string])[] = []): void {
    const { request, hop } = invite;
    const key = request.via.branch;
    const machine = key === undefined ? undefined : this.#clients.get(key);
    if (key === undefined || !(machine instanceof InviteClient) || machine.at !== 'proceeding' || this.#cancels.has(key)) return;
    const lines: (readonly [string, string])[] = [
      ['Via', request.headers.get('Via') ?? ''],
      ['Max-Forwards', '70'],
      ['From', request.headers.get('From') ?? ''],
      ['To', request.headers.get('To') ?? ''],
      ['Call-ID', request.callId],
      ['CSeq', `${request.cseq.number} CANCEL`],
      ...request.headers.lines('Route').map((route) => ['Route', route] as const),
      ...headers,
    ];
    const cancel = createRequest({ method: 'CANCEL', uri: request.uri, headers: lines });
    this.counters.nonInviteClients++;
    const sending = { branch: key, request: cancel, bytes: serialize(cancel), hop, transport: this.transport.advertised(hop).transport };
    this.#cancels.set(key, new NonInviteClient(sending, indifferent, this.#machinery));
  }

  /** Sends the ACK of a 2xx, which is no transaction (RFC 3261 13.2.2.4); returns it for when the 2xx comes again. */
  acknowledge(ack: SipRequest, hop: Hop): KeptBytes {
    const { bytes } = this.#write(ack, hop);
    const kept = keep(bytes);
    this.transport.send(hop, bytes, this.#machinery.responseFailed);
    return kept;
  }

  /** The same again. */
  repeat(ack: KeptBytes, hop: Hop): void {
    this.counters.retransmissionsSent++;
    this.transport.send(hop, restore(ack), this.#machinery.responseFailed);
  }

  #receiveResponse(response: SipResponse, flow: Flow): void {
    const { branch } = response.via;
    const { method } = response.cseq;
    const machine = branch === undefined ? undefined : method === 'CANCEL' ? this.#cancels.get(branch) : this.#clients.get(branch);
    // RFC 3261 17.1.3: the method of CSeq tells an INVITE from its CANCEL; another mismatch is nobody's.
    if (machine !== undefined && (method === 'INVITE') === machine instanceof InviteClient) machine.receive(response, flow);
    else this.#receiveStray(response, flow);
  }

  #receiveStray(response: SipResponse, flow: Flow): void {
    this.counters.strayResponses++;
    const { branch } = response.via;
    if (response.cseq.method !== 'INVITE' || response.status < 200 || response.status > 299) return;
    // Only what answers a request of this process: else anyone could have us send ACK and BYE anywhere.
    if (branch !== undefined && branch.startsWith(this.#branchPrefix)) this.#user.onStrayResponse(response, flow);
  }

  #receiveAck(ack: SipRequest, flow: Flow): void {
    const invite = this.#servers.get(serverKey(ack, 'INVITE'));
    if (invite instanceof InviteServer && invite.receiveAck()) return;
    this.#user.onAck(ack, flow);
  }

  #receiveRequest(request: SipRequest, flow: Flow): void {
    const key = serverKey(request, request.method);
    const known = this.#servers.get(key);
    if (known !== undefined) {
      if (known instanceof InviteServer) known.receiveInvite();
      else known.receiveRequest();
      return;
    }
    stampVia(request, flow.remote);
    if (this.#isFull(request)) {
      this.counters.overloads++;
      this.#respondStatelessly(request, flow, 503, [['Retry-After', String(this.#settings.retryAfterS)]]);
      return;
    }
    if (request.method === 'CANCEL') {
      this.#receiveCancel(request, flow, key);
      return;
    }
    const merge = request.to.tag === undefined ? mergeKey(request) : undefined;
    if (merge !== undefined && this.#merges.has(merge)) {
      // RFC 3261 8.2.2.2: the same request came by another way.
      this.counters.mergedRequests++;
      this.#open(request, flow, key, undefined).respond(createResponse(request, 482, { toTag: statelessTag(key) }));
      return;
    }
    this.#user.onRequest(this.#open(request, flow, key, merge));
  }

  /** RFC 3261 9.2. */
  #receiveCancel(request: SipRequest, flow: Flow, key: string): void {
    const invite = this.#servers.get(serverKey(request, 'INVITE'));
    const cancel = this.#open(request, flow, key, undefined);
    if (invite instanceof InviteServer && invite.transaction !== undefined) this.#user.onCancel(invite.transaction, cancel);
    else cancel.respond(createResponse(request, invite === undefined ? 481 : 200, { toTag: statelessTag(key) }));
  }

  #open(request: SipRequest, flow: Flow, key: string, merge: string | undefined): ServerTransaction {
    const hop = responseHop(request, flow);
    const keys: ServerKeys = { key, merge };
    const isInvite = request.method === 'INVITE';
    const machine = isInvite ? new InviteServer(keys, hop, flow.transport, this.#machinery) : new NonInviteServer(keys, hop, flow.transport, this.#machinery);
    const transaction = new OpenServerTransaction(request, flow, machine);
    if (machine instanceof InviteServer) machine.transaction = transaction;
    if (isInvite) this.counters.inviteServers++;
    else this.counters.nonInviteServers++;
    if (merge !== undefined) this.#merges.add(merge);
    this.#servers.set(key, machine);
    this.#pending++;
    return transaction;
  }

  #isFull(request: SipRequest): boolean {
    const { maximum, maximumPending } = this.#settings;
    // What ends or keeps up a call is let through longer than what begins one.
    if (request.to.tag !== undefined || request.method === 'CANCEL') return this.#servers.size >= 1.5 * maximum;
    return this.#pending >= maximumPending || this.#servers.size >= maximum || this.#user === nobody;
  }

  #respondStatelessly(request: SipRequest, flow: Flow, status: number, headers: readonly (readonly [string, string])[]): void {
    const response = createResponse(request, status, { headers, toTag: statelessTag(serverKey(request, request.method)) });
    this.transport.send(responseHop(request, flow), serialize(response), this.#machinery.responseFailed);
  }

  #forget(key: string, side: 'client' | 'server' | 'cancel'): void {
    switch (side) {
      case 'client':
        this.#clients.delete(key);
        return;
      case 'cancel':
        this.#cancels.delete(key);
        return;
      case 'server': {
        const merge = this.#servers.get(key)?.merge;
        if (merge !== undefined) this.#merges.delete(merge);
        this.#servers.delete(key);
      }
    }
  }

  /** Our Via with a new branch on top, in place of an earlier one of ours. */
  #write(request: SipRequest, hop: Hop): Sending {
    const { transport, address, port } = this.transport.advertised(hop);
    const branch = this.#branchPrefix + (this.#branches++).toString(36);
    const host = address.includes(':') ? `[${address}]` : address;
    request.headers.remove('Via');
    request.headers.prepend('Via', `SIP/2.0/${transport.toUpperCase()} ${host}:${port};branch=${branch};rport`);
    return { branch, request, bytes: serialize(request), hop, transport };
  }

  #begin(sending: Sending, user: ClientUser): ClientTransaction {
    const machine = sending.request.method === 'INVITE' ? new InviteClient(sending, user, this.#machinery) : new NonInviteClient(sending, user, this.#machinery);
    this.#clients.set(sending.branch, machine);
    return { request: sending.request, hop: sending.hop, abandon: () => machine.abandon() };
  }
}

const nobody: TransactionUser = { onRequest() {}, onAck() {}, onCancel() {}, onStrayResponse() {}, onQuiet() {} };
const indifferent: ClientUser = { onResponse() {}, onFailure() {} };

function newCounters(): TransactionCounters {
  return {
    inviteClients: 0,
    nonInviteClients: 0,
    inviteServers: 0,
    nonInviteServers: 0,
    retransmissionsSent: 0,
    retransmissionsReceived: 0,
    timeouts: 0,
    transportFailures: 0,
    overloads: 0,
    mergedRequests: 0,
    strayResponses: 0,
    refusedBytes: new Map(),
  };
}
