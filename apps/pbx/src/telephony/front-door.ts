import { Admission, type Flow, type Guard, peek, statelessResponse, type ListenAddress, type Transport } from '@tipring/sip';
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
  readonly admission: Admission<Arrival>;
  readonly #guard: Guard;
  readonly #deliver: (bytes: Uint8Array, flow: Flow) => void;
  readonly #now: () => number;
  #probe: QueueProbe | undefined;
  #transport: Transport | undefined;
  /** What came before the calls of an earlier process were taken back. */
  #early: Arrival[] | undefined = [];
  #servingSoon = false;

  /** `now` in ms, monotonic. */
  constructor(guard: Guard, now: () => number, deliver: (bytes: Uint8Array, flow: Flow) => void) {
    this.admission = new Admission((arrival) => this.#refuse(arrival));
    this.#guard = guard;
    this.#now = now;
    this.#deliver = deliver;
  }

  /** From now on messages are let in; those that waited first. */
  open(transport: Transport): void {
    this.#transport = transport;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const { bytes, flow } of early) this.receive(bytes, flow);
  }

  /** Once this process has started: starting keeps messages waiting too, and says nothing about calls. */
  async watchLoad(listening: readonly ListenAddress[]): Promise<void> {
    this.#probe = await QueueProbe.start(listening, (waitMs) => this.admission.observe(waitMs));
  }

  /** Datagrams of our own that were received like messages. */
  get probes(): number {
    return this.#probe?.taken ?? 0;
  }

  /** How long the new work has waited that waits longest. */
  get waitMs(): number {
    return this.admission.waitMs(this.#now());
  }

  receive(bytes: Uint8Array, flow: Flow): void {
    if (bytes.length < SHORTEST_MESSAGE && this.#probe?.takes(flow) === true) return;
    if (this.#early !== undefined) {
      if (this.#early.length < EARLY) this.#early.push({ bytes, flow });
      return;
    }
    const verdict = this.#guard.admits(flow);
    if (verdict !== 'pass') {
      this.counters[verdict] += 1;
      return;
    }
    const seen = peek(bytes);
    if (!seen.inDialog && (seen.method === 'INVITE' || seen.method === 'REGISTER' || seen.method === 'SUBSCRIBE')) this.admission.enter({ bytes, flow }, seen.hasCredentials, this.#now());
    // Its INVITE may still wait.
    else if (seen.method === 'CANCEL' && this.admission.waiting > 0) this.admission.follow({ bytes, flow }, this.#now());
    else return this.#deliver(bytes, flow);
    this.#serveSoon();
  }

  close(): void {
    this.#probe?.close();
  }

  /** After everything that has been read in this turn of the event loop: what belongs to calls has been done then. */
  #serveSoon(): void {
    if (this.#servingSoon || this.admission.waiting === 0) return;
    this.#servingSoon = true;
    setImmediate(this.#serve);
  }

  /** New work for a short while; then the socket is read again, so that nothing waits there. */
  #serve = (): void => {
    this.#servingSoon = false;
    const began = this.#now();
    for (let now = began; now - began < SERVE_MS; now = this.#now()) {
      const arrival = this.admission.next(now);
      if (arrival === undefined) return;
      this.#deliver(arrival.bytes, arrival.flow);
    }
    this.#serveSoon();
  };

  /** RFC 3261 21.5.4, without keeping anything of the request. */
  #refuse({ bytes, flow }: Arrival): void {
    this.counters.overload += 1;
    const response = statelessResponse(bytes, 503, 'Service Unavailable', [['Retry-After', String(this.admission.retryAfterS())]], flow.remote);
    if (response !== undefined) this.#transport?.send({ flow }, response, () => undefined);
  }
}

interface Arrival {
  readonly bytes: Uint8Array;
  readonly flow: Flow;
}

const EARLY = 5_000;
const SERVE_MS = 1;
/** No SIP message is shorter; so only what is has to be looked at as a probe. */
const SHORTEST_MESSAGE = 16;
