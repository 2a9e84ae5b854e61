import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { builtFolder, root } from './places.mjs';
import { say, step } from './progress.mjs';

/**
 * Builds an addon with the machine's C compiler, once for each state of its sources: the gateway's packet I/O or the datagrams of SIP.
 * @param {'media' | 'sip'} whose
 * @returns {Promise<string>} the addon's path, or '' where its TypeScript fallback must do
 */
export async function nativeAddon(whose = 'media') {
  const { folder, name, without } = addons[whose];
  const sources = existsSync(folder) ? readdirSync(folder).filter((name) => /\.[ch]$/.test(name)).sort() : [];
  const units = sources.filter((name) => name.endsWith('.c')).map((name) => join(folder, name));
  if (units.length === 0) return '';

  const hash = createHash('sha256').update(JSON.stringify([flags, process.arch]));
  for (const name of sources) hash.update(name).update(readFileSync(join(folder, name)));
  const target = join(builtFolder, 'native', hash.digest('hex').slice(0, 16), `${name}.node`);
  if (existsSync(target)) return target;

  const include = join(root, 'node_modules/node-api-headers/include');
  const draft = `${target}.${process.pid}`;
  mkdirSync(join(target, '..'), { recursive: true });
  const problem = await step(`Compiling the ${name} addon`, () => compile([...flags, '-I', include, '-o', draft, ...units]));
  if (problem !== undefined) {
    say(`  The ${name} addon is not used: ${problem}. ${without}`);
    return '';
  }
  renameSync(draft, target);
  return target;
}

const addons = {
  media: { folder: join(root, 'apps/media/native'), name: 'packet-io', without: 'Calls work all the same, about half as many on one core.' },
  sip: { folder: join(root, 'libs/sip/native'), name: 'datagrams', without: 'SIP over UDP works all the same, at a higher cost.' },
};

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
