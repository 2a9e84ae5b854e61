export type { CarrierAct, CarrierFailure, OutsideCall } from './carrier-act.ts';
export { CarrierClient } from './carrier-client.ts';
export type { CarrierCodec, CarrierCustomer, CarrierPlan, CarrierSocket, CarrierSound, CarrierTransport, NumberBehaviour, NumberRule, RegisteringCustomer, StaticCustomer } from './carrier-plan.ts';
export type { CarriedMessage, CarrierCall, CarrierRegistration, CarrierState } from './carrier-state.ts';
export { demoCarrier, demoCarrierPlan, knownNumbers } from './demo-carrier.ts';
export { readCarrierPlan, type ReadPlan, readCarrierRequest, type ReadRequest } from './read-carrier.ts';
export { type Acted, type CarrierOutcome, type CarrierRefusal, type CarrierReplies, type CarrierReply, type CarrierRequest, maximumReplyLength, maximumRequestLength } from './wire.ts';
