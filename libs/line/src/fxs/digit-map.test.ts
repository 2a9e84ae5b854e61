import { describe, expect, test } from 'vitest';
import { dialled, digitMap, type Dialled, type DigitMap, type DigitMatching } from './digit-map.ts';

function mapOf(text: string, emergency: readonly string[] = []): DigitMap {
  const result = digitMap(text, emergency);
  if (!result.ok) throw new Error(`${result.fault.problem} at ${result.fault.at}`);
  return result.map;
}

/** What the map says after each of the digits. */
function asDialled(map: DigitMap, digits: string, matching: DigitMatching = 'longest'): readonly Dialled[] {
  return [...digits].map((_, index) => dialled(map, digits.slice(0, index + 1), matching));
}

describe('a digit map (RFC 3435 2.1.5)', () => {
  test('a number is complete when nothing longer is possible', () => {
    const map = mapOf('1xx|0[2-9]xxx');
    expect(asDialled(map, '123')).toEqual(['partial', 'partial', 'complete']);
    expect(asDialled(map, '02345')).toEqual(['partial', 'partial', 'partial', 'partial', 'complete']);
    expect(asDialled(map, '01')).toEqual(['partial', 'impossible']);
    expect(asDialled(map, '1234')).toEqual(['partial', 'partial', 'complete', 'impossible']);
  });

  test('with the longest match, a number that could be longer waits for a pause; with the first match it is complete', () => {
    const map = mapOf('1xx|1xxxx');
    expect(asDialled(map, '12345', 'longest')).toEqual(['partial', 'partial', 'pausing', 'partial', 'complete']);
    expect(dialled(map, '123', 'immediate')).toBe('complete');
  });

  test('T asks for a pause, also where nothing longer is possible', () => {
    expect(dialled(mapOf('xxT'), '12', 'longest')).toBe('pausing');
    expect(dialled(mapOf('xxT'), '12', 'immediate')).toBe('pausing');
    // Another pattern that has all of it needs none.
    expect(dialled(mapOf('xxT|12'), '12', 'immediate')).toBe('complete');
  });

  test('a point stands for any number of the digit before it, none too', () => {
    const map = mapOf('00x.T');
    expect(asDialled(map, '00431')).toEqual(['partial', 'pausing', 'pausing', 'pausing', 'pausing']);
    const between = mapOf('12.3');
    expect(dialled(between, '13', 'longest')).toBe('complete');
    expect(dialled(between, '12223', 'longest')).toBe('complete');
    expect(dialled(between, '1222', 'longest')).toBe('partial');
    const two = mapOf('1.2.');
    expect(dialled(two, '112', 'longest')).toBe('pausing');
    expect(dialled(two, '121', 'longest')).toBe('impossible');
  });

  test('ranges, star, hash and the letters of DTMF', () => {
    const map = mapOf('[13-5*]|#[ab]|B');
    const possible = [...'0123456789*#ABCD'].filter((digit) => dialled(map, digit, 'longest') !== 'impossible');
    expect(possible.join('')).toBe('1345*#B');
  });

  test('emergency numbers are complete at once, and their beginnings are never impossible', () => {
    const map = mapOf('11xx|2xx', ['112', '911']);
    expect(asDialled(map, '112')).toEqual(['partial', 'partial', 'complete']);
    expect(asDialled(map, '911')).toEqual(['partial', 'partial', 'complete']);
    expect(asDialled(map, '1134')).toEqual(['partial', 'partial', 'partial', 'complete']);
    expect(asDialled(map, '912')).toEqual(['partial', 'partial', 'impossible']);
    // A pattern that is complete where an emergency number begins lets it be dialled.
    for (const matching of ['longest', 'immediate'] as const) expect(asDialled(mapOf('11', ['112']), '112', matching)).toEqual(['partial', 'pausing', 'complete']);
  });

  test('parentheses around all, spaces and lines make no difference', () => {
    expect(mapOf(' (1xx | 2xx\n|\t3T) ')).toEqual(mapOf('1xx|2xx|3T'));
  });

  test('many repetitions take no longer', () => {
    const map = mapOf(`${'x.'.repeat(1_000)}#`);
    expect(dialled(map, '1'.repeat(64), 'longest')).toBe('partial');
    expect(dialled(map, `${'1'.repeat(64)}#`, 'longest')).toBe('complete');
  });
});

test.each([
  ['', 0, 'empty'],
  ['1xx|', 4, 'empty'],
  ['1||2', 2, 'empty'],
  ['()', 1, 'empty'],
  ['12y', 2, 'symbol'],
  ['1 2', 1, 'symbol'],
  ['1xx|[2-', 4, 'rangeOpen'],
  ['[2|3]', 0, 'rangeOpen'],
  ['[]', 1, 'rangeEmpty'],
  ['[1-]', 3, 'rangeOpen'],
  ['[-1]', 1, 'symbol'],
  ['[1x]', 2, 'symbol'],
  ['[a-b]', 3, 'symbol'],
  ['[*-9]', 3, 'symbol'],
  ['[5-2]', 1, 'rangeBackwards'],
  ['.1', 0, 'nothingToRepeat'],
  ['1..', 2, 'nothingToRepeat'],
  ['1|2Tx', 4, 'afterPause'],
  ['1T.', 2, 'afterPause'],
  ['T', 0, 'empty'],
  ['(1|2', 0, 'parenthesis'],
  ['1)|2', 1, 'parenthesis'],
  ['x'.repeat(4_097), 4_096, 'tooLong'],
] as const)('a bad map is refused with the place of its fault: %s', (text, at, problem) => {
  expect(digitMap(text)).toEqual({ ok: false, fault: { at, problem } });
});
