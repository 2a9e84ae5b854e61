import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/** A received request and the way back (RFC 3261 17.2). */
export interface ServerTransaction {
  readonly request: SipRequest;
  /** The flow it came by. */
  readonly flow: Flow;
  /** Of the response sent last, 0 before the first. */
  readonly lastStatus: number;
  /** Sends a response made by `createResponse`; retransmits and absorbs as the machine says. After a final one nothing more is sent, but a 2xx to INVITE again. */
  respond(response: SipResponse): void;
  /**
   * Sends a final response and keeps nothing: the same request again is taken as a new one (RFC 3261 8.2.7). For
   * challenges and refusals that cost nothing to repeat. An INVITE is answered as by `respond`, since its ACK must be absorbed.
   */
  respondOnce(response: SipResponse): void;
}
