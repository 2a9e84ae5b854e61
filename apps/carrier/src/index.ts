export { ControlServer } from './control-server.ts';
export { SimulatedCarrier } from './simulated-carrier.ts';
export type { CarrierOptions } from './simulated-carrier.ts';
