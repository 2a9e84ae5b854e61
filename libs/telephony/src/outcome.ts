import type { Cause } from './cause.ts';
import type { Evidence } from './leg.ts';

/** How something ended, and how we know. */
export interface Outcome {
  readonly cause: Cause;
  readonly evidence: Evidence;
}

/**
 * Several endpoints were rung together and all failed: the caller is told the one cause that says most about the person
 * called. What a person did comes before what a phone or the network did, what is permanent before what may pass;
 * among equals the first to arrive. `failures` has at least one element.
 */
export function combined(failures: readonly Outcome[]): Outcome {
  let best = failures[0];
  if (best === undefined) throw new Error('no failure to combine');
  for (const failure of failures) if (precedence[failure.cause] < precedence[best.cause]) best = failure;
  return best;
}

/** Whether another attempt of the route may succeed where this one failed. */
export function isRerouteable(cause: Cause): boolean {
  return rerouteable[cause];
}

/** Lower wins. */
const precedence: Readonly<Record<Cause, number>> = {
  // A person decided or is known to be on the phone.
  rejected: 1,
  userBusy: 2,
  // It rang, and nobody came.
  noAnswer: 3,
  // The number itself.
  numberChanged: 4,
  unallocatedNumber: 5,
  invalidNumberFormat: 6,
  noRouteToDestination: 7,
  notAllowed: 8,
  // The device was reached and could not.
  incompatibleDestination: 9,
  outOfOrder: 10,
  // The way there.
  congestion: 11,
  noCircuit: 12,
  temporaryFailure: 13,
  networkOutOfOrder: 14,
  protocolError: 15,
  interworking: 16,
  recoveryOnTimerExpiry: 17,
  // The device could not be reached: one that was says more.
  noUserResponding: 18,
  subscriberAbsent: 19,
  answeredElsewhere: 20,
  normalClearing: 21,
  preempted: 22,
};

/** A person's decision and a fact about the number are the same on every way; a failure of the way is not. */
const rerouteable: Readonly<Record<Cause, boolean>> = {
  unallocatedNumber: false,
  noRouteToDestination: true,
  preempted: false,
  normalClearing: false,
  userBusy: false,
  noUserResponding: true,
  noAnswer: false,
  subscriberAbsent: true,
  rejected: false,
  numberChanged: false,
  answeredElsewhere: false,
  outOfOrder: true,
  invalidNumberFormat: false,
  noCircuit: true,
  networkOutOfOrder: true,
  temporaryFailure: true,
  congestion: true,
  notAllowed: false,
  incompatibleDestination: true,
  recoveryOnTimerExpiry: true,
  protocolError: true,
  interworking: true,
};
