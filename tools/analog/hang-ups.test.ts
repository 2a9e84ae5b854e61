import { expect, test } from 'vitest';
import { regionNamed } from '../testbed/country-line.ts';
import { runHangUps, trialsOf } from './hang-up-trials.ts';

/* A slice of hang-ups.interop.ts, which goes through all profiles. */

const countries = ['US', 'GB', 'DE', 'FR', 'BR', 'JP', 'AU', 'IT', 'IN', 'CN', 'SE', 'ZA', 'EE', 'BW', 'HK'];

test(`${countries.length} countries, every way their exchanges have of showing a hang-up: the line is on hook within 3 s, and the record says why`, () => {
  const trials = countries.flatMap((code) => trialsOf(regionNamed(code)));
  expect(trials.length).toBeGreaterThan(70);
  expect(runHangUps(trials).filter(({ wrong }) => wrong !== '')).toEqual([]);
});

test('calls that we made on the line end alike', () => {
  const trials = ['US', 'CN'].flatMap((code) => trialsOf(regionNamed(code), { begun: 'phone' })).filter(({ kind }) => kind.by.by !== 'silence');
  expect(runHangUps(trials).filter(({ wrong }) => wrong !== '')).toEqual([]);
});
