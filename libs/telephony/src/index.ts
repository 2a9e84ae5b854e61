export type { CallControl, CallEvent, CallListener, CallState, CallView, LegState, LegView, OriginateRequest } from './call-control.ts';
export type { CallMedia } from './call-media.ts';
export { type Cause, q850 } from './cause.ts';
export type { Endpoint, EndpointId, Offer } from './endpoint.ts';
export type { BugReport, ExchangePorts, ExchangeSettings, HeldContext } from './exchange-ports.ts';
export type { DialRequest, Evidence, Leg, LegCommand, LegEvent, LegId, LegListener, LegSnapshot, Party } from './leg.ts';
export type { Codec, ContextId, DigitMethod, MediaProfile, MediaQuality, TerminationId } from './media.ts';
export type { CallBegun, CallDirection, CallId, CallJournal, CallRecord, LegRecord, StoryEntry } from './record.ts';
export type { Attempt, Endpoints, Route, RouteOutcome, RouteRequest, Routes } from './route.ts';
