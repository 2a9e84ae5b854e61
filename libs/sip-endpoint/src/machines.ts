// The machines of trunks as they are, for tools that draw them; trunks are run by TrunkEndpoints.
export { callOutcomes, type CallOutcomes, type CallOutcomesInput, noCallsYet } from './trunk/call-outcomes.ts';
export { reachability, type Reachability, unprobed } from './trunk/reachability.ts';
export { registration, type Registration, type RegistrationEffect, type RegistrationInput } from './trunk/registration.ts';
