import type { LineReading, PortRefusal } from '../contract.ts';
import type { AnyPortEvent, FxoEvent, FxsEvent } from '../port-event.ts';
import type { PortCommand } from '../port-command.ts';
import type { PortSettings } from '../port-settings.ts';
import type { EndCircuit, LineState } from '../twin/line-end.ts';

/** The electrical side of a port: what is behind the jack. */
export interface PortCircuit {
  /** Tells how things are, then what changes. */
  open(): void;
  close(): void;
  configure(settings: PortSettings): void;
  /** Checked already. */
  command(command: PortCommand): PortRefusal | null;
  circuit(): EndCircuit;
  settled(state: LineState): void;
  reading(state: LineState): Omit<LineReading, 'atMs'>;
  /** Whether what is sent goes out to the line, and what comes is heard. */
  readonly sends: boolean;
}

/** What a circuit has of its port. */
export interface CircuitWorld {
  tell(event: FxoEvent | FxsEvent | AnyPortEvent): void;
  /** The circuit is another now. */
  changed(): void;
}
