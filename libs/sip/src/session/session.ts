import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { SessionSnapshot } from './session-snapshot.ts';

/** Extra header lines in order, e.g. P-Asserted-Identity, Privacy, Alert-Info. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/**
 * One INVITE session, either side (RFC 3261 13–15). Session descriptions are opaque text here. Commands return nothing:
 * their result arrives as an event; a command that no longer applies is ignored. Events never arrive inside a command
 * of the same session. Exactly one of `rejected` and `ended` comes, and last.
 */
export interface Session {
  /** `out`: we sent the INVITE. */
  readonly direction: 'in' | 'out';
  readonly callId: string;
  /** The received INVITE of an incoming session (identity headers, user agent), until it is answered; then dropped to keep the session small. */
  readonly invite: SipRequest | undefined;
  /** `early` from the first 1xx with a tag (out), from the beginning (in); `confirmed` from the 2xx. */
  readonly phase: 'calling' | 'early' | 'confirmed' | 'ended';

  /** UAS: a 1xx (101–199). `reliable` waits for PRACK (RFC 3262) when the caller supports 100rel, else it is sent unreliably; with `sdp` it is answer (or offer, when the INVITE had none). */
  provisional(status: number, details?: { readonly reason?: string; readonly sdp?: string; readonly reliable?: boolean; readonly headers?: HeaderLines }): void;
  /** UAS: 200. `sdp` is the answer, or the offer when the INVITE had none; leave it out when a reliable provisional carried it. */
  accept(sdp?: string, headers?: HeaderLines): void;
  /** UAS: a final 3xx–6xx. The last event is then `ended` by local. */
  reject(status: number, details?: { readonly reason?: string; readonly headers?: HeaderLines }): void;
  /** Ends it by what fits its phase: CANCEL, BYE, or 480 to a caller still waiting. `reasonHeader` is a Reason value (RFC 3326), e.g. `Q.850;cause=16`. */
  end(details?: { readonly reasonHeader?: string; readonly headers?: HeaderLines }): void;

  /** Offers anew by re-INVITE. The outcome is `answer` or `offerRefused`; glare (491) is retried after RFC 3261 14.1's delay by itself. */
  reinvite(sdp: string): void;
  /** Offers anew by UPDATE (RFC 3311), also in an early dialog; falls back to re-INVITE when confirmed and the peer does not allow UPDATE. */
  update(sdp: string): void;
  /** Answers an `offer` event, or gives the offer an `offerRequested` event asks for. `dialog`: while a call forks, which of the early ones; absent: the only one. */
  answerOffer(sdp: string, dialog?: string): void;
  /** Refuses it; the session goes on as before (488 by default). */
  refuseOffer(status?: number, dialog?: string): void;
  /** INFO (RFC 6086 legacy use), e.g. application/dtmf-relay. */
  info(contentType: string, body: string): void;
  /**
   * Says these lines (P-Asserted-Identity …) in a request that changes nothing else, and in every offer from now on: by UPDATE without an offer where
   * the peer takes it, else, once confirmed and unless `by` forbids it, by a re-INVITE that repeats what we said last.
   */
  identify(headers: HeaderLines, by?: 'anyRequest' | 'update'): void;
  /** Answers a `request` event, at once or later: with our tag, and in a 2xx our Contact. */
  respond(transaction: ServerTransaction, status: number, headers?: HeaderLines): void;
  /** Any other in-dialog request (REFER, NOTIFY, MESSAGE). `done` gets the final response, or undefined after a timeout or transport failure. */
  request(method: string, details: { readonly headers?: HeaderLines; readonly body?: Uint8Array | string }, done: (response: SipResponse | undefined) => void): void;

  /** Plain JSON of a confirmed session for `SessionLayer.adopt`; undefined before and after. */
  snapshot(): SessionSnapshot | undefined;
}

export type SessionListener = (event: SessionEvent) => void;

export type SessionEvent =
  /** UAC: a 1xx. `dialog` names the early dialog (several when the call forked), undefined without a To tag; its `sdp` is the answer (certain only when `reliable`). */
  | { readonly type: 'provisional'; readonly status: number; readonly reason: string; readonly sdp: string | undefined; readonly dialog: string | undefined; readonly reliable: boolean; readonly response: SipResponse }
  /** UAC: the first 2xx. `sdp` is the answer, also when it came earlier in a reliable 1xx of this dialog; undefined when an `offer` event follows because our INVITE had none. */
  | { readonly type: 'accepted'; readonly sdp: string | undefined; readonly dialog: string; readonly response: SipResponse }
  /** The peer offers: answer by `answerOffer` or `refuseOffer`. `ACK`, `PRACK`: where our answer will travel (our INVITE had no offer). */
  | { readonly type: 'offer'; readonly sdp: string; readonly method: 'INVITE' | 'UPDATE' | 'ACK' | 'PRACK'; /** Its dialog, as `provisional` names it. */ readonly dialog: string }
  /** A re-INVITE without offer: give one by `answerOffer`; its answer comes as `answer`. */
  | { readonly type: 'offerRequested' }
  /** The answer to an offer of ours: after reinvite or update, or of an accepted INVITE that had none. */
  | { readonly type: 'answer'; readonly sdp: string }
  /** Our offer was refused, the session goes on as before; 0 when the peer did not answer. */
  | { readonly type: 'offerRefused'; readonly status: number }
  /** Already answered 200. */
  | { readonly type: 'info'; readonly contentType: string; readonly body: string }
  /** An in-dialog request of `SessionSettings.dialogMethods`: the listener answers it. */
  | { readonly type: 'request'; readonly transaction: ServerTransaction }
  /** UAS: the ACK of our 2xx came. */
  | { readonly type: 'acknowledged' }
  /** The snapshot changed (CSeq, remote target, session timer): store it anew. */
  | { readonly type: 'changed' }
  /** UAC: final 3xx–6xx. `contacts` of a 3xx as written; `retryAfterS` of Retry-After. */
  | { readonly type: 'rejected'; readonly status: number; readonly reason: string; readonly response: SipResponse; readonly contacts: readonly string[]; readonly retryAfterS: number | undefined }
  /** `remote`: BYE or CANCEL; `timer`: no answer (B, H, session timer, PRACK); `transport`: it could not be sent. `detail` is a sentence for people. */
  | { readonly type: 'ended'; readonly by: 'remote' | 'local' | 'timer' | 'transport'; readonly reasonHeader: string | undefined; readonly detail: string };

/** An INVITE outside a dialog, before a session exists. 100 Trying is the layer's. */
export interface IncomingInvite {
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Its session description, if any. */
  readonly offer: string | undefined;
  /** A final answer without a session (challenge, not found, busy). `headers` e.g. WWW-Authenticate. */
  refuse(status: number, details?: { readonly reason?: string; readonly headers?: HeaderLines }): void;
  /** Makes the session. May be later than `onInvite`; when the caller gave up meanwhile, `ended` follows at once. */
  take(listener: SessionListener, details?: { readonly contactUser?: string } & Pick<OutgoingInvite, 'authenticate' | 'sessionTimer'>): Session;
}

/** A session we begin. */
export interface OutgoingInvite {
  readonly hop: Hop;
  /** Request-URI. */
  readonly uri: string;
  /** Name-addr without tag, e.g. `"Anna" <sip:101@pbx.example>`. */
  readonly from: string;
  readonly to: string;
  /** User part of our Contact. */
  readonly contactUser?: string;
  /** Preloaded Route values (Path of a registration, outbound proxy). */
  readonly routes?: readonly string[];
  /** Absent: the INVITE has no offer, the peer's 2xx brings one. */
  readonly offer?: string;
  readonly headers?: HeaderLines;
  /** 70 when absent; a call passed on gives one less than it came with, so that a loop ends. */
  readonly maxForwards?: number;
  /** Made by the layer when absent. */
  readonly callId?: string;
  /**
   * Value for Authorization (401) or Proxy-Authorization (407), or all credential lines the request is to have, of proxies that were passed before too;
   * undefined to give up. Asked for each challenged request of the session, an INVITE three times at most.
   */
  readonly authenticate?: (challenge: SipResponse, request: SipRequest) => string | HeaderLines | undefined;
  /** Told of every response to the INVITE as it comes, 100 Trying and challenges too: somebody is there. */
  readonly heard?: (response: SipResponse, flow: Flow) => void;
  readonly sessionTimer?: SessionTimerSettings;
}

/** RFC 4028, in seconds. */
export interface SessionTimerSettings {
  /** 0: we do not ask for one (a peer may). */
  readonly expiresS: number;
  readonly minimumS: number;
}
