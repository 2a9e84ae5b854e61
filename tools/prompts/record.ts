import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clip, clips, type Language } from '@tipring/prompts';
import { cutAtSilence, promptOf, readWav, wavOf } from './sound.ts';

/**
 * `node record.ts LANGUAGE FOLDER`: all clips of a language, each a WAV in the folder. They are spoken in one go, with silence between them, because
 * the synthesiser takes longer to begin than to speak.
 */
const [language, folder] = process.argv.slice(2) as [Language, string];
const voices: Readonly<Record<Language, string>> = { en: 'en-gb', de: 'de', fr: 'fr', es: 'es' };

/** Longer than any pause within a text. */
const breakMs = 1500;
const cutMs = 1300;

const all = clips(language);
const parts = cutAtSilence(readWav(await spoken(voices[language], ssmlOf(all))), cutMs);
if (parts.length !== all.length) throw new Error(`Of ${all.length} texts in ${language}, the synthesiser spoke ${parts.length}.`);
for (const [index, clip] of all.entries()) {
  const path = join(folder, `${clip.id}.wav`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wavOf(promptOf(parts[index]!, clip.ending)));
}

function ssmlOf(texts: readonly Clip[]): string {
  const spans = texts.map(({ text, is, ending }) => {
    // In capitals it would be spelled; it is said as a word in all four languages.
    const escaped = text.replaceAll('PIN', 'pin').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const marked = is === 'letter' ? `<say-as interpret-as="characters">${escaped}</say-as>` : escaped;
    return `<p>${marked}${ending === 'open' ? ',' : /[.!?]$/.test(text) ? '' : '.'}</p>`;
  });
  return `<speak>${spans.join(`\n<break time="${breakMs}ms"/>\n`)}</speak>`;
}

function spoken(voice: string, ssml: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('speak.mjs', import.meta.url)), voice], { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`The synthesiser ended with ${code}.`))));
    child.stdin.on('error', reject);
    child.stdin.end(ssml);
  });
}
