import type { Timers } from '@tipring/clock';
import type { GatewayCommand, GatewayEvent, GatewayRefusal, GatewayReplies, MediaMode, RemoteMedia, Signal, TerminationId, TerminationStatistics } from '@tipring/gateway';
import { eventOfDigit } from '@tipring/rtp';
import { isIP } from 'node:net';
import { Connections } from './connections.ts';
import { auditOf, type Context, localOf, planeRemote, type Termination } from './context.ts';
import { Measurements } from './measurements.ts';
import { gatewayEvent, Owners } from './owners.ts';
import { type PortPair, PortPool } from './port-pool.ts';
import type { WorkerLink } from './worker-link.ts';
import type { AudioBridgesSettings } from './worker/audio-bridges.ts';
import { clearStatistics } from './worker/statistics-table.ts';
import type { WorkerEvent } from './worker/worker-event.ts';

export interface MediaGatewaySettings {
  /** Its name in an audit. */
  readonly name: string;
  readonly firstPort: number;
  readonly lastPort: number;
  /** Where a termination is put whose controller asks for no address. */
  readonly address: string;
  /** Pairs a worker can hold. */
  readonly pairs: number;
  /** Of each worker. */
  readonly bridges: AudioBridgesSettings;
}

/** How a command ended: the reply's JSON, or why not. */
export type Outcome = { readonly reply: string; readonly refusal?: undefined } | { readonly reply?: undefined; readonly refusal: GatewayRefusal };

/**
 * The contexts of this gateway and what is done with them. Commands are answered from here, without waiting for a worker:
 * ports are bound ahead, statistics lie in shared memory. Only a port that has to be bound first makes its `add` wait.
 */
export class MediaGateway {
  onEvent: (event: GatewayEvent) => void = () => {};

  readonly #settings: MediaGatewaySettings;
  readonly #links: readonly WorkerLink[];
  readonly #timers: Timers;
  readonly #pool: PortPool;
  readonly #contexts = new Map<string, Context>();
  readonly #owners: Owners;
  readonly #connections: Connections;
  readonly #measurements: Measurements;
  #lastGeneration = 0;
  #commands = 0;
  #refused = 0;

  constructor(settings: MediaGatewaySettings, links: readonly WorkerLink[], timers: Timers, random: () => number) {
    this.#settings = settings;
    this.#links = links;
    this.#timers = timers;
    this.#owners = new Owners(links.length);
    this.#connections = new Connections(links.map(({ plane }) => plane), settings.bridges);
    this.#measurements = new Measurements(links, settings.pairs);
    this.#pool = new PortPool({
      firstPort: settings.firstPort,
      lastPort: settings.lastPort,
      workers: links.length,
      pairs: settings.pairs,
      random,
      open: ({ worker, id, address, rtpPort }) => this.#link(worker).plane.openPair(id, address, rtpPort),
    });
    links.forEach((_link, worker) => this.#pool.prepare(worker, settings.address));
  }

  /** `done` is called once: before `execute` returns, or for an `add` when its port is bound. Never throws. */
  execute(command: GatewayCommand, done: (outcome: Outcome) => void): void {
    this.#commands++;
    const outcome = this.#execute(command, done);
    if (outcome === 'later') return;
    if (outcome.refusal !== undefined) this.#refused++;
    done(outcome);
  }

  /** What a worker tells. */
  take(worker: number, events: readonly WorkerEvent[]): void {
    for (const event of events) {
      if (event.type === 'ready') continue;
      if (event.type === 'opened') this.#pool.opened(worker, event.pair, event.error);
      else {
        const owner = this.#owners.of(worker, event);
        if (owner === undefined) continue;
        if (event.type === 'spoke') this.#connections.heard(owner.context, owner.termination, event.payloadType);
        else this.onEvent(gatewayEvent(owner, event));
      }
    }
  }

  #execute(command: GatewayCommand, done: (outcome: Outcome) => void): Outcome | 'later' {
    switch (command.do) {
      case 'add':
        return this.#add(command, done);
      case 'audit':
        return ok({ gateway: this.#settings.name, contexts: [...this.#contexts.values()].map((context) => auditOf(context, this.#measurements)), ports: [] } satisfies GatewayReplies['audit']);
      case 'metrics':
        return ok(this.#measurements.metrics(this.#contexts, this.#pool, { commandsTotal: this.#commands, commandsRefusedTotal: this.#refused }));
      case 'simulate':
      case 'simulator':
        return refuse('noSimulator', 'there are no simulated cards');
      case 'cards':
        return ok({ cards: [] } satisfies GatewayReplies['cards']);
      default:
        break;
    }
    if ('port' in command) return refuse('noSuchPort', `there is no port ${command.port}`);
    const context = this.#contexts.get(command.context);
    if (context === undefined) return refuse('noSuchContext', `no context ${command.context}`);
    switch (command.do) {
      case 'attach':
        context.blob = command.blob;
        return nothing;
      case 'topology':
        return this.#topology(context, command.joined);
      case 'release':
        return this.#release(context);
      case 'inspect':
        return ok(auditOf(context, this.#measurements));
      default:
        break;
    }
    const termination = context.terminations.get(command.termination);
    if (termination === undefined) return refuse('noSuchTermination', `no termination ${command.termination} in ${command.context}`);
    switch (command.do) {
      case 'modifyPort':
        return refuse('badCommand', `${command.termination} is no port: modify`);
      case 'modify':
        return this.#modify(context, termination, command.remote, command.mode);
      case 'subtract':
        return this.#subtract(context, termination);
      case 'signal':
        return this.#signal(context, termination, command.signal);
    }
  }

  #add(command: Extract<GatewayCommand, { do: 'add' }>, done: (outcome: Outcome) => void): Outcome | 'later' {
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return refuse('terminationExists', `${command.termination} is already in ${command.context}`);
    const address = command.address ?? this.#settings.address;
    const fault = isIP(address) === 0 ? `${address} is no IP address` : remoteFault(command.remote, address);
    if (fault !== null) return refuse('badCommand', fault);
    const worker = known?.worker ?? (command.local === undefined ? this.#owners.leastLoaded : this.#pool.workerOf(command.local.rtpPort));
    const pair = this.#choose(worker, address, command.local?.rtpPort);
    if (pair === 'noPort') return refuse('noPort', 'all RTP ports are in use');
    if (pair === 'portTaken') return refuse('portTaken', `port ${command.local?.rtpPort} is in use`);

    const context = known ?? { id: command.context, worker, blob: null, joined: [], terminations: new Map<TerminationId, Termination>(), bridge: null };
    const termination: Termination = { id: command.termination, generation: ++this.#lastGeneration, live: false, pair, remote: command.remote ?? null, mode: command.mode ?? 'sendrecv', heard: null, hearsTone: false };
    this.#contexts.set(context.id, context);
    context.terminations.set(termination.id, termination);
    if (pair.state === 'opening') {
      this.#whenOpened(context, termination, command.local !== undefined, triesToBind, done);
      return 'later';
    }
    this.#start(context, termination);
    return ok({ local: localOf(pair) } satisfies GatewayReplies['add']);
  }

  #choose(worker: number, address: string, pinned: number | undefined): PortPair | 'noPort' | 'portTaken' {
    return pinned === undefined ? this.#pool.take(worker, address, this.#timers.now()) : this.#pool.takePinned(worker, address, pinned);
  }

  /** The termination's port is being bound. One of our own choice that turns out to be somebody else's is replaced by another, as long as there are any. */
  #whenOpened(context: Context, termination: Termination, pinned: boolean, triesLeft: number, done: (outcome: Outcome) => void): void {
    termination.pair.opened = (error) => {
      const isWanted = this.#contexts.get(context.id) === context && context.terminations.get(termination.id) === termination;
      if (error === null) {
        if (isWanted) this.#start(context, termination);
        else this.#pool.free(termination.pair, this.#timers.now());
        return done(isWanted ? ok({ local: localOf(termination.pair) }) : refuse('noSuchTermination', 'it was taken away again'));
      }
      const next = pinned || triesLeft === 0 || !isWanted ? 'noPort' : this.#pool.take(context.worker, termination.pair.address, this.#timers.now());
      if (typeof next === 'string') {
        this.#refused++;
        if (isWanted) this.#forget(context, termination);
        if (isWanted && context.terminations.size === 0 && context.blob === null) this.#contexts.delete(context.id);
        return done(bindRefusal(error, pinned, termination.pair));
      }
      termination.pair = next;
      // A port that is taken is never tried again, so this ends; other errors may be the same for every port.
      if (next.state === 'opening') return this.#whenOpened(context, termination, pinned, error === 'EADDRINUSE' ? triesLeft : triesLeft - 1, done);
      this.#start(context, termination);
      done(ok({ local: localOf(next) }));
    };
  }

  /** Its port is bound: the worker gets to know all of it. */
  #start(context: Context, termination: Termination): void {
    const { plane, statistics } = this.#link(context.worker);
    termination.live = true;
    // The worker does so too, but a reply may want to read it before.
    clearStatistics(statistics, termination.pair.id);
    this.#owners.set(context, termination);
    plane.begin(termination.pair.id, termination.generation);
    if (termination.remote !== null) plane.remote(termination.pair.id, planeRemote(termination.remote));
    if (termination.mode !== 'sendrecv') this.#sendMode(context, termination);
    if (context.joined.length > 0) this.#connections.connect(context);
  }

  #modify(context: Context, termination: Termination, remote: RemoteMedia | undefined, mode: MediaMode | undefined): Outcome {
    const fault = remoteFault(remote, termination.pair.address);
    if (fault !== null) return refuse('badCommand', fault);
    if (mode !== undefined && mode !== termination.mode) {
      termination.mode = mode;
      if (termination.live) this.#sendMode(context, termination);
    }
    if (remote !== undefined) {
      termination.remote = remote;
      termination.heard = null;
      if (termination.live) this.#link(context.worker).plane.remote(termination.pair.id, planeRemote(remote));
      if (!this.#connections.connect(context)) return noRoom;
    }
    return nothing;
  }

  #topology(context: Context, joined: Context['joined']): Outcome {
    for (const pair of joined) {
      const unknown = pair.find((id) => !context.terminations.has(id));
      if (unknown !== undefined) return refuse('noSuchTermination', `no termination ${unknown} in ${context.id}`);
    }
    const former = context.joined;
    context.joined = joined;
    if (this.#connections.connect(context)) return nothing;
    context.joined = former;
    this.#connections.connect(context);
    return noRoom;
  }

  #subtract(context: Context, termination: Termination): Outcome {
    const statistics = this.#measurements.of(termination);
    this.#forget(context, termination);
    this.#connections.connect(context);
    this.#retire(context.worker, termination);
    return ok({ statistics } satisfies GatewayReplies['subtract']);
  }

  #release(context: Context): Outcome {
    this.#contexts.delete(context.id);
    this.#connections.release(context);
    const statistics: Record<TerminationId, TerminationStatistics> = {};
    for (const termination of context.terminations.values()) {
      statistics[termination.id] = this.#measurements.of(termination);
      this.#retire(context.worker, termination);
    }
    return ok({ statistics } satisfies GatewayReplies['release']);
  }

  #signal(context: Context, termination: Termination, signal: Signal): Outcome {
    if (signal.type === 'digit') return this.#digit(termination, signal.digit, signal.durationMs);
    const played = this.#connections.tone(context, termination, signal.type === 'tone' ? signal.tone : null, signal.type === 'tone' ? signal.levelDbm0 : 0);
    if (played === 'noRoom') return noRoom;
    return played === 'noCodec' ? refuse('badCommand', 'the far end has no codec that a tone could be sent in') : nothing;
  }

  #digit(termination: Termination, digit: string, durationMs: number): Outcome {
    const event = eventOfDigit(digit);
    const able = termination.remote?.codecs.some(({ name }) => name.toLowerCase() === 'telephone-event') ?? false;
    if (event === null || !able) return refuse('badCommand', 'the far end takes no telephone-event');
    if (termination.live) this.#link(termination.pair.worker).plane.digit(termination.pair.id, event, Math.round(durationMs));
    return nothing;
  }

  #forget(context: Context, termination: Termination): void {
    context.terminations.delete(termination.id);
    context.joined = context.joined.filter((pair) => !pair.includes(termination.id));
  }

  /** The port goes back to the pool; one that is still being bound goes there when it is (`#whenOpened`). */
  #retire(worker: number, termination: Termination): void {
    if (!termination.live) return;
    termination.live = false;
    this.#link(worker).plane.end(termination.pair.id);
    this.#owners.delete(worker, termination.pair.id);
    this.#pool.free(termination.pair, this.#timers.now());
  }

  #sendMode(context: Context, { pair, mode }: Termination): void {
    // As seen from the far end, like SDP (RFC 3264 6.1): 'recvonly' only listens to us.
    this.#link(context.worker).plane.mode(pair.id, mode === 'sendrecv' || mode === 'recvonly', mode === 'sendrecv' || mode === 'sendonly');
  }

  #link(worker: number): WorkerLink {
    return this.#links[worker] as WorkerLink;
  }

}

function ok(reply: unknown): Outcome {
  return { reply: JSON.stringify(reply) };
}

function refuse(code: GatewayRefusal['code'], text: string): Outcome {
  return { refusal: { code, text } };
}

/** What the wire's edge could not know: whether an address is one, and of the family that the port speaks. */
function remoteFault(remote: RemoteMedia | undefined, local: string): string | null {
  for (const media of [remote?.rtp, remote?.rtcp]) {
    if (media === undefined) continue;
    if (isIP(media.address) === 0) return `${media.address} is no IP address`;
    if (isIP(media.address) !== isIP(local)) return `${media.address} cannot be reached from ${local}`;
  }
  return null;
}

function bindRefusal(error: string, pinned: boolean, { address, rtpPort }: PortPair): Outcome {
  if (error === 'EADDRINUSE' && pinned) return refuse('portTaken', `port ${rtpPort} at ${address} belongs to another program`);
  if (error === 'EADDRNOTAVAIL') return refuse('badCommand', `${address} is no address of this gateway`);
  return refuse('noPort', `port ${rtpPort} at ${address} cannot be bound: ${error}`);
}

const nothing: Outcome = { reply: '{}' };
const noRoom: Outcome = { refusal: { code: 'overloaded', text: 'no room to decode audio: TIPRING_BRIDGED_ENDS sets how many ends a worker has room for' } };
const triesToBind = 64;
