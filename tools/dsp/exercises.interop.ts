import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { buildDsp } from './build.mjs';
import { goldenHashes, hashesOfModule, hashesUnderSanitizers } from './exercises.mjs';

const run = promisify(execFile);
let module = '';
beforeAll(async () => {
  module = await buildDsp('exercise');
}, 120_000);

test('every primitive gives the golden bits', () => {
  expect(hashesOfModule(module)).toEqual(goldenHashes());
});

test("the golden bits are the same under the machine's own Node", async ({ skip }) => {
  const host = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'node')).find((path) => !path.includes('node_modules') && existsSync(path));
  if (host === undefined) return skip('needs a second Node on the PATH');
  const { stdout: version } = await run(host, ['--version']);
  if (version.trim() === process.version) return skip('needs a second Node on the PATH');
  const { stdout } = await run(host, [join(import.meta.dirname, 'exercises.mjs'), module]);
  expect(JSON.parse(stdout)).toEqual(goldenHashes());
});

test('nothing is wrong under AddressSanitizer and UBSan, and the bits are the same', { timeout: 180_000 }, async ({ skip }) => {
  const compiler = await run(process.env['CC'] || 'cc', ['--version']).catch(() => undefined);
  if (compiler === undefined) return skip('needs a C compiler');
  expect(await hashesUnderSanitizers()).toEqual(goldenHashes());
});
