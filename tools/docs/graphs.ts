import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machinesDocument } from './machines-document.ts';

/* npm run docs: writes what is generated of the documentation. */

const path = join(import.meta.dirname, '../../docs/machines.md');
writeFileSync(path, machinesDocument());
process.stdout.write(`${path}\n`);
