import { expect, test } from 'vitest';
import { FirFilter } from './fir-filter.ts';

const response = Float64Array.of(0.5, 0.25, 0, 0, 0, 0, 0, -0.125);

function through(filter: FirFilter, block: readonly number[]): number[] {
  const into = new Float32Array(block.length);
  filter.add(Float32Array.from(block), into);
  return [...into];
}

const silent = Array<number>(160).fill(0);

test('what a block leaves behind is heard in the next one, and then no more', () => {
  const filter = new FirFilter(160);
  filter.response = response;
  expect(through(filter, [...silent.slice(2), 8, 0]).slice(-2)).toEqual([4, 2]);
  expect(through(filter, silent).slice(0, 7)).toEqual([0, 0, 0, 0, 0, -1, 0]);
  expect(through(filter, silent)).toEqual(silent);
});

test('without a response nothing is let through, and afterwards what is under way is remembered', () => {
  const filter = new FirFilter(160);
  filter.response = null;
  expect(through(filter, [...silent.slice(1), 8])).toEqual(silent);
  filter.response = response;
  expect(through(filter, silent).slice(0, 7)).toEqual([2, 0, 0, 0, 0, 0, -1]);
});
