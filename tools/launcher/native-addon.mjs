import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { builtFolder, root } from './places.mjs';
import { say, step } from './progress.mjs';

/**
 * Builds the media gateway's packet I/O addon with the machine's C compiler, once for each state of its sources.
 * @returns {Promise<string>} the addon's path, or '' where the gateway must use its TypeScript fallback
 */
export async function nativeAddon() {
  const folder = join(root, 'apps/media/native');
  const sources = existsSync(folder) ? readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort() : [];
  const units = sources.filter((name) => name.endsWith('.c')).map((name) => join(folder, name));
  if (units.length === 0) return '';

  const hash = createHash('sha256').update(JSON.stringify([flags, process.arch]));
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)));
  const target = join(builtFolder, 'native', hash.digest('hex').slice(0, 16), 'packet-io.node');
  if (existsSync(target)) return target;

  const include = join(root, 'node_modules/node-api-headers/include');
  const draft = `${target}.${process.pid}`;
  mkdirSync(join(target, '..'), { recursive: true });
  const problem = await step('Compiling the packet I/O addon', () => compile([...flags, '-I', include, '-o', draft, ...units]));
  if (problem !== undefined) {
    say(`  The packet I/O addon is not used: ${problem}. Calls work all the same, about half as many on one core.`);
    return '';
  }
  renameSync(draft, target);
  return target;
}

const flags = ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-pthread', '-DNAPI_VERSION=9'];

/** @param {string[]} args @returns {Promise<string | undefined>} what went wrong */
function compile(args) {
  return new Promise((resolve) => {
    execFile(process.env['CC'] || 'cc', args, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === 'ENOENT') resolve('there is no C compiler (on Debian: apt install gcc libc6-dev)');
      else resolve(`the C compiler failed:\n${stderr.trimEnd()}\n `);
    });
  });
}
