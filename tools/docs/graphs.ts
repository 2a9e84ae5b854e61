import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machinesDocument } from './machines-document.ts';
import { regionsDocument } from './regions-document.ts';

/* npm run docs: writes what is generated of the documentation. */

for (const [name, text] of [['machines.md', machinesDocument()], ['REGIONS.md', regionsDocument()]] as const) {
  const path = join(import.meta.dirname, '../../docs', name);
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
