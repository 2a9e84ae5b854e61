import { NumberPattern } from '@tipring/config';
import { expect, test } from 'vitest';
import { PatternIndex, PatternList } from './pattern-index.ts';

test.each([
  ['101', ['101'], ['10', '1011', '', '102']],
  ['1xx', ['100', '199'], ['1x', '1*0', '1000', '10']],
  ['0[1-9]x.', ['01', '019', '0123456'], ['00', '0', '01*']],
  ['x.', ['', '5', '123'], ['*', '1#', '+1']],
  ['[2-57]x', ['20', '59', '71'], ['60', '10', '2']],
  ['[0-13-4]', ['0', '1', '3', '4'], ['2', '5']],
  ['*x.', ['*', '*98'], ['98', '**']],
  ['12#.', ['12', '12###'], ['12#1', '1']],
  ['#31#[1-9]x.', ['#31#1', '#31#123'], ['#31#0', '31#1']],
])('%s', (pattern, fits, others) => {
  expect(NumberPattern.safeParse(pattern).success).toBe(true);
  const index = new PatternIndex<string>();
  index.add(pattern, 'it');
  for (const number of fits) expect([number, index.match(number)]).toEqual([number, ['it']]);
  for (const number of others) expect([number, index.match(number)]).toEqual([number, []]);
});

test('patterns with + are compared with the number as E.164, the others with the number as it was given', () => {
  const list = new PatternList(['+4930x.', '555xxxx', '+12125550123']);
  expect(list.fits('030123', '+4930123')).toBe(true);
  expect(list.fits('4930123', null)).toBe(false);
  expect(list.fits('5551234', null)).toBe(true);
  expect(list.fits('5550123', '+12125550123')).toBe(true);
  expect(list.fits('+5551234', '+5551234')).toBe(false);
  expect(new PatternList([]).fits('1', '+1')).toBe(false);
});

test('a thousand patterns together find what each finds alone', () => {
  const random = generator(7);
  const symbols = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'x', 'x', '[1-3]', '[57]', '*', '#'];
  const patterns = Array.from({ length: 1_000 }, () => Array.from({ length: 1 + Math.floor(random() * 5) }, () => symbols[Math.floor(random() * symbols.length)]).join('') + (random() < 0.3 ? '.' : ''));
  const together = new PatternIndex<number>();
  patterns.forEach((pattern, at) => together.add(pattern, at));
  // As a regular expression: another reading of RFC 3435, made by nobody here.
  const alone = patterns.map((pattern) => new RegExp(`^${pattern.replace(/[*]/g, '\\*').replace(/x/g, '[0-9]').replace(/\.$/, '*')}$`));
  let found = 0;
  for (let round = 0; round < 2_000; round += 1) {
    const number = Array.from({ length: Math.floor(random() * 7) }, () => '0123456789*#'[Math.floor(random() * (random() < 0.9 ? 10 : 12))]).join('');
    const wanted = alone.flatMap((expression, at) => (expression.test(number) ? [at] : []));
    expect([...together.match(number)].sort((a, b) => a - b)).toEqual(wanted);
    found += wanted.length;
  }
  expect(found).toBeGreaterThan(2_000);
});

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
