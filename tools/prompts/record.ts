import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clip, clips, type Language } from '@tipring/prompts';
import { cutAtSilence, promptOf, readWav, wavOf } from './sound.ts';
import { escaped, spokenBy } from './voice.ts';

/**
 * `node record.ts LANGUAGE FOLDER`: all clips of a language, each a WAV in the folder. They are spoken in one go, with silence between them, because
 * the synthesiser takes longer to begin than to speak.
 */
const [language, folder] = process.argv.slice(2) as [Language, string];

/** Longer than any pause within a text. */
const breakMs = 1500;
const cutMs = 1300;

const all = clips(language);
const parts = cutAtSilence(readWav(await spokenBy(language, ssmlOf(all))), cutMs);
if (parts.length !== all.length) throw new Error(`Of ${all.length} texts in ${language}, the synthesiser spoke ${parts.length}.`);
for (const [index, clip] of all.entries()) {
  const path = join(folder, `${clip.id}.wav`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wavOf(promptOf(parts[index]!, clip.ending)));
}

function ssmlOf(texts: readonly Clip[]): string {
  const spans = texts.map(({ text, is, ending }) => {
    const marked = is === 'letter' ? `<say-as interpret-as="characters">${escaped(text)}</say-as>` : escaped(text);
    return `<p>${marked}${ending === 'open' ? ',' : /[.!?]$/.test(text) ? '' : '.'}</p>`;
  });
  return `<speak>${spans.join(`\n<break time="${breakMs}ms"/>\n`)}</speak>`;
}
