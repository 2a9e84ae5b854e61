import { StableKey } from '../identity.ts';
import { type Kind, kindNames, kinds, type RowOf } from '../kinds.ts';
import type { ConfigurationProblem, Result } from '../result.ts';
import type { ConfigurationRows } from '../rows.ts';
import { SystemSettings } from '../settings.ts';
import { buildSnapshot, type Snapshot } from '../snapshot.ts';
import type { Reading } from './form.ts';
import { formOf } from './forms.ts';
import { issueProblems } from './issues.ts';
import { same } from './leaving-out.ts';
import { type DocumentProblem, step } from './problem.ts';
import type { Ids } from './references.ts';
import { type DocumentTools, type MadeSecret, SecretsOfDocument } from './secrets.ts';
import { settingsOf, WrittenSettings } from './settings-form.ts';
import { isPlainObject, upToDate } from './versions.ts';
import { writtenReferences } from './written-references.ts';

export interface Imported {
  /** Of what did not change, the very rows of the configuration there was. */
  readonly rows: ConfigurationRows;
  readonly snapshot: Snapshot;
  /** Passwords that were made because there was none. They are not to be had again. */
  readonly madeSecrets: readonly MadeSecret[];
}

/**
 * The rows that a document means. What has the key of something in `current` is that thing: it keeps its id, and the secrets that the document
 * leaves out. What is not in the document is not in the rows. All problems are told, not the first. Never throws, whatever `document` is.
 */
export function rowsFrom(document: unknown, current: Snapshot, tools: DocumentTools): Result<Imported, DocumentProblem> {
  const given = upToDate(document);
  if (!given.ok) return given;
  const problems: DocumentProblem[] = [...unknownFields(given.value)];
  const objects = objectsOf(given.value, problems);
  const known = byKey(current);
  const ids = idsOf(objects, known, tools);
  const idsFor = (pointer: string): Ids => ({
    id(kind, key, place) {
      const id = ids.get(kind)?.get(key);
      if (id === undefined) problems.push({ code: 'danglingReference', pointer: pointer + place, hint: `There is no ${key} among the ${kinds[kind].rows} of this document.` });
      return id ?? '';
    },
  });

  const { secret } = new SecretsOfDocument(tools, problems, { realm: '', realmBefore: '' }).of({ id: '', key: '', pointer: '/settings', current: undefined });
  const settings = settingsFrom(given.value['settings'], current.settings, tools.now, { ...idsFor('/settings'), secret }, problems);
  const secrets = new SecretsOfDocument(tools, problems, { realm: settings.sip.realm, realmBefore: current.settings.sip.realm });
  const sound = objects.flatMap((object) => {
    const { kind, key, pointer, value } = object;
    const before = problems.length;
    const { schema, read } = formOf(kind);
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      problems.push(...issueProblems(parsed.error.issues, value, pointer));
      checkReferences(kind, value, idsFor(pointer));
      return [];
    }
    const was = known.get(kind)?.get(key);
    const id = ids.get(kind)?.get(key) ?? '';
    const row = read(parsed.data, { ...idsFor(pointer), ...secrets.of({ id, key, pointer, current: was }), key, site: settings.site, current: was });
    return problems.length > before ? [] : [{ ...object, row: asItWas(kinds[kind].schema, { id, key, ...row }, was, tools.now) as RowOf<Kind> }];
  });

  const ofKind = Map.groupBy(sound, ({ kind }) => kind);
  const rows = { settings, ...Object.fromEntries(kindNames.map((kind) => [kinds[kind].rows, (ofKind.get(kind) ?? []).map(({ row }) => row)])) } as unknown as ConfigurationRows;
  const built = buildSnapshot(rows);
  if (!built.ok) {
    // What refers to an object that is not sound dangles because of that alone.
    const own = sound.length === objects.length ? built.problems : built.problems.filter(({ code, pointer }) => code !== 'danglingReference' || pointer.includes('/overrides/'));
    problems.push(...own.map((problem) => inTheDocument(problem, ofKind)));
  }
  return !built.ok || problems.length > 0 ? { ok: false, problems } : { ok: true, value: { rows, snapshot: built.value, madeSecrets: secrets.made } };
}

interface WrittenObject {
  readonly kind: Kind;
  readonly key: string;
  readonly pointer: string;
  readonly value: unknown;
}

type Given = Readonly<Record<string, unknown>>;

function unknownFields(given: Given): readonly DocumentProblem[] {
  const fields = ['version', 'settings', ...kindNames.map((kind) => kinds[kind].rows)];
  return Object.keys(given).flatMap((name) => (fields.includes(name) ? [] : [{ code: 'unknownField', pointer: step(name), hint: `There is nothing of the name ${name}; there are ${fields.join(', ')}.` } as const]));
}

function objectsOf(given: Given, problems: DocumentProblem[]): readonly WrittenObject[] {
  return kindNames.flatMap((kind) => {
    const { rows } = kinds[kind];
    // In YAML a heading with nothing below it is null.
    const objects = given[rows] ?? {};
    if (!isPlainObject(objects)) {
      problems.push({ code: 'invalidValue', pointer: step(rows), hint: `${rows} is a map of objects by key.` });
      return [];
    }
    return Object.entries(objects).flatMap(([key, value]) => {
      const pointer = step(rows) + step(key);
      if (StableKey.safeParse(key).success) return [{ kind, key, pointer, value }];
      problems.push({ code: 'invalidValue', pointer, hint: 'A key has lower-case letters, digits and hyphens, at most 63.' });
      return [];
    });
  });
}

type ByKey = ReadonlyMap<Kind, ReadonlyMap<string, RowOf<Kind>>>;

function byKey(current: Snapshot): ByKey {
  return new Map(kindNames.map((kind) => [kind, new Map([...current[kinds[kind].rows].values()].map((row) => [row.key, row]))]));
}

/** Also of objects that turn out not to be sound, so that what refers to them is not told off. */
function idsOf(objects: readonly WrittenObject[], known: ByKey, tools: DocumentTools): ReadonlyMap<Kind, ReadonlyMap<string, string>> {
  const ids = new Map<Kind, Map<string, string>>(kindNames.map((kind) => [kind, new Map()]));
  for (const { kind, key } of objects) ids.get(kind)?.set(key, known.get(kind)?.get(key)?.id ?? tools.newId(kinds[kind].prefix));
  return ids;
}

/** Where they are not sound, those of the configuration there is: the rest is checked all the same. */
function settingsFrom(given: unknown, current: SystemSettings, now: string, ids: Ids & Pick<Reading, 'secret'>, problems: DocumentProblem[]): SystemSettings {
  const parsed = WrittenSettings.safeParse(given ?? {});
  if (!parsed.success) {
    problems.push(...issueProblems(parsed.error.issues, given, '/settings'));
    checkReferences('settings', given, ids);
    return current;
  }
  const before = problems.length;
  const settings = settingsOf(parsed.data, current, ids);
  return problems.length > before ? current : (asItWas(SystemSettings, settings, current, now) as SystemSettings);
}

/** Of what is not sound: what it refers to that there is not. */
function checkReferences(of: Kind | 'settings', value: unknown, ids: Ids): void {
  for (const { kind, key, pointer } of writtenReferences(of, value)) if (StableKey.safeParse(key).success) ids.id(kind, key, pointer);
}

interface RowSchema {
  safeParse(row: unknown): { readonly success: true; readonly data: object } | { readonly success: false };
}

/** The row there was when nothing of it is different; otherwise its next version, or the first one. What the schema refuses the whole configuration’s check will tell. */
function asItWas(schema: RowSchema, settings: object, current: { readonly version: number; readonly createdAt: string; readonly updatedAt: string } | undefined, now: string): object {
  if (current === undefined) return { ...settings, version: 1, createdAt: now, updatedAt: now };
  const { version, createdAt, updatedAt } = current;
  const unchanged = schema.safeParse({ ...settings, version, createdAt, updatedAt });
  return unchanged.success && same(unchanged.data, current) ? current : { ...settings, version: version + 1, createdAt, updatedAt: now };
}

/** Rows are told by their place, objects of a document by their key. */
function inTheDocument({ code, pointer, hint }: ConfigurationProblem, sound: ReadonlyMap<Kind, readonly WrittenObject[]>): DocumentProblem {
  const [, rows = '', at = '', ...fields] = pointer.split('/');
  const kind = kindNames.find((name) => kinds[name].rows === rows);
  const object = kind === undefined ? undefined : sound.get(kind)?.[Number(at)];
  return { code, pointer: object === undefined ? pointer : [object.pointer, ...fields].join('/'), hint };
}
