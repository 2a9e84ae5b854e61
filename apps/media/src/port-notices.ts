import { KeptHappenings, type PortGatewayEvent, type PortHappening, type PortName } from '@tipring/gateway';

/** A port as what it told makes it. */
interface NoticedPort {
  /** `gone`: its card is; what it told until then waits for a controller. */
  at: 'opening' | 'open' | 'gone';
  /** This controller has opened it, and is told at once. */
  isClaimed: boolean;
  readonly kept: KeptHappenings;
  /** FXO: its own hook; FXS: the telephone's. Null: not told yet. */
  hook: 'off' | 'on' | null;
  /** Since when, by the main thread's clock. */
  hookSinceMs: number;
  kind: 'fxo' | 'fxs' | null;
}

/**
 * What ports tell: at once to the controller that has opened them, else it is kept until one does.
 *
 *   opened ──► claimed ──controller gone, or another──► unclaimed ──opened again──► claimed
 *                │ closed, or its card is gone                │
 *                └───────────────► forgotten ◄────────────────┘
 */
export class PortNotices {
  onEvent: (event: PortGatewayEvent) => void = () => {};
  readonly #ports = new Map<PortName, NoticedPort>();
  readonly #now: () => number;
  /** Counts controllers: what one of them asked for is not another's. */
  #era = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get open(): readonly PortName[] {
    return [...this.#ports].flatMap(([name, { at }]) => (at === 'open' ? [name] : []));
  }

  /** Another controller, or none: each has to open its ports. */
  controllerChanged(): void {
    this.#era++;
    for (const port of this.#ports.values()) port.isClaimed = false;
  }

  /** Asked for: what it tells from now on waits for the answer. @returns to be called with it */
  opening(name: PortName): (isOpen: boolean) => void {
    const era = this.#era;
    const port: NoticedPort = this.#ports.get(name) ?? { at: 'opening', isClaimed: false, kept: new KeptHappenings(), hook: null, hookSinceMs: 0, kind: null };
    this.#ports.set(name, port);
    return (isOpen) => {
      if (!isOpen) {
        if (port.at === 'opening' && this.#ports.get(name) === port) this.#ports.delete(name);
        return;
      }
      port.at = 'open';
      if (era !== this.#era) return;
      port.isClaimed = true;
      for (const { atMs, is } of port.kept.take()) this.onEvent({ event: 'port', port: name, atMs, is });
    };
  }

  /** Asked to close: nothing is told any more. */
  closing(name: PortName): void {
    this.#ports.delete(name);
  }

  /** What the ports worker tells. */
  take(events: readonly PortGatewayEvent[]): void {
    for (const event of events) {
      // Who was not there asks for all cards when it comes.
      if (event.event === 'card') this.onEvent(event);
      else this.#happened(event);
    }
  }

  /** Lines that we hold, and since when; and telephones. */
  *hooks(): Generator<{ readonly port: PortName; readonly kind: 'fxo' | 'fxs'; readonly hook: 'off' | 'on'; readonly sinceMs: number }> {
    for (const [port, { at, kind, hook, hookSinceMs }] of this.#ports) if (at === 'open' && kind !== null && hook !== null) yield { port, kind, hook, sinceMs: hookSinceMs };
  }

  #happened(event: Extract<PortGatewayEvent, { event: 'port' }>): void {
    const port = this.#ports.get(event.port);
    // Closed meanwhile.
    if (port === undefined) return;
    this.#note(port, event.is);
    if (port.isClaimed) this.onEvent(event);
    else port.kept.keep({ atMs: event.atMs, is: event.is });
    if (port.at === 'gone' && port.isClaimed) this.#ports.delete(event.port);
  }

  #note(port: NoticedPort, is: PortHappening): void {
    if (is.type === 'absent') port.at = 'gone';
    if (is.type !== 'hook' && is.type !== 'portHook') return;
    port.kind = is.type === 'hook' ? 'fxs' : 'fxo';
    if (port.hook !== is.hook) port.hookSinceMs = this.#now();
    port.hook = is.hook;
  }
}
