import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder, root } from '../launcher/places.mjs';

/**
 * The spoken set, made of the texts in libs/prompts by a synthesiser that comes with npm: `FOLDER/LANGUAGE/ID.wav`. It is kept by the hash of what it
 * is made of, and a language is in the folder when it is whole. Two seconds of processor time a language.
 */

const cache = join(builtFolder, 'prompts');

/** In the order in which they are made. */
export const spokenLanguages = ['en', 'de', 'fr', 'es'];

/** @returns {string} where the languages are, or will be */
export function promptsFolder() {
  return join(cache, key());
}

/** @returns {string[]} */
export function missingLanguages() {
  return spokenLanguages.filter((language) => !existsSync(join(promptsFolder(), language)));
}

/**
 * Makes what is missing, as many languages at once as there are processors.
 * @param {{ signal?: AbortSignal, isLast?: boolean }} [options] isLast: whatever else runs goes first
 * @returns {Promise<string>} the folder
 */
export async function buildPrompts({ signal, isLast = false } = {}) {
  const folder = promptsFolder();
  mkdirSync(folder, { recursive: true });
  const missing = missingLanguages();
  const workers = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let language = missing.shift(); language !== undefined; language = missing.shift()) await record(language, folder, { signal, isLast });
  });
  await Promise.all(workers);
  removeOlder(folder);
  return folder;
}

/** @param {string} language @param {string} folder @param {{ signal: AbortSignal | undefined, isLast: boolean }} options */
async function record(language, folder, { signal, isLast }) {
  const draft = join(folder, `.${language}.${process.pid}`);
  try {
    await new Promise((resolve, reject) => {
      const program = join(root, 'tools/prompts/record.ts');
      const child = spawn(process.execPath, ['--conditions=@tipring/source', program, language, draft], { stdio: ['ignore', 'ignore', 'inherit'], signal });
      if (isLast && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve(undefined) : reject(new Error(`The prompts in ${language} could not be made; see above.`))));
    });
    renameSync(draft, join(folder, language));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else was quicker: it is the same.
    if (!existsSync(join(folder, language))) throw error;
  }
}

/** Some 90 MB each. Those before are kept for who runs with them. @param {string} folder */
function removeOlder(folder) {
  const others = readdirSync(cache).map((name) => join(cache, name)).filter((path) => path !== folder);
  const newestFirst = others.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at);
  for (const { path } of newestFirst.slice(2)) rmSync(path, { recursive: true, force: true });
}

function key() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const made = createHash('sha256').update(devDependencies['espeak-ng']);
  for (const folder of ['libs/prompts/src', 'libs/prompts/src/grammar', 'libs/prompts/src/texts', 'tools/prompts']) {
    const names = readdirSync(join(root, folder)).filter((name) => /\.(ts|mjs)$/.test(name) && !/\.(test|d)\.ts$/.test(name));
    for (const name of names.sort()) made.update(`${folder}/${name}:`).update(readFileSync(join(root, folder, name)));
  }
  return made.digest('hex').slice(0, 20);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const began = performance.now();
  const folder = await buildPrompts();
  console.log(`${folder} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}
