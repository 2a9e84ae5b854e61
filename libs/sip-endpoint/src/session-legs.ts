import type { ServerTransaction, Session } from '@tipring/sip';
import type { EndpointId, Leg } from '@tipring/telephony';

/** By which a REFER is answered, and its NOTIFYs go: the session it came in, or a dialog of its own, which is closed at the end. */
export type ReferDialog = Pick<Session, 'request' | 'respond'> & { close?(): void };

/** A leg and its session. */
export interface SessionLeg {
  readonly leg: Leg;
  readonly endpoint: EndpointId;
  /** A REFER of its far end, to be answered and told of by that dialog. Not at all while it is not answered. */
  refer?(transaction: ServerTransaction, dialog: ReferDialog): void;
}

/** Which leg each session is: for REFER and INVITE with Replaces, which name a dialog (RFC 3891 3). An entry goes with its session. */
export class SessionLegs {
  readonly #legs = new WeakMap<Session, SessionLeg>();

  set(session: Session, leg: SessionLeg): void {
    this.#legs.set(session, leg);
  }

  of(session: Session | undefined): SessionLeg | undefined {
    return session === undefined ? undefined : this.#legs.get(session);
  }
}
