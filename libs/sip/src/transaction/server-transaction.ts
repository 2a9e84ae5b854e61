import type { SipRequest, SipResponse } from '../message/message.ts';
import { serialize } from '../message/serialize.ts';
import type { Flow } from '../transport/flow.ts';
import type { InviteServer } from './invite-server.ts';
import { NonInviteServer } from './non-invite-server.ts';

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

/** The user's end of a server machine. The machine itself holds no request, so that the many that linger stay small. */
export class OpenServerTransaction implements ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  lastStatus = 0;
  readonly #machine: InviteServer | NonInviteServer;

  constructor(request: SipRequest, flow: Flow, machine: InviteServer | NonInviteServer) {
    this.request = request;
    this.flow = flow;
    this.#machine = machine;
  }

  respond(response: SipResponse): void {
    this.lastStatus = response.status;
    this.#machine.respond(response.status, serialize(response));
  }

  respondOnce(response: SipResponse): void {
    if (!(this.#machine instanceof NonInviteServer)) {
      this.respond(response);
      return;
    }
    this.lastStatus = response.status;
    this.#machine.respondOnce(serialize(response));
  }
}
