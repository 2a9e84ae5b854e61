import { type Admission, type Flow, type Guard, peek, statelessResponse, type ListenAddress, type Transport } from '@tipring/sip';
import { QueueProbe } from './queue-probe.ts';

export interface FrontDoorCounters {
  limited: number;
  banned: number;
  /** New work answered 503 with Retry-After. */
  overload: number;
}

/** Before the parser: who may speak at all, and how much new work is taken on. */
export class FrontDoor {
  readonly counters: FrontDoorCounters = { limited: 0, banned: 0, overload: 0 };
  readonly #guard: Guard;
  readonly #admission: Admission;
  readonly #deliver: (bytes: Uint8Array, flow: Flow) => void;
  #probe: QueueProbe | undefined;
  #transport: Transport | undefined;
  /** What came before the calls of an earlier process were taken back. */
  #waiting: { bytes: Uint8Array; flow: Flow }[] | undefined = [];

  constructor(guard: Guard, admission: Admission, deliver: (bytes: Uint8Array, flow: Flow) => void) {
    this.#guard = guard;
    this.#admission = admission;
    this.#deliver = deliver;
  }

  /** From now on messages are let in; those that waited first. */
  open(transport: Transport): void {
    this.#transport = transport;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const { bytes, flow } of waiting) this.receive(bytes, flow);
  }

  /** Once this process has started: starting keeps messages waiting too, and says nothing about calls. */
  async watchLoad(listening: readonly ListenAddress[]): Promise<void> {
    this.#probe = await QueueProbe.start(listening, (waitMs) => this.#admission.observe(waitMs));
  }

  /** Datagrams of our own that were received like messages. */
  get probes(): number {
    return this.#probe?.taken ?? 0;
  }

  receive(bytes: Uint8Array, flow: Flow): void {
    if (bytes.length < SHORTEST_MESSAGE && this.#probe?.takes(flow) === true) return;
    if (this.#waiting !== undefined) {
      if (this.#waiting.length < WAITING) this.#waiting.push({ bytes, flow });
      return;
    }
    const verdict = this.#guard.admits(flow);
    if (verdict !== 'pass') {
      this.counters[verdict] += 1;
      return;
    }
    const seen = peek(bytes);
    const isNewWork = !seen.inDialog && (seen.method === 'INVITE' || seen.method === 'REGISTER');
    if (isNewWork && !this.#admission.admits(seen.hasCredentials)) return this.#refuse(bytes, flow);
    this.#deliver(bytes, flow);
  }

  close(): void {
    this.#probe?.close();
  }

  /** RFC 3261 21.5.4, without keeping anything of the request. */
  #refuse(bytes: Uint8Array, flow: Flow): void {
    this.counters.overload += 1;
    const response = statelessResponse(bytes, 503, 'Service Unavailable', [['Retry-After', String(this.#admission.retryAfterS())]], flow.remote);
    if (response !== undefined) this.#transport?.send({ flow }, response, () => undefined);
  }
}

const WAITING = 5_000;
/** No SIP message is shorter; so only what is has to be looked at as a probe. */
const SHORTEST_MESSAGE = 16;
