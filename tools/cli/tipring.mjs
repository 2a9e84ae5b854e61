#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundledNode } from '../launcher/bootstrap.mjs';
import { Refusal } from '../launcher/progress.mjs';

/* `tipring`, on whatever Node the machine has: what it does is TypeScript, which Node 24 reads as it is. */

const program = fileURLToPath(new URL('main.ts', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./main.ts');
} else {
  try {
    const child = spawn(bundledNode(), [program, ...process.argv.slice(2)], { stdio: 'inherit' });
    child.on('exit', (code) => (process.exitCode = code ?? 1));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
