import type { ConfigurationRows, Result, Snapshot } from '@tipring/config';
import type { Author, ChangeFailure, LiveConfiguration } from '@tipring/store';
import { type ProblemDetail, refuse, refuseAll } from './problem.ts';

/**
 * Writes the edited rows and swaps the snapshot. Problems that lie in the row that was asked for point into the request's
 * body. `edit` may itself refuse by throwing.
 */
export async function change(configuration: LiveConfiguration, edit: (now: Snapshot) => ConfigurationRows, author: Author): Promise<Snapshot> {
  const outcome: Result<Snapshot, ChangeFailure> = await configuration.change((now) => ({ ok: true, value: edit(now) }), author);
  return outcome.ok ? outcome.value : refuseAll(outcome.problems.map(inTheRequest));
}

function inTheRequest(failure: ChangeFailure): ProblemDetail {
  if (failure.code === 'changedMeanwhile') return refuse('preconditionFailed', failure.hint);
  // `/devices/3/key` → `/key`, `/settings/sip/x` → `/sip/x`: a request is about one row, and of the settings there is only one.
  const field = failure.pointer.split('/').slice(failure.pointer.startsWith('/settings/') ? 2 : 3).join('/');
  return { code: failure.code, pointer: `/${field}`, hint: failure.hint };
}

/** The row with what the change says; counts one version up. */
export function changed<Row extends { readonly version: number; readonly updatedAt: string }>(row: Row, changes: object, now: Date): Row {
  return { ...row, ...changes, version: row.version + 1, updatedAt: now.toISOString() };
}
