import { acceptCSeq, dialogRequest, dialogSnapshot, nextUri, refreshTarget } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { createResponse } from '../message/create.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { tokens } from '../message/values.ts';
import type { KeptBytes } from '../transaction/kept-bytes.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { isReliable } from '../transport/flow.ts';
import type { Hop } from '../transport/flow.ts';
import { DialogRequest } from './dialog-request.ts';
import type { Authenticate, RequestOutcome, Way } from './dialog-request.ts';
import { LocalOffers } from './local-offers.ts';
import type { OfferingUsage } from './offering-usage.ts';
import { RemoteOffers } from './remote-offers.ts';
import { Repetition } from './repetition.ts';
import { intervalForAnswer, intervalOfAnswer, SessionTimer } from './session-timer.ts';
import type { HeaderLines, SessionEvent, SessionTimerSettings } from './session.ts';
import type { SessionSnapshot } from './session-snapshot.ts';
import { signaling } from './signaling.ts';
import type { SignalingInput, SignalingState } from './signaling.ts';
import { respond, sdpContent, sdpOf, textOf } from './user-agent.ts';
import type { UserAgent } from './user-agent.ts';

/** The session a usage belongs to. */
export interface UsageOwner {
  readonly direction: 'in' | 'out';
  readonly authenticate: Authenticate | undefined;
  readonly sessionTimer: SessionTimerSettings;
  emit(event: SessionEvent): void;
  /** The session is over; a BYE may still be under way. */
  ended(by: 'remote' | 'local' | 'timer' | 'transport', reasonHeader: string | undefined, detail: string): void;
  /** Nothing of the usage is under way any more. */
  released(usage: InviteUsage): void;
  /** The INVITE we received has its final response. */
  answered(): void;
  /** A PRACK of the peer: the matter of the INVITE that is still unanswered. */
  receivePrack(transaction: ServerTransaction): void;
}

/**
 * The INVITE usage of one dialog (RFC 5057), early or confirmed, the same for both sides: requests within it, offers and
 * answers, the session timer, BYE.
 *
 *      early ── confirm ──► confirmed ── BYE out: ending ── its answer ──► ended
 *        └── dropped ──────────┴───────── BYE in ──────────────────────────► ended
 */
export class InviteUsage implements OfferingUsage, Way {
  readonly agent: UserAgent;
  readonly owner: UsageOwner;
  readonly dialog: Dialog;
  readonly contact: string;
  readonly localOffers: LocalOffers;
  readonly remoteOffers: RemoteOffers;
  /** The description we sent last. */
  localSdp: string | undefined;
  signalingState: SignalingState = 'none';
  peerAllowsUpdate = false;
  #hop: Hop;
  #state: 'early' | 'confirmed' | 'ending' | 'ended' = 'early';
  #timer: SessionTimer | undefined;
  /** Our 2xx that waits for its ACK. */
  #unacknowledged: { readonly cseq: number; readonly repetition: Repetition; readonly initial: boolean } | undefined;
  /** Our last ACK, for when the 2xx comes again. */
  #ack: { readonly cseq: number; kept: KeptBytes | undefined } | undefined;
  /** A BYE that must wait for the ACK (RFC 3261 15). */
  #byeHeaders: HeaderLines | undefined;

  constructor(agent: UserAgent, owner: UsageOwner, dialog: Dialog, hop: Hop, contact: string) {
    this.agent = agent;
    this.owner = owner;
    this.dialog = dialog;
    this.contact = contact;
    this.#hop = hop;
    this.localOffers = new LocalOffers(this);
    this.remoteOffers = new RemoteOffers(this);
  }

  get state(): 'early' | 'confirmed' | 'ending' | 'ended' {
    return this.#state;
  }

  /** Contact, Allow, Supported … of requests that refresh the target and of their 2xx. */
  get targetHeaders(): HeaderLines {
    return [['Contact', this.contact], ...this.agent.capabilities];
  }

  /** Where the next request goes. */
  get nextHop(): Hop {
    const { nextHop } = this.agent.settings;
    if (nextHop === undefined) return this.#hop;
    return nextHop(nextUri(this.dialog), 'flow' in this.#hop ? this.#hop.flow : undefined) ?? this.#hop;
  }

  moveTo(hop: Hop): void {
    this.#hop = hop;
  }

  get isAwaitingAck(): boolean {
    return this.#unacknowledged !== undefined;
  }

  /** Moves the offer/answer state; false (and nothing moved) where RFC 3264 forbids it. */
  signal(input: SignalingInput): boolean {
    const next = signaling(this.signalingState, input);
    if (next === undefined) return false;
    this.signalingState = next;
    return true;
  }

  /** The INVITE got its 2xx, from us or from the peer. */
  confirm(): void {
    if (this.#state === 'early') this.#state = 'confirmed';
  }

  /** What a request or response of the peer tells about what it can. */
  learn(message: SipMessage): void {
    if (message.headers.has('Allow')) this.peerAllowsUpdate = tokens(message.headers, 'Allow').includes('UPDATE');
  }

  // Requests of ours

  request(method: string, headers: HeaderLines, body: Uint8Array | string | undefined, done: (outcome: RequestOutcome) => void): void {
    const content = body === undefined ? { method, headers } : { method, headers, body };
    new DialogRequest(this.agent, this.dialog, this, content, this.owner.authenticate, done);
  }

  /** ACK of a 2xx to an INVITE of ours, with the answer when the 2xx brought an offer. */
  acknowledge(cseq: number, sdp: string | undefined, headers: HeaderLines = []): void {
    const parts = sdp === undefined ? { cseq, headers } : { cseq, headers: [...headers, sdpContent], body: sdp };
    const ack: { readonly cseq: number; kept: KeptBytes | undefined } = { cseq, kept: this.agent.transactions.acknowledge(dialogRequest(this.dialog, 'ACK', parts), this.nextHop) };
    this.#ack = ack;
    // After that no repetition of the 2xx can come any more (RFC 3261 13.3.1.4). The timer holds the text alone, not the session.
    this.agent.timers.start(64 * this.agent.timing.t1Ms, () => (ack.kept = undefined));
  }

  /** The 2xx again: so is our ACK (RFC 3261 13.2.2.4). False when it is not the one we acknowledged. */
  acknowledgeAgain(response: SipResponse): boolean {
    const ack = this.#ack;
    if (ack?.kept === undefined || ack.cseq !== response.cseq.number) return false;
    this.agent.transactions.repeat(ack.kept, this.nextHop);
    return true;
  }

  /** Ends the dialog. RFC 3261 15: the callee sends no BYE before its 2xx is acknowledged. */
  bye(headers: HeaderLines): void {
    if (this.#state === 'ending' || this.#state === 'ended') return;
    this.#stop();
    this.#state = 'ending';
    if (this.#unacknowledged !== undefined) this.#byeHeaders = headers;
    else this.#sendBye(headers);
  }

  /** Ends it without a word: an early dialog whose INVITE failed. */
  drop(): void {
    if (this.#state === 'ended') return;
    this.#stop();
    this.#unacknowledged?.repetition.stop();
    this.#unacknowledged = undefined;
    this.#state = 'ended';
    this.owner.released(this);
  }

  /** The peer is gone or out of step: BYE, and the session is over (RFC 3261 12.2.1.2). */
  fail(by: 'timer' | 'transport' | 'remote' | 'local', detail: string): void {
    if (this.#state !== 'early' && this.#state !== 'confirmed') return;
    this.bye([]);
    this.owner.ended(by, undefined, detail);
  }

  // Our 2xx

  /** Sends our 2xx to an INVITE and repeats it until the ACK comes (RFC 3261 13.3.1.4). */
  sendAnswer(transaction: ServerTransaction, response: SipResponse, initial: boolean): void {
    transaction.respond(response);
    const { timers, timing } = this.agent;
    const repetition = new Repetition(timers, timing, timing.t2Ms, () => transaction.respond(response), () => this.#expireH());
    this.#unacknowledged = { cseq: transaction.request.cseq.number, repetition, initial };
  }

  receiveAck(ack: SipRequest): void {
    const unacknowledged = this.#unacknowledged;
    if (unacknowledged === undefined || unacknowledged.cseq !== ack.cseq.number) return;
    this.#unacknowledged = undefined;
    unacknowledged.repetition.stop();
    if (this.#state === 'ending') {
      this.#sendBye(this.#byeHeaders ?? []);
      return;
    }
    if (this.signalingState === 'localOffer' && !this.localOffers.isOpen) {
      const sdp = sdpOf(ack);
      if (sdp === undefined) {
        this.fail('local', 'the ACK had no answer to our offer');
        return;
      }
      this.signal('receiveAnswer');
      this.owner.emit({ type: 'answer', sdp });
    }
    if (unacknowledged.initial) this.owner.emit({ type: 'acknowledged' });
    this.localOffers.goOn();
  }

  /** A further request of the peer shows that it has our 2xx: its ACK was lost. */
  presumeAcknowledged(): void {
    const unacknowledged = this.#unacknowledged;
    if (unacknowledged === undefined || this.signalingState === 'localOffer') return;
    this.#unacknowledged = undefined;
    unacknowledged.repetition.stop();
    if (unacknowledged.initial) this.owner.emit({ type: 'acknowledged' });
  }

  // Requests of the peer

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (this.#state === 'ended' || this.#state === 'ending') {
      // BYE crossing our BYE gets its 200, anything else finds no session (RFC 3261 15.1.2).
      respond(transaction, request.method === 'BYE' ? 200 : 481, this.dialog.localTag);
      return;
    }
    if (!acceptCSeq(this.dialog, request)) {
      respond(transaction, 500, this.dialog.localTag);
      return;
    }
    // Taken back from a former process, whose connections are gone: the peer has come by one of ours.
    if (!('flow' in this.#hop) && isReliable(this.#hop.transport)) this.#hop = { flow: transaction.flow };
    switch (request.method) {
      case 'BYE':
        this.#receiveBye(transaction);
        return;
      case 'INVITE':
      case 'UPDATE':
        this.remoteOffers.receive(transaction);
        return;
      case 'PRACK':
        this.owner.receivePrack(transaction);
        return;
      case 'OPTIONS':
        this.agent.answerOptions(transaction, this.dialog.localTag);
        return;
      case 'INFO':
        respond(transaction, 200, this.dialog.localTag);
        this.owner.emit({ type: 'info', contentType: request.headers.get('Content-Type') ?? '', body: textOf(request) });
        return;
      default:
        this.owner.emit({ type: 'request', transaction });
    }
  }

  #receiveBye(transaction: ServerTransaction): void {
    respond(transaction, 200, this.dialog.localTag);
    this.#stop();
    this.#unacknowledged?.repetition.stop();
    this.#unacknowledged = undefined;
    this.#state = 'ended';
    this.owner.ended('remote', transaction.request.headers.get('Reason'), 'BYE');
    this.owner.released(this);
  }

  // RFC 4028

  /** Header lines for a request of ours that opens or refreshes the session. */
  intervalHeaders(): HeaderLines {
    const { sessionTimer } = this.owner;
    const running = this.#timer?.interval;
    const intervalS = running?.intervalS ?? sessionTimer.expiresS;
    if (intervalS === 0) return [];
    const refresher = running === undefined ? '' : running.refresher === 'local' ? ';refresher=uac' : ';refresher=uas';
    return [['Session-Expires', `${intervalS}${refresher}`], ['Min-SE', String(sessionTimer.minimumS)]];
  }

  /** For our 2xx: starts the timer as the request asks; that it does not ask for too little was seen when it came. */
  answerInterval(transaction: ServerTransaction): HeaderLines {
    const { interval, headers } = intervalForAnswer(transaction.request, this.owner.sessionTimer);
    if (interval === undefined) this.#timer?.stop();
    else this.#startTimer(interval.intervalS, interval.refresher === 'uas' ? 'local' : 'remote');
    return headers;
  }

  /** The peer's 2xx to such a request of ours. */
  acceptInterval(response: SipResponse): void {
    const interval = intervalOfAnswer(response);
    const running = this.#timer?.interval;
    // A peer that knows no session timer is still asked for signs of life by ours.
    if (interval === undefined && running?.refresher === 'local') this.#startTimer(running.intervalS, 'local');
    else if (interval === undefined) this.#timer?.stop();
    else this.#startTimer(interval.intervalS, interval.refresher === 'uac' ? 'local' : 'remote');
  }

  resumeTimer(intervalS: number, refresher: 'local' | 'remote', elapsedMs: number): void {
    this.#startTimer(intervalS, refresher, elapsedMs);
  }

  refreshSession(): void {
    this.localOffers.refresh();
  }

  sessionExpired(): void {
    this.fail('timer', 'the session timer expired (RFC 4028)');
  }

  snapshot(): SessionSnapshot | undefined {
    if (this.#state !== 'confirmed') return undefined;
    const { transport, address, port } = 'flow' in this.#hop ? { transport: this.#hop.flow.transport, ...this.#hop.flow.remote } : this.#hop;
    return {
      version: 1,
      direction: this.owner.direction,
      dialog: dialogSnapshot(this.dialog),
      hop: { transport, address, port },
      contact: this.contact,
      localSdp: this.localSdp,
      peerAllowsUpdate: this.peerAllowsUpdate,
      sessionTimer: this.#timer?.snapshot(this.owner.sessionTimer.minimumS),
    };
  }

  /** The peer's message may have moved it (RFC 3261 12.2). */
  refreshTarget(message: SipMessage): void {
    refreshTarget(this.dialog, message);
    this.learn(message);
  }

  response(transaction: ServerTransaction, status: number, headers: HeaderLines, sdp: string | undefined, reason?: string): SipResponse {
    return createResponse(transaction.request, status, {
      toTag: this.dialog.localTag,
      headers: sdp === undefined ? headers : [...headers, sdpContent],
      ...(sdp === undefined ? {} : { body: sdp }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  /** To a request that its listener has decided on. A 2xx refreshes the target, as its request does (RFC 3515 2.2, RFC 6665 4.2.1.1). */
  respond(transaction: ServerTransaction, status: number, headers: HeaderLines): void {
    const isTaken = status < 300;
    if (isTaken) this.refreshTarget(transaction.request);
    transaction.respond(this.response(transaction, status, isTaken ? [...this.targetHeaders, ...headers] : headers, undefined));
    if (isTaken) this.owner.emit({ type: 'changed' });
  }

  #startTimer(intervalS: number, refresher: 'local' | 'remote', elapsedMs = 0): void {
    this.#timer ??= new SessionTimer(this.agent.timers, this);
    this.#timer.start(intervalS, refresher, elapsedMs);
  }

  #sendBye(headers: HeaderLines): void {
    this.request('BYE', [...headers, ...this.agent.product], undefined, () => {
      this.#state = 'ended';
      this.owner.released(this);
    });
  }

  #expireH(): void {
    this.#unacknowledged = undefined;
    // RFC 3261 13.3.1.4: the dialog is confirmed, but the session should be ended.
    if (this.#state === 'ending') this.#sendBye(this.#byeHeaders ?? []);
    else this.fail('timer', 'our 2xx was never acknowledged (timer H)');
  }

  #stop(): void {
    this.#timer?.stop();
    this.localOffers.stop();
    this.remoteOffers.stop();
  }
}
