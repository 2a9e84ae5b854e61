import type { Cause } from './cause.ts';
import type { EndpointId } from './endpoint.ts';
import type { LegId } from './leg.ts';
import type { CallId } from './record.ts';

/** Why an operation was not begun. `emergency`: calls for help are not touched by features. */
export interface OperationRefusal {
  readonly ok: false;
  readonly code: 'noSuchCall' | 'noSuchLeg' | 'wrongState' | 'emergency' | 'refused';
  readonly text: string;
  /** Of a number that nobody has, or that may not be called. */
  readonly cause?: Cause;
}

export type Operated<T = object> = ({ readonly ok: true } & T) | OperationRefusal;

export type TransferId = string;

/**
 * One transfer, whoever asked for it: a telephone by signalling or flash, or the API. `call`: the one the transferee was in; `by`: who transfers, its leg
 * there. `ringing`: the target is called; `consulting`: the transferor talks to it; `recalled`: nobody answered, and the transferor was called back.
 */
export interface Transfer {
  readonly id: TransferId;
  readonly call: CallId;
  readonly by: LegId;
  readonly to: { readonly number: string } | { readonly call: CallId };
  readonly kind: 'blind' | 'attended';
  readonly state: 'ringing' | 'consulting' | 'completed' | 'failed' | 'cancelled' | 'recalled';
  /** Of an attended one: the call to the target. */
  readonly consultation: CallId | null;
  /** Of one that failed or was recalled. */
  readonly cause: Cause | null;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** A call whose one party waits in a parking slot. */
export interface ParkedCall {
  readonly lot: string;
  readonly slot: string;
  readonly call: CallId;
  /** Ms since the epoch. */
  readonly since: number;
  /** Who parked it. */
  readonly by: EndpointId;
}

/** `listen`: hears all; `whisper`: one party hears him as well; `barge`: all do. */
export type SupervisionMode = 'listen' | 'whisper' | 'barge';

/** As what a leg comes into a call: the answer to its ringing, in place of one of its legs, as one more party, or to supervise a party. */
export type ArrivalAs =
  | { readonly is: 'answer' }
  | { readonly is: 'inPlaceOf'; readonly leg: LegId }
  | { readonly is: 'party' }
  | { readonly is: 'observer'; readonly of: LegId; readonly mode: SupervisionMode };

/**
 * What can be done with calls that are up. All answer at once; what comes of it is told by events. They may be called from within an endpoint or a
 * listener: they take effect after the present input then.
 */
export interface CallOperations {
  /** `leg` holds: the others hear music. */
  hold(call: CallId, leg: LegId): Operated;
  resume(call: CallId, leg: LegId): Operated;
  /** A muted party hears and is not heard. */
  mute(call: CallId, leg: LegId, isMuted: boolean): Operated;
  /** To the far end of this leg. */
  sendDigits(call: CallId, leg: LegId, digits: string): Operated;
  /**
   * `leg` transfers the other side of `call`. Blind: at once to a number. Attended, to a number: `leg` is taken over into a call to it, meanwhile the
   * other side waits with music; to a call in which another leg of the same telephone is: the other side is moved there.
   */
  transfer(request: { readonly call: CallId; readonly leg: LegId; readonly to: { readonly number: string } | { readonly call: CallId }; readonly kind: 'blind' | 'attended' }): Operated<{ readonly transfer: Transfer }>;
  /** Those under way and the latest that are over, oldest first. */
  transfers(): readonly Transfer[];
  transferOf(id: TransferId): Transfer | undefined;
  /** Of an attended one: the other side talks, or listens to the ringing, in place of the transferor. */
  completeTransfer(id: TransferId): Operated;
  /** All is as it was before. */
  cancelTransfer(id: TransferId): Operated;
  /** The transferor talks to the other of the two. */
  swapTransfer(id: TransferId): Operated;
  /** `leg` is who parks; the other side waits in the slot, or in the lot's first that is free. */
  park(request: { readonly call: CallId; readonly leg: LegId; readonly lot: string; readonly slot?: string }): Operated<{ readonly slot: string }>;
  parked(): readonly ParkedCall[];
  /** `with`, a leg of another call, talks to who is parked there. */
  retrieve(request: { readonly lot: string; readonly slot: string; readonly with: LegId }): Operated;
  /** `with`, a leg of another call, answers this one, which rings. */
  pickUp(request: { readonly call: CallId; readonly with: LegId }): Operated;
  /** The called side, ringing or talking, is released, and this number is called in its place. */
  redirect(call: CallId, number: string): Operated;
  /** All parties of `other` become parties of `call`. A telephone that is in both keeps one leg. */
  merge(call: CallId, other: CallId): Operated;
  /** `with`, a leg of another call or the supervisor already there, whose mode changes. */
  supervise(request: { readonly call: CallId; readonly party: LegId; readonly mode: SupervisionMode; readonly with: LegId }): Operated;
  record(call: CallId, what: 'start' | 'pause' | 'resume' | 'stop'): Operated;
  /** The leg that began it, while it is in this call. */
  callerLeg(call: CallId): LegId | undefined;
}
