import { dialogRequest } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ClientUser } from '../transaction/client-transaction.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { HeaderLines } from './session.ts';
import type { UserAgent } from './user-agent.ts';

export type Authenticate = (challenge: SipResponse, request: SipRequest) => string | undefined;

/** How a request of ours ended: a final response, or none. */
export type RequestOutcome =
  | { readonly response: SipResponse; readonly request: SipRequest }
  | { readonly response: undefined; readonly failure: 'timeout' | 'transport'; readonly detail: string };

export interface DialogRequestContent {
  readonly method: string;
  readonly headers: HeaderLines;
  readonly body?: Uint8Array | string;
}

/** One in-dialog request, sent again with credentials when it is challenged (RFC 3261 22). */
export class DialogRequest implements ClientUser {
  readonly #agent: UserAgent;
  readonly #dialog: Dialog;
  readonly #hop: Hop;
  readonly #content: DialogRequestContent;
  readonly #authenticate: Authenticate | undefined;
  readonly #done: (outcome: RequestOutcome) => void;
  #request: SipRequest;
  #attempts = 0;

  constructor(agent: UserAgent, dialog: Dialog, hop: Hop, content: DialogRequestContent, authenticate: Authenticate | undefined, done: (outcome: RequestOutcome) => void) {
    this.#agent = agent;
    this.#dialog = dialog;
    this.#hop = hop;
    this.#content = content;
    this.#authenticate = authenticate;
    this.#done = done;
    this.#request = this.#send(content.headers);
  }

  onResponse(response: SipResponse, _flow: Flow): void {
    if (response.status < 200) return;
    if ((response.status === 401 || response.status === 407) && this.#authenticate !== undefined && this.#attempts < 3) {
      const value = this.#authenticate(response, this.#request);
      if (value !== undefined) {
        this.#request = this.#send([...this.#content.headers, credentialsLine(response, value)]);
        return;
      }
    }
    this.#done({ response, request: this.#request });
  }

  onFailure(failure: 'timeout' | 'transport', detail: string): void {
    this.#done({ response: undefined, failure, detail });
  }

  #send(headers: HeaderLines): SipRequest {
    const { method, body } = this.#content;
    this.#attempts++;
    const request = dialogRequest(this.#dialog, method, body === undefined ? { headers } : { headers, body });
    this.#agent.transactions.request(request, this.#hop, this);
    return request;
  }
}

/** The header a challenge's answer belongs in. */
export function credentialsLine(challenge: SipResponse, value: string): readonly [string, string] {
  return [challenge.status === 401 ? 'Authorization' : 'Proxy-Authorization', value];
}
