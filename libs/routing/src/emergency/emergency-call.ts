import type { EmergencyLocation } from '@tipring/config';
import { type Call, refused, routed, type Verdict } from '../call.ts';
import type { EmergencyCall } from './emergency-numbers.ts';
import { emergencyAttempts } from './emergency-ways.ts';

/** Nothing is asked of who calls for help: no permission, no limit, no PIN, no schedule, no block list. */
export function callForHelp(emergency: EmergencyCall, call: Call): Verdict {
  const { office, trace, caller } = call;
  const { settings } = office.snapshot;
  const { path } = settings.emergency;
  trace.tell({ kind: 'emergency', id: null, key: emergency.number }, 'applied', path, `${emergency.number} is ${emergency.isTest ? 'a test number for emergency calls' : 'an emergency number'}: ${path === 'analogFirst' ? 'lines first, then trunks' : 'trunks first, then lines'}`);
  const location = locationOf(call);
  if (location !== undefined) trace.tell({ kind: 'emergencyLocation', id: location.id, key: location.key }, 'applied', 'location', `the caller is at ${location.address}`);
  const own = caller.is === 'extension' ? (caller.extension.calling?.shownNumber ?? null) : null;
  const shown = location?.callbackNumber ?? own ?? settings.site.mainNumber;
  const attempts = emergencyAttempts(emergency, shown, call);
  if (attempts.length === 0) return refused('noCircuit', `there is no line and no trunk to reach ${emergency.number} (emergency)`);
  return routed({ direction: 'outbound', attempts, emergency }, emergency.number, 'emergency', null);
}

function locationOf({ caller, office }: Call): EmergencyLocation | undefined {
  const own = caller.is === 'extension' ? (caller.extension.calling?.locationId ?? null) : null;
  const id = own ?? office.snapshot.settings.emergency.locationId;
  return id === null ? undefined : office.snapshot.emergencyLocations.get(id);
}
