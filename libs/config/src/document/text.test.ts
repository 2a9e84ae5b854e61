import { expect, test } from 'vitest';
import { documentFromText } from './text.ts';

test.each([
  ['version: 1\nversion: 2\n', 2, 1],
  ['{ "a": 1, "a": 2 }', 1, 11],
  ['trunks:\n  one: {}\n  two: {}\n  "one": {}\n', 4, 3],
])('a key that is there twice is refused with its place: %j', (text, line, column) => {
  expect(documentFromText(text)).toEqual({ ok: false, problems: [{ code: 'syntax', pointer: '', hint: `Map keys must be unique at line ${line}, column ${column}` }] });
});

test('the same key in two places is no harm', () => {
  expect(documentFromText('a: { x: 1 }\nb: { x: 1 }\n')).toEqual({ ok: true, value: { a: { x: 1 }, b: { x: 1 } } });
});

test('an alias is the value that it stands for', () => {
  expect(documentFromText('a: &a { x: 1 }\nb: *a\n')).toEqual({ ok: true, value: { a: { x: 1 }, b: { x: 1 } } });
});
