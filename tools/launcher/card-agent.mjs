import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder, root } from './places.mjs';

/**
 * The card agent (libs/cards/agent), compiled once for each state of its sources. `dahdi` is the one for real cards; `loop` has two
 * pairs of ports back to back in their place, for tests; `sanitized` is `loop` with the address and undefined behaviour sanitizers.
 * `static` is `dahdi` without shared libraries, for a machine that has none.
 * @param {'dahdi' | 'static' | 'loop' | 'sanitized'} build
 * @returns {Promise<string>} its path, or '' without a C compiler
 * @throws {Error} with the compiler's message
 */
export async function cardAgent(build) {
  const sources = readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort();
  const without = build === 'dahdi' || build === 'static' ? ['device-loop.c', 'loop-circuit.c'] : ['device-dahdi.c'];
  const units = sources.filter((name) => name.endsWith('.c') && !without.includes(name)).map((name) => join(folder, name));
  const flags = [...common, ...flagsOf[build]];
  const hash = createHash('sha256').update(JSON.stringify([flags, process.arch]));
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)));
  const target = join(builtFolder, 'native', hash.digest('hex').slice(0, 16), `card-agent-${build}`);
  if (existsSync(target)) return target;
  mkdirSync(join(target, '..'), { recursive: true });
  const draft = `${target}.${process.pid}`;
  if (!(await compile([...flags, '-o', draft, ...units]))) return '';
  renameSync(draft, target);
  return target;
}

/**
 * The agent where the system starts it from: `.tipring/card-agent`. A running one keeps its old file until it is restarted.
 * @returns {Promise<string>} its path, or '' without a C compiler
 */
export async function installCardAgent() {
  const built = await cardAgent('dahdi');
  if (built === '') return '';
  const target = join(builtFolder, 'card-agent');
  const draft = `${target}.${process.pid}`;
  copyFileSync(built, draft);
  renameSync(draft, target);
  return target;
}

const folder = join(root, 'libs/cards/agent');
const common = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion'];
const flagsOf = { dahdi: ['-O2'], static: ['-O2', '-static'], loop: ['-O2'], sanitized: ['-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] };

/** @param {string[]} args @returns {Promise<boolean>} false: there is no compiler */
function compile(args) {
  return new Promise((resolve, reject) => {
    execFile(process.env['CC'] || 'cc', args, (error, _stdout, stderr) => {
      if (error === null) resolve(true);
      else if (error.code === 'ENOENT') resolve(false);
      else reject(new Error(`The card agent does not compile:\n${stderr}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = await installCardAgent();
  console.log(path === '' ? 'There is no C compiler (on Debian: apt install gcc libc6-dev).' : path);
  process.exitCode = path === '' ? 1 : 0;
}
