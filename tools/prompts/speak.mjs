import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ESpeakNg from 'espeak-ng';

/**
 * A program of its own: `node speak.mjs VOICE` reads SSML and writes WAV. It does nothing but run eSpeak NG (GPL-3.0-or-later, compiled to
 * WebAssembly), which is so used as any other program of the machine would be: what it speaks is ours, nothing of it is in what is built.
 */
const [voice = 'en-gb'] = process.argv.slice(2);
const text = readFileSync(0);

/** @type {Buffer[]} */
const said = [];
const made = await ESpeakNg({
  arguments: ['-v', voice, '-s', '155', '-m', '-f', '/text', '-w', '/spoken.wav'],
  preRun: [(/** @type {any} */ module) => module.FS.writeFile('/text', text)],
  wasmBinary: readFileSync(fileURLToPath(import.meta.resolve('espeak-ng')).replace(/\.js$/, '.wasm')),
  print: (/** @type {string} */ line) => said.push(Buffer.from(`${line}\n`)),
  printErr: (/** @type {string} */ line) => said.push(Buffer.from(`${line}\n`)),
});
// Nobody listens any more: whoever asked was told to end.
process.stdout.on('error', () => process.exit(1));
if (said.length > 0) process.stderr.write(Buffer.concat(said));
process.stdout.write(made.FS.readFile('/spoken.wav'));
