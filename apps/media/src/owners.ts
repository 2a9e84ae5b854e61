import type { GatewayEvent } from '@tipring/gateway';
import type { RtpEnd } from './context.ts';
import type { WorkerEvent } from './worker/worker-event.ts';

/** What a worker tells of an end. */
export type EndEvent = Exclude<WorkerEvent, { type: 'ready' | 'opened' | 'closed' | 'announced' }>;

/** Whose a worker's pair of ports is, and so whose events it tells. */
export class Owners {
  readonly #byPair: readonly Map<number, RtpEnd>[];

  constructor(workers: number) {
    this.#byPair = Array.from({ length: workers }, () => new Map<number, RtpEnd>());
  }

  set(end: RtpEnd): void {
    this.#byPair[end.pair.worker]?.set(end.pair.id, end);
  }

  delete({ pair }: RtpEnd): void {
    this.#byPair[pair.worker]?.delete(pair.id);
  }

  /** The worker with the fewest ends. */
  get leastLoaded(): number {
    let best = 0;
    for (let worker = 1; worker < this.#byPair.length; worker++) if (this.#sizeOf(worker) < this.#sizeOf(best)) best = worker;
    return best;
  }

  /** Whose event that is; undefined for one of the port's former termination, which was on its way when that ended. */
  of(worker: number, { pair, generation }: EndEvent): RtpEnd | undefined {
    const owner = this.#byPair[worker]?.get(pair);
    return owner?.generation === generation ? owner : undefined;
  }

  #sizeOf(worker: number): number {
    return this.#byPair[worker]?.size ?? 0;
  }
}

/** The event as the controller knows it. */
export function gatewayEvent({ context, id }: RtpEnd, event: Exclude<EndEvent, { type: 'spoke' }>): GatewayEvent {
  const where = { context: context.id, termination: id };
  switch (event.type) {
    case 'started':
      return { event: 'mediaStarted', ...where, from: { address: event.address, port: event.port } };
    case 'digit':
      return { event: 'digit', ...where, digit: event.digit, durationMs: event.durationMs, relayed: event.relayed };
    case 'timeout':
      return { event: 'mediaTimeout', ...where, silentMs: event.silentMs };
    case 'resumed':
      return { event: 'mediaResumed', ...where, silentMs: event.silentMs };
  }
}
