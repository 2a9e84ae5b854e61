import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtModule } from '../dsp/build.mjs';
import { promptsFolder } from '../prompts/build.mjs';
import { root } from './places.mjs';

/**
 * A checkout for trying `npm start` on: the real launcher, the real packages, a real PostgreSQL, and stand-ins for the
 * programs, compiled like them. The stand-ins write what happens to them to events.log in the data folder.
 */
export function trialCheckout(): { folder: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'tipring start ')); // a space, as users have
  chmodSync(parent, 0o755); // PostgreSQL's account, under root, comes through here
  const folder = join(parent, 'checkout');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (!entry.startsWith('.tipring')) symlinkSync(join(root, 'node_modules', entry), join(folder, 'node_modules', entry));
  }
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.base.json']) cpSync(join(root, file), join(folder, file));
  for (const path of ['tools/start.mjs', 'tools/launcher', 'tools/dsp', 'tools/prompts', 'tools/music', 'libs/prompts/src', 'native-dsp']) cpSync(join(root, path), join(folder, path), { recursive: true });
  // Built already: building it takes ten seconds, and is tested elsewhere. So are the prompts, which are too many to copy.
  cpSync(builtModule('dsp'), builtModule('dsp').replace(root, folder));
  symlinkSync(dirname(promptsFolder()), dirname(promptsFolder()).replace(root, folder));
  for (const name of ['media', 'carrier', 'pbx']) {
    mkdirSync(join(folder, 'apps', name, 'src'), { recursive: true });
    writeFileSync(join(folder, 'apps', name, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'apps', name, 'tsconfig.json'), JSON.stringify(tsconfig));
    writeFileSync(join(folder, 'apps', name, 'src/main.ts'), standIn(name));
  }
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

const tsconfig = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
  include: ['src'],
};

const standIn = (name: string) => `
import { appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
const note = (event: string): void => appendFileSync(process.env['TIPRING_DATA'] + '/events.log', \`${name} \${process.pid} \${event}\\n\`);
if (process.env['TRIAL_FAULT'] === '${name}') throw new Error('a fault of the trial');
note('start ' + JSON.stringify(process.env));
const drained = (): boolean => process.env['TRIAL_DRAINS'] !== '${name}' || existsSync(process.env['TIPRING_DATA'] + '/drained');
process.on('disconnect', () => { note('disconnect'); setInterval(() => drained() && process.exit(0), 10); });
process.on('SIGINT', () => note('SIGINT'));
process.on('SIGTERM', () => { if (process.env['TRIAL_DEAF'] === '${name}') note('deaf'); else { note('SIGTERM'); process.exit(0); } });
const ready = (): unknown => process.send?.({ type: 'ready', apiUrl: 'http://127.0.0.1:' + process.env['TIPRING_HTTP_PORT'] + '/api/v1' });
if ('${name}'.startsWith('pbx')) createServer().listen(Number(process.env['TIPRING_HTTP_PORT']), '0.0.0.0', ready);
else { setInterval(() => {}, 1000); ready(); }
`;
