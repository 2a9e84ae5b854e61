import { type ConfigurationRows, type Kind, kindNames, kinds, type Result, rowsOf, type Snapshot } from '@tipring/config';
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

/** Takes a row away, unless others refer to it. `mayGo` may refuse by throwing. */
export async function remove(configuration: LiveConfiguration, kind: Kind, id: string, mayGo: (now: Snapshot) => void, author: Author): Promise<void> {
  let without: ConfigurationRows | undefined;
  const outcome: Result<Snapshot, ChangeFailure> = await configuration.change((now) => {
    mayGo(now);
    const rows = rowsOf(now);
    const { rows: name } = kinds[kind];
    without = { ...rows, [name]: (rows[name] as readonly { readonly id: string }[]).filter((row) => row.id !== id) };
    return { ok: true, value: without };
  }, author);
  if (outcome.ok) return;
  const holders = new Set(outcome.problems.flatMap((failure) => (failure.code === 'danglingReference' && without !== undefined ? [nameOf(without, failure.pointer)] : [])));
  if (holders.size > 0) refuse('inUse', `These refer to it: ${[...holders].slice(0, 20).join(', ')}${holders.size > 20 ? ' …' : ''}. Let them refer to another one, or delete them first.`);
  refuseAll(outcome.problems.map(inTheRequest));
}

/** `/devices/3/extensionId`: device phone-101. */
function nameOf(rows: ConfigurationRows, pointer: string): string {
  const [, name, at] = pointer.split('/');
  const kind = kindNames.find((one) => kinds[one].rows === name);
  const row = kind === undefined ? undefined : rows[kinds[kind].rows][Number(at)];
  return kind === undefined || row === undefined ? 'the settings' : `${kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${row.key}`;
}

function inTheRequest({ code, pointer, hint }: ChangeFailure): ProblemDetail {
  if (code === 'changedMeanwhile') return { code: 'preconditionFailed', pointer, hint };
  if (code === 'confirmationPending' || code === 'unknownRevision') return { code, pointer, hint };
  // `/devices/3/key` → `/key`, `/settings/sip/x` → `/sip/x`: a request is about one row, and of the settings there is only one.
  const field = pointer.split('/').slice(pointer.startsWith('/settings/') ? 2 : 3).join('/');
  return { code, pointer: `/${field}`, hint };
}

/** The row with what the change says; counts one version up. */
export function changed<Row extends { readonly version: number; readonly updatedAt: string }>(row: Row, changes: object, now: Date): Row {
  return { ...row, ...changes, version: row.version + 1, updatedAt: now.toISOString() };
}
