import { readFileSync } from 'node:fs';
import { buildDsp } from './build.mjs';

/** Builds the modules once more from nothing, and fails unless they are byte for byte those that are in use. */
for (const module of /** @type {import('./build.mjs').Module[]} */ (['dsp', 'exercise'])) {
  const [used, again] = [await buildDsp(module), await buildDsp(module, { fresh: true })];
  const isSame = readFileSync(used).equals(readFileSync(again));
  console.log(`${module}: ${readFileSync(used).length} bytes, ${isSame ? 'the same again' : `differs from ${again}`}`);
  if (!isSame) process.exitCode = 1;
}
