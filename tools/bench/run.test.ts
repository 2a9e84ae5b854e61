import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatTable } from './printer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tipring-bench-'));
  await writeFile(
    join(folder, 'sum.bench.ts'),
    `export const title = 'Adding';
     export const explains = 'Adds numbers.';
     export const options: object = { count: { default: 3, explains: 'how many' } };
     export async function run(context: any) {
       context.atEnd(() => console.log('undone'));
       context.progress('adding');
       if (context.number('count') > 100) throw new Error('too many');
       context.table([['who', 'sum'], ['ours', context.number('count')]]);
       return { sumCount: context.number('count') };
     }`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

test('without a name the benches are listed with their options', async () => {
  const { code, output } = await bench();
  expect(code).toBe(0);
  expect(output).toMatch(/sum +Adding\n +--count 3: how many/);
});

test('a bench ends with one JSON line of its figures', async () => {
  const { code, output } = await bench('sum', '--count', '7');
  expect(code).toBe(0);
  expect(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')).toEqual({ name: 'sum', figures: { sumCount: 7 } });
  expect(output).toMatch(/Adds numbers\.[^]*adding[^]*who +sum[^]*ours +7[^]*undone/);
});

test('a bench that fails cleans up, prints no figures and exits with an error', async () => {
  const { code, output } = await bench('sum', '--count', '101');
  expect(code).not.toBe(0);
  expect(output).toContain('undone');
  expect(output).not.toContain('"figures"');
});

test('an unknown bench and an unknown option are refused with what there is', async () => {
  expect((await bench('product')).output).toContain('There are: sum.');
  const { code, output } = await bench('sum', '--speed', '1');
  expect(code).toBe(1);
  expect(output).toContain('--count 3: how many');
});

test('a table sets numbers right and text left', () => {
  expect(formatTable([['relay', 'calls'], ['ours', 1300], ['raw C', 50]])).toBe(
    ['relay   calls', '─────────────', 'ours     1300', 'raw C      50'].join('\n'),
  );
});

function bench(...args: string[]): Promise<{ code: number; output: string }> {
  const program = `import { runBench } from ${JSON.stringify(join(import.meta.dirname, 'run.ts'))};
    process.exitCode = await runBench(${JSON.stringify(folder)}, ${JSON.stringify(args)});`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}
