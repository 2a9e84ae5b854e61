import { parseReason, splitElements } from '@tipring/sip';
import type { SipMessage } from '@tipring/sip';
import { type Cause, q850 } from '@tipring/telephony';

/** The one table between our causes and SIP's status codes, after RFC 3398 8.2.6.1 (cause → status) and 7.2.4.1 (status → cause). */

/** What a caller whose INVITE is still open is told. */
export function statusOf(cause: Cause): number {
  return STATUS[cause];
}

/** Why an INVITE of ours failed. A Q.850 cause in a Reason header (RFC 3326) knows better than the status (RFC 6432). */
export function causeOf(status: number, message?: SipMessage): Cause {
  return (message === undefined ? undefined : causeInReason(message.headers.lines('Reason'))) ?? CAUSE[status] ?? causeOfClass(status);
}

/** Why a session was ended by BYE or CANCEL: its Reason values, if they say it. */
export function causeInReason(values: readonly string[]): Cause | undefined {
  const elements: string[] = [];
  for (const value of values) splitElements(value, elements);
  for (const element of elements) {
    const reason = parseReason(element);
    if (reason?.cause === undefined) continue;
    const protocol = reason.protocol.toUpperCase();
    if (protocol === 'Q.850') {
      const cause = BY_Q850.get(reason.cause);
      if (cause !== undefined) return cause;
    }
    // RFC 4411 5: whoever took it away, and where.
    if (protocol === 'PREEMPTION') return 'preempted';
    // RFC 3326 2: the status another branch got. 200 = completed elsewhere.
    if (protocol === 'SIP') return reason.cause === 200 ? 'answeredElsewhere' : (CAUSE[reason.cause] ?? causeOfClass(reason.cause));
  }
  return undefined;
}

/** A Reason value that says why we end a session. */
export function reasonHeader(cause: Cause): string {
  // RFC 3326 3.1: phones then list it as answered, not as missed.
  if (cause === 'answeredElsewhere') return 'SIP;cause=200;text="Call completed elsewhere"';
  // RFC 4411 5.1, beside what gateways understand: both values in one line (RFC 3326 2).
  if (cause === 'preempted') return `Q.850;cause=${q850.preempted}, preemption;cause=1;text="UA Preemption"`;
  return `Q.850;cause=${q850[cause]}`;
}

function causeOfClass(status: number): Cause {
  if (status >= 600) return 'rejected';
  if (status >= 500) return 'temporaryFailure';
  if (status >= 400) return 'interworking';
  // 3xx: where to instead is not followed.
  return status >= 300 ? 'interworking' : 'normalClearing';
}

const STATUS: Readonly<Record<Cause, number>> = {
  unallocatedNumber: 404,
  noRouteToDestination: 404,
  preempted: 480,
  normalClearing: 480,
  userBusy: 486,
  noUserResponding: 408,
  noAnswer: 480,
  subscriberAbsent: 480,
  rejected: 603,
  numberChanged: 410,
  answeredElsewhere: 480,
  outOfOrder: 502,
  invalidNumberFormat: 484,
  noCircuit: 503,
  networkOutOfOrder: 503,
  temporaryFailure: 503,
  congestion: 503,
  notAllowed: 403,
  incompatibleDestination: 488,
  recoveryOnTimerExpiry: 504,
  protocolError: 500,
  interworking: 500,
};

const CAUSE: Readonly<Record<number, Cause>> = {
  301: 'numberChanged',
  400: 'temporaryFailure',
  401: 'notAllowed',
  402: 'rejected',
  403: 'notAllowed',
  404: 'unallocatedNumber',
  405: 'interworking',
  406: 'incompatibleDestination',
  407: 'notAllowed',
  408: 'noUserResponding',
  410: 'numberChanged',
  413: 'interworking',
  414: 'interworking',
  415: 'incompatibleDestination',
  416: 'interworking',
  420: 'interworking',
  421: 'interworking',
  423: 'interworking',
  480: 'noUserResponding',
  481: 'temporaryFailure',
  482: 'noRouteToDestination',
  483: 'noRouteToDestination',
  484: 'invalidNumberFormat',
  485: 'unallocatedNumber',
  486: 'userBusy',
  // Our own CANCEL.
  487: 'normalClearing',
  488: 'incompatibleDestination',
  500: 'temporaryFailure',
  501: 'interworking',
  502: 'outOfOrder',
  503: 'temporaryFailure',
  504: 'recoveryOnTimerExpiry',
  505: 'interworking',
  513: 'interworking',
  600: 'userBusy',
  603: 'rejected',
  604: 'unallocatedNumber',
  606: 'incompatibleDestination',
};

const BY_Q850: ReadonlyMap<number, Cause> = new Map(Object.entries(q850).map(([cause, value]) => [value, cause as Cause]));
