import type { Timers } from '@tipring/clock';
import type { PortName } from '@tipring/gateway';
import type { EndpointId } from '@tipring/telephony';
import type { GatewayClock } from './gateway-clock.ts';
import type { LineEndpointsPorts, LineEndpointsSettings, LineIncident } from './line-endpoints-ports.ts';

/** What every station and line of this adapter has at hand. */
export interface Surroundings extends LineEndpointsPorts {
  readonly timers: Timers;
  readonly settings: LineEndpointsSettings;
  readonly clock: GatewayClock;
  incident(id: EndpointId, what: LineIncident, text: string): void;
  /** Something that `live` shows is another. */
  changed(id: EndpointId): void;
  /** It was to be removed, and its last call has ended: it is closed. */
  closed(port: PortName): void;
}
