import type { Snapshot } from '../snapshot.ts';
import { callingWarnings } from './calling-warnings.ts';
import { carrierWarnings } from './carrier-warnings.ts';
import { emergencyWarnings } from './emergency-warnings.ts';
import { officeWarnings } from './office-warnings.ts';
import { routeWarnings } from './route-warnings.ts';
import type { ConfigurationWarning, WarningContext } from './warning.ts';

/** What is allowed and probably not meant: all of it, in a fixed order. */
export function warningsOf(snapshot: Snapshot, context: WarningContext): readonly ConfigurationWarning[] {
  return [...emergencyWarnings(snapshot, context), ...carrierWarnings(snapshot), ...routeWarnings(snapshot), ...callingWarnings(snapshot, context), ...officeWarnings(snapshot, context)];
}
