import type { PortCodec, PortGatewayCommand, PortGatewayRefusalCode, PortGatewayReplies, PortName, SimulatorGatewayCommand, SimulatorGatewayReplies, SimulatorRefusalCode } from '@tipring/gateway';
import type { PortLinkAddress } from './port-link.ts';

/** What the main thread asks of the ports: the contract's commands, but for contexts, of which ports know nothing. */
export type PortUnitCommand =
  | Exclude<PortGatewayCommand, { readonly do: 'addPort' | 'modifyPort' }>
  /**
   * The port's audio goes over this link, in place of the link or patch it had. With the address it had before, the stream goes on with its
   * numbers (a codec is changed so). Refused as `closed` unless it is open.
   */
  | { readonly do: 'connectPort'; readonly port: PortName; readonly codec: PortCodec; readonly link: PortLinkAddress }
  /** It hears nothing but its own sounds; of a patch, the other too. Also done when there was none. */
  | { readonly do: 'disconnectPort'; readonly port: PortName }
  /** The two hear each other and nobody else, without packets, in place of the links and patches they had. */
  | { readonly do: 'patchPorts'; readonly ports: readonly [PortName, PortName] }
  | SimulatorGatewayCommand;

export interface PortUnitReplies extends Omit<PortGatewayReplies, 'addPort' | 'modifyPort'>, SimulatorGatewayReplies {
  connectPort: Record<string, never>;
  disconnectPort: Record<string, never>;
  patchPorts: Record<string, never>;
}

export type PortUnitRefusal = { readonly code: PortGatewayRefusalCode | SimulatorRefusalCode; readonly text: string };

export type PortUnitOutcome<Do extends PortUnitCommand['do'] = PortUnitCommand['do']> =
  | { readonly reply: PortUnitReplies[Do]; readonly refusal?: undefined }
  | { readonly reply?: undefined; readonly refusal: PortUnitRefusal };
