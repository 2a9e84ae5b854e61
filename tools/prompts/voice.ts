import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Language } from '@tipring/prompts';

/** For SSML. */
export function escaped(text: string): string {
  // In capitals it would be spelled; it is said as a word in all four languages.
  return text.replaceAll('PIN', 'pin').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** What the synthesiser makes of it: a WAV. Rejects when it fails. */
export function spokenBy(language: Language, ssml: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('speak.mjs', import.meta.url)), voices[language]], { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`The synthesiser ended with ${code}.`))));
    child.stdin.on('error', reject);
    child.stdin.end(ssml);
  });
}

const voices: Readonly<Record<Language, string>> = { en: 'en-gb', de: 'de', fr: 'fr', es: 'es' };
