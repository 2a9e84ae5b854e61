import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** The reporter at work in vitest runs of their own. Their files lie in the workspace, where they find vitest. */

let folder: string;
beforeEach(async () => {
  const parent = join(import.meta.dirname, '../dist');
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'closing-'));
  await writeFile(
    join(folder, 'vitest.config.ts'),
    `import { ClosingLine } from ${JSON.stringify(join(import.meta.dirname, 'closing-line.ts'))};
     export default { test: { include: ['*.check.ts'], reporters: ['default', new ClosingLine()] } };`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

test('the last line counts what passed, failed and was skipped', { timeout: 60_000 }, async () => {
  const { code, last } = await run(`test('a', () => {}); test('b', () => { throw new Error('no'); }); test.skip('c', () => {}); test('d', () => {});`);
  expect(last).toBe('2 passed, 1 failed, 1 skipped');
  expect(code).toBe(1);
});

test('a file that cannot be loaded counts as failed', { timeout: 60_000 }, async () => {
  const { code, last } = await run(`import './not-there.ts';`);
  expect(last).toBe('0 passed, 1 failed, 0 skipped');
  expect(code).toBe(1);
});

test('an error outside of all tests counts as failed', { timeout: 60_000 }, async () => {
  const { code, last } = await run(`test('a', () => { void Promise.reject(new Error('nobody waits')); });`);
  expect(last).toBe('1 passed, 1 failed, 0 skipped');
  expect(code).toBe(1);
});

test('in CI a skip without a listed reason fails the run and is named', { timeout: 60_000 }, async () => {
  const skips = `test('without reason', ({ skip }) => skip()); test('own reason', ({ skip }) => skip('no time')); test('listed', ({ skip }) => skip('needs a real-time scheduling limit'));`;
  const ci = await run(skips, { CI: 'true' });
  expect(ci.code).toBe(1);
  expect(ci.output).toContain('without reason: no reason given');
  expect(ci.output).toContain('own reason: no time');
  expect(ci.output).not.toContain('listed: needs');
  expect(ci.last).toBe('0 passed, 0 failed, 3 skipped');
  expect((await run(skips, { CI: '' })).code).toBe(0);
});

async function run(text: string, env: Record<string, string> = {}): Promise<{ code: number; output: string; last: string }> {
  await writeFile(join(folder, 'trial.check.ts'), `import { test } from 'vitest';\n${text}\n`);
  return new Promise((resolve) => {
    const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
    execFile(process.execPath, [vitest, 'run', '--root', folder], { env: { ...process.env, ...env, VITEST: '' } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr, last: stdout.trimEnd().split('\n').at(-1) ?? '' });
    });
  });
}
