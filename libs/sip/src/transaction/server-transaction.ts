import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';

/** A received request and the way back (RFC 3261 17.2). */
export interface ServerTransaction {
  readonly request: SipRequest;
  /** The flow it came by. */
  readonly flow: Flow;
  /** Sends a response made by `createResponse`; retransmits and absorbs as the machine says. After a final one nothing more is sent. */
  respond(response: SipResponse): void;
}
