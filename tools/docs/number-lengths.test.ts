import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numberLengthsOf } from '@tipring/line';
import { expect, test } from 'vitest';
import { numberLengthsSource } from './number-lengths.ts';

test('the table is what libphonenumber knows; if not, run npm run docs and look at the difference', () => {
  expect(readFileSync(join(import.meta.dirname, '../../libs/line/src/regions/number-lengths-table.ts'), 'utf8')).toBe(numberLengthsSource());
});

test.each([
  ['US', { trunkPrefix: '1', most: 10 }],
  ['FR', { trunkPrefix: '0', most: 9 }],
  ['GB', { trunkPrefix: '0', most: 10 }],
  ['ES', { trunkPrefix: '', most: 9 }],
  // Too long, too many carriers, too odd.
  ['DE', undefined],
  ['BR', undefined],
  ['RU', undefined],
])('national numbers of %s: %j', (country, lengths) => {
  expect(numberLengthsOf(country)).toEqual(lengths);
});
