import { acceptCSeq, dialogFromSnapshot, dialogSnapshot, nextUri, refreshTarget, uasDialog } from '../dialog/dialog.ts';
import type { Dialog, DialogSnapshot } from '../dialog/dialog.ts';
import { createResponse } from '../message/create.ts';
import type { SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Hop } from '../transport/flow.ts';
import { DialogRequest } from './dialog-request.ts';
import type { Way } from './dialog-request.ts';
import type { HeaderLines } from './session.ts';
import type { SessionSnapshot } from './session-snapshot.ts';
import { respond } from './user-agent.ts';
import type { UserAgent } from './user-agent.ts';

/**
 * A dialog that the peer made by a SUBSCRIBE or REFER outside of any call (RFC 6665 4.1.2, RFC 3515 2.4.4). It lives until it is closed: what
 * subscriptions there are in it, and until when, its owner knows.
 */
export interface EventDialog {
  readonly callId: string;
  readonly localTag: string;
  /** Sends the response to a request of this dialog, the one that made it too: with our tag, and in a 2xx our Contact (RFC 6665 4.2.1.1). */
  respond(transaction: ServerTransaction, status: number, headers?: HeaderLines): void;
  /** A request of ours (NOTIFY) with our Contact. `done` gets the final response, or undefined after a timeout or transport failure; also when it was closed meanwhile. */
  request(method: string, details: { readonly headers?: HeaderLines; readonly body?: Uint8Array | string }, done: (response: SipResponse | undefined) => void): void;
  /** Further requests in it get 481. */
  close(): void;
  snapshot(): EventDialogSnapshot;
}

/** Plain JSON, for `SessionCore.adoptDialog` of another process. */
export type EventDialogSnapshot = { readonly version: 1; readonly dialog: DialogSnapshot } & Pick<SessionSnapshot, 'hop' | 'contact'>;

/** Told of every further request in it, but OPTIONS: answers it by `EventDialog.respond`. */
export type EventDialogListener = (transaction: ServerTransaction) => void;

/** What the session layer is to such a dialog. */
export interface EventDialogHome extends UserAgent {
  forgetDialog(dialog: OpenEventDialog): void;
}

export class OpenEventDialog implements EventDialog, Way {
  readonly #home: EventDialogHome;
  readonly #dialog: Dialog;
  readonly #contact: string;
  readonly #listener: EventDialogListener;
  #hop: Hop;

  constructor(home: EventDialogHome, dialog: Dialog, hop: Hop, contact: string, listener: EventDialogListener) {
    this.#home = home;
    this.#dialog = dialog;
    this.#hop = hop;
    this.#contact = contact;
    this.#listener = listener;
  }

  static of(home: EventDialogHome, { request, flow }: ServerTransaction, contactUser: string | undefined, listener: EventDialogListener): OpenEventDialog {
    return new OpenEventDialog(home, uasDialog(request, home.newToken()), { flow }, home.contact({ flow }, contactUser), listener);
  }

  static adopt(home: EventDialogHome, { dialog: saved, hop, contact }: EventDialogSnapshot, listener: EventDialogListener): OpenEventDialog {
    const dialog = dialogFromSnapshot(saved);
    // The snapshot may be older than our last request; gaps in CSeq are allowed (RFC 3261 12.2.2), going back is not.
    dialog.localCSeq += 50;
    return new OpenEventDialog(home, dialog, hop, contact, listener);
  }

  get callId(): string {
    return this.#dialog.callId;
  }

  get localTag(): string {
    return this.#dialog.localTag;
  }

  get nextHop(): Hop {
    const { nextHop } = this.#home.settings;
    return nextHop?.(nextUri(this.#dialog), 'flow' in this.#hop ? this.#hop.flow : undefined) ?? this.#hop;
  }

  moveTo(hop: Hop): void {
    this.#hop = hop;
  }

  respond(transaction: ServerTransaction, status: number, headers: HeaderLines = []): void {
    // RFC 6665 4.2.1.1: a 2xx refreshes the target, and so does its request.
    const target: HeaderLines = status < 300 ? [['Contact', this.#contact], ...this.#home.capabilities] : [];
    if (status < 300) refreshTarget(this.#dialog, transaction.request);
    transaction.respond(createResponse(transaction.request, status, { toTag: this.localTag, headers: [...target, ...headers] }));
  }

  request(method: string, { headers = [], body }: { readonly headers?: HeaderLines; readonly body?: Uint8Array | string }, done: (response: SipResponse | undefined) => void): void {
    const content = { method, headers: [['Contact', this.#contact], ...this.#home.capabilities, ...headers] as HeaderLines, ...(body === undefined ? {} : { body }) };
    new DialogRequest(this.#home, this.#dialog, this, content, undefined, ({ response }) => {
      if (response !== undefined && response.status < 300) refreshTarget(this.#dialog, response);
      done(response);
    });
  }

  close(): void {
    this.#home.forgetDialog(this);
  }

  snapshot(): EventDialogSnapshot {
    const { transport, address, port } = 'flow' in this.#hop ? { transport: this.#hop.flow.transport, ...this.#hop.flow.remote } : this.#hop;
    return { version: 1, dialog: dialogSnapshot(this.#dialog), hop: { transport, address, port }, contact: this.#contact };
  }

  receive(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    if (request.callId !== this.callId || (request.from.tag ?? '') !== this.#dialog.remoteTag) return respond(transaction, 481, this.localTag);
    if (!acceptCSeq(this.#dialog, request)) return respond(transaction, 500, this.localTag);
    // Behind NAT its address may be another by now, and a connection of a former process is gone: it is where it asks from.
    this.#hop = { flow };
    if (request.method === 'OPTIONS') return this.#home.answerOptions(transaction, this.localTag);
    // RFC 5057 5.1: there is no session in it.
    if (ofSessions.has(request.method)) return respond(transaction, 481, this.localTag);
    this.#listener(transaction);
  }
}

const ofSessions = new Set(['INVITE', 'BYE', 'PRACK', 'UPDATE', 'INFO']);
