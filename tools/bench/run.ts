import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startPbx } from '../testbed/pbx.ts';
import type { Bench, BenchContext, Figures } from './bench.ts';
import { endProgress, formatTable, printParagraph, printProgress } from './printer.ts';

/** `npm run bench` lists the benches, `npm run bench -- NAME [--option value]` runs one. @returns the exit code */
export async function runBench(folder: string, argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const names = benchNames(folder);
  if (name === undefined) return await list(folder, names);
  if (!names.includes(name)) {
    process.stderr.write(`There is no bench "${name}". There are: ${names.join(', ') || 'none yet'}.\n`);
    return 1;
  }
  const bench = await load(folder, name);
  const options = readOptions(bench, rest);
  if (options instanceof Error) {
    process.stderr.write(`${options.message}\n${describeOptions(bench)}\n`);
    return 1;
  }

  process.stdout.write(`${bench.title}\n\n`);
  printParagraph(bench.explains);
  const given = Object.entries(options).map(([option, value]) => `--${option} ${value}`);
  process.stdout.write(given.length > 0 ? `\nOptions: ${given.join(' ')}\n\n` : '\n');

  const undo: (() => Promise<unknown> | unknown)[] = [];
  let figures: Figures;
  try {
    figures = await bench.run(context(options, undo));
  } finally {
    endProgress();
    for (const step of undo.toReversed()) await step();
  }
  process.stdout.write(`\n${JSON.stringify({ name, figures })}\n`);
  return 0;
}

function context(options: Record<string, string>, undo: (() => unknown)[]): BenchContext {
  const text = (option: string) => {
    const value = options[option];
    if (value === undefined) throw new Error(`The bench does not declare the option "${option}".`);
    return value;
  };
  return {
    text,
    number: (option) => {
      const value = Number(text(option));
      if (!Number.isFinite(value)) throw new Error(`--${option} must be a number, not "${text(option)}".`);
      return value;
    },
    progress: printProgress,
    table: (rows) => {
      endProgress();
      process.stdout.write(`\n${formatTable(rows)}\n`);
    },
    startPbx: async (pbxOptions) => {
      const pbx = await startPbx(pbxOptions);
      undo.push(() => pbx.stop());
      return pbx;
    },
    atEnd: (step) => void undo.push(step),
  };
}

function benchNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .sort();
}

async function load(folder: string, name: string): Promise<Bench> {
  return (await import(pathToFileURL(join(folder, `${name}${suffix}`)).href)) as Bench;
}

async function list(folder: string, names: readonly string[]): Promise<number> {
  process.stdout.write('Benches, each run by: npm run bench -- NAME [--option value]\n\n');
  for (const name of names) {
    const bench = await load(folder, name);
    process.stdout.write(`  ${name.padEnd(14)} ${bench.title}\n`);
    const options = describeOptions(bench);
    if (options !== '') process.stdout.write(`${options}\n`);
  }
  if (names.length === 0) process.stdout.write('  none yet\n');
  return 0;
}

function describeOptions({ options = {} }: Bench): string {
  return Object.entries(options)
    .map(([option, about]) => `${' '.repeat(17)}--${option} ${about.default}: ${about.explains}`)
    .join('\n');
}

function readOptions({ options: declared = {} }: Bench, argv: readonly string[]): Record<string, string> | Error {
  const defaults = Object.fromEntries(Object.entries(declared).map(([option, about]) => [option, String(about.default)]));
  const types = Object.fromEntries(Object.keys(declared).map((option) => [option, { type: 'string' as const }]));
  try {
    return { ...defaults, ...(parseArgs({ args: [...argv], options: types }).values as Record<string, string>) };
  } catch (error) {
    return error as Error;
  }
}

const suffix = '.bench.ts';
