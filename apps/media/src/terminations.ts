import type { Timers } from '@tipring/clock';
import type { MediaMode, RemoteMedia, TerminationId } from '@tipring/gateway';
import type { Connections } from './connections.ts';
import { type Context, planeRemote, type Termination } from './context.ts';
import { bindRefusal, type Outcome, refuse } from './outcome.ts';
import { Owners } from './owners.ts';
import type { PortEnds } from './port-ends.ts';
import { type PortPair, PortPool } from './port-pool.ts';
import type { WorkerLink } from './worker-link.ts';
import { clearStatistics } from './worker/statistics-table.ts';

export interface TerminationsSettings {
  readonly firstPort: number;
  readonly lastPort: number;
  /** Where a termination is put whose controller asks for no address. */
  readonly address: string;
  /** Pairs a worker can hold. */
  readonly pairs: number;
}

export interface TerminationsSurroundings {
  readonly contexts: Map<string, Context>;
  readonly links: readonly WorkerLink[];
  readonly connections: Connections;
  /** Null: there are no cards. */
  readonly ends: PortEnds | null;
  readonly timers: Timers;
  readonly random: () => number;
}

/** How terminations begin and end: each has a pair of ports with its context's worker, an analog port as well. */
export class Terminations {
  readonly pool: PortPool;
  readonly owners: Owners;
  readonly #around: TerminationsSurroundings;
  #lastGeneration = 0;

  constructor(settings: TerminationsSettings, around: TerminationsSurroundings) {
    const { links, random } = around;
    this.#around = around;
    this.owners = new Owners(links.length);
    this.pool = new PortPool({ ...settings, workers: links.length, random, open: ({ worker, id, address, rtpPort }) => this.#link(worker).plane.openPair(id, address, rtpPort) });
    links.forEach((_link, worker) => this.pool.prepare(worker, settings.address));
  }

  /** A pair with the context's worker, or with the one whose pinned port it is, or that has least to do. */
  choose(known: Context | undefined, address: string, pinned: number | undefined): PortPair | 'noPort' | 'portTaken' {
    const worker = known?.worker ?? (pinned === undefined ? this.owners.leastLoaded : this.pool.workerOf(pinned));
    return pinned === undefined ? this.pool.take(worker, address, this.#around.timers.now()) : this.pool.takePinned(worker, address, pinned);
  }

  newTermination(id: TerminationId, pair: PortPair, remote: RemoteMedia | null, mode: MediaMode, analog: Termination['analog']): Termination {
    return { id, generation: ++this.#lastGeneration, live: false, pair, remote, mode, heard: null, hearsTone: false, analog };
  }

  /** It is in its context from now on. `begun` when its port is bound and its worker knows it; else `done` says why not. */
  enter(context: Context, termination: Termination, pinned: number | undefined, done: (outcome: Outcome) => void, begun: () => void): void {
    this.#around.contexts.set(context.id, context);
    context.terminations.set(termination.id, termination);
    if (termination.pair.state === 'opening') this.#whenOpened(context, termination, pinned !== undefined, triesToBind, done, begun);
    else {
      this.#start(context, termination);
      begun();
    }
  }

  /** The termination's port is being bound. One of our own choice that turns out to be somebody else's is replaced by another, as long as there are any. */
  #whenOpened(context: Context, termination: Termination, pinned: boolean, triesLeft: number, done: (outcome: Outcome) => void, begun: () => void): void {
    termination.pair.opened = (error) => {
      const isWanted = this.isIn(context, termination);
      if (error === null) {
        if (!isWanted) {
          this.pool.free(termination.pair, this.#around.timers.now());
          return done(gone);
        }
        this.#start(context, termination);
        return begun();
      }
      const next = pinned || triesLeft === 0 || !isWanted ? 'noPort' : this.pool.take(context.worker, termination.pair.address, this.#around.timers.now());
      if (typeof next === 'string') {
        if (isWanted) this.withdraw(context, termination);
        return done(bindRefusal(error, pinned, termination.pair));
      }
      termination.pair = next;
      // A port that is taken is never tried again, so this ends; other errors may be the same for every port.
      if (next.state === 'opening') return this.#whenOpened(context, termination, pinned, error === 'EADDRINUSE' ? triesLeft : triesLeft - 1, done, begun);
      this.#start(context, termination);
      begun();
    };
  }

  isIn(context: Context, termination: Termination): boolean {
    return this.#around.contexts.get(context.id) === context && context.terminations.get(termination.id) === termination;
  }

  /** An `add` that failed: as if it had not been. */
  withdraw(context: Context, termination: Termination): void {
    this.forget(context, termination);
    this.retire(context.worker, termination);
    this.#around.connections.connect(context);
    if (context.terminations.size === 0 && context.blob === null) this.#around.contexts.delete(context.id);
  }

  /** Its port is bound: the worker gets to know all of it. */
  #start(context: Context, termination: Termination): void {
    const { plane, statistics } = this.#link(context.worker);
    termination.live = true;
    // The worker does so too, but a reply may want to read it before.
    clearStatistics(statistics, termination.pair.id);
    this.owners.set(context, termination);
    plane.begin(termination.pair.id, termination.generation);
    if (termination.remote !== null) plane.remote(termination.pair.id, planeRemote(termination.remote));
    if (termination.mode !== 'sendrecv') this.sendMode(context, termination);
    if (context.joined.length > 0) this.#around.connections.connect(context);
  }

  forget(context: Context, termination: Termination): void {
    context.terminations.delete(termination.id);
    context.joined = context.joined.filter((pair) => !pair.includes(termination.id));
  }

  /** The port goes back to the pool; one that is still being bound goes there when it is (`#whenOpened`). */
  retire(worker: number, termination: Termination): void {
    if (termination.analog !== null) this.#around.ends?.free(termination.analog);
    if (!termination.live) return;
    termination.live = false;
    this.#link(worker).plane.end(termination.pair.id);
    this.owners.delete(worker, termination.pair.id);
    this.pool.free(termination.pair, this.#around.timers.now());
  }

  sendMode(context: Context, { pair, mode }: Termination): void {
    // As seen from the far end, like SDP (RFC 3264 6.1): 'recvonly' only listens to us.
    this.#link(context.worker).plane.mode(pair.id, mode === 'sendrecv' || mode === 'recvonly', mode === 'sendrecv' || mode === 'sendonly');
  }

  #link(worker: number): WorkerLink {
    return this.#around.links[worker] as WorkerLink;
  }
}

const gone = refuse('noSuchTermination', 'it was taken away again');
const triesToBind = 64;
