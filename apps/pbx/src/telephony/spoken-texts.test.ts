import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSnapshot, emptyRows, firstSettings, type Prompt, type Snapshot } from '@tipring/config';
import { readWav, wavBeginning } from '@tipring/gateway';
import { afterAll, expect, test } from 'vitest';
import { spokenTextFile } from './office-sounds.ts';
import { SpokenTexts } from './spoken-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'tipring-texts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function office(spoken: Prompt['spoken']): Snapshot {
  const prompts = [{ id: 'pmt_00000000000000000000000001', key: 'closed', displayName: 'Closed', spoken, version: 1, createdAt: '2026-11-23T00:00:00.000Z', updatedAt: '2026-11-23T00:00:00.000Z' }];
  const built = buildSnapshot({ ...emptyRows(firstSettings('pbx', '2026-11-23T00:00:00.000Z')), prompts });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.value;
}

test('what was written is spoken, once, in its language', async () => {
  const texts = new SpokenTexts({ folder, speaker: [process.execPath, '--conditions=@tipring/source', join(import.meta.dirname, '../../../../tools/prompts/speak-text.ts')], log: () => undefined });
  texts.follow(office({ en: { text: 'We are closed & on holiday until <Monday>.' }, de: { text: 'Wir haben geschlossen.' }, fr: { file: 'uploads/ferme.wav' } }));
  await texts.idle();
  for (const [language, text] of [['en', 'We are closed & on holiday until <Monday>.'], ['de', 'Wir haben geschlossen.']] as const) {
    const wav = readFileSync(join(folder, spokenTextFile(language, text)));
    const audio = readWav(wav.subarray(0, wavBeginning), wav.length);
    if (typeof audio === 'string') throw new Error(audio);
    expect(audio.dataOctets / (2 * audio.rateHz), text).toBeGreaterThan(0.8);
  }
  await texts.close();
});

test('a text that cannot be spoken, and a system that cannot speak, are told, and the rest goes on', async () => {
  const told: string[] = [];
  const failing = new SpokenTexts({ folder, speaker: [process.execPath, '-e', 'process.exit(process.argv[1] === "en" ? 3 : 0)', '--'], log: (event) => told.push(event) });
  failing.follow(office({ en: { text: 'One' }, es: { text: 'Uno' } }));
  await failing.idle();
  const silent = new SpokenTexts({ folder, speaker: [], log: (event) => told.push(event) });
  silent.follow(office({ en: { text: 'Two' } }));
  expect(told).toEqual(['textNotSpoken', 'textsNotSpoken']);
  expect(existsSync(join(folder, spokenTextFile('en', 'One')))).toBe(false);
});

test('closing ends what is being spoken, and nothing is begun any more', async () => {
  const texts = new SpokenTexts({ folder, speaker: [process.execPath, '-e', 'setInterval(() => {}, 1000)', '--'], log: () => undefined });
  texts.follow(office({ en: { text: 'Three' }, de: { text: 'Drei' } }));
  await texts.close();
  texts.follow(office({ en: { text: 'Four' } }));
  await texts.idle();
});
