import { dialogRequest, nextUri } from '../dialog/dialog.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ClientUser } from '../transaction/client-transaction.ts';
import { FailOver } from '../transport/fail-over.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { HeaderLines, OutgoingInvite } from './session.ts';
import type { UserAgent } from './user-agent.ts';

export type Authenticate = NonNullable<OutgoingInvite['authenticate']>;

/** How a request of ours ended: a final response, or none. */
export type RequestOutcome =
  | { readonly response: SipResponse; readonly request: SipRequest }
  | { readonly response: undefined; readonly failure: 'timeout' | 'transport'; readonly detail: string };

export interface DialogRequestContent {
  readonly method: string;
  readonly headers: HeaderLines;
  readonly body?: Uint8Array | string;
}

/** How the peer of a dialog is reached. */
export interface Way {
  readonly nextHop: Hop;
  /** The peer answered by another one. */
  moveTo(hop: Hop): void;
}

/**
 * One in-dialog request, sent again with credentials when it is challenged (RFC 3261 22), and another way when the
 * connection to the peer is gone (RFC 3263 4.3).
 */
export class DialogRequest implements ClientUser {
  readonly #agent: UserAgent;
  readonly #dialog: Dialog;
  readonly #way: Way;
  #hop: Hop;
  /** Since the first hop failed. */
  #failOver: FailOver | undefined;
  readonly #content: DialogRequestContent;
  readonly #authenticate: Authenticate | undefined;
  readonly #done: (outcome: RequestOutcome) => void;
  #headers: HeaderLines;
  #request: SipRequest;
  #attempts = 0;

  constructor(agent: UserAgent, dialog: Dialog, way: Way, content: DialogRequestContent, authenticate: Authenticate | undefined, done: (outcome: RequestOutcome) => void) {
    this.#agent = agent;
    this.#dialog = dialog;
    this.#way = way;
    this.#hop = way.nextHop;
    this.#content = content;
    this.#authenticate = authenticate;
    this.#done = done;
    this.#headers = content.headers;
    this.#request = this.#send();
  }

  onResponse(response: SipResponse, _flow: Flow): void {
    if (this.#failOver !== undefined) this.#way.moveTo(this.#hop);
    if (response.status < 200) return;
    if ((response.status === 401 || response.status === 407) && this.#authenticate !== undefined && this.#attempts < 2) {
      const value = this.#authenticate(response, this.#request);
      if (value !== undefined) {
        this.#headers = [...this.#content.headers, ...credentialLines(response, value)];
        this.#attempts++;
        this.#request = this.#send();
        return;
      }
    }
    this.#done({ response, request: this.#request });
  }

  onFailure(failure: 'timeout' | 'transport', detail: string): void {
    if (failure === 'transport') {
      this.#failOver ??= new FailOver([this.#hop, ...this.#agent.alternatives(nextUri(this.#dialog), this.#hop)]);
      const hop = this.#failOver.next('unreachable');
      if (hop !== undefined) {
        this.#hop = hop;
        // Under the next CSeq: nobody has seen the former one, and gaps are allowed (RFC 3261 12.2.2).
        this.#request = this.#send();
        return;
      }
    }
    this.#done({ response: undefined, failure, detail });
  }

  #send(): SipRequest {
    const { method, body } = this.#content;
    const headers = this.#headers;
    const request = dialogRequest(this.#dialog, method, body === undefined ? { headers } : { headers, body });
    this.#agent.transactions.request(request, this.#hop, this);
    return request;
  }
}

/** What the challenged request is to have; a value alone belongs in the header that answers this challenge, beside `former` lines of another. */
export function credentialLines(challenge: SipResponse, value: string | HeaderLines, former: HeaderLines = []): HeaderLines {
  if (typeof value !== 'string') return value;
  const name = challenge.status === 401 ? 'Authorization' : 'Proxy-Authorization';
  return [...former.filter((line) => line[0] !== name), [name, value]];
}
