import type { SipRequest, SipResponse } from '../message/message.ts';
import { serialize } from '../message/serialize.ts';
import type { Flow } from '../transport/flow.ts';
import type { InviteServer } from './invite-server.ts';
import { NonInviteServer } from './non-invite-server.ts';
import type { ServerTransaction } from './server-transaction.ts';

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
