import type { Timers } from '@tipring/clock';
import type { Gateway, GatewayCommand, GatewayEvent, GatewayMetrics, GatewayRefusal, GatewayReplies, TerminationStatistics } from './contract.ts';
import { auditContext, type FakeContext, type FakeTermination, leave, newContext, nothingYet } from './fake-contexts.ts';
import { commandFake, endRecording, type FakePlayer, newFakePlayer } from './fake-players.ts';
import { type FakePort, FakePorts } from './fake-ports.ts';
import type { ContextId, TerminationId } from './identifiers.ts';
import { multicastFault } from './multicast.ts';
import type { PlayerGatewayEvent } from './player-contract.ts';
import type { CardDescription, PortGatewayEvent, PortHappening, PortMeasurement, PortName } from './port-contract.ts';
import { readCommand, writeCommand } from './wire.ts';

export interface FakeGatewaySettings {
  /** With it replies come after `latencyMs` of virtual time; without it, as a microtask. Never inside `send`. */
  readonly timers?: Timers;
  readonly latencyMs?: number;
  /** The address `add` answers when none is asked for. */
  readonly address?: string;
  /** The first RTP port given; each termination takes the next even one. A freed port is not given again before the others. */
  readonly firstPort?: number;
  readonly lastPort?: number;
  /** Analog cards; see `fakeCard`. */
  readonly cards?: readonly CardDescription[];
}

type Refusal = GatewayRefusal | { readonly code: 'gone'; readonly text: string };
type Done = (reply: never, refusal: Refusal | null) => void;
type Answer = { readonly reply: unknown } | { readonly refusal: Refusal };

/**
 * A media gateway in memory: it passes the conformance suite of the real one but moves no audio. Deterministic. What tests
 * need beside the contract: `sent` (every command it was sent), `emit` (an event from the wire), `refuseNext`, `setStatistics`, `goDown`, `comeUp`; of players `player` (what became of one), `emitPlayer` (it has played, or recorded);
 * of analog ports `port` (what became of one), `emitPort` (something happens there), `setMeasurement`, `removeCard` and `insertCard`.
 * It starts up, without an `onState` call.
 */
export class FakeGateway implements Gateway {
  onEvent: (event: GatewayEvent) => void = () => {};
  onPlayerEvent: (event: PlayerGatewayEvent) => void = () => {};
  onPortEvent: (event: PortGatewayEvent) => void = () => {};
  onState: (state: 'up' | 'down') => void = () => {};
  /** Every command it took, oldest first. */
  readonly sent: GatewayCommand[] = [];

  readonly #settings: Required<Omit<FakeGatewaySettings, 'timers' | 'cards'>>;
  readonly #timers: Timers | undefined;
  readonly #cards: readonly CardDescription[];
  #ports: FakePorts;
  #contexts = new Map<string, FakeContext>();
  #state: 'up' | 'down' = 'up';
  #nextPort: number;
  #portsInUse = new Set<string>();
  /** Sent and not answered yet. */
  #pending: { readonly done: Done | undefined; readonly command: GatewayCommand }[] = [];
  /** Of players, to be told after the answer. */
  #due: PlayerGatewayEvent[] = [];
  #refusals: { readonly do: GatewayCommand['do']; readonly refusal: GatewayRefusal }[] = [];
  #commands = 0;
  #refused = 0;

  constructor(settings: FakeGatewaySettings = {}) {
    this.#settings = { latencyMs: 0, address: '192.0.2.10', firstPort: 20_000, lastPort: 29_999, ...settings };
    this.#timers = settings.timers;
    this.#cards = settings.cards ?? [];
    this.#ports = this.#newPorts();
    this.#nextPort = this.#settings.firstPort;
  }

  get state(): 'up' | 'down' {
    return this.#state;
  }

  send: Gateway['send'] = (command: GatewayCommand, done?: Done): void => {
    if (this.#state === 'up') this.sent.push(command);
    this.#pending.push({ command, done });
    this.#later(this.#answerOldest);
  };

  close(): void {
    this.onState = () => {};
    this.goDown();
  }

  /** Something happens on the wire. */
  emit(event: GatewayEvent): void {
    const termination = this.#contexts.get(event.context)?.terminations.get(event.termination);
    if (termination !== undefined && (event.event === 'mediaTimeout' || event.event === 'mediaResumed')) termination.silentMs = event.event === 'mediaTimeout' ? event.silentMs : null;
    if (this.#state === 'up') this.onEvent(event);
  }

  /** A player has played all, or recorded. */
  emitPlayer(event: PlayerGatewayEvent): void {
    const player = this.player(event.context, event.termination);
    if (player !== null && event.event === 'announced') player.playing = null;
    if (player !== null && event.event === 'recorded') player.recording = null;
    if (this.#state === 'up') this.onPlayerEvent(event);
  }

  /** What the controller has made of a player; null: there is none. */
  player(context: ContextId, termination: TerminationId): FakePlayer | null {
    return this.#contexts.get(context)?.terminations.get(termination)?.player ?? null;
  }

  /** Something happens at a port; told at once, or kept while no controller has it. Nothing happens at one that is not open. */
  emitPort(port: PortName, is: PortHappening): void {
    this.#ports.happen(port, is);
    this.#tellPorts();
  }

  /** What the controller has made of a port; null: there is none. */
  port(port: PortName): FakePort | null {
    return this.#ports.find(port);
  }

  /** What `measurePort` will answer. */
  setMeasurement(port: PortName, measurement: Partial<PortMeasurement>): void {
    this.#ports.measured(port, measurement);
  }

  /** Pulled out: each of its open ports tells `absent`. */
  removeCard(serial: string, why: 'card' | 'driver' = 'card'): void {
    this.#ports.remove(serial, why);
    this.#tellPorts();
  }

  /** Put in: another one, or one that was removed, as it was. */
  insertCard(card: CardDescription): void {
    this.#ports.insert(card);
    this.#tellPorts();
  }

  /** The next such command is refused, whatever it says. */
  refuseNext(command: GatewayCommand['do'], code: GatewayRefusal['code'], text: string = code): void {
    this.#refusals.push({ do: command, refusal: { code, text } });
  }

  /** What the termination will have measured. */
  setStatistics(context: string, termination: TerminationId, statistics: Partial<TerminationStatistics>): void {
    const found = this.#contexts.get(context)?.terminations.get(termination);
    if (found !== undefined) found.statistics = { ...found.statistics, ...statistics };
  }

  /** The connection is lost: everything unanswered is `gone`. The contexts live on. */
  goDown(): void {
    if (this.#state === 'down') return;
    this.#state = 'down';
    const pending = this.#pending;
    this.#pending = [];
    this.#ports.unclaim();
    this.onState('down');
    for (const { done } of pending) done?.(null as never, gone);
  }

  /** A connection again: to the same gateway, or to one that was restarted and has forgotten everything. */
  comeUp(restarted: 'same' | 'restarted' = 'same'): void {
    if (this.#state === 'up') return;
    if (restarted === 'restarted') {
      this.#contexts = new Map();
      this.#portsInUse = new Set();
      this.#ports = this.#newPorts();
    }
    this.#state = 'up';
    this.onState('up');
  }

  #newPorts(): FakePorts {
    let turn = 0;
    return new FakePorts(this.#cards, () => this.#timers?.now() ?? ++turn);
  }

  #tell(): void {
    for (let event = this.#due.shift(); event !== undefined; event = this.#due.shift()) this.emitPlayer(event);
    this.#tellPorts();
  }

  #tellPorts(): void {
    for (let event = this.#ports.due.shift(); event !== undefined; event = this.#ports.due.shift()) if (this.#state === 'up') this.onPortEvent(event);
  }

  #later(action: () => void): void {
    if (this.#timers !== undefined) this.#timers.start(this.#settings.latencyMs, action);
    else queueMicrotask(action);
  }

  #answerOldest = (): void => {
    const oldest = this.#pending.shift();
    // Empty: the connection was lost meanwhile, and all were answered.
    if (oldest === undefined) return;
    const answer = this.#state === 'down' ? { refusal: gone } : this.#answer(oldest.command);
    if ('refusal' in answer) oldest.done?.(null as never, answer.refusal);
    else oldest.done?.(answer.reply as never, null);
    this.#tell();
  };

  #answer(command: GatewayCommand): Answer {
    this.#commands++;
    const planned = this.#refusals.findIndex((refusal) => refusal.do === command.do);
    // Through the wire's own edge, so that what the real gateway would refuse is refused here too.
    const edge = readCommand(writeCommand(1, command).slice(0, -1));
    const answer: Answer =
      planned >= 0 ? { refusal: this.#refusals.splice(planned, 1)[0]?.refusal ?? gone }
      : edge.command === undefined ? { refusal: edge.refusal }
      : this.#execute(edge.command);
    if ('refusal' in answer) this.#refused++;
    return answer;
  }

  #execute(command: GatewayCommand): Answer {
    if (command.do === 'audit') return { reply: { gateway: 'fake', contexts: [...this.#contexts].map(([id, context]) => auditContext(id, context)), ports: this.#ports.open } satisfies GatewayReplies['audit'] };
    if (command.do === 'metrics') return { reply: this.#metrics() };
    if (command.do === 'add') return this.#add(command);
    if (command.do === 'addPort') return this.#addPort(command);
    if (command.do === 'addPlayer' || command.do === 'addSeat') return this.#addLocal(command);
    if (command.do === 'simulate' || command.do === 'simulator') return refusal('noSimulator', 'a fake simulates nothing');
    if (!('context' in command)) return this.#ports.answer(command);
    const context = this.#contexts.get(command.context);
    if (context === undefined) return refusal('noSuchContext', `no context ${command.context}`);
    switch (command.do) {
      case 'modify': {
        const termination = context.terminations.get(command.termination);
        if (termination === undefined) return noTermination(command.termination);
        if (termination.local === null) return refusal('badCommand', `${command.termination} is no RTP end`);
        const fault = multicastFault(command.remote ?? termination.remote, command.mode ?? termination.mode);
        if (fault !== null) return refusal('badCommand', fault);
        termination.remote = command.remote ?? termination.remote;
        termination.mode = command.mode ?? termination.mode;
        return { reply: {} };
      }
      case 'modifyPort': {
        const termination = context.terminations.get(command.termination);
        if (termination === undefined) return noTermination(command.termination);
        return termination.port === null ? refusal('badCommand', `${command.termination} is no port: modify`) : { reply: {} };
      }
      case 'topology': {
        const { joined, oneWay = [] } = command;
        const unknown = [...joined, ...oneWay].flat().find((id) => !context.terminations.has(id));
        if (unknown !== undefined) return noTermination(unknown);
        context.joined = joined;
        context.oneWay = oneWay;
        return { reply: {} };
      }
      case 'attach':
        context.blob = command.blob;
        return { reply: {} };
      case 'subtract': {
        const termination = context.terminations.get(command.termination);
        if (termination === undefined) return noTermination(command.termination);
        this.#free(command, termination);
        leave(context, command.termination);
        return { reply: { statistics: termination.statistics } };
      }
      case 'move':
        return this.#move(command, context);
      case 'release': {
        this.#contexts.delete(command.context);
        const statistics: Record<TerminationId, TerminationStatistics> = {};
        for (const [id, termination] of context.terminations) {
          this.#free({ context: command.context, termination: id }, termination);
          statistics[id] = termination.statistics;
        }
        return { reply: { statistics } };
      }
      case 'signal': {
        const termination = context.terminations.get(command.termination);
        if (termination === undefined) return noTermination(command.termination);
        if (termination.local === null) return refusal('badCommand', `${command.termination} is no RTP end`);
        if (command.signal.type !== 'digit') return { reply: {} };
        const able = termination.remote?.codecs.some((codec) => codec.name.toLowerCase() === 'telephone-event') ?? false;
        return able ? { reply: {} } : refusal('badCommand', 'the far end takes no telephone-event');
      }
      case 'inspect':
        return { reply: auditContext(command.context, context) };
      default: {
        const termination = context.terminations.get(command.termination);
        if (termination === undefined) return noTermination(command.termination);
        const refused = commandFake(command, termination.player, termination.seat, (event) => this.#due.push(event));
        return refused === null ? { reply: {} } : { refusal: refused };
      }
    }
  }

  #add(command: Extract<GatewayCommand, { do: 'add' }>): Answer {
    const context = this.#contexts.get(command.context) ?? newContext();
    if (context.terminations.has(command.termination)) return refusal('terminationExists', `${command.termination} is already in ${command.context}`);
    const address = command.address ?? this.#settings.address;
    const rtpPort = command.local?.rtpPort ?? this.#choosePort(address);
    if (rtpPort === null) return refusal('noPort', 'all RTP ports are in use');
    if (this.#portsInUse.has(`${address} ${rtpPort}`)) return refusal('portTaken', `port ${rtpPort} is in use`);
    this.#portsInUse.add(`${address} ${rtpPort}`);
    const local = { address, rtpPort, rtcpPort: rtpPort + 1 };
    context.terminations.set(command.termination, { ...nothingYet, local, remote: command.remote ?? null, mode: command.mode ?? 'sendrecv' });
    this.#contexts.set(command.context, context);
    return { reply: { local } };
  }

  #addPort({ context: id, termination, port }: Extract<GatewayCommand, { do: 'addPort' }>): Answer {
    const context = this.#contexts.get(id) ?? newContext();
    if (context.terminations.has(termination)) return refusal('terminationExists', `${termination} is already in ${id}`);
    for (const { terminations } of this.#contexts.values()) for (const other of terminations.values()) if (other.port === port) return refusal('portTaken', `${port} is an end of a context`);
    const unfit = this.#ports.refusalOf(port);
    if (unfit !== null) return { refusal: unfit };
    context.terminations.set(termination, { ...nothingYet, port });
    this.#contexts.set(id, context);
    return { reply: {} };
  }

  #addLocal(command: Extract<GatewayCommand, { do: 'addPlayer' | 'addSeat' }>): Answer {
    const context = this.#contexts.get(command.context) ?? newContext();
    if (context.terminations.has(command.termination)) return refusal('terminationExists', `${command.termination} is already in ${command.context}`);
    const seat = command.do === 'addSeat' ? { room: command.room, isMuted: command.isMuted ?? false } : null;
    if (seat !== null && [...context.terminations.values()].some((other) => other.seat !== null && other.seat.room !== seat.room)) return refusal('badCommand', 'this context has a seat in another room');
    context.terminations.set(command.termination, { ...nothingYet, seat, player: seat === null ? newFakePlayer() : null });
    this.#contexts.set(command.context, context);
    return { reply: {} };
  }

  #move({ termination: id, to, as = id }: Extract<GatewayCommand, { do: 'move' }>, from: FakeContext): Answer {
    const termination = from.terminations.get(id);
    if (termination === undefined) return noTermination(id);
    if (termination.player !== null || termination.seat !== null) return refusal('badCommand', `${id} is no RTP end and no port`);
    const context = this.#contexts.get(to) ?? newContext();
    if (context.terminations.has(as)) return refusal('terminationExists', `${as} is already in ${to}`);
    leave(from, id);
    context.terminations.set(as, termination);
    this.#contexts.set(to, context);
    return { reply: {} };
  }

  #choosePort(address: string): number | null {
    const { firstPort, lastPort } = this.#settings;
    for (let tried = firstPort; tried < lastPort; tried += 2) {
      const port = this.#nextPort;
      this.#nextPort = port + 3 > lastPort ? firstPort : port + 2;
      if (!this.#portsInUse.has(`${address} ${port}`)) return port;
    }
    return null;
  }

  #free(named: { readonly context: ContextId; readonly termination: TerminationId }, termination: FakeTermination): void {
    if (termination.player !== null) endRecording(named, termination.player, 'released', (event) => this.#due.push(event));
    if (termination.local !== null) this.#portsInUse.delete(`${termination.local.address} ${termination.local.rtpPort}`);
  }

  #metrics(): GatewayMetrics {
    const { firstPort, lastPort } = this.#settings;
    const portsTotal = Math.floor((lastPort - firstPort + 1) / 2);
    let terminations = 0;
    for (const context of this.#contexts.values()) terminations += context.terminations.size;
    return {
      contexts: this.#contexts.size,
      terminations,
      portsInUse: this.#portsInUse.size,
      portsReady: portsTotal - this.#portsInUse.size,
      portsQuarantined: 0,
      portsTotal,
      workers: 1,
      nativeIo: 0,
      realtimeWorkers: 0,
      commandsTotal: this.#commands,
      commandsRefusedTotal: this.#refused,
      packetsReceivedTotal: 0,
      packetsSentTotal: 0,
      packetsDiscardedTotal: 0,
      packetsStrayTotal: 0,
      sendErrorsTotal: 0,
    };
  }
}

function refusal(code: GatewayRefusal['code'], text: string): Answer {
  return { refusal: { code, text } };
}

function noTermination(id: TerminationId): Answer {
  return refusal('noSuchTermination', `no termination ${id}`);
}

const gone = { code: 'gone', text: 'the media gateway is not connected' } as const;
