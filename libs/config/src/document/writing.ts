import { type Kind, kindNames, kinds, type RowOf } from '../kinds.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Writing } from './form.ts';
import { type ConfigurationDocument, documentVersion, formOf } from './forms.ts';
import { withoutUsual } from './leaving-out.ts';
import type { Sealer } from './sealer.ts';
import { writtenSettings, WrittenSettings } from './settings-form.ts';

/**
 * The configuration as a document: what is usual left out, secrets sealed, ordered by kind and key. (JSON has keys that are whole
 * numbers first, in their order.) The same configuration is the same document, to the byte.
 */
export function documentOf(snapshot: Snapshot, sealer: Sealer): ConfigurationDocument {
  const to = writingOf(snapshot, (text, context) => sealer.seal(text, context));
  const settings = withoutUsual(WrittenSettings, writtenSettings(snapshot.settings, to));
  const objects = kindNames.flatMap((kind) => {
    const { rows } = kinds[kind];
    return snapshot[rows].size === 0 ? [] : [[rows, objectsOf(kind, snapshot, to)] as const];
  });
  return { version: documentVersion, settings, ...Object.fromEntries(objects) } as ConfigurationDocument;
}

/** Names for what is in the snapshot; `secret` as the caller wants it to stand. */
export function writingOf(snapshot: Snapshot, secret: Writing['secret']): Writing {
  return { realm: snapshot.settings.sip.realm, key: (kind, id) => snapshot[kinds[kind].rows].get(id)?.key ?? id, secret };
}

function objectsOf(kind: Kind, snapshot: Snapshot, to: Writing): object {
  const { schema, usual, write } = formOf(kind);
  const rows = [...snapshot[kinds[kind].rows].values()] as readonly RowOf<Kind>[];
  const byKey = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return Object.fromEntries(byKey.map((row) => [row.key, withoutUsual(schema, write(row, to), usual(row.key, snapshot.settings.site))]));
}
