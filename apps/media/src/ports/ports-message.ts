import type { PortGatewayEvent } from '@tipring/gateway';
import type { PortUnitCommand, PortUnitOutcome } from './port-unit-command.ts';
import type { PortsSettings } from './ports.ts';

/** To the ports worker: a command and its number, or the end. */
export type PortsRequest = { readonly id: number; readonly command: PortUnitCommand } | 'end';

/** From it: all that a turn brought, in order. */
export type PortsTold = readonly (
  | { readonly ready: { readonly address: string; readonly port: number }; readonly realtimeRefused: string | null }
  | { readonly id: number; readonly outcome: PortUnitOutcome }
  | PortGatewayEvent
)[];

export interface PortsWorkerData extends PortsSettings {
  /** The main thread's `performance.timeOrigin`: events are told by its clock. */
  readonly timeOrigin: number;
}
