import type { Destination } from '@tipring/config';
import { type Call, type Passing, refusalCauses, refused, type Verdict } from '../call.ts';
import { scheduleMisfit, scheduleText } from '../rules/rule-schedule.ts';
import { callApplication } from './application-call.ts';
import { callExtension } from './extension-call.ts';
import { callNumber } from './number-call.ts';
import { circle, passedOnBy } from './passing.ts';
import { callRingGroup } from './ring-group-call.ts';

/** Where a call is sent to. */
export function goTo(destination: Destination, sender: string, passing: Passing, call: Call): Verdict {
  const { snapshot } = call.office;
  switch (destination.type) {
    case 'number':
      return callNumber(destination.number, passing, call);
    case 'refusal':
      return refused(refusalCauses[destination.as], `${sender} takes no calls`);
    case 'extension': {
      const extension = snapshot.extensions.get(destination.id);
      return extension === undefined ? refused('unallocatedNumber', `there is no extension ${destination.id}`) : callExtension(extension, passing, call);
    }
    case 'ringGroup': {
      const group = snapshot.ringGroups.get(destination.id);
      return group === undefined ? refused('unallocatedNumber', `there is no ring group ${destination.id}`) : callRingGroup(group, passing, call);
    }
    case 'ivr':
      return inPlaceOfMenu(destination.id, passing, call) ?? callApplication(destination, passing, call);
    default:
      return callApplication(destination, passing, call);
  }
}

/** Where a menu sends calls by its schedules; undefined: the menu itself answers. */
function inPlaceOfMenu(id: string, passing: Passing, call: Call): Verdict | undefined {
  const { office, state, trace } = call;
  const menu = office.snapshot.ivrs.get(id);
  if (menu === undefined) return undefined;
  for (const { schedule, destination } of menu.unless) {
    const misfit = scheduleMisfit(schedule, state.at, office);
    const what = { kind: 'schedule', id: schedule.scheduleId, key: office.snapshot.schedules.get(schedule.scheduleId)?.key ?? '' } as const;
    if (misfit !== null) {
      trace.tell(what, 'passed', misfit, scheduleText(schedule, state.at, office));
      continue;
    }
    trace.tell(what, 'applied', 'inPlaceOfMenu', `${menu.displayName} sends calls elsewhere while its schedule is ${schedule.is}`);
    const loop = circle(id, passing);
    if (loop === undefined) return call.go(destination, menu.displayName, passedOnBy(id, passing), call);
    trace.tell({ kind: 'loopGuard', id: null, key: menu.key }, 'refused', 'loop', loop);
    return refused('noRouteToDestination', `menu ${menu.displayName}: ${loop}`);
  }
  return undefined;
}
