import type { Cause } from './cause.ts';
import type { Evidence } from './leg.ts';

/** How something ended, and how we know. */
export interface Outcome {
  readonly cause: Cause;
  readonly evidence: Evidence;
}

/**
 * Several failures, of endpoints rung together or of attempts made one after the other: the caller is told the one cause that says most about
 * the person called. What a person did comes before what a phone or the network did, what is permanent before what may pass;
 * among equals the first to arrive. `failures` has at least one element.
 */
export function combined(failures: readonly Outcome[]): Outcome {
  let best = failures[0];
  if (best === undefined) throw new Error('no failure to combine');
  for (const failure of failures) if (precedence[failure.cause] < precedence[best.cause]) best = failure;
  return best;
}

/**
 * Whether another attempt of the route may succeed where this one failed, before the caller has heard anything of it. A person's decision and
 * a fact about the number are the callee's answer, the same on every way; a failure of the way is not. SIP statuses as
 * `sip-endpoint/src/cause-table.ts` reads them where no Reason header knows better.
 *
 *   Q.850  cause                    SIP                          another way?
 *       1  unallocatedNumber        404 485 604                  no, the number
 *       3  noRouteToDestination     482 483                      yes
 *       8  preempted                                             yes, the line was taken away
 *      16  normalClearing           487                          no
 *      17  userBusy                 486 600                      no, the callee
 *      18  noUserResponding         408 480                      yes, nothing rang
 *      19  noAnswer                                              no, it rang
 *      20  subscriberAbsent                                      yes
 *      21  rejected                 402 603 6xx                  no, the callee
 *      22  numberChanged            301 410                      no, the number
 *      26  answeredElsewhere                                     no
 *      27  outOfOrder               502                          yes
 *      28  invalidNumberFormat      484                          no, the number
 *      34  noCircuit                                             yes
 *      38  networkOutOfOrder                                     yes, and alone also after early media: the way died under it
 *      41  temporaryFailure         400 481 500 503 5xx          yes
 *      42  congestion                                            yes
 *      57  notAllowed               401 403 407                  yes, the carrier does not take us
 *      88  incompatibleDestination  406 415 488 606              yes
 *     102  recoveryOnTimerExpiry    504                          yes
 *     111  protocolError                                         yes
 *     127  interworking             405 413 414 501 3xx 4xx      yes
 *
 * An emergency call does not ask: it tries every way that is left, whatever was said or heard.
 */
export function isRerouteable(cause: Cause): boolean {
  return rerouteable[cause];
}

/** What the caller of an emergency number is told when no way was left: never that there is no such number. */
export function toldInEmergency(cause: Cause): Cause {
  return aboutTheNumber.has(cause) ? 'networkOutOfOrder' : cause;
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

const rerouteable: Readonly<Record<Cause, boolean>> = {
  unallocatedNumber: false,
  noRouteToDestination: true,
  preempted: true,
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
  notAllowed: true,
  incompatibleDestination: true,
  recoveryOnTimerExpiry: true,
  protocolError: true,
  interworking: true,
};

const aboutTheNumber: ReadonlySet<Cause> = new Set(['unallocatedNumber', 'noRouteToDestination', 'numberChanged', 'invalidNumberFormat', 'notAllowed']);
