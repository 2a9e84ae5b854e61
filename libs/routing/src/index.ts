export { CallbackMemory, type EmergencyLaunch } from './callback-memory.ts';
export type { Candidate, Decision, Explanation, ExplanationStep } from './explanation.ts';
export { FraudLedger, type OutsideCall, type OutsideCallEnd } from './fraud-ledger.ts';
export { HuntMemory } from './hunt-memory.ts';
export type { NumberingFacts } from './numbers/numbering.ts';
export type { OutsideUse, RoutingState } from './routing-state.ts';
export { type CompileRouting, type Resolution, type Routing, RoutingTable } from './routing-table.ts';
export { isCostly, type Price } from './tariff.ts';
export type { Detail } from './trace.ts';
