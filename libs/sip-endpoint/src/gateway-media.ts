import type { Gateway, GatewayCommand, GatewayEvent, GatewayReplies, Piece, PlayerGatewayEvent, PortGatewayEvent, PortName, TerminationStatistics } from '@tipring/gateway';
import type { CallMedia, ContextId, Hearing, HeldContext, MediaQuality, TerminationId } from '@tipring/telephony';

export type TerminationListener = (event: GatewayEvent) => void;

/** The media gateway as calls and legs use it: the exchange's CallMedia, who is to hear of which termination, and what an adapter for lines needs of it. */
export class GatewayMedia implements CallMedia {
  /**
   * Called after every time the gateway came up, with what it holds: the first time `exchange.adopt(held)`, from then on `exchange.gatewayReturned(ids)`.
   * `ports`: the analog ports that are open there.
   */
  audited: (held: readonly HeldContext[], ports: readonly PortName[]) => void = () => {};
  /** For the adapter of lines: what happens at analog ports, and cards that come and go. */
  onPortEvent: (event: PortGatewayEvent) => void = () => {};
  /** Told of every recording, also of those that applications made. */
  onRecorded: CallMedia['onRecorded'] = () => {};
  /** For the adapter of applications: what players have played and recorded. */
  onPlayerEvent: (event: PlayerGatewayEvent) => void = () => {};
  /** What music of a class is, null: of the site's; it is played over and over. None: silence. */
  musicOf: (classId: string | null) => readonly Piece[] = () => [];
  /** For the adapter of lines. At `up` the audit has been asked for: whatever is sent now is answered after `audited`. */
  onState: (state: 'up' | 'down') => void = () => {};
  readonly #gateway: Gateway;
  readonly #listeners = new Map<TerminationId, TerminationListener>();
  /** Of those, from which nothing comes. */
  readonly #silent = new Set<TerminationId>();

  /** Takes the gateway's `onEvent`, `onPlayerEvent`, `onPortEvent` and `onState`. */
  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    gateway.onEvent = (event) => this.#tell(event);
    gateway.onPlayerEvent = (event) => {
      if (event.event === 'recorded') this.onRecorded({ context: event.context, termination: event.termination, file: event.file, ms: event.ms });
      this.onPlayerEvent(event);
    };
    gateway.onPortEvent = (event) => this.onPortEvent(event);
    gateway.onState = (state) => {
      if (state === 'up') this.audit();
      this.onState(state);
    };
  }

  get state(): 'up' | 'down' {
    return this.#gateway.state;
  }

  /** Terminations that somebody listens to: 0 when there is no call. */
  get size(): number {
    return this.#listeners.size;
  }

  /** Asks what the gateway holds; the answer goes to `audited`. */
  audit(): void {
    this.#gateway.send({ do: 'audit' }, (reply) => {
      if (reply === null) return;
      this.audited(reply.contexts, reply.ports);
      for (const { context, terminations } of reply.contexts) for (const { termination, silentMs } of terminations) this.#catchUp(context, termination, silentMs);
    });
  }

  connect(context: ContextId, { joined, oneWay }: Hearing, refused: (text: string) => void): void {
    this.#gateway.send({ do: 'topology', context, joined, ...(oneWay.length === 0 ? {} : { oneWay }) }, (_reply, refusal) => {
      // What else can be wrong is told by its own event: an end that could not be had, a gateway that is gone.
      if (refusal?.code === 'overloaded') refused(refusal.text);
    });
  }

  move(context: ContextId, termination: TerminationId, to: ContextId): void {
    this.#gateway.send({ do: 'move', context, termination, to });
  }

  addPlayer(context: ContextId, termination: TerminationId): void {
    this.#gateway.send({ do: 'addPlayer', context, termination });
  }

  music(context: ContextId, termination: TerminationId, classId: string | null): void {
    // One that is there is refused, and plays on until what follows.
    this.#gateway.send({ do: 'addPlayer', context, termination });
    const pieces = this.musicOf(classId);
    if (pieces.length === 0) this.#gateway.send({ do: 'hush', context, termination });
    else this.#gateway.send({ do: 'announce', context, termination, pieces, times: 0 });
  }

  record(context: ContextId, termination: TerminationId, file: string): void {
    this.#gateway.send({ do: 'record', context, termination, file, maxMs: LONGEST_RECORDING_MS }, (reply) => {
      // What was refused has no end of its own.
      if (reply === null) this.onRecorded({ context, termination, file, ms: 0 });
    });
  }

  recording(context: ContextId, termination: TerminationId, is: 'paused' | 'running' | 'stopped'): void {
    this.#gateway.send({ do: 'recording', context, termination, is });
  }

  attach(context: ContextId, blob: string): void {
    this.#gateway.send({ do: 'attach', context, blob });
  }

  drop(context: ContextId, termination: TerminationId): void {
    this.#gateway.send({ do: 'subtract', context, termination });
  }

  release(context: ContextId, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void {
    this.#gateway.send({ do: 'release', context }, (reply) => {
      if (reply === null) return done(null);
      const quality: Record<TerminationId, MediaQuality> = {};
      for (const termination in reply.statistics) {
        const measured = reply.statistics[termination];
        if (measured !== undefined) quality[termination] = qualityOf(measured);
      }
      done(quality);
    });
  }

  /** For legs. */
  send<C extends GatewayCommand>(command: C, done?: (reply: GatewayReplies[C['do']] | null, refusal: { readonly code: string; readonly text: string } | null) => void): void {
    this.#gateway.send(command, done);
  }

  listen(termination: TerminationId, listener: TerminationListener): void {
    this.#listeners.set(termination, listener);
  }

  unlisten(termination: TerminationId): void {
    this.#silent.delete(termination);
    this.#listeners.delete(termination);
  }

  #tell(event: GatewayEvent): void {
    const listener = this.#listeners.get(event.termination);
    if (listener === undefined) return;
    if (event.event === 'mediaTimeout') this.#silent.add(event.termination);
    else if (event.event === 'mediaResumed') this.#silent.delete(event.termination);
    listener(event);
  }

  /** Silence began or ended while the gateway could not tell. */
  #catchUp(context: ContextId, termination: TerminationId, silentMs: number | null): void {
    if ((silentMs !== null) === this.#silent.has(termination)) return;
    if (silentMs === null) this.#tell({ event: 'mediaResumed', context, termination, silentMs: 0 });
    else this.#tell({ event: 'mediaTimeout', context, termination, silentMs });
  }
}

/** Of one file; a call that is longer than a day is not recorded to its end. */
const LONGEST_RECORDING_MS = 24 * 3_600_000;

function qualityOf({ octetsReceived: _octetsReceived, ...quality }: TerminationStatistics): MediaQuality {
  return quality;
}
