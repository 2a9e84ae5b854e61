import { describe, expect, test } from 'vitest';
import { diff } from '../diff.ts';
import { kindNames, kinds } from '../kinds.ts';
import { emptySystem, imported, openSealer, tools } from './document-bed.ts';
import { formOf } from './forms.ts';
import { randomDocument, randomFrom } from './random-document.ts';
import { documentFromText, documentToJson, documentToYaml } from './text.ts';
import { documentOf } from './writing.ts';

describe('1,000 random documents', () => {
  const sealer = openSealer();
  const empty = emptySystem();
  const said = new Set<string>();

  test.each([0, 200, 400, 600, 800])('are read and exported; the export read again is no change at all, and exported again it is the same to the byte (from %i on)', (from) => {
    for (let seed = from + 1; seed <= from + 200; seed += 1) {
      const document = randomDocument(randomFrom(seed));
      for (const [kind, objects] of Object.entries(document)) for (const object of Object.values(objects as object)) for (const field of Object.keys((object ?? {}) as object)) said.add(`${kind}.${field}`);
      const first = imported(document, empty).snapshot;
      const exported = documentOf(first, sealer);
      const again = imported(exported, first);
      // The very rows: ids, versions, instants and secrets.
      const kept = kindNames.every((kind) => again.rows[kinds[kind].rows].every((row) => first[kinds[kind].rows].get(row.id) === row));
      expect([seed, kept, diff(first, again.snapshot), again.madeSecrets]).toEqual([seed, true, [], []]);
      expect(documentToJson(documentOf(again.snapshot, sealer)), `seed ${seed}`).toBe(documentToJson(exported));
    }
  });

  test('survive being text: in a system that has nothing they make the same export, though its ids are others', () => {
    for (let seed = 3; seed <= 1_000; seed += 8) {
      const exported = documentOf(imported(randomDocument(randomFrom(seed)), empty).snapshot, sealer);
      const yaml = documentToYaml(exported);
      const read = documentFromText(yaml);
      expect(read.ok && JSON.stringify(read.value), `seed ${seed}`).toBe(JSON.stringify(exported));
      const elsewhere = imported(read.ok ? read.value : null, empty, { ...tools(), newId: (prefix) => tools().newId(prefix).replace('_0', `_${ids += 1}x`) });
      expect(documentToYaml(documentOf(elsewhere.snapshot, sealer)), `seed ${seed}`).toBe(yaml);
    }
  });
  let ids = 0;

  test('say every field of every kind', () => {
    const every = kindNames.flatMap((kind) => Object.keys((formOf(kind).schema as unknown as { readonly shape: object }).shape).map((field) => `${kinds[kind].rows}.${field}`));
    expect(every.filter((field) => !said.has(field))).toEqual([]);
  });
});
