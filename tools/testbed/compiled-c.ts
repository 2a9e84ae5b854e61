import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { builtFolder } from '../launcher/places.mjs';

/**
 * A program of one C file, compiled once for each state of it, linked with libraries of the machine (`spandsp`).
 * @returns the program's path
 * @throws {Error} without a C compiler, or with its message
 */
export function compiledC(source: string, libraries: readonly string[] = []): string {
  // With the headers beside it: one of them may have changed alone.
  const headers = readdirSync(dirname(source)).filter((name) => name.endsWith('.h')).sort();
  const hash = createHash('sha256').update(JSON.stringify([flags, libraries, process.arch]));
  for (const path of [source, ...headers.map((name) => join(dirname(source), name))]) hash.update(readFileSync(path));
  const target = join(builtFolder, 'native', hash.digest('hex').slice(0, 16), basename(source, '.c'));
  if (existsSync(target)) return target;
  mkdirSync(join(target, '..'), { recursive: true });
  const draft = `${target}.${process.pid}`;
  execFileSync(process.env['CC'] || 'cc', [...flags, '-o', draft, source, ...libraries.map((library) => `-l${library}`)], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(draft, target);
  return target;
}

const flags = ['-O2', '-Wall', '-Wextra', '-pthread'];
