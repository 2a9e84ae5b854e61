import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { dataFolder } from '../launcher/places.mjs';
import { run } from './run.ts';
import type { World } from './world.ts';

const world: World = {
  environment: process.env,
  firstStart: `${dataFolder()}/first-start.json`,
  isTerminal: process.stdout.isTTY === true && process.stdin.isTTY === true,
  hasColour: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
  say: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
  read: (path) => (path === '-' ? readFileSync(0, 'utf8') : existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  // It holds what only its owner should read, even sealed.
  write: (path, text) => writeFileSync(path, text, { mode: 0o600 }),
  async ask(question) {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await lines.question(question);
    lines.close();
    return /^y(es)?$/i.test(answer.trim());
  },
};

// A reader that has seen enough (`tipring calls | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await run(process.argv.slice(2), world);
