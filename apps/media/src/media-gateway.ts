import type { Timers } from '@tipring/clock';
import type { GatewayCommand, GatewayEvent, GatewayReplies, MediaAddress, MediaMode, PortCodec, PortGatewayEvent, RemoteMedia, Signal, TerminationId, TerminationStatistics } from '@tipring/gateway';
import { eventOfDigit } from '@tipring/rtp';
import { isIP } from 'node:net';
import { Connections } from './connections.ts';
import { auditOf, type Context, localOf, planeRemote, type Termination } from './context.ts';
import { Measurements } from './measurements.ts';
import { noRoom, nothing, ok, type Outcome, refuse, remoteFault } from './outcome.ts';
import { gatewayEvent } from './owners.ts';
import { PortDesk } from './port-desk.ts';
import type { Ports } from './ports/ports.ts';
import { Terminations, type TerminationsSettings } from './terminations.ts';
import type { WorkerLink } from './worker-link.ts';
import type { AudioBridgesSettings } from './worker/audio-bridges.ts';
import type { WorkerEvent } from './worker/worker-event.ts';

export interface MediaGatewaySettings extends TerminationsSettings {
  /** Its name in an audit. */
  readonly name: string;
  /** Of each worker. */
  readonly bridges: AudioBridgesSettings;
  /** See `OrphanedLines`; 0: never. */
  readonly portsOrphanMs: number;
}

/** The ports worker, and where its RTP comes from and goes to. */
export interface AnalogPorts {
  readonly ports: Ports;
  readonly address: MediaAddress;
}

/**
 * The contexts of this gateway and what is done with them. Commands are answered from here, without waiting for a worker:
 * ports are bound ahead, statistics lie in shared memory. Only a port that has to be bound first makes its `add` wait.
 */
export class MediaGateway {
  onEvent: (event: GatewayEvent | PortGatewayEvent) => void = () => {};

  readonly #settings: MediaGatewaySettings;
  readonly #links: readonly WorkerLink[];
  readonly #contexts = new Map<string, Context>();
  readonly #terminations: Terminations;
  readonly #connections: Connections;
  readonly #measurements: Measurements;
  /** Null: there are no cards. */
  readonly #desk: PortDesk | null;
  #commands = 0;
  #refused = 0;

  constructor(settings: MediaGatewaySettings, links: readonly WorkerLink[], analog: AnalogPorts | null, timers: Timers, random: () => number) {
    this.#settings = settings;
    this.#links = links;
    this.#measurements = new Measurements(links, settings.pairs);
    this.#desk = analog === null ? null : new PortDesk(analog, settings.portsOrphanMs, this.#contexts, this.#measurements, timers);
    if (this.#desk !== null) this.#desk.onEvent = (event) => this.onEvent(event);
    const ends = this.#desk?.ends ?? null;
    this.#connections = new Connections(links.map(({ plane }) => plane), settings.bridges, ends);
    this.#terminations = new Terminations(settings, { contexts: this.#contexts, links, connections: this.#connections, ends, timers, random });
  }

  /** `done` is called once: before `execute` returns, but for an `add` whose port has to be bound first, and what a card has to answer. Never throws. */
  execute(command: GatewayCommand, done: (outcome: Outcome) => void): void {
    this.#commands++;
    const answer = (outcome: Outcome): void => {
      if (outcome.refusal !== undefined) this.#refused++;
      done(outcome);
    };
    const outcome = this.#execute(command, answer);
    if (outcome !== 'later') answer(outcome);
  }

  /** From now on it is told; what was told before stays told. */
  controllerCame(): void {
    this.#desk?.controllerCame();
  }

  controllerLeft(): void {
    this.#desk?.controllerLeft();
  }

  /** What the ports worker tells. */
  takeOfPorts(events: readonly PortGatewayEvent[]): void {
    this.#desk?.take(events);
  }

  /** What a worker tells. */
  take(worker: number, events: readonly WorkerEvent[]): void {
    for (const event of events) {
      if (event.type === 'ready') continue;
      if (event.type === 'opened') this.#terminations.pool.opened(worker, event.pair, event.error);
      else {
        const owner = this.#terminations.owners.of(worker, event);
        if (owner === undefined) continue;
        if (event.type === 'spoke') this.#connections.heard(owner.context, owner.termination, event.payloadType);
        // Of a port its own worker tells.
        else if (owner.termination.analog === null) this.onEvent(gatewayEvent(owner, event));
      }
    }
  }

  #execute(command: GatewayCommand, done: (outcome: Outcome) => void): Outcome | 'later' {
    switch (command.do) {
      case 'add':
        return this.#add(command, done);
      case 'audit': {
        const contexts = [...this.#contexts.values()].map((context) => auditOf(context, this.#measurements));
        return ok({ gateway: this.#settings.name, contexts, ports: this.#desk?.open ?? [] } satisfies GatewayReplies['audit']);
      }
      case 'metrics':
        return ok(this.#measurements.metrics(this.#contexts, this.#terminations.pool, { commandsTotal: this.#commands, commandsRefusedTotal: this.#refused }));
      case 'addPort':
        return this.#addPort(command, done);
      case 'addPlayer':
      case 'addSeat':
      case 'modifySeat':
      case 'announce':
      case 'hush':
      case 'record':
      case 'recording':
      case 'move':
        return refuse('badCommand', `this gateway has no ${command.do} yet`);
      default:
        break;
    }
    if (!('context' in command)) return this.#desk === null ? noPorts(command) : (this.#desk.execute(command, done), 'later');
    const context = this.#contexts.get(command.context);
    if (context === undefined) return refuse('noSuchContext', `no context ${command.context}`);
    switch (command.do) {
      case 'attach':
        context.blob = command.blob;
        return nothing;
      case 'topology':
        if (command.oneWay !== undefined || command.joined.some(([one, other]) => one === other)) return refuse('badCommand', 'this gateway joins pairs both ways only');
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
    if (termination.analog !== null && (command.do === 'modify' || command.do === 'signal')) return refuse('badCommand', `${command.termination} is a port: ${command.do === 'modify' ? 'modifyPort' : 'play'}`);
    switch (command.do) {
      case 'modifyPort':
        return this.#modifyPort(context, termination, command.codec);
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
    const pinned = command.local?.rtpPort;
    const pair = this.#terminations.choose(known, address, pinned);
    if (pair === 'noPort') return noPort;
    if (pair === 'portTaken') return refuse('portTaken', `port ${pinned} is in use`);
    const termination = this.#terminations.newTermination(command.termination, pair, command.remote ?? null, command.mode ?? 'sendrecv', null);
    this.#terminations.enter(known ?? newContext(command.context, pair.worker), termination, pinned, done, () => done(ok({ local: localOf(termination.pair) } satisfies GatewayReplies['add'])));
    return 'later';
  }

  #addPort(command: Extract<GatewayCommand, { do: 'addPort' }>, done: (outcome: Outcome) => void): Outcome | 'later' {
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return refuse('terminationExists', `${command.termination} is already in ${command.context}`);
    const desk = this.#desk;
    if (desk === null) return noPorts(command);
    const { ends } = desk;
    if (ends.isTaken(command.port)) return refuse('portTaken', `${command.port} is an end of a context`);
    const pair = this.#terminations.choose(known, ends.address, undefined);
    if (typeof pair === 'string') return noPort;
    const context = known ?? newContext(command.context, pair.worker);
    const termination = this.#terminations.newTermination(command.termination, pair, null, 'sendrecv', { port: command.port, codec: command.codec, told: '' });
    ends.speak(termination, command.codec);
    ends.take(command.port);
    this.#terminations.enter(context, termination, undefined, done, () => {
      ends.begin(context, termination, (refusal) => {
        const isWanted = this.#terminations.isIn(context, termination);
        if (refusal !== null && isWanted) this.#terminations.withdraw(context, termination);
        // Joined while it was not there yet.
        if (refusal === null && isWanted) ends.connect(context);
        done(refusal === null ? nothing : { refusal });
      });
    });
    return 'later';
  }

  #modify(context: Context, termination: Termination, remote: RemoteMedia | undefined, mode: MediaMode | undefined): Outcome {
    const fault = remoteFault(remote, termination.pair.address);
    if (fault !== null) return refuse('badCommand', fault);
    if (mode !== undefined && mode !== termination.mode) {
      termination.mode = mode;
      if (termination.live) this.#terminations.sendMode(context, termination);
    }
    if (remote !== undefined) {
      termination.remote = remote;
      termination.heard = null;
      if (termination.live) this.#link(context.worker).plane.remote(termination.pair.id, planeRemote(remote));
      if (!this.#connections.connect(context)) return noRoom;
    }
    return nothing;
  }

  #modifyPort(context: Context, termination: Termination, codec: PortCodec): Outcome {
    if (termination.analog === null || this.#desk === null) return refuse('badCommand', `${termination.id} is no port: modify`);
    if (termination.analog.codec === codec) return nothing;
    const remote = this.#desk.ends.speak(termination, codec);
    if (termination.live) this.#link(context.worker).plane.remote(termination.pair.id, planeRemote(remote));
    return this.#connections.connect(context) ? nothing : noRoom;
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
    this.#terminations.forget(context, termination);
    this.#terminations.retire(context.worker, termination);
    this.#connections.connect(context);
    return ok({ statistics } satisfies GatewayReplies['subtract']);
  }

  #release(context: Context): Outcome {
    this.#contexts.delete(context.id);
    this.#connections.release(context);
    const statistics: Record<TerminationId, TerminationStatistics> = {};
    for (const termination of context.terminations.values()) {
      statistics[termination.id] = this.#measurements.of(termination);
      this.#terminations.retire(context.worker, termination);
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

  #link(worker: number): WorkerLink {
    return this.#links[worker] as WorkerLink;
  }
}

function newContext(id: string, worker: number): Context {
  return { id, worker, blob: null, joined: [], terminations: new Map<TerminationId, Termination>(), bridge: null };
}

function noPorts(command: GatewayCommand): Outcome {
  if (command.do === 'cards') return ok({ cards: [] } satisfies GatewayReplies['cards']);
  return 'port' in command ? refuse('noSuchPort', `there is no port ${command.port}: this gateway has no cards`) : refuse('noSimulator', 'there are no simulated cards');
}

const noPort = refuse('noPort', 'all RTP ports are in use');
