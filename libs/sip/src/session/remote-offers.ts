import { createResponse } from '../message/create.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { OfferingUsage } from './offering-usage.ts';
import { intervalForAnswer } from './session-timer.ts';
import { respond, sdpOf } from './user-agent.ts';

/** An offer of the peer that waits for our answer, wherever it travels. */
export interface PendingOffer {
  readonly method: 'INVITE' | 'UPDATE' | 'ACK' | 'PRACK';
  /** False: the peer asked us for an offer (a re-INVITE without one). */
  readonly isOffer: boolean;
  /** Sends the answer (or the offer asked for). */
  answer(sdp: string): void;
  /** Without answer: the offer's request gets that status, an ACK or PRACK of ours goes without description. */
  refuse(status: number): void;
}

/** The peer's re-INVITEs and UPDATEs, and whatever else brings an offer, one at a time (RFC 3261 14.2, RFC 3311 5.2). */
export class RemoteOffers {
  readonly #usage: OfferingUsage;
  #pending: PendingOffer | undefined;
  /** The re-INVITE or UPDATE behind it. */
  #transaction: ServerTransaction | undefined;

  constructor(usage: OfferingUsage) {
    this.#usage = usage;
  }

  get isOpen(): boolean {
    return this.#pending !== undefined;
  }

  /** Takes the offer and tells the listener. */
  present(pending: PendingOffer, sdp: string | undefined): void {
    this.#pending = pending;
    this.#usage.owner.emit(sdp === undefined ? { type: 'offerRequested' } : { type: 'offer', sdp, method: pending.method, dialog: this.#usage.dialog.remoteTag });
  }

  answer(sdp: string): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = this.#transaction = undefined;
    if (!this.#usage.signal(pending.isOffer ? 'sendAnswer' : 'sendOffer')) return;
    this.#usage.localSdp = sdp;
    pending.answer(sdp);
    this.#usage.localOffers.goOn();
  }

  refuse(status: number): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = this.#transaction = undefined;
    if (pending.isOffer) this.#usage.signal('withdraw');
    pending.refuse(status);
    // RFC 3261 13.2.2.4: an offer in a 2xx that cannot be taken leaves only ACK and BYE.
    if (pending.method === 'ACK') this.#usage.fail('local', "the offer in the peer's 2xx was refused");
    this.#usage.localOffers.goOn();
  }

  receive(transaction: ServerTransaction): void {
    const usage = this.#usage;
    const { request } = transaction;
    const { localTag } = usage.dialog;
    const isInvite = request.method === 'INVITE';
    const sdp = sdpOf(request);
    const { tooSmall, headers } = intervalForAnswer(request, usage.owner.sessionTimer);
    if (tooSmall) {
      respond(transaction, 422, localTag, headers);
      return;
    }
    if (!isInvite && sdp === undefined) {
      this.#refreshOnly(transaction);
      return;
    }
    // RFC 3261 14.2: ours is under way (glare), or theirs still unanswered.
    if (usage.localOffers.isOpen || (isInvite && usage.state === 'early' && usage.owner.direction === 'out')) {
      respond(transaction, 491, localTag);
      return;
    }
    if (isInvite) usage.presumeAcknowledged();
    if (usage.isAwaitingAck && usage.signalingState === 'localOffer') {
      respond(transaction, 491, localTag);
      return;
    }
    if (this.#pending !== undefined || (isInvite && usage.state === 'early') || (sdp !== undefined && usage.signalingState !== 'stable')) {
      respond(transaction, 500, localTag, [['Retry-After', String(Math.floor(usage.agent.random() * 11))]]);
      return;
    }
    if (sdp !== undefined) usage.signal('receiveOffer');
    this.#transaction = transaction;
    this.present(this.#pendingFor(transaction, sdp !== undefined), sdp);
    if (isInvite && transaction.lastStatus === 0) transaction.respond(createResponse(request, 100));
  }

  /** The peer gave up its re-INVITE: 487, and what stood before holds (RFC 3261 9.2). */
  cancel(transaction: ServerTransaction): void {
    if (this.#transaction === transaction) this.refuse(487);
  }

  /** RFC 3261 15.1.2: requests still pending are answered when the dialog ends. */
  stop(): void {
    const pending = this.#pending;
    this.#pending = this.#transaction = undefined;
    pending?.refuse(487);
  }

  #pendingFor(transaction: ServerTransaction, isOffer: boolean): PendingOffer {
    const usage = this.#usage;
    const { request } = transaction;
    return {
      method: request.method === 'INVITE' ? 'INVITE' : 'UPDATE',
      isOffer,
      answer(sdp) {
        const timer = usage.answerInterval(transaction);
        usage.refreshTarget(request);
        const response = usage.response(transaction, 200, [...usage.targetHeaders, ...timer], sdp);
        if (request.method === 'INVITE') usage.sendAnswer(transaction, response, false);
        else transaction.respond(response);
        usage.owner.emit({ type: 'changed' });
      },
      refuse(status) {
        respond(transaction, status, usage.dialog.localTag);
      },
    };
  }

  /** An UPDATE without offer: it moves the target and keeps the session alive (RFC 3311 5.2, RFC 4028). */
  #refreshOnly(transaction: ServerTransaction): void {
    const usage = this.#usage;
    const timer = usage.answerInterval(transaction);
    usage.refreshTarget(transaction.request);
    transaction.respond(usage.response(transaction, 200, [...usage.targetHeaders, ...timer], undefined));
    usage.owner.emit({ type: 'changed' });
  }
}
