// The machine as it is, for tools that draw it; what is watched is told by PresenceAgent.
export { dialogMachine } from './dialog-machine.ts';
export type { DialogEffect, DialogInput, DialogStep } from './dialog-machine.ts';
