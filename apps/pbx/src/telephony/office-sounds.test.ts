import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSnapshot, type ConfigurationRows, emptyRows, firstSettings, type Snapshot } from '@tipring/config';
import { uploadedFile } from '@tipring/prompts';
import { afterAll, expect, test } from 'vitest';
import { OfficeSounds, spokenTextFile } from './office-sounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'tipring-sounds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const version = { version: 1, createdAt: '2026-11-23T00:00:00.000Z', updatedAt: '2026-11-23T00:00:00.000Z' };

function office(rows: Partial<ConfigurationRows> = {}): Snapshot {
  const built = buildSnapshot({ ...emptyRows(firstSettings('pbx', '2026-11-23T00:00:00.000Z')), ...rows });
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.value;
}

test('a phrase is of the spoken set, until somebody uploads his own', () => {
  const sounds = new OfficeSounds(folder, () => office());
  const said = [{ phrase: 'common.goodbye' }] as const;
  expect(sounds.pieces('de-AT', said)).toEqual([{ file: 'prompts/de/common.goodbye.wav' }]);
  const own = uploadedFile('de', 'common.goodbye');
  mkdirSync(dirname(join(folder, own)), { recursive: true });
  writeFileSync(join(folder, own), '');
  sounds.forget();
  expect(sounds.pieces('de', said)).toEqual([{ file: own }]);
});

test('a prompt is said in the first language that it has, when it has not the caller’s', () => {
  const prompts = [{ id: 'pmt_00000000000000000000000001', key: 'closed', displayName: 'Closed', spoken: { fr: { file: 'uploads/closed.wav' }, es: { text: 'Cerrado' } }, ...version }];
  const sounds = new OfficeSounds(folder, () => office({ prompts }));
  const said = [{ prompt: prompts[0]!.id }];
  expect(sounds.pieces('en', said)).toEqual([{ file: 'uploads/closed.wav' }]);
  expect(sounds.pieces('es', said)).toEqual([{ file: spokenTextFile('es', 'Cerrado') }]);
  expect(sounds.pieces('es', [{ prompt: 'nobody’s' }])).toEqual([]);
});

test('who waits hears his class, else the site’s, else what comes with the system', () => {
  const musicClasses = [
    { id: 'moh_00000000000000000000000001', key: 'own', displayName: 'Own', files: ['a.wav', 'b.wav'], order: 'listed' as const, ...version },
    { id: 'moh_00000000000000000000000002', key: 'mixed', displayName: 'Mixed', files: ['a.wav', 'b.wav', 'c.wav'], order: 'shuffled' as const, ...version },
  ];
  const sounds = new OfficeSounds(folder, () => office({ musicClasses }));
  expect(sounds.music(musicClasses[0]!.id)).toEqual([{ file: 'a.wav' }, { file: 'b.wav' }]);
  expect(sounds.music(musicClasses[1]!.id).map((piece) => ('file' in piece ? piece.file : '')).sort()).toEqual(['a.wav', 'b.wav', 'c.wav']);
  expect(sounds.music(null)).toEqual([{ file: 'music/tipring.wav' }]);
});
