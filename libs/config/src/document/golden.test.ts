import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imported, openSealer } from './document-bed.ts';
import { documentJsonSchema } from './json-schema.ts';
import { documentFromText, documentToYaml } from './text.ts';
import { documentOf } from './writing.ts';

/*
 * Exports of every version there was, and the rows they mean. Who changes what is usual changes the meaning of all documents that leave it out: then the version
 * is counted up and `versions.ts` says for the older ones what was usual. These files are added to, never edited.
 */
const folder = join(import.meta.dirname, 'golden');

test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s means what it always meant', (name) => {
  const read = documentFromText(readFileSync(join(folder, name), 'utf8'));
  const { rows, madeSecrets } = imported(read.ok ? read.value : null);
  const expected = JSON.parse(readFileSync(join(folder, name.replace('.yaml', '.rows.json')), 'utf8')) as object;
  expect(madeSecrets).toEqual([]);
  // A row may have more by now, none of what it had may be another.
  expect(JSON.parse(JSON.stringify(rows))).toMatchObject(expected);
});

test('an export of this version is a file as it was left', () => {
  const text = readFileSync(join(folder, 'v1-office.yaml'), 'utf8');
  const read = documentFromText(text);
  const again = documentToYaml(documentOf(imported(read.ok ? read.value : null).snapshot, openSealer()));
  // The realm is told by exports, as it belongs to the passwords.
  expect(again.replace('  sip:\n    realm: tipring\n', '')).toBe(text);
});

test('docs/tipring-config.schema.json is the schema of the document; npm run docs writes it', () => {
  const written = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../docs/tipring-config.schema.json'), 'utf8')) as unknown;
  expect(written).toEqual(JSON.parse(JSON.stringify(documentJsonSchema())));
});

test('the example of docs/CONFIGURATION.md is a whole configuration', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/CONFIGURATION.md'), 'utf8');
  const [, example = ''] = /```yaml\n(version: 1\n.*?)```/s.exec(text) ?? [];
  const read = documentFromText(example);
  const { snapshot } = imported(read.ok ? read.value : null);
  expect([snapshot.extensions.size, snapshot.lines.size, snapshot.trunks.size]).toEqual([3, 2, 1]);
  // The other example is a part of one.
  const [, part = ''] = /```yaml\n(voicemailBoxes:.*?)```/s.exec(text) ?? [];
  const rest = 'version: 1\nschedules: { office-hours: {} }\nprompts: { closed: { spoken: { en: { text: We are closed. } } } }\n';
  const partly = documentFromText(rest + part);
  expect(imported(partly.ok ? partly.value : null).snapshot.destinationByNumber('600')?.destination.type).toBe('ringGroup');
});
