import { createResponse } from '../message/create.ts';
import type { SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow } from '../transport/flow.ts';
import type { InviteSession } from './invite-session.ts';
import type { HeaderLines, IncomingInvite, OutgoingInvite, Session, SessionListener } from './session.ts';
import { respond, sdpOf } from './user-agent.ts';

/** What the session layer is to an INVITE that is no session yet. */
export interface PendingInviteHome {
  newToken(): string;
  /** Makes a session of it. */
  take(transaction: ServerTransaction, listener: SessionListener, details: TakeDetails): InviteSession;
  /** It has its final response. */
  settled(transaction: ServerTransaction): void;
}

export interface TakeDetails extends Pick<OutgoingInvite, 'authenticate' | 'sessionTimer'> {
  readonly contactUser?: string;
}

/** An INVITE before its session. */
export class PendingInvite implements IncomingInvite {
  readonly #home: PendingInviteHome;
  readonly #transaction: ServerTransaction;
  #state: { readonly at: 'open' } | { readonly at: 'cancelled'; readonly reasonHeader: string | undefined } | { readonly at: 'decided' } = { at: 'open' };

  constructor(home: PendingInviteHome, transaction: ServerTransaction) {
    this.#home = home;
    this.#transaction = transaction;
  }

  get request(): SipRequest {
    return this.#transaction.request;
  }

  get flow(): Flow {
    return this.#transaction.flow;
  }

  get offer(): string | undefined {
    return sdpOf(this.request);
  }

  refuse(status: number, details: { readonly reason?: string; readonly headers?: HeaderLines } = {}): void {
    if (this.#state.at !== 'open') return;
    this.#state = { at: 'decided' };
    this.#home.settled(this.#transaction);
    this.#transaction.respond(createResponse(this.request, status, { toTag: this.#home.newToken(), ...details }));
  }

  take(listener: SessionListener, details: TakeDetails = {}): Session {
    const state = this.#state;
    if (state.at === 'decided') throw new Error('an INVITE is refused or taken once');
    this.#state = { at: 'decided' };
    const session = this.#home.take(this.#transaction, listener, details);
    if (state.at === 'cancelled') session.giveUp(state.reasonHeader);
    return session;
  }

  /** RFC 3261 9.2, before anybody took it. */
  receiveCancel(_invite: ServerTransaction, cancel: ServerTransaction): void {
    const tag = this.#home.newToken();
    respond(cancel, 200, tag);
    if (this.#state.at !== 'open') return;
    this.#state = { at: 'cancelled', reasonHeader: cancel.request.headers.get('Reason') };
    this.#home.settled(this.#transaction);
    respond(this.#transaction, 487, tag);
  }
}
