import { Destination } from '@tipring/config';
import type { RouteDestination } from '@tipring/telephony';
import { type Call, refused, type Verdict } from '../call.ts';
import { incomingBy, passingOf } from '../inbound-call.ts';
import { answeredBy } from './application-call.ts';
import { dialledInside } from './passing.ts';

/** Not dialled: an application, or who redirects it, names where it goes. */
export function sentTo(given: RouteDestination, call: Call): Verdict {
  const { caller, request } = call;
  // Nobody configures that: its clock has rung him, and sends him there.
  if (given.type === 'wakeUp') return answeredBy({ endpoint: 'application:wakeUp', what: { kind: 'application', id: null, key: 'wakeUp' }, displayName: 'wake-up call', number: request.number }, dialledInside(call), call);
  const read = Destination.safeParse(given);
  if (!read.success) return refused('unallocatedNumber', `there is no destination of the type ${given.type}`);
  const passing = caller.is === 'line' || caller.is === 'trunk' ? passingOf(incomingBy(caller, call), null, call) : dialledInside(call);
  return call.go(read.data, request.number === '' ? 'who sends it' : request.number, passing, call);
}
