/**
 * Why a leg ended or could not be had: the causes of ITU-T Q.850 that this PBX tells apart.
 * SIP status codes and line tones map onto these, once, in one table each (in the adapters).
 */
export type Cause = keyof typeof q850;

/** Q.850 table 1 values. */
export const q850 = {
  unallocatedNumber: 1,
  noRouteToDestination: 3,
  /** Taken away for a call of higher priority. */
  preempted: 8,
  normalClearing: 16,
  userBusy: 17,
  noUserResponding: 18,
  noAnswer: 19,
  subscriberAbsent: 20,
  rejected: 21,
  numberChanged: 22,
  answeredElsewhere: 26,
  outOfOrder: 27,
  invalidNumberFormat: 28,
  noCircuit: 34,
  networkOutOfOrder: 38,
  temporaryFailure: 41,
  congestion: 42,
  notAllowed: 57,
  incompatibleDestination: 88,
  recoveryOnTimerExpiry: 102,
  protocolError: 111,
  interworking: 127,
} as const;
