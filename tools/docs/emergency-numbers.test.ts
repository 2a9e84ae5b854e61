import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emergencyNumbersOf, regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { emergencyNumbersSource } from './emergency-numbers.ts';

test('the table is what libphonenumber knows; if not, run npm run docs and look at the difference', () => {
  expect(readFileSync(join(import.meta.dirname, '../../libs/line/src/regions/emergency-numbers-table.ts'), 'utf8')).toBe(emergencyNumbersSource());
});

test.each([
  ['US', ['112', '911']],
  ['DE', ['110', '112']],
  ['GB', ['112', '999']],
  ['AU', ['000', '106', '112']],
  // Of two lengths, and with a length that only the general description has.
  ['ZA', ['112', '10111', '10177']],
  ['FR', ['15', '17', '18', '112']],
  ['XX', []],
])('the emergency numbers of %s are %j', (code, numbers) => {
  expect(emergencyNumbersOf(code)).toEqual(numbers);
});

test('every country that has a profile has a number to call for help', () => {
  expect(regions.filter(({ code }) => emergencyNumbersOf(code).length === 0)).toEqual([]);
});
