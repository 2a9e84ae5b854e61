import type { Timers } from '@tipring/clock';
import type { MediaAddress, PortGatewayEvent, PortName } from '@tipring/gateway';
import type { Context, RtpEnd } from './context.ts';
import type { Measurements } from './measurements.ts';
import { type Outcome, ok } from './outcome.ts';
import { OrphanedLines, type Partner } from './orphaned-lines.ts';
import { PortEnds } from './port-ends.ts';
import { PortNotices } from './port-notices.ts';
import type { PortUnitCommand, PortUnitOutcome } from './ports/port-unit-command.ts';
import type { Ports } from './ports/ports.ts';

/** All that the main thread has to do with analog ports: commands go to the ports worker, and what it tells to the controller, or is kept for it. */
export class PortDesk {
  onEvent: (event: PortGatewayEvent) => void = () => {};
  readonly ends: PortEnds;
  readonly #ports: Ports;
  readonly #contexts: ReadonlyMap<string, Context>;
  readonly #measurements: Measurements;
  readonly #notices: PortNotices;
  readonly #orphans: OrphanedLines;

  constructor({ ports, address }: { readonly ports: Ports; readonly address: MediaAddress }, orphanMs: number, contexts: ReadonlyMap<string, Context>, measurements: Measurements, timers: Timers) {
    this.#ports = ports;
    this.#contexts = contexts;
    this.#measurements = measurements;
    this.ends = new PortEnds(ports, address);
    this.#notices = new PortNotices(() => timers.now());
    this.#notices.onEvent = (event) => this.onEvent(event);
    this.#orphans = new OrphanedLines(orphanMs, timers, {
      hooks: () => this.#notices.hooks(),
      partnersOf: (port) => this.#partnersOf(port),
      hangUp: (port) => {
        ports.execute({ do: 'play', port, sounds: [] }, () => {});
        ports.execute({ do: 'commandPort', port, command: { do: 'hook', hook: 'on' } }, () => {});
      },
      stopRinging: (port) => ports.execute({ do: 'commandPort', port, command: { do: 'ringStop' } }, () => {}),
    });
  }

  /** Names of the ports that are open. */
  get open(): readonly PortName[] {
    return this.#notices.open;
  }

  /** What is not about contexts. */
  execute(command: Exclude<PortUnitCommand, { readonly do: 'connectPort' | 'disconnectPort' | 'patchPorts' }>, done: (outcome: Outcome) => void): void {
    const opened = command.do === 'openPort' ? this.#notices.opening(command.port) : null;
    if (command.do === 'closePort') this.#notices.closing(command.port);
    this.#ports.execute(command, (outcome: PortUnitOutcome) => {
      done(outcome.refusal === undefined ? ok(outcome.reply) : { refusal: outcome.refusal });
      opened?.(outcome.refusal === undefined);
    });
  }

  take(events: readonly PortGatewayEvent[]): void {
    this.#notices.take(events);
  }

  controllerCame(): void {
    this.#notices.controllerChanged();
    this.#orphans.controllerCame();
  }

  controllerLeft(): void {
    this.#notices.controllerChanged();
    this.#orphans.controllerLeft();
  }

  #partnersOf(port: PortName): readonly Partner[] {
    for (const context of this.#contexts.values()) {
      for (const termination of context.terminations.values()) if (termination.kind === 'rtp' && termination.analog?.port === port) return this.#joinedWith(termination);
    }
    return [];
  }

  #joinedWith({ id, context: { joined, oneWay, terminations } }: RtpEnd): readonly Partner[] {
    return [...joined, ...oneWay].flatMap(([one, other]): Partner[] => {
      const partner = terminations.get(one === id ? other : other === id ? one : '');
      if (partner === undefined || partner.id === id) return [];
      // In a room there are others; music is nobody.
      if (partner.kind !== 'rtp') return partner.kind === 'seat' ? [{ is: 'rtp', isHeard: true }] : [];
      if (partner.analog !== null) return [{ is: 'port', port: partner.analog.port }];
      // Of an end on hold nothing is awaited, so that its silence says nothing: who holds a line for nobody must not keep it.
      const isAwaited = partner.mode === 'sendrecv' || partner.mode === 'sendonly';
      return [{ is: 'rtp', isHeard: isAwaited && this.#measurements.silentMsOf(partner) === null }];
    });
  }
}
