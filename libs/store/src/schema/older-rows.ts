import { firstSettings, type Kind, kinds, type RowOf, saidOf, SystemSettings } from '@tipring/config';

/**
 * A row as it lies in jsonb, which does not keep the order of fields: the schema puts it back (a diff compares in that order). What an earlier version wrote has
 * what is usual where it knew nothing, and loses what is no more. What cannot be read even so is returned as it is: the snapshot's own check will tell.
 */
export function rowOfNow<Of extends Kind>(kind: Of, row: object): RowOf<Of> {
  const schema = kinds[kind].schema as unknown as Readable;
  const read = schema.safeParse(row);
  if (read.success) return read.data as RowOf<Of>;
  const { id, version, createdAt, updatedAt, ha1, ...rest } = row as Readonly<Record<string, unknown>>;
  const known = Object.fromEntries(Object.entries(rest).filter(([name]) => Object.hasOwn(schema.shape, name)));
  const said = (saidOf(kind) as unknown as Readable).safeParse(known);
  const filled = said.success ? schema.safeParse({ id, ...said.data, ...(ha1 === undefined ? {} : { ha1 }), version, createdAt, updatedAt }) : said;
  return (filled.success ? filled.data : row) as RowOf<Of>;
}

/** The same for the settings: of sections, and fields of these, that were not known yet, the first. */
export function settingsOfNow(settings: object): SystemSettings {
  const given = settings as Partial<SystemSettings>;
  const { sip, ...first } = firstSettings(given.sip?.realm ?? '', given.createdAt ?? '');
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(SystemSettings.shape, name)));
  const filled = Object.fromEntries(Object.entries({ ...first, ...known }).map(([name, section]) => [name, isSection(section) ? { ...(first[name as keyof typeof first] as object), ...section } : section]));
  const read = SystemSettings.safeParse({ ...filled, sip: { ...sip, ...given.sip } });
  return read.success ? read.data : (settings as SystemSettings);
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

interface Readable {
  readonly shape: object;
  safeParse(row: unknown): { readonly success: true; readonly data: object } | { readonly success: false };
}
