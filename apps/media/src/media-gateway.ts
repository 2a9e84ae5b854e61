import type { Timers } from '@tipring/clock';
import type { GatewayCommand, GatewayEvent, GatewayReplies, MediaAddress, PlayerGatewayEvent, PortGatewayEvent, TerminationId, TerminationStatistics } from '@tipring/gateway';
import { auditOf } from './audit.ts';
import { Connections } from './connections.ts';
import { type Context, leave, newContext, type Player, type RoomSeat, type RtpEnd, type Termination } from './context.ts';
import { Measurements } from './measurements.ts';
import { exists, noPorts, noRoom, nothing, ok, type Outcome, refuse } from './outcome.ts';
import { gatewayEvent } from './owners.ts';
import { Players } from './players.ts';
import { PortDesk } from './port-desk.ts';
import type { Ports } from './ports/ports.ts';
import { roomOf, Rooms } from './rooms.ts';
import { RtpEnds } from './rtp-ends.ts';
import type { SoundsTold } from './sounds/sounds-message.ts';
import type { Sounds } from './sounds/sounds.ts';
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
  onEvent: (event: GatewayEvent | PlayerGatewayEvent | PortGatewayEvent) => void = () => {};

  readonly #settings: MediaGatewaySettings;
  readonly #contexts = new Map<string, Context>();
  readonly #terminations: Terminations;
  readonly #connections: Connections;
  readonly #measurements: Measurements;
  readonly #ends: RtpEnds;
  readonly #players: Players;
  readonly #rooms = new Rooms();
  /** Null: there are no cards. */
  readonly #desk: PortDesk | null;
  #commands = 0;
  #refused = 0;

  constructor(settings: MediaGatewaySettings, links: readonly WorkerLink[], sounds: Sounds, analog: AnalogPorts | null, timers: Timers, random: () => number) {
    this.#settings = settings;
    this.#measurements = new Measurements(links, settings.pairs);
    this.#desk = analog === null ? null : new PortDesk(analog, settings.portsOrphanMs, this.#contexts, this.#measurements, timers);
    if (this.#desk !== null) this.#desk.onEvent = (event) => this.onEvent(event);
    const ports = this.#desk?.ends ?? null;
    this.#connections = new Connections(links.map(({ plane }) => plane), settings.bridges, ports);
    const lost = ({ context, id }: RtpEnd): void => this.onEvent({ event: 'mediaTimeout', context: context.id, termination: id, silentMs: 0 });
    this.#terminations = new Terminations(settings, { contexts: this.#contexts, links, connections: this.#connections, ports, timers, random, lost });
    this.#ends = new RtpEnds(settings.address, { contexts: this.#contexts, links, terminations: this.#terminations, connections: this.#connections, ports });
    this.#players = new Players(sounds);
    this.#players.notices.onEvent = (event) => this.onEvent(event);
  }

  /** `done` is called once: before `execute` returns, but for an `add` whose port has to be bound first, and what a card has to answer. Never throws. */
  execute(command: GatewayCommand, done: (outcome: Outcome) => void): void {
    this.#commands++;
    const answer = (outcome: Outcome): void => {
      if (outcome.refusal !== undefined) this.#refused++;
      done(outcome);
      if (command.do === 'audit') this.#players.notices.audited();
    };
    const outcome = this.#execute(command, answer);
    if (outcome !== 'later') answer(outcome);
  }

  /** From now on it is told; what was told before stays told. */
  controllerCame(): void {
    this.#desk?.controllerCame();
    this.#players.notices.controllerCame();
  }

  controllerLeft(): void {
    this.#players.notices.controllerLeft();
    this.#desk?.controllerLeft();
  }

  /** What the ports worker tells. */
  takeOfPorts(events: readonly PortGatewayEvent[]): void {
    this.#desk?.take(events);
  }

  /** What the sounds thread tells. */
  takeOfSounds(told: SoundsTold): void {
    this.#players.take(told);
  }

  /** What a worker tells. */
  take(worker: number, events: readonly WorkerEvent[]): void {
    for (const event of events) {
      if (event.type === 'ready') continue;
      if (event.type === 'opened') this.#terminations.pool.opened(worker, event.pair, event.error);
      else if (event.type === 'closed') this.#terminations.pool.closed(worker, event.pair);
      else if (event.type === 'announced') this.#players.announced(event.player, event.announcement, event.how);
      else {
        const owner = this.#terminations.owners.of(worker, event);
        if (owner === undefined) continue;
        if (event.type === 'spoke') this.#connections.heard(owner, event.payloadType);
        // Of a port its own worker tells.
        else if (owner.analog === null) this.onEvent(gatewayEvent(owner, event));
      }
    }
  }

  #execute(command: GatewayCommand, done: (outcome: Outcome) => void): Outcome | 'later' {
    switch (command.do) {
      case 'add':
        return this.#ends.add(command, done);
      case 'audit': {
        const contexts = [...this.#contexts.values()].map((context) => auditOf(context, this.#measurements));
        return ok({ gateway: this.#settings.name, contexts, ports: this.#desk?.open ?? [] } satisfies GatewayReplies['audit']);
      }
      case 'metrics':
        return ok(this.#measurements.metrics(this.#contexts, this.#terminations.pool, { commandsTotal: this.#commands, commandsRefusedTotal: this.#refused }));
      case 'addPort':
        return this.#ends.addPort(command, done);
      case 'addPlayer':
        return this.#addPlayer(command);
      case 'addSeat':
        return this.#addSeat(command);
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
        return this.#topology(context, command.joined, command.oneWay ?? []);
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
      case 'subtract':
        return this.#subtract(context, termination);
      case 'announce':
      case 'hush':
      case 'record':
      case 'recording':
        return termination.kind === 'player' ? this.#players.execute(termination, command) : refuse('badCommand', `${command.termination} is no player`);
      case 'modifySeat':
        return termination.kind === 'seat' ? this.#modifySeat(termination, command.isMuted) : refuse('badCommand', `${command.termination} is no seat`);
      default:
        break;
    }
    if (termination.kind !== 'rtp') return refuse('badCommand', `${command.termination} is a ${termination.kind}`);
    switch (command.do) {
      case 'move':
        return this.#ends.move(termination, command.to, command.as ?? command.termination);
      case 'modifyPort':
        return this.#ends.modifyPort(termination, command.codec);
      case 'modify':
        return termination.analog === null ? this.#ends.modify(termination, command.remote, command.mode) : refuse('badCommand', `${command.termination} is a port: modifyPort`);
      case 'signal':
        return termination.analog === null ? this.#ends.signal(termination, command.signal) : refuse('badCommand', `${command.termination} is a port: play`);
    }
  }

  #addPlayer(command: Extract<GatewayCommand, { do: 'addPlayer' }>): Outcome {
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return exists(command);
    const context = known ?? newContext(command.context, this.#terminations.owners.leastLoaded);
    const player = this.#players.add(context, command.termination);
    return player === null ? noPlayer : this.#entered(player);
  }

  #addSeat(command: Extract<GatewayCommand, { do: 'addSeat' }>): Outcome {
    const { room, isMuted = false } = command;
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return exists(command);
    const other = known === undefined ? undefined : roomOf(known);
    if (other !== undefined && other !== room) return refuse('badCommand', `${command.context} has a seat in ${other}`);
    const worker = this.#rooms.workerOf(room) ?? known?.worker ?? this.#terminations.owners.leastLoaded;
    if (known !== undefined && !this.#settle(known, worker)) return noRoom;
    return this.#entered(this.#rooms.sit(known ?? newContext(command.context, worker), command.termination, room, isMuted));
  }

  /** It is in its context, and there has to be room for it. */
  #entered(termination: Player | RoomSeat): Outcome {
    const { context } = termination;
    this.#contexts.set(context.id, context);
    if (this.#connections.connect(context)) return nothing;
    this.#leave(termination);
    this.#connections.connect(context);
    if (context.terminations.size === 0 && context.blob === null) this.#contexts.delete(context.id);
    return noRoom;
  }

  /** All of a context goes to a worker. False: that has no room for it, and it stays. */
  #settle(context: Context, worker: number): boolean {
    if (context.worker === worker) return true;
    const ends = [...context.terminations.values()].filter((termination) => termination.kind === 'rtp');
    if (!ends.every((end) => this.#terminations.canBeWith(end, worker))) return false;
    this.#connections.release(context);
    context.worker = worker;
    for (const end of ends) this.#terminations.follow(end);
    this.#connections.connect(context);
    return true;
  }

  #modifySeat(seat: RoomSeat, isMuted: boolean): Outcome {
    seat.isMuted = isMuted;
    this.#connections.connect(seat.context);
    return nothing;
  }

  #topology(context: Context, joined: Context['joined'], oneWay: Context['oneWay']): Outcome {
    for (const pair of [...joined, ...oneWay]) {
      const unknown = pair.find((id) => !context.terminations.has(id));
      if (unknown !== undefined) return refuse('noSuchTermination', `no termination ${unknown} in ${context.id}`);
    }
    const former = { joined: context.joined, oneWay: context.oneWay };
    Object.assign(context, { joined, oneWay });
    if (this.#connections.connect(context)) return nothing;
    Object.assign(context, former);
    this.#connections.connect(context);
    return noRoom;
  }

  #subtract(context: Context, termination: Termination): Outcome {
    const statistics = this.#measurements.of(termination);
    this.#leave(termination);
    this.#connections.connect(context);
    return ok({ statistics } satisfies GatewayReplies['subtract']);
  }

  #leave(termination: Termination): void {
    if (termination.kind === 'player') this.#players.remove(termination);
    else if (termination.kind === 'seat') this.#rooms.rise(termination);
    else {
      leave(termination.context, termination.id);
      this.#terminations.retire(termination);
    }
  }

  #release(context: Context): Outcome {
    this.#contexts.delete(context.id);
    this.#connections.release(context);
    const statistics: Record<TerminationId, TerminationStatistics> = {};
    for (const termination of [...context.terminations.values()]) {
      statistics[termination.id] = this.#measurements.of(termination);
      this.#leave(termination);
    }
    return ok({ statistics } satisfies GatewayReplies['release']);
  }

}

const noPlayer = refuse('overloaded', 'all players are in use: TIPRING_BRIDGED_ENDS sets how many there are');
