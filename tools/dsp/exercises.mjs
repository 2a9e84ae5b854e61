import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtFolder, root } from '../launcher/places.mjs';
import { buildDsp } from './build.mjs';

/**
 * Runs the exercises of native-dsp: as WebAssembly under this Node, or natively under AddressSanitizer and UBSan. Every way must
 * give the hashes of native-dsp/exercise/golden. `node tools/dsp/exercises.mjs [--write]` prints (and keeps, a file each) those of WebAssembly.
 */

/** @typedef {Record<string, string>} Hashes hexadecimal, by exercise */

const native = join(root, 'native-dsp');
const golden = join(native, 'exercise/golden');
const { WebAssembly } = /** @type {any} */ (globalThis);

/** @returns {string[]} */
export function exerciseNames() {
  return readdirSync(join(native, 'exercise')).filter((name) => name.endsWith('.c')).map((name) => basename(name, '.c')).sort();
}

/** @returns {Hashes} */
export function goldenHashes() {
  return Object.fromEntries(readdirSync(golden).sort().map((name) => [name, readFileSync(join(golden, name), 'utf8').trim()]));
}

/** @param {string} wasm path of the exercise module @returns {Hashes} */
export function hashesOfModule(wasm) {
  const memory = new WebAssembly.Memory({ initial: 512, maximum: 512 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)), { env: { memory } });
  return Object.fromEntries(exerciseNames().map((name) => [name, hexadecimal(exports[`exercise_${name}`]())]));
}

/** @param {number} hash */
function hexadecimal(hash) {
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Compiles everything with the host's compiler under the sanitizers and runs it. Rejects with what they found.
 * @returns {Promise<Hashes>}
 */
export async function hashesUnderSanitizers() {
  const folder = join(builtFolder, 'dsp/sanitized');
  mkdirSync(folder, { recursive: true });
  const names = exerciseNames();
  const main = [
    '#include <stdint.h>',
    '#include <stdio.h>',
    ...names.map((name) => `uint32_t exercise_${name}(void);`),
    'int main(void) {',
    ...names.map((name) => `    printf("${name} %08x\\n", exercise_${name}());`),
    '    return 0;',
    '}',
  ].join('\n');
  writeFileSync(join(folder, 'main.c'), main);
  const sources = readdirSync(join(native, 'src')).filter((name) => name.endsWith('.c')).map((name) => join(native, 'src', name));
  const program = join(folder, 'exercises');
  await promisify(execFile)(process.env['CC'] || 'cc', [
    ...['-std=gnu11', '-O1', '-g', '-fsanitize=address,undefined,float-cast-overflow', '-fno-sanitize-recover=all', '-ffp-contract=off'],
    ...['-Wall', '-Wextra', '-Wconversion', '-Wno-sign-conversion', '-Wno-psabi', '-I', join(native, 'src'), '-o', program],
    ...[join(folder, 'main.c'), ...sources, ...names.map((name) => join(native, 'exercise', `${name}.c`)), '-lm'],
  ]);
  const { stdout } = await promisify(execFile)(program, { env: { ...process.env, ASAN_OPTIONS: 'detect_stack_use_after_return=1' } });
  return Object.fromEntries(stdout.trimEnd().split('\n').map((line) => /** @type {[string, string]} */ (line.split(' '))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wasm = process.argv.find((argument) => argument.endsWith('.wasm')) ?? (await buildDsp('exercise'));
  const hashes = hashesOfModule(wasm);
  if (process.argv.includes('--write')) {
    rmSync(golden, { recursive: true, force: true });
    mkdirSync(golden);
    for (const [name, value] of Object.entries(hashes)) writeFileSync(join(golden, name), `${value}\n`);
  }
  process.stdout.write(`${JSON.stringify(hashes, null, 2)}\n`);
}
