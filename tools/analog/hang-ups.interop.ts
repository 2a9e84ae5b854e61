import { regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { regionNamed } from '../testbed/country-line.ts';
import { type HangUpResult, type HangUpTrial, runHangUps, trialsOf } from './hang-up-trials.ts';

test('every profile, every way its exchanges have of showing a hang-up: the line is on hook within 3 s, and the record says why', { timeout: 900_000 }, () => {
  const results = runHangUps(regions.flatMap((region) => trialsOf(region)));
  print('who hears it falls silent', results);
  expect(results.filter(({ wrong, name }) => wrong !== '' && !known.has(name))).toEqual([]);
});

test('the same while the phone talks on, as an announcement does: its echo is no voice of the line', { timeout: 900_000 }, () => {
  const results = runHangUps(regions.flatMap((region) => trialsOf(region, { near: 'talks on' })));
  print('the phone talks on', results);
  // A word of the echo in a pause costs a cycle of the cadence.
  expect(results.filter(({ wrong }) => wrong !== '').length / results.length).toBeLessThan(0.15);
});

test('calls that we made: every profile, every way', { timeout: 900_000 }, () => {
  const results = runHangUps(regions.flatMap((region) => trialsOf(region, { begun: 'phone' })).filter(({ kind }) => kind.by.by !== 'silence'));
  print('called by us', results);
  expect(results.filter(({ wrong, name }) => wrong !== '' && !known.has(name.replace(', called by us', '')))).toEqual([]);
});

test('battery denials of 50 to 3000 ms', () => {
  const region = regionNamed('US');
  const trials = [50, 100, 150, 200, 300, 500, 800, 1_000, 1_500, 2_000, 3_000].map((ms): HangUpTrial => ({ region, begun: 'outside', near: 'falls silent', denialMs: Math.min(200, ms), kind: { name: `battery denial ${ms} ms`, by: { by: 'openLoop', ms }, tones: {}, evidence: /^battery denial/ } }));
  const results = runHangUps(trials);
  print('denials', results);
  expect(results.filter(({ wrong }) => wrong !== '')).toEqual([]);
});

/** What takes longer, and why. */
const known: ReadonlyMap<string, string> = new Map([
  ['IE dial tone', 'for six seconds it may be the tone of an unobtainable number'],
  ['PG dial tone', 'for two seconds it may be the tone of an unobtainable number'],
  ['UY dial tone, another (1)', 'a cadence that begins within a word'],
  ['JM busy tone, another (1)', 'a cadence that begins within a word is heard a third time'],
  ['DO busy tone, another (1)', 'the same'],
  ['PK busy tone', 'the same'],
  ['SG busy tone', 'the same'],
]);

function print(what: string, results: readonly HangUpResult[]): void {
  const took = results.filter(({ name }) => !name.includes('silence')).flatMap(({ tookMs }) => tookMs ?? []).sort((a, b) => a - b);
  console.log(`${what}: ${results.length} hang-ups, ${results.filter(({ wrong }) => wrong !== '').length} wrong; median ${took[Math.floor(took.length / 2)]} ms, 99 % ${took[Math.floor(took.length * 0.99)]} ms, longest ${took.at(-1)} ms`);
  for (const { name, evidence, wrong } of results) if (wrong !== '') console.log(`  ${name}: ${wrong} (${evidence})`);
}
