import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emergencyNumbersSource } from './emergency-numbers.ts';
import { machinesDocument } from './machines-document.ts';
import { regionsDocument } from './regions-document.ts';

/* npm run docs: writes what is generated: of the documentation, and the table of emergency numbers. */

const written = [['docs/machines.md', machinesDocument()], ['docs/REGIONS.md', regionsDocument()], ['libs/line/src/regions/emergency-numbers.ts', emergencyNumbersSource()]] as const;
for (const [name, text] of written) {
  const path = join(import.meta.dirname, '../..', name);
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
