import type { Timer } from '@tipring/clock';
import { isReliable } from '../transport/flow.ts';
import type { Hop, TransportName } from '../transport/flow.ts';
import { keep, restore } from './kept-bytes.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { ServerKeys } from './matching.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Machinery } from './timing.ts';

/**
 * INVITE server transaction: RFC 3261 figure 7 as RFC 6026 figure 5 changed it.
 *
 *                INVITE
 *                  │
 *            ┌─ Proceeding ─┐  INVITE: last 1xx again
 *        2xx │              │ 300–699
 *            ▼              ▼
 *        Accepted       Completed  ── G, INVITE: response again
 *      INVITE: absorbed   │   │ H: the ACK never came
 *      2xx: the core's    │   │
 *      repetition is sent │ACK│
 *            │            ▼   │
 *            │L       Confirmed  ACK: absorbed
 *            │            │I  │
 *            └──► Terminated ◄┘
 */
export class InviteServer {
  readonly key: string;
  readonly merge: string | undefined;
  /** The user's end of it, while it is unanswered. */
  transaction: ServerTransaction | undefined;
  readonly #hop: Hop;
  readonly #reliable: boolean;
  readonly #machinery: Machinery;
  #state: State = { at: 'proceeding', last: undefined };

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

  /** The same INVITE again. */
  receiveInvite(): void {
    const state = this.#state;
    this.#machinery.counters.retransmissionsReceived++;
    switch (state.at) {
      case 'proceeding':
        if (state.last !== undefined) this.#repeat(restore(state.last));
        return;
      case 'completed':
        this.#repeat(restore(state.last));
        return;
      // RFC 6026 7.1: absorbed; the 2xx itself is the core's to repeat.
      case 'accepted':
      case 'confirmed':
      case 'terminated':
        return;
    }
  }

  /** Returns whether the ACK was this machine's to absorb: one for a 2xx is the core's (RFC 3261 17.2.1). */
  receiveAck(): boolean {
    const state = this.#state;
    switch (state.at) {
      case 'completed':
        state.G?.stop();
        state.H.stop();
        this.#confirm();
        return true;
      case 'confirmed':
        this.#machinery.counters.retransmissionsReceived++;
        return true;
      case 'proceeding':
      case 'accepted':
      case 'terminated':
        return false;
    }
  }

  respond(status: number, bytes: Uint8Array): void {
    const state = this.#state;
    switch (state.at) {
      case 'proceeding':
        if (status < 200) state.last = keep(bytes);
        else if (status < 300) this.#accept();
        else this.#complete(bytes);
        this.#send(bytes);
        return;
      case 'accepted':
        // RFC 6026 7.1: the core repeats its 2xx through the transaction.
        if (status >= 200 && status < 300) this.#repeat(bytes);
        return;
      case 'completed':
      case 'confirmed':
      case 'terminated':
        return;
    }
  }

  /** L or I is over. */
  expire(): void {
    if (this.#state.at === 'accepted' || this.#state.at === 'confirmed') this.#terminate();
  }

  #accept(): void {
    this.#state = accepted;
    this.transaction = undefined;
    this.#machinery.answered();
    this.#machinery.longWait.enter(this); // L
  }

  #complete(bytes: Uint8Array): void {
    const { timers, timing } = this.#machinery;
    const H = timers.start(64 * timing.t1Ms, () => this.#expireH());
    this.#state = { at: 'completed', last: keep(bytes), H, G: undefined };
    this.transaction = undefined;
    this.#machinery.answered();
    if (!this.#reliable) this.#startG(this.#state, timing.t1Ms);
  }

  #startG(state: Completed, ms: number): void {
    state.G = this.#machinery.timers.start(ms, () => {
      this.#repeat(restore(state.last));
      this.#startG(state, Math.min(2 * ms, this.#machinery.timing.t2Ms));
    });
  }

  #expireH(): void {
    if (this.#state.at === 'completed') this.#state.G?.stop();
    this.#machinery.counters.timeouts++;
    this.#terminate();
  }

  #confirm(): void {
    this.#state = confirmed;
    // RFC 3261 17.2.1: I is zero where nothing can come twice.
    if (this.#reliable) this.#terminate();
    else this.#machinery.shortWait.enter(this);
  }

  #terminate(): void {
    this.#state = terminated;
    this.#machinery.terminated(this.key, 'server');
  }

  #repeat(bytes: Uint8Array): void {
    this.#machinery.counters.retransmissionsSent++;
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    this.#machinery.transport.send(this.#hop, bytes, this.#machinery.responseFailed);
  }
}

type State =
  | { readonly at: 'proceeding'; last: KeptBytes | undefined }
  | Completed
  | { readonly at: 'confirmed' }
  | { readonly at: 'accepted' }
  | { readonly at: 'terminated' };

interface Completed {
  readonly at: 'completed';
  readonly last: KeptBytes;
  readonly H: Timer;
  G: Timer | undefined;
}

const accepted: State = { at: 'accepted' };
const confirmed: State = { at: 'confirmed' };
const terminated: State = { at: 'terminated' };
