import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { builtFolder } from '../launcher/places.mjs';

/**
 * A program of one C file, compiled once for each state of it, linked with libraries of the machine (`spandsp`).
 * @returns the program's path
 * @throws {Error} without a C compiler, or with its message
 */
export function compiledC(source: string, libraries: readonly string[] = []): string {
  const hash = createHash('sha256').update(JSON.stringify([flags, libraries, process.arch])).update(readFileSync(source)).digest('hex').slice(0, 16);
  const target = join(builtFolder, 'native', hash, basename(source, '.c'));
  if (existsSync(target)) return target;
  mkdirSync(join(target, '..'), { recursive: true });
  const draft = `${target}.${process.pid}`;
  execFileSync(process.env['CC'] || 'cc', [...flags, '-o', draft, source, ...libraries.map((library) => `-l${library}`)], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(draft, target);
  return target;
}

const flags = ['-O2', '-Wall', '-Wextra', '-pthread'];
