import type { Gateway, GatewayCommand, GatewayEvent, GatewayReplies, PlayerGatewayEvent, PortGatewayEvent, PortName, TerminationStatistics } from '@tipring/gateway';
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
  onRecorded: CallMedia['onRecorded'] = () => {};
  /** For the adapter of applications: what players have played and recorded. */
  onPlayerEvent: (event: PlayerGatewayEvent) => void = () => {};
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
    gateway.onPlayerEvent = (event) => this.onPlayerEvent(event);
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

  connect(context: ContextId, { joined }: Hearing, refused: (text: string) => void): void {
    this.#gateway.send({ do: 'topology', context, joined }, (_reply, refusal) => {
      // What else can be wrong is told by its own event: an end that could not be had, a gateway that is gone.
      if (refusal?.code === 'overloaded') refused(refusal.text);
    });
  }

  // The gateway does not have these commands yet, and no call asks for them.
  move(): void {}
  addPlayer(): void {}
  music(): void {}
  record(): void {}
  recording(): void {}

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

function qualityOf({ octetsReceived: _octetsReceived, ...quality }: TerminationStatistics): MediaQuality {
  return quality;
}
