import { isReliable } from '../transport/flow.ts';
import type { Hop, TransportName } from '../transport/flow.ts';
import { keep, restore } from './kept-bytes.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { ServerKeys } from './matching.ts';
import type { Machinery } from './timing.ts';

/**
 * Non-INVITE server transaction, RFC 3261 figure 8.
 *
 *            request
 *               │
 *            Trying ───────┐  request: absorbed
 *           1xx │          │
 *               ▼          │
 *           Proceeding     │  request: last 1xx again
 *       200–699 │          │ 200–699
 *               ▼          │
 *           Completed ◄────┘  request: response again
 *             J │
 *               ▼
 *           Terminated
 */
export class NonInviteServer {
  readonly key: string;
  readonly merge: string | undefined;
  readonly #hop: Hop;
  readonly #reliable: boolean;
  readonly #machinery: Machinery;
  #state: State = trying;

  constructor(keys: ServerKeys, hop: Hop, transport: TransportName, machinery: Machinery) {
    this.key = keys.key;
    this.merge = keys.merge;
    this.#hop = hop;
    this.#reliable = isReliable(transport);
    this.#machinery = machinery;
  }

  get at(): State['at'] {
    return this.#state.at;
  }

  /** The same request again. */
  receiveRequest(): void {
    const state = this.#state;
    this.#machinery.counters.retransmissionsReceived++;
    switch (state.at) {
      case 'proceeding':
      case 'completed':
        this.#machinery.counters.retransmissionsSent++;
        this.#send(restore(state.last));
        return;
      case 'trying':
      case 'terminated':
        return;
    }
  }

  respond(status: number, bytes: Uint8Array): void {
    switch (this.#state.at) {
      case 'trying':
      case 'proceeding':
        if (status < 200) this.#state = { at: 'proceeding', last: keep(bytes) };
        else this.#complete(bytes);
        this.#send(bytes);
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  /** A final response that is not kept: the request again is taken as a new one (RFC 3261 8.2.7). */
  respondOnce(bytes: Uint8Array): void {
    switch (this.#state.at) {
      case 'trying':
      case 'proceeding':
        this.#machinery.answered();
        this.#send(bytes);
        this.#terminate();
        return;
      case 'completed':
      case 'terminated':
        return;
    }
  }

  /** J is over. */
  expire(): void {
    if (this.#state.at === 'completed') this.#terminate();
  }

  #complete(bytes: Uint8Array): void {
    this.#machinery.answered();
    this.#state = { at: 'completed', last: keep(bytes) };
    // RFC 3261 17.2.2: J is zero where nothing can come twice.
    if (this.#reliable) this.#terminate();
    else this.#machinery.longWait.enter(this);
  }

  #terminate(): void {
    this.#state = terminated;
    this.#machinery.terminated(this.key, 'server');
  }

  #send(bytes: Uint8Array): void {
    this.#machinery.transport.send(this.#hop, bytes, this.#machinery.responseFailed);
  }
}

type State =
  | { readonly at: 'trying' }
  | { readonly at: 'proceeding'; readonly last: KeptBytes }
  | { readonly at: 'completed'; readonly last: KeptBytes }
  | { readonly at: 'terminated' };

const trying: State = { at: 'trying' };
const terminated: State = { at: 'terminated' };
