import type { Timer } from '@tipring/clock';
import { createRequest } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { serialize } from '../message/serialize.ts';
import { isReliable } from '../transport/flow.ts';
import type { Flow, Hop } from '../transport/flow.ts';
import type { ClientUser, Sending } from './client-transaction.ts';
import { keep, restore } from './kept-bytes.ts';
import type { KeptBytes } from './kept-bytes.ts';
import type { Machinery } from './timing.ts';

/**
 * INVITE client transaction: RFC 3261 figure 5 as RFC 6026 figure 4 changed it.
 *
 *                 │ INVITE sent
 *             ┌ Calling ┐  A: INVITE again     B, transport error: failure to the user
 *         1xx │         │
 *             ▼         │
 *        Proceeding     │  1xx: to the user
 *      2xx │   │ 300–699│
 *          │   └────┬───┘
 *          ▼        ▼ ACK sent
 *      Accepted  Completed  300–699: ACK again
 *  2xx: stray       │
 *          │M       │D
 *          └► Terminated
 */
export class InviteClient {
  readonly key: string;
  readonly #hop: Hop;
  readonly #reliable: boolean;
  readonly #machinery: Machinery;
  #state: State;

  constructor(sending: Sending, user: ClientUser, machinery: Machinery) {
    const { timers, timing } = machinery;
    const { request, bytes } = sending;
    this.key = sending.branch;
    this.#hop = sending.hop;
    this.#reliable = isReliable(sending.transport);
    this.#machinery = machinery;
    const B = timers.start(64 * timing.t1Ms, () => this.#expireB());
    const calling: Calling = { at: 'calling', request, user, bytes, A: undefined, B };
    this.#state = calling;
    this.#send(calling.bytes);
    if (!this.#reliable) this.#startA(calling, timing.t1Ms);
  }

  get at(): State['at'] {
    return this.#state.at;
  }

  receive(response: SipResponse, flow: Flow): void {
    const state = this.#state;
    switch (state.at) {
      case 'calling':
        state.A?.stop();
        state.B.stop();
        this.#receiveWhileOpen(state, response, flow);
        return;
      case 'proceeding':
        this.#receiveWhileOpen(state, response, flow);
        return;
      case 'completed':
        this.#machinery.counters.retransmissionsReceived++;
        if (response.status >= 300) this.#send(restore(state.ack));
        return;
      case 'accepted':
        if (response.status >= 200 && response.status < 300) this.#machinery.stray(response, flow);
        return;
      case 'terminated':
        return;
    }
  }

  abandon(): void {
    const state = this.#state;
    if (state.at === 'calling') {
      state.A?.stop();
      state.B.stop();
    }
    this.#terminate();
  }

  /** D or M is over. */
  expire(): void {
    if (this.#state.at === 'completed' || this.#state.at === 'accepted') this.#terminate();
  }

  #receiveWhileOpen(state: Calling | Proceeding, response: SipResponse, flow: Flow): void {
    const { request, user } = state;
    if (response.status < 200) this.#state = { at: 'proceeding', request, user };
    else if (response.status < 300) this.#accept();
    else this.#complete(request, response);
    user.onResponse(response, flow);
  }

  #accept(): void {
    this.#state = accepted;
    this.#machinery.longWait.enter(this); // M
  }

  #complete(request: SipRequest, response: SipResponse): void {
    const ack = serialize(acknowledge(request, response));
    this.#state = { at: 'completed', ack: keep(ack) };
    this.#send(ack);
    // RFC 3261 17.1.1.2: D is at least 32 s over UDP, zero where nothing can come twice.
    if (this.#reliable) this.#terminate();
    else this.#machinery.longWait.enter(this);
  }

  #startA(state: Calling, ms: number): void {
    state.A = this.#machinery.timers.start(ms, () => {
      this.#machinery.counters.retransmissionsSent++;
      this.#send(state.bytes);
      this.#startA(state, 2 * ms);
    });
  }

  #expireB(): void {
    this.#machinery.counters.timeouts++;
    this.#fail('timeout', 'no answer to INVITE (timer B)');
  }

  #fail(failure: 'timeout' | 'transport', detail: string): void {
    const state = this.#state;
    if (state.at !== 'calling' && state.at !== 'proceeding') return;
    if (state.at === 'calling') {
      state.A?.stop();
      state.B.stop();
    }
    this.#terminate();
    state.user.onFailure(failure, detail);
  }

  #terminate(): void {
    if (this.#state.at === 'terminated') return;
    this.#state = terminated;
    this.#machinery.terminated(this.key, 'client');
  }

  #send(bytes: Uint8Array): void {
    this.#machinery.transport.send(this.#hop, bytes, (reason) => {
      this.#machinery.counters.transportFailures++;
      this.#fail('transport', reason);
    });
  }
}

/** RFC 3261 17.1.1.3. */
function acknowledge(request: SipRequest, response: SipResponse): SipRequest {
  const { headers } = request;
  const lines: [string, string][] = [
    ['Via', headers.get('Via') ?? ''],
    ['Max-Forwards', '70'],
    ['From', headers.get('From') ?? ''],
    ['To', response.headers.get('To') ?? ''],
    ['Call-ID', request.callId],
    ['CSeq', `${request.cseq.number} ACK`],
  ];
  if (headers.has('Route')) for (const route of headers.lines('Route')) lines.push(['Route', route]);
  return createRequest({ method: 'ACK', uri: request.uri, headers: lines });
}

type State =
  | Calling
  | Proceeding
  | { readonly at: 'completed'; readonly ack: KeptBytes }
  | { readonly at: 'accepted' }
  | { readonly at: 'terminated' };

interface Calling {
  readonly at: 'calling';
  readonly request: SipRequest;
  readonly user: ClientUser;
  readonly bytes: Uint8Array;
  readonly B: Timer;
  A: Timer | undefined;
}

interface Proceeding {
  readonly at: 'proceeding';
  readonly request: SipRequest;
  readonly user: ClientUser;
}

const accepted: State = { at: 'accepted' };
const terminated: State = { at: 'terminated' };
