export { causeOf, causeInReason, reasonHeader, statusOf } from './cause-table.ts';
export { GatewayMedia, type TerminationListener } from './gateway-media.ts';
export { type LegSound, type LegTones, plainTones } from './leg-tones.ts';
export { SilentEndpoint, type SilentEndpointSettings } from './silent-endpoint.ts';
export { SipEndpoints, type SipStack } from './sip-endpoints.ts';
export type { Account, Accounts, FailureLog, Offers, RegistrationListener, SipEndpointsPorts, SipEndpointsSettings, SourceGuard } from './sip-endpoints-ports.ts';
export type { ConfiguredTrunk } from './trunk/configured-trunk.ts';
export type { LiveTrunk, TrunkEvent, TrunkListener, TrunkState } from './trunk/live-trunk.ts';
export type { Impairment, TrunkPorts, Trunks, TrunkStack } from './trunk/trunk-ports.ts';
