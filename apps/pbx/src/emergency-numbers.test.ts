import { createRequire } from 'node:module';
import { regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { emergencyNumbers, emergencySource } from './emergency-numbers.ts';

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
  expect(emergencyNumbers(code)).toEqual(numbers);
});

test('nearly every country that has a profile has a number to call for help', () => {
  const without = regions.filter(({ code }) => emergencyNumbers(code).length === 0).map(({ code }) => code);
  expect(without).toEqual([]);
});

test('the source names the version that is installed', () => {
  const { version } = createRequire(import.meta.url)('google-libphonenumber/package.json') as { version: string };
  expect(emergencySource).toContain(version);
});
