import type { PortGatewayEvent } from '@tipring/gateway';
import type { SimulatorPlan } from '@tipring/cards';
import type { WebAssemblyModule } from '@tipring/dsp';
import type { PortUnitCommand, PortUnitOutcome } from './port-unit-command.ts';

/** All cards of a gateway and the audio of their ports: `PortUnit` in the ports worker, and before it `PortsLink` in the main thread. */
export interface Ports {
  /** `done` is called once: within the call, or later where the card is asked. Never throws. */
  execute<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>, done: (outcome: PortUnitOutcome<Do>) => void): void;
}

/** What the ports worker is started with. */
export interface PortsSettings {
  /** Compiled once for all workers. */
  readonly dsp: WebAssemblyModule;
  /** Path of packet-io.node, for real-time priority; '' without. */
  readonly native: string;
  /** Open at a time, in fours: ports of one card share a four. */
  readonly channels: number;
  /** Cards that do not exist; null: none. */
  readonly simulated: SimulatorPlan | null;
  /** Socket of the card agent, for DAHDI cards; null: none. */
  readonly agent: string | null;
}

/** What the main thread has of it: `new PortsLink(settings, onEvents, onDeath)`. */
export interface PortsThread extends Ports {
  /** Resolves when the worker has its socket and its cards: where it sends RTP from and takes it, one port for all links. Rejects when it cannot begin. */
  readonly ready: Promise<{ readonly address: string; readonly port: number }>;
  /** On hook, silent, closed; resolves when the thread has ended. */
  end(): Promise<void>;
}

export type PortEvents = (events: readonly PortGatewayEvent[]) => void;
