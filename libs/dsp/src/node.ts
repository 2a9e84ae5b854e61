import { readFileSync } from 'node:fs';
import { webAssembly, type WebAssemblyModule } from './web-assembly.ts';

/**
 * Reads and compiles the module that the launcher built and named in TIPRING_DSP. Compiled once, it can be sent to worker threads.
 * Throws with what to do when there is none.
 */
export function readDspModule(path: string | undefined = process.env['TIPRING_DSP']): WebAssemblyModule {
  if (path === undefined || path === '') throw new Error('TIPRING_DSP names no module. Start with npm start, or build one by node tools/dsp/build.mjs and set TIPRING_DSP to its path.');
  return new webAssembly.Module(readFileSync(path));
}
