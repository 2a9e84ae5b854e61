import type { Timer, Timers } from '@tipring/clock';
import { dialogFromSnapshot, dialogRequest, uacDialog, uasDialog } from '../dialog/dialog.ts';
import { createResponse } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { TransactionLayer, TransactionUser } from '../transaction/transaction-layer.ts';
import type { TransactionTiming } from '../transaction/timing.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import { OpenEventDialog } from './event-dialog.ts';
import type { EventDialog, EventDialogHome, EventDialogListener, EventDialogSnapshot } from './event-dialog.ts';
import { InviteSession } from './invite-session.ts';
import type { SessionHome } from './invite-session.ts';
import { InviteUsage } from './invite-usage.ts';
import { refusalOf } from './request-checks.ts';
import type { RequestPolicy } from './request-checks.ts';
import { PendingInvite } from './pending-invite.ts';
import type { TakeDetails } from './pending-invite.ts';
import type { HeaderLines, IncomingInvite, OutgoingInvite, Session, SessionListener } from './session.ts';
import type { SessionSettings } from './session-settings.ts';
import type { SessionSnapshot } from './session-snapshot.ts';
import { UacInvite } from './uac-invite.ts';
import { UasInvite } from './uas-invite.ts';
import { respond, sdpOf } from './user-agent.ts';

/** The user-agent core (RFC 3261 8, 12–15): between the transactions and what makes calls of them. */
export interface SessionCore {
  /** Begins a session: sends the INVITE. */
  invite(outgoing: OutgoingInvite, listener: SessionListener): Session;
  /** Takes a confirmed session back from its snapshot: BYE, re-INVITE both ways and the session timer go on. */
  adopt(snapshot: SessionSnapshot, listener: SessionListener, details?: Pick<OutgoingInvite, 'authenticate'>): Session;
  /** The session that has this dialog, early ones too; undefined: none that lives. Tags in either order: who names it may see it from our end or from the far one. */
  find(dialog: { readonly callId: string; readonly tags: readonly [string, string] }): Session | undefined;
  /** The dialog of a request outside of dialogs (`SessionUser.onRequest`), to be answered by its `respond`: at once or later. */
  openDialog(transaction: ServerTransaction, listener: EventDialogListener, details?: { readonly contactUser?: string }): EventDialog;
  /** Takes such a dialog back from its snapshot. */
  adoptDialog(snapshot: EventDialogSnapshot, listener: EventDialogListener): EventDialog;
  /** Sessions that live. */
  readonly size: number;
}

/** Whoever owns the sessions: the adapter. */
export interface SessionUser {
  /** An INVITE that opens a dialog and passed the checks of RFC 3261 8.2. Refuse it or take it; left open, it gets its 100 Trying (`tryingAfterMs`). */
  onInvite(invite: IncomingInvite): void;
  /** Any other request outside a dialog, of `SessionSettings.methods` (REGISTER, SUBSCRIBE …): the user answers it, or makes a dialog of it (`SessionCore.openDialog`). OPTIONS is answered by the layer. */
  onRequest(transaction: ServerTransaction): void;
  /**
   * Where else an in-dialog request may go when its hop cannot be reached at all (a connection that is gone), in order.
   * `uri`: the dialog's first route or remote target. Absent: nowhere.
   */
  alternatives?(uri: string, failed: Hop): readonly Hop[];
}

export interface SessionLayerPorts {
  readonly transactions: TransactionLayer;
  readonly timers: Timers;
  /** In [0, 1), unguessable: tags and Call-IDs are made of it. */
  readonly random: () => number;
}

/** Binds itself to the transactions. */
export class SessionLayer implements SessionCore, SessionHome, EventDialogHome, TransactionUser {
  readonly transactions: TransactionLayer;
  readonly timers: Timers;
  readonly timing: TransactionTiming;
  readonly settings: SessionSettings;
  readonly capabilities: HeaderLines;
  readonly product: HeaderLines;
  readonly #random: () => number;
  readonly #user: SessionUser;
  readonly #policy: RequestPolicy;
  /** By our tag, which no other session has. */
  readonly #sessions = new Map<string, InviteSession>();
  /** By our tag too. */
  readonly #dialogs = new Map<string, OpenEventDialog>();
  /** INVITEs that are neither answered nor of a session yet, and those of sessions that wait for an answer. */
  readonly #unanswered = new Map<ServerTransaction, PendingInvite | InviteSession>();
  #deferred: (() => void)[] = [];
  #wake: Timer | undefined;

  constructor(ports: SessionLayerPorts, user: SessionUser, settings: SessionSettings) {
    this.transactions = ports.transactions;
    this.timers = ports.timers;
    this.timing = ports.transactions.timing;
    this.settings = settings;
    this.#random = ports.random;
    this.#user = user;
    const extensions = ['100rel', 'timer', ...(settings.extensions ?? [])];
    const allow = [...new Set([...sessionMethods, 'ACK', 'CANCEL', 'OPTIONS', ...settings.methods, ...settings.dialogMethods])].join(', ');
    this.#policy = {
      allow,
      methods: new Set(['INVITE', 'OPTIONS', ...settings.methods]),
      dialogMethods: new Set([...sessionMethods, 'OPTIONS', ...settings.dialogMethods]),
      extensions: new Set(extensions),
      sessionTimer: settings.sessionTimer,
    };
    this.product = [['User-Agent', settings.product]];
    this.capabilities = [['Allow', allow], ['Supported', extensions.join(', ')], ...this.product];
    ports.transactions.bind(this);
  }

  get size(): number {
    return this.#sessions.size;
  }

  invite(outgoing: OutgoingInvite, listener: SessionListener): Session {
    const session = this.#newSession(listener, {
      direction: 'out',
      callId: outgoing.callId ?? this.newToken(),
      localTag: this.newToken(),
      authenticate: outgoing.authenticate,
      sessionTimer: outgoing.sessionTimer ?? this.settings.sessionTimer,
    });
    session.begin(new UacInvite(this, session, outgoing, session.callId, session.localTag), undefined);
    return session;
  }

  adopt(snapshot: SessionSnapshot, listener: SessionListener, details: Pick<OutgoingInvite, 'authenticate'> = {}): Session {
    const { sessionTimer: timer, dialog: saved } = snapshot;
    const dialog = dialogFromSnapshot(saved);
    // The snapshot may be older than our last request; gaps in CSeq are allowed (RFC 3261 12.2.2), going back is not.
    dialog.localCSeq += 50;
    const session = this.#newSession(listener, {
      direction: snapshot.direction,
      callId: dialog.callId,
      localTag: dialog.localTag,
      authenticate: details.authenticate,
      sessionTimer: timer === undefined ? this.settings.sessionTimer : { expiresS: timer.intervalS, minimumS: timer.minimumS },
    });
    const usage = new InviteUsage(this, session, dialog, snapshot.hop, snapshot.contact);
    usage.localSdp = snapshot.localSdp;
    usage.peerAllowsUpdate = snapshot.peerAllowsUpdate;
    usage.signalingState = 'stable';
    usage.confirm();
    if (timer !== undefined) usage.resumeTimer(timer.intervalS, timer.refresher, timer.elapsedMs);
    session.begin(undefined, usage);
    return session;
  }

  find({ callId, tags: [one, other] }: { readonly callId: string; readonly tags: readonly [string, string] }): Session | undefined {
    for (const [local, remote] of [[one, other], [other, one]] as const) {
      const session = this.#sessions.get(local);
      if (session?.hasDialog(callId, remote) === true && session.phase !== 'ended') return session;
    }
    return undefined;
  }

  openDialog(transaction: ServerTransaction, listener: EventDialogListener, details: { readonly contactUser?: string } = {}): EventDialog {
    return this.#keepDialog(OpenEventDialog.of(this, transaction, details.contactUser, listener));
  }

  adoptDialog(snapshot: EventDialogSnapshot, listener: EventDialogListener): EventDialog {
    return this.#keepDialog(OpenEventDialog.adopt(this, snapshot, listener));
  }

  // TransactionUser

  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    const refusal = refusalOf(request, this.#policy);
    if (refusal !== undefined) respond(transaction, refusal.status, this.newToken(), refusal.headers);
    else if (request.to.tag !== undefined) this.#dispatch(transaction, request.to.tag);
    else if (request.method === 'OPTIONS') this.answerOptions(transaction, this.newToken());
    else if (request.method === 'INVITE') this.#receiveInvite(transaction);
    else this.#user.onRequest(transaction);
  }

  onAck(request: SipRequest): void {
    const { tag } = request.to;
    if (tag !== undefined) this.#sessions.get(tag)?.receiveAck(request);
  }

  onCancel(invite: ServerTransaction, cancel: ServerTransaction): void {
    const { tag } = invite.request.to;
    const owner = this.#unanswered.get(invite) ?? (tag === undefined ? undefined : this.#sessions.get(tag));
    if (owner === undefined) respond(cancel, 481, this.newToken());
    else owner.receiveCancel(invite, cancel);
  }

  onStrayResponse(response: SipResponse, flow: Flow): void {
    const { tag } = response.from;
    if (tag === undefined || this.#sessions.get(tag)?.receiveStray(response) === true) return;
    this.#hangUp(response, flow);
  }

  onQuiet(): void {
    if (this.#deferred.length === 0) return;
    this.#wake?.stop();
    this.#wake = undefined;
    this.#runDeferred();
  }

  // SessionHome

  random(): number {
    return this.#random();
  }

  newToken(): string {
    return Math.floor(this.#random() * 2 ** 32).toString(16) + Math.floor(this.#random() * 2 ** 32).toString(16);
  }

  contact(hop: Hop, user: string | undefined): string {
    const { transport, address, port } = this.transactions.transport.advertised(hop);
    const host = address.includes(':') ? `[${address}]` : address;
    return `<sip:${user === undefined ? '' : `${user}@`}${host}:${port}${transport === 'udp' ? '' : `;transport=${transport === 'wss' ? 'ws' : transport}`}>`;
  }

  alternatives(uri: string, failed: Hop): readonly Hop[] {
    return this.#user.alternatives?.(uri, failed) ?? [];
  }

  answerOptions(transaction: ServerTransaction, toTag: string): void {
    respond(transaction, 200, toTag, [...this.capabilities, ['Accept', 'application/sdp'], ['Accept-Encoding', 'identity'], ['Accept-Language', 'en']]);
  }

  defer(task: () => void): void {
    this.#deferred.push(task);
    this.#wake ??= this.timers.start(0, () => {
      this.#wake = undefined;
      this.#runDeferred();
    });
  }

  forget(session: InviteSession): void {
    this.#sessions.delete(session.localTag);
  }

  forgetDialog(dialog: OpenEventDialog): void {
    this.#dialogs.delete(dialog.localTag);
  }

  /** An unanswered INVITE became a session. */
  take(transaction: ServerTransaction, listener: SessionListener, details: TakeDetails): InviteSession {
    const { request, flow } = transaction;
    const localTag = this.newToken();
    const session = this.#newSession(listener, {
      direction: 'in',
      callId: request.callId,
      localTag,
      authenticate: details.authenticate,
      sessionTimer: details.sessionTimer ?? this.settings.sessionTimer,
    });
    const hop = { flow };
    const usage = new InviteUsage(this, session, uasDialog(request, localTag), hop, this.contact(hop, details.contactUser));
    usage.learn(request);
    if (sdpOf(request) !== undefined) usage.signal('receiveOffer');
    session.begin(new UasInvite(usage, transaction), usage);
    this.#unanswered.set(transaction, session);
    return session;
  }

  /** It has its final response. */
  settled(transaction: ServerTransaction): void {
    this.#unanswered.delete(transaction);
  }

  #newSession(listener: SessionListener, parts: Omit<ConstructorParameters<typeof InviteSession>[1], 'listener'>): InviteSession {
    const session = new InviteSession(this, { ...parts, listener });
    this.#sessions.set(session.localTag, session);
    return session;
  }

  #keepDialog(dialog: OpenEventDialog): EventDialog {
    this.#dialogs.set(dialog.localTag, dialog);
    return dialog;
  }

  #dispatch(transaction: ServerTransaction, tag: string): void {
    const owner = this.#sessions.get(tag) ?? this.#dialogs.get(tag);
    // RFC 3261 12.2.2: a To tag of ours that we do not know.
    if (owner === undefined) respond(transaction, 481, tag);
    else owner.receive(transaction);
  }

  #receiveInvite(transaction: ServerTransaction): void {
    const invite = new PendingInvite(this, transaction);
    this.#unanswered.set(transaction, invite);
    this.#user.onInvite(invite);
    if (transaction.lastStatus !== 0) return;
    const trying = () => {
      if (transaction.lastStatus === 0) transaction.respond(createResponse(transaction.request, 100));
    };
    if (this.settings.tryingAfterMs === undefined) trying();
    else this.timers.start(this.settings.tryingAfterMs, trying);
  }

  /** RFC 3261 13.2.2.4: a further branch of the fork answered after the session was decided, or over. */
  #hangUp(response: SipResponse, flow: Flow): void {
    const dialog = uacDialog(response, response.to.uri);
    const hop = this.settings.nextHop?.(dialog.remoteTarget, flow) ?? { flow };
    this.transactions.acknowledge(dialogRequest(dialog, 'ACK', { cseq: response.cseq.number, headers: [] }), hop);
    this.transactions.request(dialogRequest(dialog, 'BYE', { headers: this.product }), hop, indifferent);
  }

  #runDeferred(): void {
    const tasks = this.#deferred;
    this.#deferred = [];
    for (const task of tasks) task();
  }
}

const sessionMethods = ['INVITE', 'BYE', 'PRACK', 'UPDATE', 'INFO'];
const indifferent = { onResponse() {}, onFailure() {} };
