import type { GatewayEvent } from '@tipring/gateway';
import type { Context, Termination } from './context.ts';
import type { WorkerEvent } from './worker/worker-event.ts';

/** What a worker tells of a termination. */
export type TerminationEvent = Exclude<WorkerEvent, { type: 'ready' | 'opened' }>;

interface Owner {
  readonly context: Context;
  readonly termination: Termination;
}

/** Whose a worker's pair of ports is, and so whose events it tells. */
export class Owners {
  readonly #byPair: readonly Map<number, Owner>[];

  constructor(workers: number) {
    this.#byPair = Array.from({ length: workers }, () => new Map<number, Owner>());
  }

  set(context: Context, termination: Termination): void {
    this.#byPair[context.worker]?.set(termination.pair.id, { context, termination });
  }

  delete(worker: number, pair: number): void {
    this.#byPair[worker]?.delete(pair);
  }

  /** The worker with the fewest terminations. */
  get leastLoaded(): number {
    let best = 0;
    for (let worker = 1; worker < this.#byPair.length; worker++) if (this.#sizeOf(worker) < this.#sizeOf(best)) best = worker;
    return best;
  }

  /** Whose event that is; undefined for one of the port's former termination, which was on its way when that ended. */
  of(worker: number, { pair, generation }: TerminationEvent): Owner | undefined {
    const owner = this.#byPair[worker]?.get(pair);
    return owner?.termination.generation === generation ? owner : undefined;
  }

  #sizeOf(worker: number): number {
    return this.#byPair[worker]?.size ?? 0;
  }
}

/** The event as the controller knows it. */
export function gatewayEvent({ context, termination }: Owner, event: Exclude<TerminationEvent, { type: 'spoke' }>): GatewayEvent {
  const where = { context: context.id, termination: termination.id };
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
