export type { Candidate, Decision, Explanation, ExplanationStep } from './explanation.ts';
export type { OutsideUse, RoutingState } from './routing-state.ts';
