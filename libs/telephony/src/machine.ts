// The call machine as it is, for tools that draw it; calls are made through Exchange.
export { call } from './call.ts';
export type { CallEffect, CallInput, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
export type { Call } from './call-machine.ts';
