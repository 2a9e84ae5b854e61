import type { Snapshot } from '../snapshot.ts';
import { differences, type ObjectDifference } from './difference.ts';
import type { ConfigurationWarning, WarningContext } from './warning.ts';
import { warningsOf } from './warnings.ts';

/** What a change would do, for a person to read before it is applied. */
export interface Plan {
  readonly objects: readonly ObjectDifference[];
  /** Of the configuration as it would be. Nothing of it is refused. */
  readonly warnings: readonly (ConfigurationWarning & {
    /** The change brings it about. */
    readonly isNew: boolean;
  })[];
}

export function planOf(before: Snapshot, after: Snapshot, context: WarningContext): Plan {
  const known = new Set(warningsOf(before, context).map(nameOf));
  return { objects: differences(before, after), warnings: warningsOf(after, context).map((warning) => ({ ...warning, isNew: !known.has(nameOf(warning)) })) };
}

/** What telephony says of a call that is up. */
export interface CurrentCall {
  readonly id: string;
  readonly legs: readonly { readonly endpoint: string }[];
}

/**
 * Calls with a leg at something that is removed or changed: a trunk, line, station or device. They go on in any case, by what held when they
 * began; who plans wants to know of them. An endpoint’s id is that of its object, or begins with it.
 */
export function callsAffected<Call extends CurrentCall>(objects: readonly ObjectDifference[], calls: readonly Call[]): readonly Call[] {
  const touched = new Set(objects.filter(({ kind, change }) => carrying.has(kind) && change !== 'added').map(({ id }) => id));
  return calls.filter(({ legs }) => legs.some(({ endpoint }) => touched.has(/^[a-z]{3}_[a-z0-9]+/.exec(endpoint)?.[0] ?? endpoint)));
}

function nameOf({ code, pointer }: ConfigurationWarning): string {
  return `${code} ${pointer}`;
}

const carrying: ReadonlySet<ObjectDifference['kind']> = new Set(['trunk', 'line', 'station', 'device']);
