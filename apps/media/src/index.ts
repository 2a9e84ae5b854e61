// The process is started by its `main`. This is what runs of it without threads and sockets, for test beds in virtual time.
export type { AnalogEnd } from './analog-end.ts';
export { type Context, newContext, type RtpEnd } from './context.ts';
export { PortEnds } from './port-ends.ts';
export { PortNotices } from './port-notices.ts';
export type { PortLink, PortLinkAddress, PortLinkEnd } from './ports/port-link.ts';
export { PortUnit, type PortUnitSettings, type SimulatedPlant } from './ports/port-unit.ts';
