import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Authenticate } from './dialog-request.ts';
import type { InviteUsage } from './invite-usage.ts';
import type { HeaderLines, Session, SessionEvent, SessionListener, SessionTimerSettings } from './session.ts';
import type { SessionSnapshot } from './session-snapshot.ts';
import { UacInvite } from './uac-invite.ts';
import type { UacOwner } from './uac-invite.ts';
import { UasInvite } from './uas-invite.ts';
import type { ProvisionalContent } from './uas-invite.ts';
import { respond } from './user-agent.ts';
import type { UserAgent } from './user-agent.ts';

/** What the session layer is to its sessions. */
export interface SessionHome extends UserAgent {
  forget(session: InviteSession): void;
  /** An INVITE that we received has its final response. */
  settled(transaction: ServerTransaction): void;
}

export interface InviteSessionParts {
  readonly direction: 'in' | 'out';
  readonly callId: string;
  readonly localTag: string;
  readonly listener: SessionListener;
  readonly authenticate: Authenticate | undefined;
  readonly sessionTimer: SessionTimerSettings;
}

/**
 * What a caller holds of a session: passes its commands to the part that is there (the unanswered INVITE, the dialog),
 * and orders its events. Once confirmed only the dialog remains.
 */
export class InviteSession implements Session, UacOwner {
  readonly direction: 'in' | 'out';
  readonly callId: string;
  readonly localTag: string;
  readonly authenticate: Authenticate | undefined;
  readonly sessionTimer: SessionTimerSettings;
  readonly #home: SessionHome;
  /** Undefined once the last event is out. */
  #listener: SessionListener | undefined;
  #unanswered: UasInvite | UacInvite | undefined;
  /** The session's dialog; while a call forks, the early one that came last. */
  #usage: InviteUsage | undefined;
  /** Every dialog that lives. */
  readonly #usages: InviteUsage[] = [];
  #commands = 0;
  #deferred = 0;

  constructor(home: SessionHome, parts: InviteSessionParts) {
    this.#home = home;
    this.direction = parts.direction;
    this.callId = parts.callId;
    this.localTag = parts.localTag;
    this.authenticate = parts.authenticate;
    this.sessionTimer = parts.sessionTimer;
    this.#listener = parts.listener;
  }

  /** Gives it its beginning: the INVITE to be answered, either way, or nothing more than the dialog when it is adopted. */
  begin(unanswered: UasInvite | UacInvite | undefined, usage: InviteUsage | undefined): void {
    this.#unanswered = unanswered;
    if (usage !== undefined) this.adopted(usage);
  }

  get invite(): SipRequest | undefined {
    return this.#unanswered instanceof UasInvite ? this.#unanswered.request : undefined;
  }

  get phase(): 'calling' | 'early' | 'confirmed' | 'ended' {
    if (this.#listener === undefined) return 'ended';
    if (this.#usage === undefined) return 'calling';
    return this.#usage.state === 'confirmed' ? 'confirmed' : 'early';
  }

  // Commands

  provisional(status: number, details: ProvisionalContent = {}): void {
    this.#command(() => this.#incoming?.provisional(status, details));
  }

  accept(sdp?: string, headers: HeaderLines = []): void {
    this.#command(() => this.#incoming?.accept(sdp, headers));
  }

  reject(status: number, details: { readonly reason?: string; readonly headers?: HeaderLines } = {}): void {
    this.#command(() => {
      const incoming = this.#incoming;
      if (incoming === undefined) return;
      this.ended('local', undefined, `we answered ${status}`);
      incoming.reject(status, details.reason, details.headers ?? []);
    });
  }

  end(details: { readonly reasonHeader?: string; readonly headers?: HeaderLines } = {}): void {
    this.#command(() => {
      const { reasonHeader, headers = [] } = details;
      const lines: HeaderLines = reasonHeader === undefined ? headers : [['Reason', reasonHeader], ...headers];
      const unanswered = this.#unanswered;
      this.#emitLast({ type: 'ended', by: 'local', reasonHeader, detail: unanswered === undefined ? 'BYE' : 'given up before an answer' });
      if (unanswered instanceof UasInvite) unanswered.reject(480, undefined, lines);
      else if (unanswered instanceof UacInvite) unanswered.cancel(lines);
      else this.#usage?.bye(lines);
    });
  }

  reinvite(sdp: string): void {
    this.#command(() => this.#usage?.localOffers.offer('INVITE', sdp));
  }

  update(sdp: string): void {
    this.#command(() => this.#usage?.localOffers.offer('UPDATE', sdp));
  }

  answerOffer(sdp: string, dialog?: string): void {
    this.#command(() => this.#offered(dialog)?.remoteOffers.answer(sdp));
  }

  refuseOffer(status = 488, dialog?: string): void {
    this.#command(() => this.#offered(dialog)?.remoteOffers.refuse(status));
  }

  info(contentType: string, body: string): void {
    this.#command(() => this.#usage?.request('INFO', [['Content-Type', contentType], ...this.#home.product], body, ignore));
  }

  identify(headers: HeaderLines, by: 'anyRequest' | 'update' = 'anyRequest'): void {
    this.#command(() => this.#usage?.localOffers.identify(headers, by));
  }

  respond(transaction: ServerTransaction, status: number, headers: HeaderLines = []): void {
    // Also when the session is over by now: whoever asked is answered.
    const usage = this.#usageOf(transaction.request.from.tag, transaction.request.callId);
    if (usage === undefined) respond(transaction, status, this.localTag, headers);
    else usage.respond(transaction, status, headers);
  }

  request(method: string, details: { readonly headers?: HeaderLines; readonly body?: Uint8Array | string }, done: (response: SipResponse | undefined) => void): void {
    this.#command(() => this.#usage?.request(method, [['Contact', this.#usage.contact], ...this.#home.product, ...(details.headers ?? [])], details.body, (outcome) => done(outcome.response)));
  }

  /** Whether one of its dialogs has this far end. */
  hasDialog(callId: string, remoteTag: string): boolean {
    return this.#usageOf(remoteTag, callId) !== undefined;
  }

  snapshot(): SessionSnapshot | undefined {
    return this.phase === 'confirmed' ? this.#usage?.snapshot() : undefined;
  }

  // From the layer

  receive(transaction: ServerTransaction): void {
    const usage = this.#usageOf(transaction.request.from.tag, transaction.request.callId);
    if (usage === undefined) respond(transaction, 481, this.localTag);
    else usage.receive(transaction);
  }

  receiveAck(ack: SipRequest): void {
    this.#usageOf(ack.from.tag, ack.callId)?.receiveAck(ack);
  }

  /** RFC 3261 9.2: `cancel` gets its 200 either way. */
  receiveCancel(invite: ServerTransaction, cancel: ServerTransaction): void {
    respond(cancel, 200, this.localTag);
    const incoming = this.#incoming;
    if (incoming?.transaction === invite) this.giveUp(cancel.request.headers.get('Reason'));
    else this.#usage?.remoteOffers.cancel(invite);
  }

  /** The caller cancelled. */
  giveUp(reasonHeader: string | undefined): void {
    // As in a command: when it was cancelled before it was taken, its taker has not got it yet.
    this.#command(() => {
      const incoming = this.#incoming;
      this.ended('remote', reasonHeader, 'CANCEL');
      incoming?.reject(487, undefined, []);
    });
  }

  /** A 2xx beyond the first. False when it is of a dialog that we do not have: of another branch of the fork. */
  receiveStray(response: SipResponse): boolean {
    const usage = this.#usageOf(response.to.tag, response.callId);
    if (usage === undefined) return false;
    // Without an ACK to repeat, its answer is still awaited.
    usage.acknowledgeAgain(response);
    return true;
  }

  // From the INVITE and the dialogs

  emit(event: SessionEvent): void {
    const listener = this.#listener;
    if (listener === undefined) {
      if (event.type === 'request') respond(event.transaction, 481, this.localTag);
    } else if (this.#commands === 0 && this.#deferred === 0) {
      listener(event);
    } else {
      this.#deferred++;
      this.#home.defer(() => {
        this.#deferred--;
        listener(event);
      });
    }
  }

  ended(by: 'remote' | 'local' | 'timer' | 'transport', reasonHeader: string | undefined, detail: string): void {
    this.#emitLast({ type: 'ended', by, reasonHeader, detail });
    // The caller's BYE came before our answer (RFC 3261 15.1.2).
    if (by === 'remote' && this.#usage?.state === 'ended') this.#incoming?.reject(487, undefined, []);
  }

  answered(): void {
    if (this.#unanswered instanceof UasInvite) this.#home.settled(this.#unanswered.transaction);
    this.#unanswered = undefined;
  }

  adopted(usage: InviteUsage): void {
    this.#usage = usage;
    this.#usages.push(usage);
  }

  established(usage: InviteUsage): void {
    this.#unanswered = undefined;
    this.#usage = usage;
  }

  failed(last: SessionEvent): void {
    this.#unanswered = undefined;
    this.#emitLast(last);
    this.#forgetWhenIdle();
  }

  released(usage: InviteUsage): void {
    const at = this.#usages.indexOf(usage);
    if (at >= 0) this.#usages.splice(at, 1);
    this.#forgetWhenIdle();
  }

  receivePrack(transaction: ServerTransaction): void {
    const incoming = this.#incoming;
    if (incoming === undefined) respond(transaction, 481, this.localTag);
    else incoming.receivePrack(transaction);
  }

  get #incoming(): UasInvite | undefined {
    return this.#unanswered instanceof UasInvite ? this.#unanswered : undefined;
  }

  /** The dialog in which an offer waits. */
  #offered(dialog: string | undefined): InviteUsage | undefined {
    return this.#usages.find((usage) => usage.remoteOffers.isOpen && (dialog === undefined || usage.dialog.remoteTag === dialog));
  }

  #usageOf(remoteTag: string | undefined, callId: string): InviteUsage | undefined {
    if (callId !== this.callId) return undefined;
    // RFC 3261 12.1.1: a peer of RFC 2543 has no tag, which counts as an empty one.
    return this.#usages.find((usage) => usage.dialog.remoteTag === (remoteTag ?? ''));
  }

  #emitLast(event: SessionEvent): void {
    this.emit(event);
    this.#listener = undefined;
  }

  #forgetWhenIdle(): void {
    if (this.#unanswered === undefined && this.#usages.length === 0) this.#home.forget(this);
  }

  #command(run: () => void): void {
    if (this.#listener === undefined) return;
    this.#commands++;
    try {
      run();
    } finally {
      this.#commands--;
    }
  }
}

function ignore(): void {}
