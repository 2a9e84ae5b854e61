import type { Timer } from '@tipring/clock';
import { parseRAck, tokens } from '../message/values.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { SipRequest } from '../message/message.ts';
import type { InviteUsage } from './invite-usage.ts';
import { Repetition } from './repetition.ts';
import type { HeaderLines } from './session.ts';
import { respond, sdpOf } from './user-agent.ts';

export interface ProvisionalContent {
  readonly reason?: string;
  readonly sdp?: string;
  readonly reliable?: boolean;
  readonly headers?: HeaderLines;
}

/**
 * The INVITE we have not answered for good (RFC 3261 13.3), with its reliable provisional responses (RFC 3262 3): one at
 * a time, the next waits for the PRACK, and so does the 2xx when the outstanding one carried a description.
 *
 *      proceeding ◄──PRACK── awaiting PRACK        CANCEL: 487
 *        │  └──reliable 1xx──►    │ 64 T1: 504
 *        └────── final ───────────┴──► finished
 */
export class UasInvite {
  readonly #usage: InviteUsage;
  readonly #transaction: ServerTransaction;
  readonly #peerTakesReliable: boolean;
  readonly #peerWantsReliable: boolean;
  readonly #waiting: (() => void)[] = [];
  #outstanding: { readonly rseq: number; readonly repetition: Repetition; readonly hasSdp: boolean } | undefined;
  #rseq: number;
  /** What an unreliable 1xx said: only the 2xx makes it the answer (RFC 6337 3.1). */
  #preview: string | undefined;
  /** Until the next response is due, once there was one. */
  #refresh: Timer | undefined;
  #isFinished = false;

  constructor(usage: InviteUsage, transaction: ServerTransaction) {
    const { headers } = transaction.request;
    this.#usage = usage;
    this.#transaction = transaction;
    this.#peerWantsReliable = tokens(headers, 'Require').includes('100rel');
    this.#peerTakesReliable = this.#peerWantsReliable || tokens(headers, 'Supported').includes('100rel');
    // RFC 3262 3: the first RSeq is random, and leaves room to count.
    this.#rseq = 1 + Math.floor(usage.agent.random() * 0x7fff_0000);
  }

  get request(): SipRequest {
    return this.#transaction.request;
  }

  get transaction(): ServerTransaction {
    return this.#transaction;
  }

  provisional(status: number, content: ProvisionalContent): void {
    if (this.#isFinished || status < 101 || status > 199) return;
    const isReliable = this.#peerWantsReliable || (content.reliable === true && this.#peerTakesReliable);
    if (!isReliable) this.#sendUnreliable(status, content);
    else if (this.#outstanding === undefined) this.#sendReliable(status, content);
    else this.#waiting.push(() => this.#sendReliable(status, content));
  }

  accept(sdp: string | undefined, headers: HeaderLines): void {
    if (this.#isFinished) return;
    // RFC 3262 3: no 2xx while a description we sent reliably is unacknowledged.
    if (this.#outstanding?.hasSdp === true || this.#waiting.length > 0) {
      this.#waiting.push(() => this.accept(sdp, headers));
      return;
    }
    const usage = this.#usage;
    const timer = usage.answerInterval(this.#transaction);
    const description = this.#describe(sdp ?? this.#preview);
    this.#finish();
    usage.confirm();
    const response = usage.response(this.#transaction, 200, [...usage.targetHeaders, ...timer, ...headers], description);
    usage.sendAnswer(this.#transaction, response, true);
    usage.owner.emit({ type: 'changed' });
  }

  reject(status: number, reason: string | undefined, headers: HeaderLines): void {
    if (this.#isFinished) return;
    this.#finish();
    this.#transaction.respond(this.#usage.response(this.#transaction, status, headers, undefined, reason));
    this.#usage.drop();
  }

  receivePrack(prack: ServerTransaction): void {
    const usage = this.#usage;
    const { localTag } = usage.dialog;
    const value = prack.request.headers.get('RAck');
    const rack = value === undefined ? undefined : parseRAck(value);
    const outstanding = this.#outstanding;
    const { number, method } = this.#transaction.request.cseq;
    if (rack === undefined || outstanding === undefined || rack.rseq !== outstanding.rseq || rack.cseq !== number || rack.method !== method) {
      respond(prack, 481, localTag);
      return;
    }
    outstanding.repetition.stop();
    this.#outstanding = undefined;
    this.#answerPrack(prack);
    while (this.#outstanding === undefined && !this.#isFinished) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** RFC 3262 5: a PRACK may carry the answer to our offer, or an offer of its own. */
  #answerPrack(prack: ServerTransaction): void {
    const usage = this.#usage;
    const { localTag } = usage.dialog;
    const sdp = sdpOf(prack.request);
    if (sdp !== undefined && usage.signalingState === 'localOffer' && usage.signal('receiveAnswer')) {
      respond(prack, 200, localTag);
      usage.owner.emit({ type: 'answer', sdp });
    } else if (sdp !== undefined && usage.signalingState === 'stable' && usage.signal('receiveOffer')) {
      const pending = {
        method: 'PRACK',
        isOffer: true,
        answer: (answer: string) => prack.respond(usage.response(prack, 200, usage.targetHeaders, answer)),
        refuse: (status: number) => respond(prack, status, localTag),
      } as const;
      usage.remoteOffers.present(pending, sdp);
    } else {
      respond(prack, 200, localTag);
    }
  }

  #sendUnreliable(status: number, content: ProvisionalContent): void {
    // An unreliable 1xx cannot be our offer (RFC 3261 13.2.1): the description is left out.
    const sdp = this.#usage.signalingState === 'none' ? undefined : content.sdp;
    this.#preview = sdp ?? this.#preview;
    this.#send(status, content, [], sdp);
  }

  #sendReliable(status: number, content: ProvisionalContent): void {
    if (this.#isFinished) return;
    const { agent } = this.#usage;
    const sdp = this.#describe(content.sdp);
    const rseq = this.#rseq++;
    const response = this.#send(status, content, [['Require', '100rel'], ['RSeq', String(rseq)]], sdp);
    const repetition = new Repetition(agent.timers, agent.timing, Infinity, () => this.#transaction.respond(response), () => this.#giveUp());
    this.#outstanding = { rseq, repetition, hasSdp: sdp !== undefined };
  }

  #send(status: number, content: ProvisionalContent, reliability: HeaderLines, sdp: string | undefined) {
    const headers = [...this.#usage.targetHeaders, ...reliability, ...(content.headers ?? [])];
    const response = this.#usage.response(this.#transaction, status, headers, sdp, content.reason);
    this.#transaction.respond(response);
    this.#refresh?.stop();
    this.#refresh = this.#usage.agent.timers.start(REFRESH_MS, () => {
      if (this.#usage.state !== 'ended') this.provisional(status, content);
    });
    return response;
  }

  /** The description that now counts as our answer or offer; undefined when that was said before. */
  #describe(sdp: string | undefined): string | undefined {
    const usage = this.#usage;
    if (sdp === undefined || !usage.signal(usage.signalingState === 'none' ? 'sendOffer' : 'sendAnswer')) return undefined;
    usage.localSdp = sdp;
    return sdp;
  }

  /** RFC 3262 3: the PRACK never came. */
  #giveUp(): void {
    this.#outstanding = undefined;
    this.reject(504, undefined, []);
    this.#usage.owner.ended('timer', undefined, 'a reliable provisional response was never acknowledged (RFC 3262 3)');
  }

  #finish(): void {
    this.#isFinished = true;
    this.#refresh?.stop();
    this.#waiting.length = 0;
    this.#outstanding?.repetition.stop();
    this.#outstanding = undefined;
    this.#usage.owner.answered();
  }
}

/** RFC 3261 13.3.1.1: a proxy may give up a call of which it has heard nothing for three minutes, so each minute it hears again how things are. */
const REFRESH_MS = 60_000;
