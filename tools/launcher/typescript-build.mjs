import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './places.mjs';
import { step } from './progress.mjs';

/**
 * Compiles the programs and all they are made of. The compiler finds by itself what changed, in a fraction of a second.
 * @returns {Promise<boolean>} false when the compiler, which has printed its errors, found any
 */
export function buildPrograms() {
  const compiler = join(root, 'node_modules/typescript7/bin/tsc');
  return step('Compiling', () => {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [compiler, '-b', 'apps/media', 'apps/carrier', 'apps/pbx'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code === 0));
    });
  });
}
