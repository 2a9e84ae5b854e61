import type { Timers } from '@tipring/clock';
import type { MediaMode, RemoteMedia, TerminationId } from '@tipring/gateway';
import { readStatistics } from './audit.ts';
import type { Connections } from './connections.ts';
import { type Context, leave, type RtpEnd } from './context.ts';
import { bindRefusal, type Outcome, refuse } from './outcome.ts';
import { Owners } from './owners.ts';
import { planeRemote } from './plane-remote.ts';
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
  readonly ports: PortEnds | null;
  readonly timers: Timers;
  readonly random: () => number;
  /** An end has lost its port on its way to another worker. */
  readonly lost: (end: RtpEnd) => void;
}

/** How RTP ends begin, move and end: each has a pair of ports with its context's worker, an analog port as well. */
export class Terminations {
  readonly pool: PortPool;
  readonly owners: Owners;
  readonly #around: TerminationsSurroundings;
  #lastGeneration = 0;

  constructor(settings: TerminationsSettings, around: TerminationsSurroundings) {
    const { links, random } = around;
    this.#around = around;
    this.owners = new Owners(links.length);
    this.pool = new PortPool({
      ...settings, workers: links.length, random,
      open: ({ worker, id, address, rtpPort }) => this.#link(worker).plane.openPair(id, address, rtpPort),
      close: ({ worker, id }) => this.#link(worker).plane.closePair(id),
    });
    links.forEach((_link, worker) => this.pool.prepare(worker, settings.address));
  }

  /** A pair with the context's worker, or with the one whose pinned port it is, or that has least to do. */
  choose(known: Context | undefined, address: string, pinned: number | undefined): PortPair | 'noPort' | 'portTaken' {
    const worker = known?.worker ?? (pinned === undefined ? this.owners.leastLoaded : this.pool.workerOf(address, pinned));
    return pinned === undefined ? this.pool.take(worker, address, this.#around.timers.now()) : this.pool.takePinned(worker, address, pinned);
  }

  newEnd(id: TerminationId, context: Context, pair: PortPair, remote: RemoteMedia | null, mode: MediaMode, analog: RtpEnd['analog']): RtpEnd {
    return { kind: 'rtp', id, context, generation: ++this.#lastGeneration, live: false, pair, remote, mode, heard: null, hearsTone: false, analog, before: null };
  }

  /** It is in its context from now on. `begun` when its port is bound and its worker knows it; else `done` says why not. */
  enter(end: RtpEnd, pinned: number | undefined, done: (outcome: Outcome) => void, begun: () => void): void {
    const { context } = end;
    this.#around.contexts.set(context.id, context);
    context.terminations.set(end.id, end);
    if (isBound(end.pair)) {
      this.#start(end);
      begun();
    } else this.#whenOpened(end, pinned !== undefined, triesToBind, done, begun);
  }

  /** The end's port is being bound. One of our own choice that turns out to be somebody else's is replaced by another, as long as there are any. */
  #whenOpened(end: RtpEnd, pinned: boolean, triesLeft: number, done: (outcome: Outcome) => void, begun: () => void): void {
    end.pair.opened = (error) => {
      const isWanted = this.isIn(end);
      if (error === null) {
        if (!isWanted) {
          this.pool.free(end.pair, this.#around.timers.now());
          return done(gone);
        }
        this.#start(end);
        return begun();
      }
      const next = pinned || triesLeft === 0 || !isWanted ? 'noPort' : this.pool.take(end.context.worker, end.pair.address, this.#around.timers.now());
      if (typeof next === 'string') {
        if (isWanted) this.withdraw(end);
        return done(bindRefusal(error, pinned, end.pair));
      }
      end.pair = next;
      // A port that is taken is never tried again, so this ends; other errors may be the same for every port.
      if (!isBound(next)) return this.#whenOpened(end, pinned, error === 'EADDRINUSE' ? triesLeft : triesLeft - 1, done, begun);
      this.#start(end);
      begun();
    };
  }

  isIn(end: RtpEnd): boolean {
    return this.#around.contexts.get(end.context.id) === end.context && end.context.terminations.get(end.id) === end;
  }

  /** An `add` that failed: as if it had not been. */
  withdraw(end: RtpEnd): void {
    const { context } = end;
    leave(context, end.id);
    this.retire(end);
    this.#around.connections.connect(context);
    if (context.terminations.size === 0 && context.blob === null) this.#around.contexts.delete(context.id);
  }

  /** It goes to another context, where it is in no topology, and to that one's worker. Whether there is a place for it is known (`canBeWith`). */
  move(end: RtpEnd, to: Context, as: TerminationId): void {
    const from = end.context;
    leave(from, end.id);
    end.hearsTone = false;
    this.#around.connections.connect(from);
    end.id = as;
    end.context = to;
    to.terminations.set(as, end);
    this.#around.contexts.set(to.id, to);
    this.follow(end);
    this.#around.connections.connect(to);
  }

  /** Whether it could be with this worker. */
  canBeWith({ pair }: RtpEnd, worker: number): boolean {
    return pair.worker === worker || this.pool.hasRoom(worker, pair.address);
  }

  /** To its context's worker, on the same ports: as a stream that begins anew. What is still being bound goes there when it is. */
  follow(end: RtpEnd): void {
    if (!end.live || end.pair.worker === end.context.worker) return;
    end.before = readStatistics(this.#link(end.pair.worker).statistics, end);
    this.#stop(end);
    end.generation = ++this.#lastGeneration;
    end.heard = end.analog === null ? null : end.heard;
    this.pool.rehome(end.pair, end.context.worker);
    end.pair.opened = (error) => {
      if (!this.isIn(end)) return error === null ? this.pool.free(end.pair, this.#around.timers.now()) : undefined;
      if (error !== null) return this.#around.lost(end);
      this.#start(end);
    };
  }

  /** Its port is bound: the worker gets to know all of it. */
  #start(end: RtpEnd): void {
    const { plane, statistics } = this.#link(end.pair.worker);
    end.live = true;
    // The worker does so too, but a reply may want to read it before.
    clearStatistics(statistics, end.pair.id);
    this.owners.set(end);
    // Moved again meanwhile.
    if (end.pair.worker !== end.context.worker) return this.follow(end);
    plane.begin(end.pair.id, end.generation);
    if (end.remote !== null) plane.remote(end.pair.id, planeRemote(end.remote));
    if (end.mode !== 'sendrecv') this.sendMode(end);
    if (end.context.joined.length + end.context.oneWay.length > 0) this.#around.connections.connect(end.context);
  }

  /** The port goes back to the pool; one that is still being bound goes there when it is (`#whenOpened`). */
  retire(end: RtpEnd): void {
    if (end.analog !== null) this.#around.ports?.free(end.analog);
    if (!end.live) return;
    this.#stop(end);
    this.pool.free(end.pair, this.#around.timers.now());
  }

  #stop(end: RtpEnd): void {
    end.live = false;
    this.#link(end.pair.worker).plane.end(end.pair.id);
    this.owners.delete(end);
  }

  sendMode({ pair, mode }: RtpEnd): void {
    // As seen from the far end, like SDP (RFC 3264 6.1): 'recvonly' only listens to us.
    this.#link(pair.worker).plane.mode(pair.id, mode === 'sendrecv' || mode === 'recvonly', mode === 'sendrecv' || mode === 'sendonly');
  }

  #link(worker: number): WorkerLink {
    return this.#around.links[worker] as WorkerLink;
  }
}

function isBound({ state }: PortPair): boolean {
  return state !== 'opening' && state !== 'closing';
}

const gone = refuse('noSuchTermination', 'it was taken away again');
const triesToBind = 64;
