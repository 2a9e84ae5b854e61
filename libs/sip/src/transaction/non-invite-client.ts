import type { Timer } from '@tipring/clock';
import type { SipResponse } from '../message/message.ts';
import { isReliable } from '../transport/flow.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { ClientUser, Sending } from './client-transaction.ts';
import type { Machinery } from './timing.ts';

/**
 * Non-INVITE client transaction, RFC 3261 figure 6.
 *
 *                │ request sent
 *              Trying ──────┐  E: request again, doubling to T2
 *            1xx │          │
 *                ▼          │
 *            Proceeding     │  E: request again every T2      F, transport error (both): failure to the user
 *        200–699 │          │ 200–699
 *                ▼          │
 *            Completed ◄────┘  repetitions absorbed
 *              K │
 *                ▼
 *            Terminated
 */
export class NonInviteClient {
  readonly key: string;
  readonly #side: 'client' | 'cancel';
  readonly #hop: Hop;
  readonly #reliable: boolean;
  readonly #machinery: Machinery;
  #state: State;

  constructor(sending: Sending, user: ClientUser, machinery: Machinery) {
    const { timers, timing } = machinery;
    this.key = sending.branch;
    this.#side = sending.request.method === 'CANCEL' ? 'cancel' : 'client';
    this.#hop = sending.hop;
    this.#reliable = isReliable(sending.transport);
    this.#machinery = machinery;
    const F = timers.start(64 * timing.t1Ms, () => this.#expireF());
    const open: Open = { at: 'trying', user, bytes: sending.bytes, E: undefined, F };
    this.#state = open;
    this.#send(open.bytes);
    if (!this.#reliable) this.#startE(open, timing.t1Ms);
  }

  get at(): State['at'] {
    return this.#state.at;
  }

  receive(response: SipResponse, flow: Flow): void {
    const state = this.#state;
    switch (state.at) {
      case 'trying':
      case 'proceeding':
        if (response.status < 200) state.at = 'proceeding';
        else this.#complete(state);
        state.user.onResponse(response, flow);
        return;
      case 'completed':
        this.#machinery.counters.retransmissionsReceived++;
        return;
      case 'terminated':
        return;
    }
  }

  abandon(): void {
    this.#stopTimers();
    this.#terminate();
  }

  /** K is over. */
  expire(): void {
    if (this.#state.at === 'completed') this.#terminate();
  }

  #complete(state: Open): void {
    state.E?.stop();
    state.F.stop();
    this.#state = completed;
    // RFC 3261 17.1.2.2: K is zero where nothing can come twice.
    if (this.#reliable) this.#terminate();
    else this.#machinery.shortWait.enter(this);
  }

  #startE(state: Open, ms: number): void {
    state.E = this.#machinery.timers.start(ms, () => {
      const { t2Ms } = this.#machinery.timing;
      this.#machinery.counters.retransmissionsSent++;
      this.#send(state.bytes);
      this.#startE(state, state.at === 'proceeding' ? t2Ms : Math.min(2 * ms, t2Ms));
    });
  }

  #expireF(): void {
    this.#machinery.counters.timeouts++;
    this.#fail('timeout', 'no answer (timer F)');
  }

  #fail(failure: 'timeout' | 'transport', detail: string): void {
    const state = this.#state;
    if (state.at !== 'trying' && state.at !== 'proceeding') return;
    this.#stopTimers();
    this.#terminate();
    state.user.onFailure(failure, detail);
  }

  #stopTimers(): void {
    const state = this.#state;
    if (state.at !== 'trying' && state.at !== 'proceeding') return;
    state.E?.stop();
    state.F.stop();
  }

  #terminate(): void {
    if (this.#state.at === 'terminated') return;
    this.#state = terminated;
    this.#machinery.terminated(this.key, this.#side);
  }

  #send(bytes: Uint8Array): void {
    this.#machinery.transport.send(this.#hop, bytes, (reason) => {
      this.#machinery.counters.transportFailures++;
      this.#fail('transport', reason);
    });
  }
}

type State = Open | { readonly at: 'completed' } | { readonly at: 'terminated' };

interface Open {
  at: 'trying' | 'proceeding';
  readonly user: ClientUser;
  readonly bytes: Uint8Array;
  readonly F: Timer;
  E: Timer | undefined;
}

const completed: State = { at: 'completed' };
const terminated: State = { at: 'terminated' };
