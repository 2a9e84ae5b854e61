import { type GatewayCommand, type GatewayReplies, type MediaMode, multicastFault, type PortCodec, type RemoteMedia, type Signal, type TerminationId } from '@tipring/gateway';
import { eventOfDigit } from '@tipring/rtp';
import { isIP } from 'node:net';
import { localOf } from './audit.ts';
import type { Connections } from './connections.ts';
import { type Context, newContext, type RtpEnd } from './context.ts';
import { exists, noPorts, noRoom, nothing, ok, type Outcome, refuse, remoteFault } from './outcome.ts';
import { planeRemote } from './plane-remote.ts';
import type { PortEnds } from './port-ends.ts';
import type { Terminations } from './terminations.ts';
import type { WorkerLink } from './worker-link.ts';

export interface RtpEndsSurroundings {
  readonly contexts: ReadonlyMap<string, Context>;
  readonly links: readonly WorkerLink[];
  readonly terminations: Terminations;
  readonly connections: Connections;
  /** Null: there are no cards. */
  readonly ports: PortEnds | null;
}

/** What is commanded of RTP ends, and of ports as ends of contexts. */
export class RtpEnds {
  /** Where an end is put whose controller asks for no address. */
  readonly #address: string;
  readonly #contexts: ReadonlyMap<string, Context>;
  readonly #links: readonly WorkerLink[];
  readonly #terminations: Terminations;
  readonly #connections: Connections;
  readonly #ports: PortEnds | null;

  constructor(address: string, { contexts, links, terminations, connections, ports }: RtpEndsSurroundings) {
    this.#address = address;
    this.#contexts = contexts;
    this.#links = links;
    this.#terminations = terminations;
    this.#connections = connections;
    this.#ports = ports;
  }

  add(command: Extract<GatewayCommand, { do: 'add' }>, done: (outcome: Outcome) => void): Outcome | 'later' {
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return exists(command);
    const address = command.address ?? this.#address;
    const fault = isIP(address) === 0 ? `${address} is no IP address` : remoteFault(command.remote, address);
    if (fault !== null) return refuse('badCommand', fault);
    const pinned = command.local?.rtpPort;
    const pair = this.#terminations.choose(known, address, pinned);
    if (pair === 'noPort') return noPort;
    if (pair === 'portTaken') return refuse('portTaken', `port ${pinned} is in use`);
    const end = this.#terminations.newEnd(command.termination, known ?? newContext(command.context, pair.worker), pair, command.remote ?? null, command.mode ?? 'sendrecv', null);
    this.#terminations.enter(end, pinned, done, () => done(ok({ local: localOf(end.pair) } satisfies GatewayReplies['add'])));
    return 'later';
  }

  addPort(command: Extract<GatewayCommand, { do: 'addPort' }>, done: (outcome: Outcome) => void): Outcome | 'later' {
    const known = this.#contexts.get(command.context);
    if (known?.terminations.has(command.termination) === true) return exists(command);
    const ends = this.#ports;
    if (ends === null) return noPorts(command);
    if (ends.isTaken(command.port)) return refuse('portTaken', `${command.port} is an end of a context`);
    const pair = this.#terminations.choose(known, ends.address, undefined);
    if (typeof pair === 'string') return noPort;
    const end = this.#terminations.newEnd(command.termination, known ?? newContext(command.context, pair.worker), pair, null, 'sendrecv', { port: command.port, codec: command.codec, told: '' });
    ends.speak(end, command.codec);
    ends.take(command.port);
    this.#terminations.enter(end, undefined, done, () => {
      ends.begin(end, (refusal) => {
        const isWanted = this.#terminations.isIn(end);
        if (refusal !== null && isWanted) this.#terminations.withdraw(end);
        // Joined while it was not there yet.
        if (refusal === null && isWanted) ends.connect(end.context);
        done(refusal === null ? nothing : { refusal });
      });
    });
    return 'later';
  }

  move(end: RtpEnd, to: string, as: TerminationId): Outcome {
    const known = this.#contexts.get(to);
    if (known?.terminations.has(as) === true) return exists({ context: to, termination: as });
    const context = known ?? newContext(to, end.context.worker);
    if (!this.#terminations.canBeWith(end, context.worker)) return noRoom;
    this.#terminations.move(end, context, as);
    return nothing;
  }

  modify(end: RtpEnd, remote: RemoteMedia | undefined, mode: MediaMode | undefined): Outcome {
    const fault = remoteFault(remote, end.pair.address) ?? multicastFault(remote ?? end.remote, mode ?? end.mode);
    if (fault !== null) return refuse('badCommand', fault);
    if (mode !== undefined && mode !== end.mode) {
      end.mode = mode;
      if (end.live) this.#terminations.sendMode(end);
    }
    if (remote !== undefined) {
      end.remote = remote;
      end.heard = null;
      if (end.live) this.#link(end).plane.remote(end.pair.id, planeRemote(remote));
      if (!this.#connections.connect(end.context)) return noRoom;
    }
    return nothing;
  }

  modifyPort(end: RtpEnd, codec: PortCodec): Outcome {
    if (end.analog === null || this.#ports === null) return refuse('badCommand', `${end.id} is no port: modify`);
    if (end.analog.codec === codec) return nothing;
    const remote = this.#ports.speak(end, codec);
    if (end.live) this.#link(end).plane.remote(end.pair.id, planeRemote(remote));
    return this.#connections.connect(end.context) ? nothing : noRoom;
  }

  signal(end: RtpEnd, signal: Signal): Outcome {
    if (signal.type === 'digit') return this.#digit(end, signal.digit, signal.durationMs);
    const played = this.#connections.tone(end, signal.type === 'tone' ? signal.tone : null, signal.type === 'tone' ? signal.levelDbm0 : 0);
    if (played === 'noRoom') return noRoom;
    return played === 'noCodec' ? refuse('badCommand', 'the far end has no codec that a tone could be sent in') : nothing;
  }

  #digit(end: RtpEnd, digit: string, durationMs: number): Outcome {
    const event = eventOfDigit(digit);
    const able = end.remote?.codecs.some(({ name }) => name.toLowerCase() === 'telephone-event') ?? false;
    if (event === null || !able) return refuse('badCommand', 'the far end takes no telephone-event');
    if (end.live) this.#link(end).plane.digit(end.pair.id, event, Math.round(durationMs));
    return nothing;
  }

  #link({ pair }: RtpEnd): WorkerLink {
    return this.#links[pair.worker] as WorkerLink;
  }
}

const noPort = refuse('noPort', 'all RTP ports are in use');
