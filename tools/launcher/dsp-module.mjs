import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { builtModule } from '../dsp/build.mjs';
import { root } from './places.mjs';
import { step } from './progress.mjs';

/**
 * The WebAssembly module of native-dsp, built when its sources changed: some ten seconds in a process of its own, beside whatever else
 * is being built.
 * @returns {Promise<string>} its path
 */
export async function dspModule() {
  const path = builtModule('dsp');
  if (existsSync(path)) return path;
  await step('Building the DSP module', () => {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(root, 'tools/dsp/build.mjs'), '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve(undefined) : reject(new Error('The DSP module could not be built; see above.'))));
    });
  });
  return path;
}
