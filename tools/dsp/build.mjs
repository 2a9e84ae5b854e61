import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder, root } from '../launcher/places.mjs';

/**
 * C to WebAssembly with npm's own clang (@yowasp/clang: LLVM compiled to WebAssembly), so no compiler of the host is needed and
 * the same sources give the same bytes everywhere. Objects and modules are kept by the hash of what they are made of.
 */

const folder = join(root, 'native-dsp');
const cache = join(builtFolder, 'dsp');

/** What the gateway loads, and the same with the exercises of the tests linked in. @typedef {'dsp' | 'exercise'} Module */

/** No -ffast-math and no relaxed SIMD: results would differ from one processor to the next. */
const compileFlags = [
  ...['--target=wasm32', '-std=c11', '-O3', '-msimd128', '-mbulk-memory', '-mnontrapping-fptoint'],
  ...['-Isrc', '-ffreestanding', '-fvisibility=hidden', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wno-sign-conversion'],
];
/** The stack lies first: an overflow traps instead of overwriting data. The memory is the caller's, who sizes it once. */
const linkFlags = ['--no-entry', '--import-memory', '--stack-first', '-z', 'stack-size=262144', '--gc-sections', '--strip-debug', '--export=__heap_base'];

/**
 * @param {Module} module
 * @param {{ fresh?: boolean, progress?: (text: string) => void }} [options] fresh: the cache is not used
 * @returns {Promise<string>} path of the .wasm
 */
export async function buildDsp(module = 'dsp', { fresh = false, progress = () => {} } = {}) {
  const { units, key } = sourcesOf(module);
  const name = `tipring-${module}-${key}.wasm`;
  if (!fresh && existsSync(join(cache, name))) return join(cache, name);

  const objects = [];
  for (const [index, unit] of units.entries()) {
    progress(`${unit.path} (${index + 1} of ${units.length})`);
    objects.push(await objectOf(unit, fresh));
  }
  const { run } = await llvm();
  const files = Object.fromEntries(objects.map((bytes, index) => [`${index}.o`, bytes]));
  const linked = await run('wasm-ld', [...linkFlags, ...Object.keys(files), '-o', 'out.wasm'], files);
  return keep(join(cache, fresh ? 'fresh' : ''), name, linked['out.wasm']);
}

/** @param {Module} module @returns {string} where it is once it is built */
export function builtModule(module) {
  return join(cache, `tipring-${module}-${sourcesOf(module).key}.wasm`);
}

/** @typedef {{ path: string, text: Buffer, key: string }} Unit */

/** @param {Module} module */
function sourcesOf(module) {
  const read = (/** @type {string} */ under, /** @type {string} */ ending) =>
    existsSync(join(folder, under))
      ? readdirSync(join(folder, under)).filter((name) => name.endsWith(ending)).sort().map((name) => ({ path: `${under}/${name}`, text: readFileSync(join(folder, under, name)) }))
      : [];
  const headers = [...read('src', '.h'), ...read('exercise', '.h')];
  const units = [...read('src', '.c'), ...(module === 'exercise' ? read('exercise', '.c') : [])].map((unit) => {
    // An object depends on its own source and on the headers it names, directly or through others.
    const seen = reachable(unit, headers);
    return { ...unit, headers: seen, key: hash([compilerVersion(), ...compileFlags, unit.path, unit.text, ...seen.flatMap(({ path, text }) => [path, text])]) };
  });
  return { units, key: hash([...linkFlags, ...units.map(({ key }) => key)]) };
}

/**
 * @param {{ path: string, text: Buffer }} from
 * @param {{ path: string, text: Buffer }[]} headers
 */
function reachable(from, headers) {
  /** @type {Set<{ path: string, text: Buffer }>} */
  const seen = new Set();
  const visit = (/** @type {{ path: string, text: Buffer }} */ file) => {
    for (const [, included = ''] of file.text.toString().matchAll(/^#include "([^"]+)"/gm)) {
      const header = headers.find(({ path }) => path === `${dirname(file.path)}/${included}` || path === `src/${included}`);
      if (header === undefined) throw new Error(`native-dsp/${file.path} includes "${included}", which is not there.`);
      if (seen.has(header)) continue;
      seen.add(header);
      visit(header);
    }
  };
  visit(from);
  return [...seen].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @param {Unit & { headers: { path: string, text: Buffer }[] }} unit @param {boolean} fresh @returns {Promise<Uint8Array>} */
async function objectOf(unit, fresh) {
  const path = join(cache, 'objects', `${unit.key}.o`);
  if (!fresh && existsSync(path)) return readFileSync(path);
  const { run } = await llvm();
  /** @type {Record<string, any>} */
  const files = {};
  for (const file of [unit, ...unit.headers]) {
    const [under = '', name = ''] = file.path.split('/');
    (files[under] ??= {})[name] = new Uint8Array(file.text);
  }
  const made = await run('clang', [...compileFlags, '-c', unit.path, '-o', 'out.o'], files);
  keep(dirname(path), `${unit.key}.o`, made['out.o']);
  return made['out.o'];
}

/** @param {string} place @param {string} name @param {Uint8Array} bytes */
function keep(place, name, bytes) {
  mkdirSync(place, { recursive: true });
  const draft = join(place, `${name}.${process.pid}`);
  writeFileSync(draft, bytes);
  renameSync(draft, join(place, name));
  return join(place, name);
}

/** @returns {Promise<{ run(tool: 'clang' | 'wasm-ld', args: string[], files: Record<string, any>): Promise<Record<string, any>> }>} */
async function llvm() {
  const { commands, runLLVM, Exit } = await import('@yowasp/clang');
  // Its first call reads 100 MB of itself, and would tell.
  await runLLVM(/** @type {any} */ (null), {}, { fetchProgress: () => {} });
  return {
    async run(tool, args, files) {
      const said = /** @type {Uint8Array[]} */ ([]);
      const listen = (/** @type {Uint8Array | null} */ bytes) => void (bytes && said.push(bytes));
      try {
        return /** @type {Record<string, any>} */ (await commands[tool](args, files, { stdout: listen, stderr: listen }));
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
        throw new Error(`${tool} refused:\n${Buffer.concat(said).toString()}`);
      }
    },
  };
}

function compilerVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies['@yowasp/clang'];
}

/** @param {(string | Buffer)[]} parts */
function hash(parts) {
  const made = createHash('sha256');
  for (const part of parts) made.update(String(Buffer.byteLength(part))).update(':').update(part);
  return made.digest('hex').slice(0, 20);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [fresh, quiet] = ['--fresh', '--quiet'].map((option) => process.argv.includes(option));
  const began = performance.now();
  for (const module of /** @type {Module[]} */ (quiet ? ['dsp'] : ['dsp', 'exercise'])) {
    const path = await buildDsp(module, { fresh, progress: (text) => quiet || console.log(`  ${text}`) });
    console.log(`${path} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
}
