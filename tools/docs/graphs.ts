import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentJsonSchema } from '@tipring/config';
import { emergencyNumbersSource } from './emergency-numbers.ts';
import { machinesDocument } from './machines-document.ts';
import { numberLengthsSource } from './number-lengths.ts';
import { regionsDocument } from './regions-document.ts';
import { shortNumbersSource } from './short-numbers.ts';

/* npm run docs: writes what is generated: of the documentation, the schema of the configuration’s document, and the tables of numbers. */

const written = [
  ['docs/machines.md', machinesDocument()],
  ['docs/REGIONS.md', regionsDocument()],
  ['docs/tipring-config.schema.json', `${JSON.stringify(documentJsonSchema(), null, 2)}\n`],
  ['libs/line/src/regions/emergency-numbers-table.ts', emergencyNumbersSource()],
  ['libs/line/src/regions/number-lengths-table.ts', numberLengthsSource()],
  ['libs/line/src/regions/short-numbers-table.ts', shortNumbersSource()],
] as const;
for (const [name, text] of written) {
  const path = join(import.meta.dirname, '../..', name);
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
