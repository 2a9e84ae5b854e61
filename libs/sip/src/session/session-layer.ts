import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { IncomingInvite, OutgoingInvite, Session, SessionListener, SessionTimerSettings } from './session.ts';
import type { SessionSnapshot } from './session-snapshot.ts';

/** The user-agent core (RFC 3261 8, 12–15): between the transactions and what makes calls of them. */
export interface SessionCore {
  /** Begins a session: sends the INVITE. */
  invite(outgoing: OutgoingInvite, listener: SessionListener): Session;
  /** Takes a confirmed session back from its snapshot: BYE, re-INVITE both ways and the session timer go on. */
  adopt(snapshot: SessionSnapshot, listener: SessionListener, details?: Pick<OutgoingInvite, 'authenticate'>): Session;
  /** Sessions that live. */
  readonly size: number;
}

/** Whoever owns the sessions: the adapter. */
export interface SessionUser {
  /** An INVITE that opens a dialog and passed the checks of RFC 3261 8.2. Refuse it or take it. */
  onInvite(invite: IncomingInvite): void;
  /** Any other request outside a dialog, of `SessionSettings.methods` (REGISTER …): the user answers it. OPTIONS is answered by the layer. */
  onRequest(transaction: ServerTransaction): void;
}

export interface SessionSettings {
  /** User-Agent and Server value. */
  readonly product: string;
  /** Methods outside a dialog that go to `onRequest`, e.g. REGISTER, SUBSCRIBE, MESSAGE. */
  readonly methods: readonly string[];
  /** In-dialog methods that become a `request` event, e.g. REFER, NOTIFY. */
  readonly dialogMethods: readonly string[];
  /** RFC 4028; our side's wish and lower bound, unless a session says otherwise. */
  readonly sessionTimer: SessionTimerSettings;
  /** Further option tags to announce in Supported, e.g. path, replaces. */
  readonly extensions?: readonly string[];
  /** Where an in-dialog request goes when not back on the dialog's flow: given the next URI (first Route or remote target). The default is the flow. */
  readonly nextHop?: (uri: string, flow: Flow | undefined) => Hop | undefined;
}
