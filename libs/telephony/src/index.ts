export { type Cause, q850 } from './cause.ts';
export type { Endpoint, EndpointId, Offer } from './endpoint.ts';
export type { DialRequest, Evidence, Leg, LegCommand, LegEvent, LegId, LegListener, LegSnapshot, Party } from './leg.ts';
export type { Codec, ContextId, DigitMethod, MediaProfile, MediaQuality, TerminationId } from './media.ts';
