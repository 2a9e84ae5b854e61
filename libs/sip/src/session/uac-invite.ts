import type { Timer } from '@tipring/clock';
import { confirmDialog, uacDialog } from '../dialog/dialog.ts';
import { createRequest } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { parseRetryAfter, parseRSeq, tokens } from '../message/values.ts';
import type { ClientTransaction, ClientUser } from '../transaction/client-transaction.ts';
import type { Flow } from '../transport/flow.ts';
import { credentialLines } from './dialog-request.ts';
import { InviteUsage } from './invite-usage.ts';
import type { UsageOwner } from './invite-usage.ts';
import { minimumOf } from './session-timer.ts';
import type { HeaderLines, OutgoingInvite, SessionEvent } from './session.ts';
import { isSuccess, sdpContent, sdpOf } from './user-agent.ts';
import type { UserAgent } from './user-agent.ts';

/** The session that calls. */
export interface UacOwner extends UsageOwner {
  /** A further dialog of the fork. */
  adopted(usage: InviteUsage): void;
  /** The first 2xx: this dialog is the session; the other early ones are over. */
  established(usage: InviteUsage): void;
  /** No 2xx will come. `last` is the session's last event, undefined when it had its own already. */
  failed(last: SessionEvent): void;
}

/**
 * The INVITE of ours that is not answered for good (RFC 3261 13.2), with the early dialogs it has made.
 *
 *      calling ──1xx──► proceeding ──2xx──────────────────────────► established
 *        │ cancel         │ cancel    └─3xx–6xx─► again (401, 407, 422) or failed
 *        ▼                ▼
 *      regretted ─1xx─► cancelled ──2xx: ACK and BYE, 487──────────► failed
 */
export class UacInvite implements ClientUser {
  readonly #agent: UserAgent;
  readonly #owner: UacOwner;
  readonly #outgoing: OutgoingInvite;
  readonly #contact: string;
  readonly #from: string;
  readonly #callId: string;
  readonly #early: EarlyDialog[] = [];
  #intervalS: number;
  #minimumS: number;
  #credentials: HeaderLines = [];
  #cseq = 0;
  #challenges = 0;
  #transaction: ClientTransaction;
  #request: SipRequest;
  #state: State = { at: 'calling' };

  constructor(agent: UserAgent, owner: UacOwner, outgoing: OutgoingInvite, callId: string, localTag: string) {
    this.#agent = agent;
    this.#owner = owner;
    this.#outgoing = outgoing;
    this.#contact = agent.contact(outgoing.hop, outgoing.contactUser);
    this.#from = `${outgoing.from};tag=${localTag}`;
    this.#callId = callId;
    this.#intervalS = owner.sessionTimer.expiresS;
    this.#minimumS = owner.sessionTimer.minimumS;
    this.#request = this.#build();
    this.#transaction = agent.transactions.request(this.#request, outgoing.hop, this);
  }

  /** Gives up (RFC 3261 9.1): CANCEL, but not before a 1xx has shown that there is something to cancel. */
  cancel(headers: HeaderLines): void {
    if (this.#state.at === 'calling') this.#state = { at: 'regretted', headers };
    else if (this.#state.at === 'proceeding') this.#sendCancel(headers);
  }

  onResponse(response: SipResponse, flow: Flow): void {
    this.#outgoing.heard?.(response, flow);
    if (response.status < 200) this.#receiveProvisional(response, flow);
    else if (isSuccess(response)) this.#receiveSuccess(response, flow);
    else this.#receiveRefusal(response);
  }

  onFailure(failure: 'timeout' | 'transport', detail: string): void {
    this.#fail({ type: 'ended', by: failure === 'timeout' ? 'timer' : 'transport', reasonHeader: undefined, detail });
  }

  // 1xx

  #receiveProvisional(response: SipResponse, flow: Flow): void {
    const state = this.#state;
    switch (state.at) {
      case 'calling':
        this.#state = { at: 'proceeding' };
        break;
      case 'regretted':
        this.#sendCancel(state.headers);
        return;
      case 'cancelled':
      case 'finished':
        return;
      case 'proceeding':
    }
    const { status, reason } = response;
    if (status === 100) return;
    const { tag } = response.to;
    if (tag === undefined) {
      this.#owner.emit({ type: 'provisional', status, reason, sdp: sdpOf(response), dialog: undefined, reliable: false, response });
      return;
    }
    const early = this.#earlyDialog(tag, response, flow);
    early.usage.learn(response);
    const value = response.headers.get('RSeq');
    const rseq = value === undefined || !tokens(response.headers, 'Require').includes('100rel') ? undefined : parseRSeq(value);
    if (rseq === undefined) {
      early.preview = sdpOf(response) ?? early.preview;
      this.#owner.emit({ type: 'provisional', status, reason, sdp: sdpOf(response), dialog: tag, reliable: false, response });
    } else {
      this.#receiveReliable(early, rseq, response);
    }
  }

  /** RFC 3262 4: acknowledged in order; a repetition is the PRACK transaction's matter. */
  #receiveReliable(early: EarlyDialog, rseq: number, response: SipResponse): void {
    const { usage } = early;
    if (early.rseq !== undefined && rseq !== early.rseq + 1) return;
    early.rseq = rseq;
    const { status, reason } = response;
    const sdp = sdpOf(response);
    const rack: HeaderLines = [['RAck', `${rseq} ${response.cseq.number} INVITE`], ...this.#agent.product];
    const isAnswer = sdp !== undefined && usage.signal('receiveAnswer');
    if (isAnswer) early.answer = sdp;
    const isOffer = sdp !== undefined && !isAnswer && usage.signalingState === 'none' && usage.signal('receiveOffer');
    if (!isOffer) this.#prack(usage, rack, undefined);
    this.#owner.emit({ type: 'provisional', status, reason, sdp: isAnswer ? sdp : undefined, dialog: usage.dialog.remoteTag, reliable: true, response });
    if (isOffer) {
      const answer = (text: string) => this.#prack(usage, rack, text);
      usage.remoteOffers.present({ method: 'PRACK', isOffer: true, answer, refuse: () => this.#prack(usage, rack, undefined) }, sdp);
    }
  }

  #prack(usage: InviteUsage, headers: HeaderLines, sdp: string | undefined): void {
    usage.request('PRACK', sdp === undefined ? headers : [...headers, sdpContent], sdp, () => usage.localOffers.goOn());
  }

  // 2xx

  #receiveSuccess(response: SipResponse, flow: Flow): void {
    const state = this.#state;
    const early = this.#earlyDialog(response.to.tag ?? '', response, flow);
    const { usage } = early;
    confirmDialog(usage.dialog, response);
    usage.learn(response);
    usage.confirm();
    this.#finish();
    this.#owner.established(usage);
    this.#dropEarly(usage);
    if (state.at === 'regretted' || state.at === 'cancelled') {
      // RFC 3261 15: the 200 crossed our CANCEL.
      usage.acknowledge(response.cseq.number, undefined, this.#credentials);
      usage.bye(state.headers);
      return;
    }
    usage.acceptInterval(response);
    const sdp = sdpOf(response);
    if (usage.signalingState === 'none') this.#receiveLateOffer(usage, response, sdp);
    else this.#receiveLateAnswer(early, response, sdp);
  }

  #receiveLateAnswer(early: EarlyDialog, response: SipResponse, sdp: string | undefined): void {
    const { usage } = early;
    usage.acknowledge(response.cseq.number, undefined, this.#credentials);
    // RFC 6337 3.1: after a reliable 1xx with the answer, a description in the 2xx says nothing new. Some peers answer only in an unreliable 1xx.
    const answer = early.answer ?? sdp ?? early.preview;
    if (answer === undefined && usage.signalingState === 'localOffer') {
      usage.fail('local', "the peer's 2xx had no answer to our offer");
      return;
    }
    usage.signal('receiveAnswer');
    this.#owner.emit({ type: 'accepted', sdp: answer, dialog: usage.dialog.remoteTag, response });
    usage.localOffers.goOn();
  }

  #receiveLateOffer(usage: InviteUsage, response: SipResponse, sdp: string | undefined): void {
    const acknowledge = (answer: string | undefined) => usage.acknowledge(response.cseq.number, answer, this.#credentials);
    if (sdp === undefined) {
      acknowledge(undefined);
      usage.fail('local', "the peer's 2xx had no offer");
      return;
    }
    usage.signal('receiveOffer');
    this.#owner.emit({ type: 'accepted', sdp: undefined, dialog: usage.dialog.remoteTag, response });
    usage.remoteOffers.present({ method: 'ACK', isOffer: true, answer: acknowledge, refuse: () => acknowledge(undefined) }, sdp);
  }

  // 3xx–6xx

  #receiveRefusal(response: SipResponse): void {
    const { status, reason, headers } = response;
    if ((this.#state.at === 'calling' || this.#state.at === 'proceeding') && this.#tryAgain(response)) return;
    const retryAfter = headers.get('Retry-After');
    const contacts = status < 400 ? headers.list('Contact') : [];
    this.#fail({ type: 'rejected', status, reason, response, contacts, retryAfterS: retryAfter === undefined ? undefined : parseRetryAfter(retryAfter)?.seconds });
  }

  /** The same call by a new INVITE: with credentials (RFC 3261 22.2), or a longer session interval (RFC 4028 7.3). */
  #tryAgain(response: SipResponse): boolean {
    const { status } = response;
    if (status === 401 || status === 407) {
      const value = this.#challenges++ < 3 ? this.#outgoing.authenticate?.(response, this.#request) : undefined;
      if (value === undefined) return false;
      this.#credentials = credentialLines(response, value, this.#credentials);
    } else if (status === 422 && minimumOf(response) > this.#minimumS) {
      this.#minimumS = minimumOf(response);
      this.#intervalS = Math.max(this.#intervalS, this.#minimumS);
    } else {
      return false;
    }
    this.#dropEarly(undefined);
    this.#state = { at: 'calling' };
    this.#request = this.#build();
    this.#transaction = this.#agent.transactions.request(this.#request, this.#outgoing.hop, this);
    return true;
  }

  #fail(last: SessionEvent): void {
    if (this.#state.at === 'finished') return;
    this.#finish();
    this.#dropEarly(undefined);
    this.#owner.failed(last);
  }

  // Ours

  #build(): SipRequest {
    const { uri, to, routes = [], offer, headers = [], maxForwards = 70 } = this.#outgoing;
    const lines: (readonly [string, string])[] = routes.map((route) => ['Route', route] as const);
    lines.push(
      ['Max-Forwards', String(maxForwards)],
      ['From', this.#from],
      ['To', to],
      ['Call-ID', this.#callId],
      ['CSeq', `${++this.#cseq} INVITE`],
      ['Contact', this.#contact],
      ...this.#agent.capabilities,
    );
    if (this.#intervalS > 0) lines.push(['Session-Expires', String(this.#intervalS)], ['Min-SE', String(this.#minimumS)]);
    for (const line of this.#credentials) lines.push(line);
    for (const line of headers) lines.push(line);
    if (offer === undefined) return createRequest({ method: 'INVITE', uri, headers: lines });
    lines.push(sdpContent);
    return createRequest({ method: 'INVITE', uri, headers: lines, body: offer });
  }

  #sendCancel(headers: HeaderLines): void {
    const { timers, timing } = this.#agent;
    this.#agent.transactions.cancel(this.#transaction, headers);
    // RFC 3261 9.1: a peer that does not answer the INVITE any more is not waited for.
    const guard = timers.start(64 * timing.t1Ms, () => {
      this.#transaction.abandon();
      this.#fail({ type: 'ended', by: 'timer', reasonHeader: undefined, detail: 'cancelled, and never answered' });
    });
    this.#state = { at: 'cancelled', headers, guard };
  }

  #earlyDialog(tag: string, response: SipResponse, flow: Flow): EarlyDialog {
    const known = this.#early.find((early) => early.usage.dialog.remoteTag === tag);
    if (known !== undefined) return known;
    const usage = new InviteUsage(this.#agent, this.#owner, uacDialog(response, this.#outgoing.uri), { flow }, this.#contact);
    if (this.#outgoing.offer !== undefined) {
      usage.signal('sendOffer');
      usage.localSdp = this.#outgoing.offer;
    }
    const early: EarlyDialog = { usage, rseq: undefined, answer: undefined, preview: undefined };
    this.#early.push(early);
    this.#owner.adopted(usage);
    return early;
  }

  #dropEarly(winner: InviteUsage | undefined): void {
    for (const { usage } of this.#early.splice(0)) if (usage !== winner) usage.drop();
  }

  #finish(): void {
    if (this.#state.at === 'cancelled') this.#state.guard.stop();
    this.#state = { at: 'finished' };
  }
}

type State =
  | { readonly at: 'calling' }
  | { readonly at: 'proceeding' }
  /** Given up before anything came back. */
  | { readonly at: 'regretted'; readonly headers: HeaderLines }
  | { readonly at: 'cancelled'; readonly headers: HeaderLines; readonly guard: Timer }
  | { readonly at: 'finished' };

interface EarlyDialog {
  readonly usage: InviteUsage;
  /** Of the last reliable 1xx taken. */
  rseq: number | undefined;
  /** From a reliable 1xx. */
  answer: string | undefined;
  /** From an unreliable one. */
  preview: string | undefined;
}
