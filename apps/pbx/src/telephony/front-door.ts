import { performance } from 'node:perf_hooks';
import { type Admission, type Flow, type Guard, peek, statelessResponse, type Transport } from '@tipring/sip';

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
  #observer: NodeJS.Timeout | undefined;
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

  /** Once this process has started: starting keeps the event loop busy too, and says nothing about calls. */
  watchLoad(): void {
    let last = performance.eventLoopUtilization();
    this.#observer = setInterval(() => {
      const now = performance.eventLoopUtilization();
      this.#admission.observe(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    }, 100).unref();
  }

  receive(bytes: Uint8Array, flow: Flow): void {
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
    if (!seen.inDialog && (seen.method === 'INVITE' || seen.method === 'REGISTER')) {
      const work = seen.method === 'INVITE' ? 'call' : 'registration';
      if (!this.#admission.admits(work, seen.hasCredentials)) return this.#refuse(bytes, flow);
    }
    this.#deliver(bytes, flow);
  }

  close(): void {
    clearInterval(this.#observer);
  }

  /** RFC 3261 21.5.4, without keeping anything of the request. */
  #refuse(bytes: Uint8Array, flow: Flow): void {
    this.counters.overload += 1;
    const response = statelessResponse(bytes, 503, 'Service Unavailable', [['Retry-After', String(this.#admission.retryAfterS())]], flow.remote);
    if (response !== undefined) this.#transport?.send({ flow }, response, () => undefined);
  }
}

const WAITING = 5_000;
