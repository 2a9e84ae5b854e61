/** Why a leg on a line or a station ended: ITU-T Q.850's causes, by the names that calls have for them, so that none needs a table. */
export type LineCause =
  | 'unallocatedNumber'
  | 'noRouteToDestination'
  | 'preempted'
  | 'normalClearing'
  | 'userBusy'
  | 'noUserResponding'
  | 'noAnswer'
  | 'subscriberAbsent'
  | 'rejected'
  | 'numberChanged'
  | 'answeredElsewhere'
  | 'outOfOrder'
  | 'invalidNumberFormat'
  | 'noCircuit'
  | 'networkOutOfOrder'
  | 'temporaryFailure'
  | 'congestion'
  | 'notAllowed'
  | 'incompatibleDestination'
  | 'recoveryOnTimerExpiry'
  | 'protocolError'
  | 'interworking';

/** How we know: a short kind for machines and words for people, e.g. { kind: 'batteryDenial', text: 'battery denial 312 ms' }. */
export interface LineEvidence {
  readonly kind: string;
  readonly text: string;
}
