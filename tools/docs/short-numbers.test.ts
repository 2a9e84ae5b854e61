import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shortNumberOf } from '@tipring/line';
import { expect, test } from 'vitest';
import { shortNumbersSource } from './short-numbers.ts';

test('the table of short numbers is the one that libphonenumber makes (npm run docs)', () => {
  expect(readFileSync(join(import.meta.dirname, '../../libs/line/src/regions/short-numbers-table.ts'), 'utf8')).toBe(shortNumbersSource());
});

test.each([
  ['US', '988', 'tollFree'], ['US', '411', 'sharedCost'], ['US', '24280', 'premium'], ['US', '51234', null], ['US', '5551234', null], ['US', '1', null],
  ['DE', '116117', 'tollFree'], ['DE', '11833', 'sharedCost'], ['DE', '22833', null],
  ['FR', '3631', 'premium'], ['CH', '1600', 'national'], ['XX', '411', null],
])('%s %s: %s', (country, number, cost) => expect(shortNumberOf(country, number)).toBe(cost));
