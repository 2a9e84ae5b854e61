import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { regions } from '@tipring/line';
import { expect, test } from 'vitest';
import { regionsDocument } from './regions-document.ts';

test('docs/REGIONS.md is what is known of lines; if not, run npm run docs and look at the difference', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/REGIONS.md'), 'utf8')).toBe(regionsDocument());
});

test('every country has a row, with as many cells as the table has columns', () => {
  const rows = regionsDocument().split('\n').filter((line) => /^\| .*\([A-Z]{2}\)/.test(line));
  expect(new Set(rows.map((row) => /\(([A-Z]{2})\)/.exec(row)?.[1])).size).toBe(regions.length);
  expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([8, 9]));
});
