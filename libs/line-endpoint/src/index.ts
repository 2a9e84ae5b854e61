export { LineEndpoints } from './line-endpoints.ts';
export type { LineEndpointsPorts, LineEndpointsSettings, LineIncident, LineLog, Messages, MessagesWaiting, Offers, PortGateway, PortLegCommand, PortLegReply, PortRefused } from './line-endpoints-ports.ts';
export type { LineEvent, LineListener, Live, LiveLine, LiveStation } from './live.ts';
export { officeTone } from './office-tone.ts';
export { plansOf } from './plans-of.ts';
export type { CallerIdSending, LinePlan, Plans, PortPlan, StationPlan } from './plan.ts';
