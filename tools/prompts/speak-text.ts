import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Language, languages } from '@tipring/prompts';
import { promptOf, readWav, wavOf } from './sound.ts';
import { escaped, spokenBy } from './voice.ts';

/** `node speak-text.ts LANGUAGE FILE`: the text on standard input, spoken, as a WAV. For what people write as prompts; the file is there whole or not at all. */
const [language, file] = process.argv.slice(2);
const known = languages.find((one) => one === language);
if (known === undefined || file === undefined) throw new Error('Which language, and which file?');
const said = (await text(process.stdin)).trim();
const sound = promptOf(readWav(await spokenBy(known satisfies Language, `<speak><p>${escaped(said)}</p></speak>`)), 'closed');
mkdirSync(dirname(file), { recursive: true });
const draft = `${file}.${process.pid}`;
writeFileSync(draft, wavOf(sound));
renameSync(draft, file);
