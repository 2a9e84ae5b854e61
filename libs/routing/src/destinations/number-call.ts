import { type Call, type Passing, refused, type Verdict } from '../call.ts';
import { callForHelp } from '../emergency/emergency-call.ts';
import { callOutside } from '../outbound-call.ts';
import { callFeature, isOpenToAll } from './feature-call.ts';
import { outsideBy } from './outside.ts';

/** Where a call is sent to by a number, as if it were dialled inside. */
export function callNumber(number: string, passing: Passing, call: Call): Verdict {
  const { office, trace } = call;
  const emergency = office.emergency.dialled(number);
  if (emergency !== undefined && passing.passedBy.length === 0) return callForHelp(emergency, call);
  if (emergency !== undefined) {
    const text = `${number} is an emergency number: no call is sent on to it`;
    trace.tell({ kind: 'emergency', id: null, key: emergency.number }, 'refused', 'notSentOn', text);
    return refused('notAllowed', text);
  }
  const numbered = office.snapshot.destinationByNumber(number);
  if (numbered?.slot === null) return call.go(numbered.destination, number, passing, call);
  const dialled = office.features.dialled(number);
  if (dialled !== undefined && isOpenToAll(dialled.feature)) return callFeature(dialled, passing, call);
  if (dialled !== undefined || numbered !== undefined) return refused('notAllowed', `the call is passed on to ${number}, which is for telephones inside alone`);
  const found = outsideBy(number, passing, call);
  if (typeof found === 'string') return refused('noRouteToDestination', found);
  return callOutside(number, found.match, found.passedOn, call);
}
