import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { dspModule } from './dsp-module.mjs';
import { nativeAddon } from './native-addon.mjs';
import { root } from './places.mjs';
import { Refusal, step } from './progress.mjs';
import { builtPrompts } from './prompt-set.mjs';
import { throwawayPostgres } from './throwaway-postgres.mjs';
import { buildPrograms } from './typescript-build.mjs';

/**
 * The second half of `npm test`: one PostgreSQL for the whole run, then vitest. Arguments go to vitest; a first argument
 * `--interop` chooses the tests with real phones, `--dahdi` those with the genuine DAHDI modules, `--nightly` what takes too long for CI.
 */
const [first = '', ...rest] = process.argv.slice(2);
const kind = /^--(interop|dahdi|nightly)$/.exec(first)?.[1];
const args = kind === undefined ? process.argv.slice(2) : ['--config', `vitest.${kind}.config.ts`, ...rest];

/** @type {import('node:child_process').ChildProcess | undefined} */
let vitest;
let interrupted = false;
const interrupt = () => {
  interrupted = true;
  vitest?.kill('SIGTERM');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(signal, interrupt);

try {
  // Some tests start the compiled programs. Type errors are for `npm run typecheck` to judge; they were printed.
  await Promise.all([buildPrograms(), dspModule(), builtPrompts()]);
  const addon = await nativeAddon();
  const sipAddon = await nativeAddon('sip');
  const postgres = await step('Starting a PostgreSQL for the tests', () => throwawayPostgres({ durable: false }));
  try {
    process.exitCode = interrupted ? 130 : await runVitest({ TIPRING_NATIVE: addon, TIPRING_SIP_NATIVE: sipAddon, TIPRING_TEST_DATABASE_URL: postgres.url('postgres') });
  } finally {
    await postgres.stop();
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();

/** @param {NodeJS.ProcessEnv} env @returns {Promise<number>} */
function runVitest(env) {
  return new Promise((resolve, reject) => {
    vitest = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    vitest.on('error', reject);
    vitest.on('exit', (code) => resolve(code ?? 1));
  });
}
