import { formOf } from '../document/forms.ts';
import { same, withoutUsual } from '../document/leaving-out.ts';
import { step } from '../document/problem.ts';
import { writtenSettings } from '../document/settings-form.ts';
import { writingOf } from '../document/writing.ts';
import { type ConfigurationChange, diff } from '../diff.ts';
import type { Kind, RowOf } from '../kinds.ts';
import type { Snapshot } from '../snapshot.ts';

/** What is different of one object, as people write it: references by key, secrets never. */
export interface ObjectDifference {
  readonly kind: Kind | 'settings';
  /** null for the settings, of which there is one. */
  readonly id: string | null;
  /** After the change, unless it was removed. '' for the settings. */
  readonly key: string;
  readonly displayName: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of what is added all that is not usual, of what is removed nothing. */
  readonly fields: readonly FieldDifference[];
}

export interface FieldDifference {
  /** JSON Pointer into the object as the document has it: `/limits/total`, `/attempts/1/via`. The key is `/key`. */
  readonly path: string;
  /** undefined: it was not there. Secrets are `(secret)`, whatever they are. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly isSecret?: true;
}

/** Every object that is different in `after`, in the order of `diff`. */
export function differences(before: Snapshot, after: Snapshot): readonly ObjectDifference[] {
  return differencesOf(diff(before, after), before, after);
}

/** The same for changes that are known already. */
export function differencesOf(changes: readonly ConfigurationChange[], before: Snapshot, after: Snapshot): readonly ObjectDifference[] {
  const [was, is] = [before, after].map((snapshot) => writingOf(snapshot, (text, context) => new Hidden(context === 'device' ? text.slice(text.indexOf('\n')) : text) as unknown as string)) as [Writing, Writing];
  return changes.flatMap((change): readonly ObjectDifference[] => {
    if (change.kind === 'settings') return [{ kind: 'settings', id: null, key: '', displayName: 'Settings', change: 'changed', fields: fieldsOf(writtenSettings(change.before, was), writtenSettings(change.after, is)) }];
    const { schema, usual, write } = formOf(change.kind);
    const row = (change.change === 'removed' ? change.before : change.after) as RowOf<Kind>;
    const named = { kind: change.kind, id: row.id, key: row.key, displayName: row.displayName, change: change.change };
    if (change.change === 'removed') return [{ ...named, fields: [] }];
    if (change.change === 'added') return [{ ...named, fields: fieldsOf({}, (withoutUsual(schema, write(row, is), usual(row.key, after.settings.site)) ?? {}) as object) }];
    const old = change.before as RowOf<Kind>;
    return [{ ...named, fields: fieldsOf({ key: old.key, ...write(old, was) }, { key: row.key, ...write(row, is) }) }];
  });
}

type Writing = ReturnType<typeof writingOf>;

/** Compared as what it is, shown as what it must not show. */
class Hidden {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function fieldsOf(before: unknown, after: unknown, path = ''): readonly FieldDifference[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => fieldsOf(before[name], after[name], path + step(name)));
  }
  if (isListOfObjects(before) && isListOfObjects(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => fieldsOf(before[at], after[at], path + step(at))).flat();
  }
  // Of what is new as a whole each field is told, so that a secret within is marked as one.
  if (before === undefined && isObject(after)) return fieldsOf({}, after, path);
  if (before === undefined && isListOfObjects(after) && after.length > 0) return fieldsOf([], after, path);
  return [{
    path,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
    ...(before instanceof Hidden || after instanceof Hidden ? { isSecret: true as const } : {}),
  }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Hidden);
}

function isListOfObjects(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isObject);
}

function shown(value: unknown): unknown {
  if (value instanceof Hidden) return '(secret)';
  if (Array.isArray(value)) return value.map(shown);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, within]) => [name, shown(within)])) : value;
}
